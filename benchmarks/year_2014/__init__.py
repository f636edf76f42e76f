"""The parts of `benchmarks/mnist_2014.py`."""

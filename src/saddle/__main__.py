"""`python -m saddle` is `saddle`."""

from saddle.cli.main import run

if __name__ == "__main__":
    run()

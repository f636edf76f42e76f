"""What every other layer leans on: contracts, shapes, keyed randomness, files, input gradients."""

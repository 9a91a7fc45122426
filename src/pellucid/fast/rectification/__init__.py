"""ReLU within other fast functions."""

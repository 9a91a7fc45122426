"""Fast forms of convolution."""

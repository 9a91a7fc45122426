"""Fast forms of a dense layer's weighted sums."""

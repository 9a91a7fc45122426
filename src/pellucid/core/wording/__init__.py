"""Numbers in words, one way for all output: counts of things, percentages, durations."""

"""Numbers in words, in one style for all output: counts, percentages, durations."""

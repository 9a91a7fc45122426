"""Figures: each function takes data and returns a matplotlib Figure; beside each, the same in words."""

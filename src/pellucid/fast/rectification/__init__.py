"""Rectification within other fast functions."""

"""Gathering the images of a batch, compiled."""

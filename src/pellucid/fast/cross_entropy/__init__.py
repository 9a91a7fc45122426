"""Softmax and cross-entropy, compiled."""

"""The optimizers' rules, compiled."""

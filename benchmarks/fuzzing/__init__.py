"""Damaged and hostile inputs for every reader of pellucid, and what each reader makes of them."""

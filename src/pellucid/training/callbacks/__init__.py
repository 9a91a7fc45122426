"""Callbacks: what runs at the begin and end of training, of an epoch, of a batch. One a file."""

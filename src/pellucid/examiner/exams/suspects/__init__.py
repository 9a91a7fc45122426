"""Possible causes of wrong values, one file a question: they give the messages, and cost nothing."""

"""The fast form of dropout."""

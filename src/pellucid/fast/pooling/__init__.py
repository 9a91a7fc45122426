"""The fast form of max pooling."""

"""The fast form of batch normalisation."""

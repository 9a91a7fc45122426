"""The network as a graph of elementary operations, and its facts."""

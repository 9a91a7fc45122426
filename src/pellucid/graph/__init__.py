"""The network as a graph of elementary operations, and visitors that compute facts about it."""

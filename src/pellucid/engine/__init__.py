"""How a network is computed and trained: stages, micro-batches, worker threads."""

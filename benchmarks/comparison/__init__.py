"""The parts of ``against_peers.py``."""

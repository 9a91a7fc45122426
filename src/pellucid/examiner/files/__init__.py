"""What students handed in: the files, their text in whatever encoding, and the cells of notebooks."""

"""Names that Keras has, or had, and pellucid lacks: what to write instead."""

"""One file a question: its cases, the forms a function may want them in, and the known mistakes."""

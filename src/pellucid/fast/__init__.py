"""Fast forms of the textbook functions; tests check that each computes the same as its plain form."""

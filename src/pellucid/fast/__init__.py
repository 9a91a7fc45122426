"""Fast forms of functions whose plain form is what people read; tests hold each to its plain twin."""

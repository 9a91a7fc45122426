"""Networks, and how they learn: the engine, losses, optimizers, callbacks, model files."""

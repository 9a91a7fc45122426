"""Curves of a network that over-fits, and how any such history is written."""


def history(train_loss, train_accuracy, val_loss, val_accuracy):
    return {
        "loss": [9.0] * len(train_loss),
        "accuracy": [0.1] * len(train_loss),
        "train_loss": train_loss,
        "train_accuracy": train_accuracy,
        "val_loss": val_loss,
        "val_accuracy": val_accuracy,
    }


OVER = history(
    [0.21, 0.13, 0.09, 0.06, 0.04, 0.03, 0.02, 0.014, 0.010, 0.007, 0.005, 0.004],
    [0.94, 0.961, 0.975, 0.983, 0.989, 0.992, 0.995, 0.997, 0.998, 0.9988, 0.9992, 0.9995],
    [0.22, 0.15, 0.12, 0.105, 0.10, 0.098, 0.100, 0.104, 0.108, 0.112, 0.116, 0.120],
    [0.937, 0.956, 0.964, 0.968, 0.970, 0.972, 0.973, 0.973, 0.974, 0.974, 0.974, 0.974],
)

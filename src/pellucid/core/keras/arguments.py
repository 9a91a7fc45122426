"""Arguments of Keras: what to write instead of those that pellucid lacks."""

from __future__ import annotations

_NOT_THERE = "a network trained without it is another one"
_NO_EFFECT = "leave it out: it changes no result"
_PENALTY = f"{_NOT_THERE}; weight_decay of SGD or AdamW shrinks the weights of all layers"
_CLIPPING = f"{_NOT_THERE}; a smaller learning_rate keeps steps small"
_KERNEL_SIZE = "write kernel_size=(rows, columns)"
_SEED = "the network's seed decides: Sequential(layers, seed=…)"
_FEWER = "it goes through all of x; for fewer batches give it x[:batches * batch_size], and y alike"
_CHANNELS = (
    "channels are last here: Input((height, width, channels)), and images x.transpose(0, 2, 3, 1) where they "
    "have channels first"
)

RENAMED = {  # arguments of Keras 1 and 2, as they are written today
    "border_mode": "write padding=",
    "nb_filter": "write filters=",
    "nb_row": _KERNEL_SIZE,
    "nb_col": _KERNEL_SIZE,
    "subsample": "write strides=",
    "dim_ordering": _CHANNELS,
    "p": "write rate=",
    "init": "write kernel_initializer=",
    "output_dim": "write units=",
    "bias": "write use_bias=",
    "W_regularizer": _PENALTY,
    "b_regularizer": _PENALTY,
    "W_constraint": _NOT_THERE,
    "b_constraint": _NOT_THERE,
    "beta_init": "write beta_initializer=",
    "gamma_init": "write gamma_initializer=",
    "weights": "call set_weights on the layer after it is built",
    "batch_input_shape": "begin the network with Input(shape), without the batch axis",
}

ARGUMENTS = {
    **RENAMED,
    **dict.fromkeys(("kernel_regularizer", "bias_regularizer", "activity_regularizer"), _PENALTY),
    **dict.fromkeys(("beta_regularizer", "gamma_regularizer"), _PENALTY),
    **dict.fromkeys(("clipnorm", "clipvalue", "global_clipnorm"), _CLIPPING),
    **dict.fromkeys(("steps_per_epoch", "steps", "samples_per_epoch"), _FEWER),
    **dict.fromkeys(("validation_steps", "nb_val_samples"), "give fewer images as validation_data"),
    **dict.fromkeys(("autocast", "synchronized"), _NO_EFFECT),
    "data_format": _CHANNELS,
    "seed": _SEED,
    "axis": "channels are last here, and it is over the last axis",
    "validation_freq": "it measures after every epoch; the history of some epochs can be left unread",
    "weighted_metrics": "metrics are not weighted here; a metric of your own can be",
    "loss_weights": "there is one output and one loss; the learning rate scales it",
    "show_accuracy": "write compile(…, metrics=['accuracy'])",
    "class_mode": "leave it out: the loss says what the labels are",
    "input_length": "begin the network with Input(shape)",
    "reduction": "the loss is the mean over the images; sample_weight weighs them",
    "ignore_class": "leave the images of that class out of x and y",
}


def argument_instead(name: str) -> str:
    """Return what to write instead of an argument of Keras that pellucid lacks; empty if it is not known.

    Examples
    --------
    >>> argument_instead("border_mode")
    'write padding='
    """
    return ARGUMENTS.get(name, "")

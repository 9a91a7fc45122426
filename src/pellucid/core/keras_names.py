"""Names that Keras has, or had, and pellucid lacks: what to write instead.

The nearest known name is no help for them, because it computes something else.
"""

from __future__ import annotations

import re

_TWO_CLASSES = (
    "for two classes end the network in Dense(2, activation='softmax') and take "
    "'sparse_categorical_crossentropy', with labels 0 and 1; it is the same model"
)
_NO_BINARY = f"pellucid has no loss for single probabilities: {_TWO_CLASSES}"
_ONE_CLASS = (
    "for classes take 'sparse_categorical_crossentropy', for labels 0, 1, 2 …, or "
    "'categorical_crossentropy', for one-hot labels"
)
_OWN_LOSS = (
    "write it as a subclass of losses.Loss, with values and gradient; of pellucid's own losses "
    "'mean_squared_error' is for numbers and the cross-entropies are for classes"
)
_CURVED = "pellucid has relu, softmax and linear; another function is a layer of your own, with its gradient"
_OPTIMIZERS = "pellucid has SGD, Adam, AdamW, RMSprop and Adadelta, which give other weights"
_METRICS = "a function of labels and outputs is accepted as a metric too"


def _each(names: str, instead: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), instead)


# kind of thing -> name in lower case without underscores -> what to write
INSTEAD: dict[str, dict[str, str]] = {
    "loss": {
        "binarycrossentropy": _NO_BINARY,
        "bce": _NO_BINARY,
        "bceloss": _NO_BINARY,
        "bcewithlogitsloss": _NO_BINARY,
        "binaryfocalcrossentropy": _NO_BINARY,
        "crossentropy": _ONE_CLASS,
        "crossentropyloss": _ONE_CLASS,
        "nll": _ONE_CLASS,
        "nllloss": _ONE_CLASS,
        "negativeloglikelihood": _ONE_CLASS,
        "logloss": _ONE_CLASS,
        "softmaxcrossentropy": _ONE_CLASS,
        **_each(
            "mae meanabsoluteerror mape meanabsolutepercentageerror msle meansquaredlogarithmicerror "
            "hinge squaredhinge categoricalhinge huber huberloss logcosh poisson kldivergence kld "
            "kullbackleiblerdivergence cosinesimilarity cosineproximity tversky dice ctc "
            "categoricalfocalcrossentropy focal focalloss categoricalgeneralizedcrossentropy circle "
            "l1loss smoothl1loss",
            _OWN_LOSS,
        ),
    },
    "activation": {
        "sigmoid": (
            "for two classes end the network in Dense(2, activation='softmax'), for more in "
            "Dense(U, activation='softmax'), with a categorical cross-entropy; inside the network take 'relu'"
        ),
        "logsoftmax": "take 'softmax': the cross-entropy computes the logarithm itself, without overflow",
        **_each(
            "tanh elu selu gelu silu swish mish celu glu softplus softsign exponential hardsigmoid "
            "hardsilu hardswish hardtanh hardshrink softshrink tanhshrink threshold leakyrelu prelu "
            "relu6 squareplus sparseplus sparsemax sparsesigmoid soft_shrink",
            _CURVED,
        ),
    },
    "optimizer": _each(
        "adagrad adamax nadam ftrl lion lamb adafactor muon lossscaleoptimizer lbfgs radam", _OPTIMIZERS
    ),
    "metric": {
        "auc": f"sklearn.metrics.roc_auc_score computes it from what predict returns; {_METRICS}",
        **_each(
            "precision recall f1score fbetascore binaryaccuracy truepositives truenegatives "
            "falsepositives falsenegatives meaniou r2score rootmeansquarederror cosinesimilarity "
            "kldivergence hinge poisson logcosherror sensitivityatspecificity f1",
            _METRICS,
        ),
    },
    "initializer": _each("orthogonal identity stftinitializer", "pellucid has those of Glorot, He and LeCun"),
}


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
    **_each(
        "jit_compile run_eagerly steps_per_execution validation_batch_size workers max_queue_size "
        "use_multiprocessing autocast synchronized",
        _NO_EFFECT,
    ),
    "data_format": _CHANNELS,
    "seed": _SEED,
    "axis": "channels are last here, and it is over the last axis",
    "validation_freq": "it measures after every epoch; the history of some epochs can be left unread",
    "weighted_metrics": "metrics are not weighted here; a metric of your own can be",
    "loss_weights": "there is one output and one loss; the learning rate scales it",
    "callbacks": "callbacks are called by fit alone",
    "show_accuracy": "write compile(…, metrics=['accuracy'])",
    "class_mode": "leave it out: the loss says what the labels are",
    "input_length": "begin the network with Input(shape)",
    "reduction": "the loss is the mean over the images; sample_weight weighs them",
    "ignore_class": "leave the images of that class out of x and y",
}


_ARCHITECTURE = "write save(file), with the weights, or json.dumps(get_config()), the architecture alone"

METHODS = {  # of Keras's networks, and of PyTorch's
    "train_on_batch": "write fit(x, y, batch_size=len(x), shuffle=False, verbose=0) for one batch",
    "test_on_batch": "write evaluate(x, y)",
    "predict_on_batch": "write predict(x)",
    "predict_proba": "write predict(x): after a softmax its outputs are probabilities",
    "fit_generator": "write fit(x, y) with arrays; np.load(file, mmap_mode='r') gives one larger than memory",
    "evaluate_generator": "write evaluate(x, y) with arrays",
    "predict_generator": "write predict(x) with an array",
    "to_json": _ARCHITECTURE,
    "to_yaml": _ARCHITECTURE,
    "weights": "write get_weights(), or get_layer(name).parameters, a dict of arrays",
    "variables": "write get_weights(), or get_layer(name).parameters, a dict of arrays",
    "trainable_weights": "write get_layer(name).parameters, a dict of arrays",
    "trainable_variables": "write get_layer(name).parameters, a dict of arrays",
    "non_trainable_weights": "write get_layer(name).state, a dict of arrays",
    "non_trainable_variables": "write get_layer(name).state, a dict of arrays",
    "input": "write input_shape; for the values inside a network see get_layer(name) and layer(x)",
    "inputs": "write input_shape; for the values inside a network see get_layer(name) and layer(x)",
    "output": "write output_shape; for the values inside a network see get_layer(name) and layer(x)",
    "outputs": "write output_shape; for the values inside a network see get_layer(name) and layer(x)",
    "metrics_names": "write ['loss', *(metric.name for metric in network.metrics)]",
    "compute_output_shape": "build(shape), and then output_shape",
    "export": "write save(file)",
    "reset_metrics": "leave it out: each fit and evaluate measures anew",
    "reset_states": "leave it out: no layer keeps a state between batches",
    "train_step": "write fit(x, y); a layer of your own brings its gradient in backward",
    "test_step": "write evaluate(x, y)",
    "call": "write network(x)",
    "add_loss": "write a subclass of losses.Loss",
    "add_metric": "write compile(…, metrics=[…])",
    "parameters": "write get_weights(), or get_layer(name).parameters, a dict of arrays",
    "state_dict": "write save(file), or get_weights()",
    "load_state_dict": "write load_weights(file), or set_weights(arrays)",
    "eval": "leave it out: predict and evaluate are always in inference mode",
    "train": "write fit(x, y), or network(x, training=True) for one pass",
    "forward": "write network(x)",
    "backward": "fit(x, y) goes forward and backward; pellucid.functions has each step's backward",
    "zero_grad": "leave it out: each step computes its gradient anew",
    "to": "leave it out: networks run on the CPU; compile(engine=…) says how",
    "cuda": "leave it out: networks run on the CPU; compile(engine=…) says how",
    "cpu": "leave it out: networks run on the CPU",
}


def argument_instead(name: str) -> str:
    """Return what to write instead of an argument of Keras that pellucid lacks; empty if it is not known.

    Examples
    --------
    >>> argument_instead("border_mode")
    'write padding='
    """
    return ARGUMENTS.get(name, "")


def instead_of(kind: str, name: str) -> str | None:
    """Return what to write instead of a name of Keras that pellucid lacks; None if it is not known.

    Examples
    --------
    >>> instead_of("optimizer", "Nadam")
    'pellucid has SGD, Adam, AdamW, RMSprop and Adadelta, which give other weights'
    """
    return INSTEAD.get(kind, {}).get(re.sub(r"[_\s]", "", name).lower())

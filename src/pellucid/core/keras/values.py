"""Losses, activations, optimizers, metrics and initializers of Keras: what to write instead."""

from __future__ import annotations

import re

from pellucid.core.keras.table import names_in

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

_MODULES = {
    "loss": ("losses", _OWN_LOSS),
    "activation": ("activations", _CURVED),
    "optimizer": ("optimizers", _OPTIMIZERS),
    "metric": ("metrics", _METRICS),
    "initializer": ("initializers", "pellucid has those of Glorot, He and LeCun"),
}


def instead_of(kind: str, name: str) -> str | None:
    """Return what to write instead of a name of Keras that pellucid lacks; None if it is not known.

    Examples
    --------
    >>> instead_of("optimizer", "Nadam")
    'pellucid has SGD, Adam, AdamW, RMSprop and Adadelta, which give other weights'
    """
    bare = _bare(name)
    advice = INSTEAD.get(kind, {}).get(bare)
    if advice is not None or kind not in _MODULES:
        return advice
    module, general = _MODULES[kind]
    return general if bare in map(_bare, names_in(module)) else None


def _bare(name: str) -> str:
    return re.sub(r"[_\s]", "", name).lower()

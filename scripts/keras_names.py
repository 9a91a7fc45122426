"""Write the table of Keras's public names anew, from the Keras that is installed: names alone, nothing else.

pellucid answers a name of Keras that it lacks with what to write instead; see ``pellucid.core.keras``.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import types
from pathlib import Path
from typing import Any

import pellucid.core.keras

FILE = Path(pellucid.core.keras.__path__[0]) / "names.json"
OWN = {"src", "version"}  # not for users

# Modules that Keras had until 2023, and what of them its users still import.
EARLIER = {
    "layers.core": "Dense Dropout Flatten Activation Reshape Lambda Permute RepeatVector Masking",
    "layers.convolutional": "Conv2D Convolution2D MaxPooling2D ZeroPadding2D UpSampling2D SeparableConv2D",
    "layers.pooling": "MaxPooling2D AveragePooling2D GlobalAveragePooling2D GlobalMaxPooling2D",
    "layers.normalization": "BatchNormalization",
    "layers.advanced_activations": "LeakyReLU PReLU ELU Softmax ThresholdedReLU",
    "layers.noise": "GaussianNoise GaussianDropout",
    "layers.merge": "add concatenate Add Concatenate",
    "layers.recurrent": "LSTM GRU SimpleRNN",
    "layers.embeddings": "Embedding",
    "layers.experimental": "preprocessing",
    "layers.experimental.preprocessing": "RandomFlip RandomRotation RandomZoom Rescaling Resizing",
    "layers": "merge Merge CuDNNLSTM CuDNNGRU ThresholdedReLU MaxoutDense Highway",
    "utils": "np_utils generic_utils multi_gpu_model HDF5Matrix normalize vis_utils data_utils layer_utils",
    "utils.np_utils": "to_categorical normalize",
    "utils.vis_utils": "plot_model model_to_dot",
    "utils.data_utils": "get_file Sequence",
    "utils.layer_utils": "print_summary",
    "preprocessing.image": "ImageDataGenerator",
    "preprocessing.text": "Tokenizer",
    "wrappers": "scikit_learn",
    "wrappers.scikit_learn": "KerasClassifier KerasRegressor",
    "engine": "topology training",
    "engine.topology": "Layer Input InputSpec",
    "engine.training": "Model",
    "estimator": "model_to_estimator",
    "experimental": "CosineDecay LinearModel WideDeepModel",
    "legacy": "interfaces",
    "callbacks": "BaseLogger",
    "models": "model_from_yaml model_from_config Graph",
    "backend": (
        "function gradients placeholder variable get_value set_value batch_flatten set_learning_phase "
        "learning_phase get_session set_session tf"
    ),
}
EARLIER_METHODS = {
    "Model": "fit_generator evaluate_generator predict_generator predict_proba to_yaml reset_states",
    "Optimizer": "get_gradients get_updates lr decay weights get_weights set_weights",
    "Metric": "reset_states",
    "Layer": "get_output_at get_input_at input_shape output_shape",
}
KINDS = ("Model", "Layer", "Optimizer", "Loss", "Metric", "Initializer")


def main() -> None:
    """Write the table into the package, and say where."""
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = importlib.import_module("keras")
    table = {
        "modules": modules_of(keras),
        "attributes": {kind: attributes_of(keras, kind) for kind in KINDS},
        "arguments": arguments_of(keras),
    }
    FILE.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(FILE)


def modules_of(keras: Any) -> dict[str, str]:
    """Return the public names of each public module, separated by blanks; the package itself is ""."""
    found: dict[str, set[str]] = {}
    _walk(keras, "", found)
    for module, names in EARLIER.items():
        found.setdefault(module, set()).update(names.split())
        above, _, last = module.rpartition(".")
        found.setdefault(above, set()).add(last)
    return {module: " ".join(sorted(names)) for module, names in found.items()}


def _walk(module: types.ModuleType, name: str, found: dict[str, set[str]]) -> None:
    names = {one for one in vars(module) if not one.startswith("_")} - OWN
    found[name] = names
    for one in sorted(names):
        inner = getattr(module, one)
        inner_name = f"{name}.{one}".lstrip(".")
        if isinstance(inner, types.ModuleType) and inner_name not in found and inner_name.count(".") < 3:
            _walk(inner, inner_name, found)


def attributes_of(keras: Any, kind: str) -> str:
    """Return the public attributes of the objects of a class."""
    names = {name for name in dir(getattr(keras, kind)) if not name.startswith("_")}
    return " ".join(sorted(names | set(EARLIER_METHODS.get(kind, "").split())))


def arguments_of(keras: Any) -> dict[str, str]:
    """Return the arguments of classes, functions and methods by name, in Keras's order."""
    found = {}
    for module in ("layers", "losses", "metrics", "optimizers", "callbacks", "initializers", "utils"):
        for name, thing in vars(getattr(keras, module)).items():
            if callable(thing) and not name.startswith("_"):
                found[name] = _arguments(thing.__init__ if inspect.isclass(thing) else thing)
    for method in ("compile", "fit", "evaluate", "predict", "save", "load_weights", "summary"):
        found[method] = _arguments(getattr(keras.Model, method))
    return {name: arguments for name, arguments in found.items() if arguments}


def _arguments(function: Any) -> str:
    return " ".join(
        one.name
        for one in inspect.signature(function).parameters.values()
        if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD) and one.name != "self"
    )


if __name__ == "__main__":
    main()

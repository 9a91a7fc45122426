"""Modules, classes and functions of Keras: what to write instead of those that pellucid lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from pellucid.core.keras.table import is_module, names_in
from pellucid.core.keras.values import instead_of

if TYPE_CHECKING:
    from collections.abc import Callable

_CHAIN = "a network is a chain of layers here, Sequential([…]), without branches and shared layers"
_ARRAYS = "values here are NumPy arrays, computed at once; leave it out"
_NUMPY = "write it with NumPy: images, outputs and weights are NumPy arrays"
_OWN_LAYER = "write a subclass of layers.Layer, with forward and backward"
_PICTURES = "pellucid recognises images; networks for text, sound and sequences are not there"
_FLAT = "images have two axes and channels here: Conv2D, MaxPooling2D and the like are there"
_CHANGED = (
    "RandomFlip and RandomTranslation are there; others are a subclass of layers.Layer, or change the images "
    "with NumPy before fit"
)
_ARRAYS_IN = "give fit arrays; np.load(file, mmap_mode='r') gives one larger than memory"
_IMAGES_IN_FOLDERS = "write datasets.image_folder(folder), for images in a folder for each class"
_ONE_IMAGE = "write datasets.read_image(file), which returns an array"
_TRAINED = "no trained networks come with pellucid: build one with Sequential, and fit it"
_FLOATS = "layers compute in float32, or with dtype='float64'"
_ONE_PROCESS = "it trains on the threads of one machine: fit(…, threads=…)"
_PENALTY = "weight_decay of SGD or AdamW shrinks all weights; layers have no penalties of their own"
_FILES = "write network.save(file) and models.load_model(file)"
_OF_JSON = "write Sequential.from_config(json.loads(text)), for the text of json.dumps(network.get_config())"
_PLOT = "network.summary() prints the layers; the report of a run draws curves and kernels"
_SKLEARN = "write pellucid.sklearn.ImageClassifier"
_NOTHING = "nothing here takes its place"


def _each(names: str, instead: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), instead)


# A module, or a name in it -> what to write instead; a module's advice is for all names in it that have none
INSTEAD = {
    **_each("Model Function Operation models.Model models.Graph engine engine.training", _CHAIN),
    **_each(
        "KerasTensor Variable InputSpec StatelessScope SymbolicScope RematScope remat name_scope device tree",
        _ARRAYS,
    ),
    **_each("DTypePolicy FloatDTypePolicy dtype_policies mixed_precision Quantizer quantizers", _FLOATS),
    **_each("Layer engine.topology.Layer", "write layers.Layer"),
    "engine.topology.Input": "write layers.Input",
    "engine.topology": _CHAIN,
    "Loss": "write losses.Loss",
    "Metric": "write metrics.Metric",
    "Optimizer": "write optimizers.Optimizer",
    "Initializer": "write initializers.Initializer",
    **_each("Regularizer regularizers", _PENALTY),
    "constraints": "weights are not constrained after a step; " + _PENALTY,
    "applications": _TRAINED,
    **_each("distribution estimator utils.multi_gpu_model", _ONE_PROCESS),
    **_each("backend ops", _NUMPY),
    "backend.clear_session": "leave it out: networks share no state",
    "backend.image_data_format": "write 'channels_last', the only layout here",
    "backend.set_image_data_format": "channels are last here: x.transpose(0, 2, 3, 1) moves them",
    "backend.floatx": "write 'float32', or the dtype that the layers were given",
    "backend.set_floatx": "give each layer dtype='float64'",
    "backend.epsilon": "write 1e-7",
    **_each(
        "backend.function backend.gradients",
        "network.get_layer(name) and layer(x) give the values inside a network",
    ),
    **_each("backend.set_learning_phase backend.learning_phase", "write network(x, training=True)"),
    **_each("backend.get_session backend.set_session backend.tf", _ARRAYS),
    **_each(
        "backend.set_value backend.get_value",
        "weights are arrays: layer.get_weights(), layer.set_weights(arrays)",
    ),
    "config": "pellucid settings lists what can be set",
    "random": "write numpy.random.default_rng(seed)",
    **_each("saving saving.save_model saving.save_weights", _FILES),
    **_each(
        "saving.load_model saving.load_weights", "write models.load_model(file), network.load_weights(file)"
    ),
    **_each("models.model_from_json", _OF_JSON),
    **_each("models.model_from_yaml models.model_from_config", _OF_JSON),
    "models.clone_model": "write Sequential.from_config(network.get_config()), without weights",
    "export": _FILES,
    "visualization": "pellucid.figures draws histories, images, kernels, maps and confusion matrices",
    **_each("distillation legacy experimental", _NOTHING),
    "wrappers": _SKLEARN,
    "wrappers.scikit_learn": _SKLEARN,
    "wrappers.SKLearnClassifier": _SKLEARN,
    "preprocessing": "Rescaling, RandomFlip and RandomTranslation are layers; datasets reads images",
    "preprocessing.image": _ONE_IMAGE,
    "preprocessing.image.ImageDataGenerator": (
        "begin the network with Rescaling(1 / 255), RandomFlip and RandomTranslation, and give fit arrays; "
        "datasets.image_folder(folder) reads images in folders"
    ),
    **_each(
        "preprocessing.image_dataset_from_directory utils.image_dataset_from_directory", _IMAGES_IN_FOLDERS
    ),
    **_each(
        "utils.load_img preprocessing.image.load_img utils.img_to_array preprocessing.image.img_to_array",
        _ONE_IMAGE,
    ),
    **_each(
        "utils.array_to_img utils.save_img preprocessing.image.array_to_img preprocessing.image.save_img",
        "write PIL.Image.fromarray(array), for uint8 values",
    ),
    **_each(
        "preprocessing.text preprocessing.sequence preprocessing.text_dataset_from_directory "
        "preprocessing.timeseries_dataset_from_array utils.text_dataset_from_directory utils.pad_sequences "
        "utils.timeseries_dataset_from_array utils.audio_dataset_from_directory datasets.imdb "
        "datasets.reuters",
        _PICTURES,
    ),
    "utils": "utils has to_categorical and set_random_seed; NumPy does most of the others",
    "utils.np_utils": "write utils.to_categorical",
    "utils.data_utils": _ARRAYS_IN,
    **_each(
        "utils.Sequence utils.PyDataset utils.data_utils.Sequence utils.HDF5Matrix utils.FeatureSpace",
        _ARRAYS_IN,
    ),
    **_each("utils.plot_model utils.model_to_dot utils.vis_utils utils.layer_utils", _PLOT),
    **_each(
        "utils.get_file utils.data_utils.get_file",
        "datasets.load(name) downloads the datasets that pellucid knows",
    ),
    **_each(
        "utils.normalize utils.np_utils.normalize", "write x / numpy.linalg.norm(x, axis=-1, keepdims=True)"
    ),
    "utils.split_dataset": "write datasets.stratified_split",
    "utils.clear_session": "leave it out: networks share no state",
    "utils.Progbar": "write callbacks.Progress",
    **_each(
        "utils.custom_object_scope utils.CustomObjectScope utils.get_custom_objects "
        "utils.register_keras_serializable utils.get_registered_object utils.get_registered_name "
        "utils.serialize_keras_object utils.deserialize_keras_object",
        "build a network with layers of your own in code, and read its weights with load_weights",
    ),
    "datasets": "datasets.names() lists what pellucid knows; datasets.image_folder(folder) reads your own",
    **_each("datasets.boston_housing datasets.california_housing", "datasets holds images, not tables"),
    "callbacks": "write a subclass of callbacks.Callback",
    "callbacks.TensorBoard": (
        "the report of a run draws the curves, figures.plot_history(history) too, and callbacks.CSVLogger "
        "writes them to a file"
    ),
    **_each("callbacks.ProgbarLogger callbacks.BaseLogger", "write callbacks.Progress, or fit(…, verbose=1)"),
    "callbacks.BackupAndRestore": (
        "callbacks.ModelCheckpoint saves the network with its optimizer, models.load_model goes on with it; "
        "pellucid run and resume do so by themselves"
    ),
    **_each("callbacks.SwapEMAWeights", "averages of weights over time are not there"),
    "optimizers.schedules": "write a subclass of optimizers.schedules.LearningRateSchedule",
    "optimizers.legacy": "write optimizers.SGD, Adam and the like without legacy",
    "layers": _OWN_LAYER,
    **_each(
        "layers.core layers.convolutional",
        "import the layer from pellucid.layers itself",
    ),
    **_each("layers.merge layers.Merge", _CHAIN),
    "layers.recurrent": _PICTURES,
    "layers.embeddings": _PICTURES,
    "layers.noise": _OWN_LAYER,
    "layers.experimental": "import the layer from pellucid.layers itself",
    "layers.advanced_activations": "ReLU and Softmax are layers here; another is a subclass of layers.Layer",
}

_BRANCHES = {"add", "average", "concatenate", "dot", "maximum", "minimum", "multiply", "subtract"}
_SEQUENCES = (
    *("LSTM", "GRU", "RNN", "Embedding", "Attention", "Bidirectional", "TimeDistributed", "Masking", "Text"),
    *("Spectrogram", "Hashing", "Lookup", "Sequence", "Discretization", "Category", "Crossing"),
)
_CURVES = {"ELU", "LeakyReLU", "PReLU", "ThresholdedReLU"}


def instead_of_name(path: str) -> str | None:
    """Return what to write instead of a name of Keras that pellucid lacks; None if Keras never had it.

    Examples
    --------
    >>> instead_of_name("backend.epsilon")
    'write 1e-7'
    >>> instead_of_name("layers.Lstm") is None
    True
    """
    module, _, name = path.rpartition(".")
    if not is_module(path) and name not in names_in(module):
        return None
    if path in INSTEAD:
        return INSTEAD[path]
    if module == "layers":
        return _instead_of_layer(name)
    kind = {"losses": "loss", "metrics": "metric", "optimizers": "optimizer"}.get(module, module[:-1])
    return instead_of(kind, name) or _of_module(module)


def _instead_of_layer(name: str) -> str:
    if name.lower() in _BRANCHES:
        return _CHAIN
    if any(part in name for part in _SEQUENCES):
        return _PICTURES
    if name.endswith(("1D", "3D", "1DTranspose", "3DTranspose")):
        return _FLAT
    if name in _CURVES:
        return INSTEAD["layers.advanced_activations"]
    if name.startswith("Random") or name.endswith(("Crop", "Mix", "Up", "Augment", "Pipeline")):
        return _CHANGED
    return _OWN_LAYER


def _of_module(module: str) -> str:
    while module:
        if module in INSTEAD:
            return INSTEAD[module]
        module = module.rpartition(".")[0]
    return _NOTHING


def sentence(path: str) -> str | None:
    """Return the sentence that answers a name of Keras that pellucid lacks; None if Keras never had it.

    Examples
    --------
    >>> sentence("backend.epsilon")
    'backend.epsilon is in Keras, but not in pellucid: write 1e-7.'
    """
    instead = instead_of_name(path)
    return None if instead is None else f"{path} is in Keras, but not in pellucid: {instead}."


def lacking(module: str) -> Callable[[str], NoReturn]:
    """Return the ``__getattr__`` of a module of pellucid, which answers the names that it lacks.

    Examples
    --------
    >>> lacking("pellucid.layers")("LSTM")
    Traceback (most recent call last):
    ...
    AttributeError: layers.LSTM is in Keras, but not in pellucid: pellucid recognises images; networks for
    text, sound and sequences are not there.
    """

    def answer(name: str) -> NoReturn:
        path = f"{module}.{name}".removeprefix("pellucid.")
        raise AttributeError(sentence(path) or f"module {module!r} has no attribute {name!r}", name=name)

    return answer

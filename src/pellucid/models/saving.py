"""Model files: one safetensors file with the weights, and the architecture as JSON in its metadata.

Any safetensors reader can read the file. Tensors are named ``LAYER/PARAMETER``; the optimizer's state, where
it was saved, is ``optimizer/NAME``: one flat array over all trainable parameters, in the order of the layers.
The metadata has

- ``format`` ("pellucid-model") and ``version`` ("1"),
- ``architecture``: what ``Sequential.get_config`` returned,
- ``compile``: optimizer, loss, metrics and number of steps taken, if the network was compiled,
- ``extra``: anything else passed to ``save_model`` (such as a checkpoint's history),
- ``checksums``: the SHA-256 of each tensor and of the metadata, checked when the file is read.

Reading a file never runs code: classes are looked up by name among pellucid's own, and nothing is unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pellucid import losses, metrics, optimizers
from pellucid.core.files import cannot_write, write_bytes
from pellucid.core.old_spellings import explain_once
from pellucid.errors import FileFormatError, NotBuiltError, ShapeError
from pellucid.graph.configuration import LAYERS
from pellucid.layers import Input
from pellucid.layers.layer import Array
from pellucid.models.model_file import ENDING, FORMAT, IN_FOLDER, VERSION, blaming, encoded, read_file
from pellucid.models.network import Network

AnyNetwork = TypeVar("AnyNetwork", bound=Network)


def save_model(
    model: Network,
    filepath: str | Path,
    *,
    include_optimizer: bool = True,
    extra: dict[str, Any] | None = None,
) -> None:
    """Write ``model`` to ``filepath`` atomically: the old file stays intact until the new one is complete.

    The file is a safetensors file whatever its name, so that a script which ends in ``save("x.keras")`` loses
    no training; a note says so where the name does not end in .safetensors. Folders on the way are made.
    Where there is a folder of that name, the file is put into it.

    Raises
    ------
    NotBuiltError
        When the network has no weights yet.
    OutputError
        When the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pellucid import layers, models
    >>> network = models.Sequential([layers.Input((3,)), layers.Dense(2)])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     network.save(f"{folder}/network.safetensors")
    ...     models.load_model(f"{folder}/network.safetensors").count_params()
    8
    """
    if not model.built:
        raise NotBuiltError(
            "The network has no weights to save yet: give it an Input, or fit it on data first"
        )
    tensors = named_weights(model)
    metadata = {"format": FORMAT, "version": VERSION, "architecture": json.dumps(model.get_config())}
    if model.optimizer is not None:
        metadata["compile"] = json.dumps(_compile_config(model, model.optimizer))
        if include_optimizer:
            tensors.update({f"optimizer/{name}": row for name, row in model.optimizer.state.items()})
    if extra is not None:
        metadata["extra"] = json.dumps(extra)
    target = _place_for(Path(filepath))
    write_bytes(target, encoded(tensors, metadata))
    if target.suffix != ENDING or target != Path(filepath):
        _note_other_name(Path(filepath), target)


def load_weights(model: Network, filepath: str | Path) -> None:
    """Overwrite the weights of ``model`` with those in ``filepath``, layer by layer in order.

    The layers may be of the user's own classes, which the file does not hold.
    """
    tensors, metadata = read_file(Path(filepath))
    with blaming(filepath, "its network cannot be made"):
        architecture = json.loads(metadata["architecture"])
        if not model.built:
            model.build((None, *Input(architecture["input_shape"]).shape))
        if all(entry["class_name"] in LAYERS for entry in architecture["layers"]):
            weights = filled(Network, architecture, tensors).get_weights()
        else:
            weights = _in_order_of(model, architecture, tensors)
    try:
        model.set_weights(weights)
    except ShapeError as error:
        raise ShapeError(f"The weights in {filepath} are of another network: {error}") from None


def named_weights(model: Network) -> dict[str, Array]:
    """Return all weights of the network by LAYER/PARAMETER."""
    return {
        f"{layer.name}/{name}": array
        for layer in model.layers
        for name, array in {**layer.parameters, **layer.state}.items()
    }


def _in_order_of(
    model: Network, architecture: Mapping[str, Any], tensors: Mapping[str, Array]
) -> list[Array]:
    """Return the file's weights for a network of the same layers, some of them of the user's own classes."""
    names = [entry["config"]["name"] for entry in architecture["layers"]]
    if len(names) != len(model.layers):
        raise FileFormatError(f"it has {len(names)} layers, and this network {len(model.layers)}")
    wanted = [
        f"{name}/{parameter}"
        for name, layer in zip(names, model.layers, strict=True)
        for parameter in (*layer.parameters, *layer.state)
    ]
    missing = [name for name in wanted if name not in tensors]
    if missing:
        raise FileFormatError(f"it lacks the weights {missing[0]}")
    return [tensors[name] for name in wanted]


def _place_for(path: Path) -> Path:
    """Return where to write, with its folder made, so that no trained network is lost to its file's name."""
    target = path / IN_FOLDER if path.is_dir() else path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise cannot_write(target, error) from error
    return target


def _note_other_name(asked: Path, written: Path) -> None:
    place = "" if asked == written else f" as {written}"
    explain_once(
        f"saved as {written.suffix or 'no ending'}",
        f"{asked} was written{place} in pellucid's own format, safetensors: load_model and load_weights read "
        f"it under that name, Keras does not. A name that ends in {ENDING} says so.",
    )


def _compile_config(model: Network, optimizer: optimizers.Optimizer) -> dict[str, Any]:
    return {
        "optimizer": optimizers.serialize(optimizer),
        "iterations": optimizer.iterations,
        "loss": None if model.loss is None else losses.serialize(model.loss),
        "metrics": [metrics.serialize(metric) for metric in model.metrics],
    }


def filled(kind: type[AnyNetwork], architecture: dict[str, Any], tensors: dict[str, Array]) -> AnyNetwork:
    """Return the network with the file's weights; shapes are checked before arrays are allocated."""
    model = kind.from_config({**architecture, "input_shape": None})
    shape = model.input_shape_given = Input(architecture["input_shape"]).shape
    known = set()
    for index, layer in enumerate(model.layers):
        layer.output_shape_for(shape)  # raises if the layer cannot take this shape
        wanted = {**layer.parameter_shapes(shape), **layer.state_shapes(shape)}
        known |= {f"{layer.name}/{name}" for name in wanted}
        for name, of_parameter in wanted.items():
            found = tensors.get(f"{layer.name}/{name}")
            if found is None:
                raise FileFormatError(f"it lacks the weights {layer.name}/{name}")
            if found.shape != of_parameter or found.dtype != layer.dtype:
                raise FileFormatError(
                    f"{layer.name}/{name} should be {layer.dtype} of shape {of_parameter}; "
                    f"it is {found.dtype} of shape {found.shape}"
                )
        shape = layer.build(shape, None, index)
        layer.set_weights([tensors[f"{layer.name}/{name}"] for name in wanted])
    strangers = {name for name in tensors if not name.startswith("optimizer/")} - known
    if strangers:
        raise FileFormatError(f"it holds {min(strangers)!r}, which belongs to no layer")
    model.built = True
    return model

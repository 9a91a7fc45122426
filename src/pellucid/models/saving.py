"""Model files: one safetensors file with the weights, and the architecture as JSON in its metadata.

Any safetensors reader can read the file. Tensors are named ``LAYER/PARAMETER``; the optimizer's state, where
it was saved, is ``optimizer/NAME``: one flat array over all trainable parameters, in the order of the layers.
The metadata has

- ``format`` ("pellucid-model") and ``version`` ("1"),
- ``architecture``: what ``Sequential.get_config`` returned,
- ``compile``: optimizer, loss, metrics and number of steps taken, if the network was compiled,
- ``extra``: anything else passed to ``save_model`` (such as a checkpoint's history).

Reading a file never runs code: classes are looked up by name among pellucid's own, and nothing is unpickled.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from pellucid import losses, metrics, optimizers
from pellucid.core.files import write_bytes
from pellucid.errors import (
    ArgumentError,
    FileFormatError,
    NotBuiltError,
    PellucidError,
    ShapeError,
)
from pellucid.layers import Input
from pellucid.layers.layer import Array
from pellucid.models.network import Network

FORMAT, VERSION = "pellucid-model", "1"
ENDING = ".safetensors"

AnyNetwork = TypeVar("AnyNetwork", bound=Network)


def save_model(
    model: Network,
    filepath: str | Path,
    *,
    include_optimizer: bool = True,
    extra: dict[str, Any] | None = None,
) -> None:
    """Write ``model`` to ``filepath`` atomically: the old file stays intact until the new one is complete.

    Raises
    ------
    ArgumentError
        When the name does not end in .safetensors.
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
    path = Path(filepath)
    if path.suffix != ENDING:
        raise ArgumentError(
            f"A model file's name ends in {ENDING}. Received: filepath={str(filepath)!r}; "
            f"for example {path.with_suffix(ENDING).name!r}"
        )
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
    write_bytes(path, _encoded(tensors, metadata))


def load_weights(model: Network, filepath: str | Path) -> None:
    """Overwrite the weights of ``model`` with those in ``filepath``, layer by layer in order."""
    tensors, metadata = read_file(Path(filepath))
    with blaming(filepath, "its network cannot be made"):
        other = filled(Network, json.loads(metadata["architecture"]), tensors)
    if not model.built:
        model.build((None, *other.input_shape))
    try:
        model.set_weights(other.get_weights())
    except ShapeError as error:
        raise ShapeError(f"The weights in {filepath} are of another network: {error}") from None


def named_weights(model: Network) -> dict[str, Array]:
    """Return all weights of the network by LAYER/PARAMETER."""
    return {
        f"{layer.name}/{name}": array
        for layer in model.layers
        for name, array in {**layer.parameters, **layer.state}.items()
    }


def _encoded(tensors: dict[str, Array], metadata: dict[str, str]) -> bytes:
    """Return the file's content, deterministically: equal networks give equal bytes and checksums."""
    from safetensors.numpy import save

    content = save({name: np.ascontiguousarray(array) for name, array in tensors.items()}, metadata)
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])  # safetensors does not fix its order
    ordered = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    ordered += b" " * (-len(ordered) % 8)  # tensors start at a multiple of 8 bytes
    return struct.pack("<Q", len(ordered)) + ordered + content[8 + length :]


def _compile_config(model: Network, optimizer: optimizers.Optimizer) -> dict[str, Any]:
    return {
        "optimizer": optimizers.serialize(optimizer),
        "iterations": optimizer.iterations,
        "loss": None if model.loss is None else losses.serialize(model.loss),
        "metrics": [metrics.serialize(metric) for metric in model.metrics],
    }


def read_file(path: Path) -> tuple[dict[str, Array], dict[str, str]]:
    """Return the tensors and the metadata of a pellucid model file, or say why it is not one."""
    from safetensors import SafetensorError, safe_open

    if path.is_dir():
        raise FileFormatError(f"{path} is a folder, not a model file")
    if not path.exists():
        raise FileNotFoundError(f"There is no file {path}")
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = dict(file.metadata() or {})
            if metadata.get("format") != FORMAT:
                raise FileFormatError(
                    f"{path} is a safetensors file, but not a pellucid model: "
                    f"its metadata has no format={FORMAT!r}"
                )
            if metadata.get("version") != VERSION:
                raise FileFormatError(
                    f"{path} was written as version {metadata.get('version')!r} of the format; "
                    f"this pellucid reads version {VERSION!r}. "
                    "Install the pellucid that wrote it, or a newer one."
                )
            return {name: file.get_tensor(name) for name in file.keys()}, metadata  # noqa: SIM118 - not a dict
    except (SafetensorError, UnicodeDecodeError) as error:
        raise FileFormatError(
            f"{path} is not a model file that pellucid wrote, or it is cut short or damaged ({error})"
        ) from error


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


@contextmanager
def blaming(filepath: str | Path, what: str) -> Iterator[None]:
    """Turn any error that a file's content causes into a FileFormatError that names the file."""
    try:
        yield
    except (
        PellucidError,
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        OverflowError,
        RecursionError,
    ) as error:
        said = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise FileFormatError(f"{filepath} is a pellucid model file, but {what}: {said}") from error

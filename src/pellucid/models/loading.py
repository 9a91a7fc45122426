"""Load networks from model files: rebuild them, set the weights, and compile them as before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pellucid import losses, metrics, optimizers
from pellucid.core.arguments import whole_number
from pellucid.core.old_spellings import explain_once
from pellucid.engine.engines import choose
from pellucid.errors import ArgumentError, FileFormatError, UnknownNameError
from pellucid.layers.layer import Array
from pellucid.models.model_file import blaming, read_file
from pellucid.models.saving import filled
from pellucid.models.sequential import Sequential

MOST_STEPS = 2**53  # larger whole numbers are no longer exact as floats, in which decay is computed


def load_model(
    filepath: str | Path,
    compile: bool = True,  # noqa: A002 - Keras's name
    *,
    engine: str | None = None,
) -> Sequential:
    """Return the network in the file ``filepath``.

    Parameters
    ----------
    filepath
        A file that ``Sequential.save`` wrote.
    compile
        Whether to compile the network as it was saved, with its optimizer's state.
    engine
        The engine that computes the network, as in :meth:`pellucid.Sequential.compile`. It is not part of the
        file: the weights are the same for every engine.

    Raises
    ------
    FileFormatError
        When the file is not a pellucid model, or is damaged.
    FileNotFoundError
        When there is no such file.
    UnknownNameError, ArgumentError
        When there is no such engine, or it cannot be used here.
    """
    return load_with_extra(filepath, compile=compile, engine=engine)[0]


def load_with_extra(
    filepath: str | Path,
    *,
    compile: bool = True,  # noqa: A002 - Keras's name
    engine: str | None = None,
) -> tuple[Sequential, dict[str, Any]]:
    """Return the network and the extra data saved with it."""
    if not isinstance(compile, bool):
        raise ArgumentError(
            "load_model takes compile as True or False; custom_objects are not taken: a file holds only "
            "pellucid's own classes. For a layer of your own build the network in code, and read its weights "
            f"with load_weights. Received: compile={compile!r}"
        )
    engine = choose(engine).name
    tensors, metadata = read_file(Path(filepath))
    with blaming(filepath, "its network cannot be made"):
        model = filled(Sequential, json.loads(metadata["architecture"]), tensors)
    model.engine = engine
    if compile and "compile" in metadata:
        with blaming(filepath, "the network cannot be compiled as it was (compile=False leaves that out)"):
            _compile(model, json.loads(metadata["compile"]), tensors)
    with blaming(filepath, "what was saved beside the network cannot be read"):
        return model, json.loads(metadata.get("extra", "{}"))


def _compile(model: Sequential, config: dict[str, Any], tensors: dict[str, Array]) -> None:
    model.compile(
        optimizers.get(config["optimizer"]),
        losses.get(config["loss"]),
        [metric for description in config["metrics"] if (metric := _metric(description)) is not None],
        engine=model.engine,
    )
    optimizer = model.prepare()
    saved = {name: tensors[f"optimizer/{name}"] for name in optimizer.state if f"optimizer/{name}" in tensors}
    if optimizer.state and not saved:  # saved without the optimizer's state: it starts anew
        return
    for name, row in optimizer.state.items():
        found = saved.get(name)
        if found is None:
            raise FileFormatError(f"it lacks optimizer/{name}")
        if found.shape != row.shape or found.dtype != row.dtype:
            raise FileFormatError(
                f"optimizer/{name} should be {row.dtype} of shape {row.shape}; "
                f"it is {found.dtype} of shape {found.shape}"
            )
        row[...] = found
    optimizer.iterations = whole_number(
        "the optimizer", "iterations", config["iterations"], least=0, most=MOST_STEPS
    )


def _metric(description: Any) -> Any:
    is_function = isinstance(description, dict) and description.get("class_name") == "FunctionMetric"
    try:
        if not is_function:
            return metrics.get(description)
    except UnknownNameError:
        pass
    explain_once(  # a file holds only the name of a user-defined metric
        f"metric {description}",
        "A metric of your own is not in the model file; compile the network again to measure it.",
    )
    return None

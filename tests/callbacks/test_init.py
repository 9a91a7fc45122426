import inspect
import os
import subprocess
import sys

import pytest

import pellucid.callbacks as door

OF_KERAS = [name for name in door.__all__ if name != "Progress"]


def test_the_door_has_what_it_says():
    assert all(hasattr(door, name) for name in door.__all__)
    assert all(
        issubclass(getattr(door, name), door.Callback) for name in door.__all__ if name != "CallbackList"
    )


@pytest.mark.parametrize("name", OF_KERAS)
def test_names_arguments_and_defaults_are_those_of_keras(name):
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras = pytest.importorskip("keras")

    def arguments(callback):
        return {
            parameter.name: parameter.default
            for parameter in inspect.signature(callback).parameters.values()
            if parameter.kind is not parameter.VAR_KEYWORD
        }

    assert arguments(getattr(door, name)) == arguments(getattr(keras.callbacks, name))


def test_importing_it_brings_in_neither_rich_nor_matplotlib():
    heavy = "{'rich', 'matplotlib', 'IPython', 'keras'}"
    script = f"import pellucid.callbacks, sys; print(*sorted({heavy} & sys.modules.keys()))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""

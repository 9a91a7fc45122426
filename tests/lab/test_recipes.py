"""A recipe is shown as a student would write it, and its own console with it."""

import re

import numpy as np
import pytest

from pellucid.lab.document import Code
from pellucid.lab.recipes import console_text

FIRST_USE = {"Q2": "mnist-linear", "Q8": "mnist-relu", "Q10": "mnist-cnn", "Q14": "mnist-cnn-dropout"}


@pytest.mark.parametrize("key", FIRST_USE)
def test_the_first_use_of_a_network_shows_all_of_it(section, key):
    answer = section(key)
    cells = [part for part in answer.blocks if isinstance(part, Code)]
    source, printed = (" ".join(getattr(cell, name) for cell in cells) for name in ("source", "printed"))
    for shown in ("load(\"mnist\")", "reshape(", "max_value", "to_categorical(", "keras.Sequential(",
                  "Dense(10, activation=\"softmax\")", "model.compile(", "model.summary(", "model.fit(",
                  "batch_size=128, epochs=2"):  # fmt: skip
        assert shown in source
    assert "Total params" in printed
    texts = " ".join(getattr(part, "text", "") for part in answer.blocks)
    assert re.search(r"with a learning rate of (0\.001|1\.0) on categorical cross-entropy", texts)


def test_the_data_shown_are_those_that_the_run_learned_from(section):
    q = section("Q8")
    assert (len(q["train"]), len(q["held_out"])) == (160, 40)
    counts = q["relu"].configuration.dataset.counts
    assert (counts.train, counts.validation) == (160, 40)
    assert q["images"].max() <= 1
    assert q["images"].shape == (200, 784)
    np.testing.assert_array_equal(q["targets"].argmax(axis=1), q["labels"])


def test_the_console_is_that_of_the_same_network_with_its_times(section):
    q = section("Q2")
    run = q["linear"]
    lines = console_text(run).splitlines()
    assert lines[0] == "Epoch 1/2"
    assert len(lines) == 2 * len(run.history)
    assert f"loss: {run.history[-1].loss:.4f}" in lines[-1]
    assert all(re.search(r"- (0\.0*[1-9]\d|[1-9][\d.]*) s \S+ ms/step -", line) for line in lines[1::2])
    assert any(console_text(run) in part.printed for part in q.blocks if isinstance(part, Code))

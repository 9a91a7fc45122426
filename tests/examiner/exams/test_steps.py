"""Steps that count, and steps that do not, in question 27's network."""

import pytest
from adapters import ADAPTER, lost

CENTRED = "{n} = {r} - {r}.mean((1, 2), keepdims=True); {n} = {n} / {size}"
INLINE = {
    "r1 = pf.relu(m1)": "r1 = np.maximum(m1, 0)",
    "r2 = pf.relu(m2)": "r2 = m2 * (m2 > 0)",
    "n1 = pf.normalize_maps(r1)": CENTRED.format(
        n="n1", r="r1", size="(r1.std((1, 2), keepdims=True) + 1e-6)"
    ),
    "n2 = pf.normalize_maps(r2)": CENTRED.format(
        n="n2", r="r2", size="(r2.var((1, 2), keepdims=True) + 1e-3) ** 0.5"
    ),
}
BEFORE = {
    f"r{i} = pf.relu(m{i}); n{i} = pf.normalize_maps(r{i})": f"r{i} = pf.normalize_maps(m{i}); "
    f"n{i} = pf.relu(r{i})"
    for i in (1, 2)
}
BIASED = {
    'm1 = pf.convolve(images, w["kernels_1"])': 'm1 = pf.convolve(images, w["kernels_1"]) + 0.3',
    'm2 = pf.convolve(p1, w["kernels_2"])': 'm2 = pf.convolve(p1, w["kernels_2"]) + 0.3',
}


@pytest.mark.parametrize(
    "changes", [INLINE, BEFORE, BIASED, INLINE | BIASED], ids=["inline", "before", "biased", "both"]
)
def test_steps_count_however_they_are_written(changes, marks_of):
    source = ADAPTER
    for old, new in changes.items():
        assert old in source
        source = source.replace(old, new)
    assert lost(marks_of(source, questions=[27]).of(27)) == {}


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("relu", "The output still depends on how far values are below zero"),
        ("normalize_maps", "The output changes"),
    ],
)
def test_a_step_whose_result_is_thrown_away_does_not_count(function, words, marks_of):
    source = ADAPTER
    before, after = ("m", "r") if function == "relu" else ("r", "n")
    for layer in (1, 2):
        maps, result = f"{before}{layer}", f"{after}{layer}"
        old = f"{result} = pf.{function}({maps})"
        assert old in source
        source = source.replace(old, f"pf.{function}({maps}); {result} = {maps}")
    answer = marks_of(source, questions=[27]).of(27)
    assert lost(answer) == {"steps": "missing step"}
    assert answer.lost[0].message.startswith(words)

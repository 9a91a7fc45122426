"""Planted mistakes: each gets a message that names its cause, and loses no more than it should.

They stand in ``mistakes/20.txt`` to ``26.txt``. A head ``=== name | template | points | words`` says which
template below the lines go into, the points from least to most, and words that the message must have.
"""

import re
from pathlib import Path

import pytest
from adapters import graded

FOLDER = Path(__file__).parent / "mistakes"
TEMPLATES = {
    "code": "{code}",
    "conv": """
def convolve(image, kernels):
    R, S = kernels.shape[:2]
    image = image.reshape(*image.shape[:2], -1)
    bank = kernels.reshape(R, S, image.shape[2], -1)
    {before}
    w = np.lib.stride_tricks.sliding_window_view(image, (R, S), axis=(0, 1))
    maps = np.einsum("{sum}", w, bank)
    {after}
    return maps
""",
    "looped": """
def convolve(image, kernels):
    R, S = kernels.shape[:2]
    image = image.reshape(*image.shape[:2], -1)
    bank = kernels.reshape(R, S, image.shape[2], -1)
    H, W, C = image.shape
    out = np.zeros((H - R + 1, W - S + 1, bank.shape[3]))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for k in range(out.shape[2]):
                {inside}
    return out
""",
    "relu": """
def relu(maps):
    {code}
""",
    "pool": """
def max_pool(maps, window):
    n = window
    H, W = maps.shape[0] // n, maps.shape[1] // n
    {before}
    cut = maps[:H * n, :W * n].reshape(H, n, W, n, *maps.shape[2:])
    {after}
""",
    "pool_looped": """
def max_pool(maps, window):
    n = window
    H, W = {size}
    out = {made}
    for i in range(H):
        for j in range(W):
            {inside}
    return out
""",
    "norm": """
def normalize_maps(maps):
    m = maps.mean(axis=(0, 1), keepdims=True)
    s = maps.std(axis=(0, 1), keepdims=True)
    {before}
    {after}
""",
    "dense": """
def fully_connected(inputs, weights):
    x = inputs.ravel()
    {code}
""",
    "softmax": """
def softmax(scores):
    z = scores - scores.max(axis=-1, keepdims=True)
    e = np.exp(z)
    {code}
""",
    "plain_softmax": """
def softmax(scores):
    {code}
""",
    "back": """
def convolve_backward(gradient, image, kernels):
    R, S = kernels.shape[:2]
    x = image.reshape(*image.shape[:2], -1)
    g = gradient.reshape(*gradient.shape[:2], -1)
    {before}
    windows = np.lib.stride_tricks.sliding_window_view(x, g.shape[:2], axis=(0, 1))
    d = np.einsum("rschw,hwk->rsck", windows, g)
    {after}
    return d.reshape(kernels.shape)
""",
}
DEFAULTS = {
    "conv": {"before": "pass", "after": "pass", "sum": "hwcrs,rsck->hwk"},
    "pool": {"before": "pass", "after": "return cut.max(axis=(1, 3))"},
    "pool_looped": {
        "size": "maps.shape[0] // n, maps.shape[1] // n",
        "made": "np.zeros((H, W, *maps.shape[2:]))",
        "inside": "out[i, j] = maps[i * n:i * n + n, j * n:j * n + n].max(axis=(0, 1))",
    },
    "norm": {"before": "pass", "after": "return (maps - m) / np.where(s == 0, 1, s)"},
    "back": {"before": "pass", "after": "pass"},
}


def filled(template, body):
    """The source that a template and the lines of a mistake make."""
    parts = dict(DEFAULTS.get(template, {}))
    if "{code}" in TEMPLATES[template]:
        parts["code"] = body
    for line in body.splitlines() if "code" not in parts else ():
        name, known, value = line.partition(" = ")
        if known and name in ("before", "after", "sum", "inside", "size", "made"):
            parts[name] = value
            last = name
        else:
            parts[last] += f"\n{line[2:]}"  # what follows is indented by two
    source = TEMPLATES[template]
    for name, value in parts.items():
        indent = re.search(rf"^( *)\{{{name}\}}", source, re.MULTILINE)
        source = source.replace(f"{{{name}}}", value.replace("\n", f"\n{indent[1] if indent else ''}"))
    return source


def mistakes():
    """Every mistake: its name, question, source, words, and the least and most points."""
    for path in sorted(FOLDER.glob("*.txt")):
        for entry in path.read_text("utf-8").split("=== ")[1:]:
            head, body = entry.split("\n", 1)
            name, template, points, *words = (part.strip() for part in head.split("|"))
            least, _, most = points.partition(" to ")
            source = filled(template, body.strip("\n"))
            yield name, int(path.stem), source, "".join(words), float(least), float(most or least)


MISTAKES = {name: rest for name, *rest in mistakes()}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_and_costs_what_it_should(name):
    number, source, words, least, most = MISTAKES[name]
    answer = graded(source, number)
    told = " ".join([answer.message, *(outcome.message for outcome in answer.lost)])
    assert words in told
    assert least <= answer.points <= most, [(o.criterion, o.message) for o in answer.lost]


def test_there_are_twenty_for_each_question():
    numbers = [number for number, *_ in MISTAKES.values()]
    assert all(numbers.count(number) >= 20 for number in range(20, 27))

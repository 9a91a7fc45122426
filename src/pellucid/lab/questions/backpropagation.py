"""I5: backpropagation on two inputs and two nodes a layer, with every number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.lab.figures import landscape_text
from pellucid.lab.questions.question import Question

if TYPE_CHECKING:
    from pellucid.lab.document import Section
    from pellucid.lab.scales import Scale

NETWORK = """
import numpy as np
from pellucid.functions import fully_connected, fully_connected_backward, relu, relu_backward
from pellucid.functions import softmax, softmax_cross_entropy, softmax_cross_entropy_backward

x, label = np.array([[1.0, 0.5]]), [1]           # two inputs; the right class is the second
W1 = np.array([[0.4, -0.3], [0.2, 0.8]])         # row: from input 1, 2; column: to hidden node 1, 2
W2 = np.array([[0.6, -0.4], [-0.2, 0.5]])        # row: from hidden node 1, 2; column: to output node 1, 2

def forward(W1, W2):
    z = fully_connected(x, W1)                   # (1, 2) sums of the hidden nodes
    h = relu(z)                                  # (1, 2) what they pass on
    scores = fully_connected(h, W2)              # (1, 2)
    return z, h, scores, float(softmax_cross_entropy(label, scores)[0])

z, h, scores, cost = forward(W1, W2)
p = softmax(scores)

d_scores = softmax_cross_entropy_backward(np.ones(1), label, scores)   # p minus the one-hot label
d_h, d_W2, _ = fully_connected_backward(d_scores, h, W2)
d_z = relu_backward(d_h, z)
d_x, d_W1, _ = fully_connected_backward(d_z, x, W1)
print("cost", cost)
"""
LANDSCAPE = """
from pellucid.lab.figures import plot_landscape

def cost_at(v, w):
    first, second = W1.copy(), W2.copy()
    first[0, 0], second[0, 1] = v, w             # from input 1 to hidden 1; from hidden 1 to output 2
    return forward(first, second)[3]

def slopes_at(v, w):
    first, second = W1.copy(), W2.copy()
    first[0, 0], second[0, 1] = v, w
    z, h, scores, _ = forward(first, second)
    d_scores = softmax_cross_entropy_backward(np.ones(1), label, scores)
    d_h, d_second, _ = fully_connected_backward(d_scores, h, second)
    _, d_first, _ = fully_connected_backward(relu_backward(d_h, z), x, first)
    return d_first[0, 0], d_second[0, 1]

rate, path = 0.5, [(W1[0, 0], W2[0, 1])]
for step in range(30):
    path.append(tuple(place - rate * slope for place, slope in zip(path[-1], slopes_at(*path[-1]))))
across, up = np.linspace(-0.6, 2.4, 61), np.linspace(-1.4, 2.6, 61)
costs = np.array([[cost_at(v, w) for v in across] for w in up])
plot_landscape(across, up, costs, path, labels=("weight input 1 to hidden 1", "weight hidden 1 to output 2"))
"""
SLOPE = """
from pellucid.lab.figures import plot_slope

w, slope = W2[0, 1], d_W2[0, 1]
step = -rate * slope
measured = (cost_at(W1[0, 0], w + 1e-6) - cost_at(W1[0, 0], w - 1e-6)) / 2e-6
print(f"slope by backpropagation {slope:.6f}, measured {measured:.6f}; step {step:+.6f}")
weights = np.linspace(-1.4, 2.6, 81)
plot_slope(weights, [cost_at(W1[0, 0], one) for one in weights], w, slope, step)
"""


def backpropagation(q: Section, scale: Scale) -> None:  # noqa: ARG001
    """I5."""
    q.explain(
        "A network of two inputs, two hidden nodes and two output nodes, small enough to show every "
        "number. Forward: each node sums its inputs times weights; the hidden nodes rectify; softmax "
        "makes probabilities; the cost is minus the logarithm of the right class's probability. Backward: "
        "the chain rule, from the cost to each weight, each step taking the gradient of what it returned "
        "and giving that of what it was given."
    )
    q.code(NETWORK)
    rows = [
        *_rows(q, "forward: input", "x", ("input 1", "input 2")),
        *_rows(q, "forward: sum", "z", ("hidden 1", "hidden 2")),
        *_rows(q, "forward: rectified", "h", ("hidden 1", "hidden 2")),
        *_rows(q, "forward: score", "scores", ("output 1", "output 2")),
        *_rows(q, "forward: probability", "p", ("output 1", "output 2")),
        *_rows(q, "backward: d cost / d score", "d_scores", ("output 1", "output 2")),
        *_rows(q, "backward: d cost / d weight", "d_W2", _links("hidden", "output")),
        *_rows(q, "backward: d cost / d rectified", "d_h", ("hidden 1", "hidden 2")),
        *_rows(q, "backward: d cost / d sum", "d_z", ("hidden 1", "hidden 2")),
        *_rows(q, "backward: d cost / d weight", "d_W1", _links("input", "hidden")),
    ]
    q.found(cost=q["cost"], nodes=[1, 2])
    q.table(("pass", "where", "value"), rows)
    h, d_scores, d_W2 = q["h"][0], q["d_scores"][0], q["d_W2"]
    q.say(
        f"The cost is {q['cost']:.4f}. One number by hand: the weight from hidden node 1 to output node 2 "
        f"passes on {h[0]:.4f}, and the gradient at output 2 is {d_scores[1]:.4f}; their product, "
        f"{d_W2[0, 1]:.4f}, is the slope of the cost along that weight."
    )
    q.explain(
        "Seen from above, the cost over two of the weights is a landscape. The slope tells the direction "
        "(down is against its sign) and the size of the step (learning rate times slope):"
    )
    q.code(LANDSCAPE, words=lambda: _words(q))
    path = np.array(q["path"])
    start, end = (q["cost_at"](*path[row]) for row in (0, -1))
    first = q["cost_at"](*path[1])
    q.code(
        SLOPE,
        words=lambda: f"A curve with its tangent of slope {q['slope']:.4f} and a step of {q['step']:.4f}.",
    )
    q.found(
        rate=q["rate"], slope=q["slope"], step=q["step"], measured=q["measured"], weight=q["w"],
        moved=q["w"] + q["step"], start=start, after_one=first, end=end, steps=len(path) - 1, path=path,
    )  # fmt: skip
    q.say(
        f"Along that weight, now {q['w']:.4f}, the slope is {q['slope']:.4f}; measured by moving the "
        f"weight a little it is {q['measured']:.4f}. It is {'below' if q['slope'] < 0 else 'above'} zero, "
        f"so the weight {'grows' if q['slope'] < 0 else 'shrinks'}: the step is minus {q['rate']} times "
        f"the slope, {q['step']:.4f}, to {q['w'] + q['step']:.4f}."
    )
    q.say(
        f"With both weights of the map moved, the first step takes the cost from {start:.4f} to "
        f"{first:.4f}, and {len(path) - 1} steps take it to {end:.4f}. The steps become shorter as the "
        "ground becomes flatter."
    )


def _links(source: str, target: str) -> tuple[str, ...]:
    return tuple(f"{source} {a} to {target} {b}" for a in (1, 2) for b in (1, 2))


def _rows(q: Section, what: str, name: str, places: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Return a row for each value of an array, and note its values."""
    values: Any = np.asarray(q[name]).ravel()
    q.found(**{name: values.tolist()})
    return [(what, place, f"{value:.4f}") for place, value in zip(places, values, strict=True)]


def _words(q: Section) -> str:
    path = q["path"]
    return landscape_text(q["costs"], path, q["cost_at"](*path[0]), q["cost_at"](*path[-1]))


QUESTIONS = (
    Question(
        "I5",
        "Backpropagation, number by number",
        "Explain backpropagation on two inputs and two nodes a layer.",
        backpropagation,
    ),
)

"""I5: backpropagation on two inputs and two nodes a layer, with every number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.lab.figures import landscape_text
from pellucid.lab.questions.question import Question

if TYPE_CHECKING:
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale

NETWORK = """
import numpy as np
from pellucid.functions import fully_connected, fully_connected_backward

x, target = np.array([[1.0, 0.5]]), np.array([[0.9, 0.1]])
W1 = np.array([[0.4, -0.3], [0.2, 0.8]])    # rows: from input 1, 2; columns: to hidden 1, 2
W2 = np.array([[-1.6, 0.9], [-0.2, 0.5]])   # rows: from hidden 1, 2; columns: to output 1, 2

def logistic(z):
    return 1 / (1 + np.exp(-z))

def forward(W1, W2):
    z1 = fully_connected(x, W1)             # (1, 2) sums of the hidden nodes
    h = logistic(z1)                        # (1, 2) what they pass on
    z2 = fully_connected(h, W2)             # (1, 2) sums of the output nodes
    o = logistic(z2)                        # (1, 2) what the network answers
    return z1, h, z2, o, float(np.sum((o - target) ** 2) / 2)

def backward(W1, W2):
    z1, h, z2, o, cost = forward(W1, W2)
    d_o = o - target                        # from the cost to the answers
    d_z2 = d_o * o * (1 - o)                # through the logistic function
    d_h, d_W2, _ = fully_connected_backward(d_z2, h, W2)
    d_z1 = d_h * h * (1 - h)
    _, d_W1, _ = fully_connected_backward(d_z1, x, W1)
    return d_o, d_z2, d_W2, d_h, d_z1, d_W1

z1, h, z2, o, cost = forward(W1, W2)
d_o, d_z2, d_W2, d_h, d_z1, d_W1 = backward(W1, W2)
print(f"cost {cost:.4f}")
"""
LANDSCAPE = """
from pellucid.lab import plot_landscape

def with_weights(v, w):                     # v: input 1 to hidden 1; w: hidden 1 to output 1
    first, second = W1.copy(), W2.copy()
    first[0, 0], second[0, 0] = v, w
    return first, second

def cost_at(v, w):
    return forward(*with_weights(v, w))[-1]

def slopes_at(v, w):
    _, _, d_second, _, _, d_first = backward(*with_weights(v, w))
    return np.array([d_first[0, 0], d_second[0, 0]])

rate, path = 4.0, [np.array([W1[0, 0], W2[0, 0]])]
for step in range(30):
    path.append(path[-1] - rate * slopes_at(*path[-1]))
across, up = np.linspace(-2, 4, 61), np.linspace(-3, 5, 61)
costs = np.array([[cost_at(v, w) for v in across] for w in up])
plot_landscape(across, up, costs, path, labels=("input 1 to hidden 1", "hidden 1 to output 1"))
"""
SLOPE = """
from pellucid.lab import plot_slope

w, slope = W2[0, 0], d_W2[0, 0]
step = -rate * slope
ahead, behind = cost_at(W1[0, 0], w + 1e-6), cost_at(W1[0, 0], w - 1e-6)
measured = (ahead - behind) / 2e-6
print(f"slope by backpropagation {slope:.6f}, measured {measured:.6f}; step {step:+.6f}")
weights = np.linspace(-3, 5, 81)
plot_slope(weights, [cost_at(W1[0, 0], one) for one in weights], w, slope, step)
"""


W_COUNT = 8  # weights of two layers of two nodes with two inputs each


def backpropagation(q: Section, scale: Scale) -> None:
    """I5."""
    q.explain(
        "A network of two inputs, two hidden nodes and two output nodes, small enough to show every "
        "number. Forward: each node sums its inputs times weights and squeezes the sum into 0 to 1 (the "
        "logistic function); the cost is half the squared distance from the target. Backward: the chain "
        "rule, from the cost to each weight: each step turns the gradient of its output into that of its "
        "input (Rumelhart, Hinton and Williams 1986)."
    )
    q.code(NETWORK)
    hidden, output = ("hidden 1", "hidden 2"), ("output 1", "output 2")
    rows = [
        *_rows(q, "forward: input", "x", ("input 1", "input 2")),
        *_rows(q, "forward: sum", "z1", hidden),
        *_rows(q, "forward: passed on", "h", hidden),
        *_rows(q, "forward: sum", "z2", output),
        *_rows(q, "forward: answer", "o", output),
        *_rows(q, "backward: d cost / d answer", "d_o", output),
        *_rows(q, "backward: d cost / d sum", "d_z2", output),
        *_rows(q, "backward: d cost / d weight", "d_W2", _links("hidden", "output")),
        *_rows(q, "backward: d cost / d passed on", "d_h", hidden),
        *_rows(q, "backward: d cost / d sum", "d_z1", hidden),
        *_rows(q, "backward: d cost / d weight", "d_W1", _links("input", "hidden")),
    ]
    q.record(cost=q["cost"], nodes=[1, 2])
    q.table(("pass", "where", "value"), rows)
    h, d_z2, d_W2 = q["h"][0], q["d_z2"][0], q["d_W2"]
    q.say(
        f"The cost is {q['cost']:.4f}. One number by hand: the weight from hidden node 1 to output node 1 "
        f"has {h[0]:.4f} at its source, and the gradient of that output's sum is {d_z2[0]:.4f}; their "
        f"product, {d_W2[0, 0]:.4f}, is the slope of the cost along that weight."
    )
    _say_hidden_weight(q)
    q.explain(
        "Seen from above, the cost over two of the weights is a landscape. The slope tells the direction "
        "(downhill is opposite to its sign) and the size of the step (learning rate times slope):"
    )
    q.code(LANDSCAPE, text=lambda: _words(q))
    path = np.array(q["path"])
    start, end = (q["cost_at"](*path[row]) for row in (0, -1))
    first = q["cost_at"](*path[1])
    q.code(
        SLOPE,
        text=lambda: f"A curve with its tangent of slope {q['slope']:.4f} and a step of {q['step']:.4f}.",
    )
    q.record(
        rate=q["rate"], slope=q["slope"], step=q["step"], measured=q["measured"], weight=q["w"],
        moved=q["w"] + q["step"], start=start, after_one=first, end=end, steps=len(path) - 1, path=path,
    )  # fmt: skip
    q.say(
        f"Along that weight, now {q['w']:.4f}, the slope is {q['slope']:.4f}; measured by moving the "
        f"weight a little it is {q['measured']:.4f}. It is {'below' if q['slope'] < 0 else 'above'} zero, "
        f"so the weight {'grows' if q['slope'] < 0 else 'shrinks'}: the step is minus {q['rate']} times "
        f"the slope, {q['step']:.4f}, to {q['w'] + q['step']:.4f}."
    )
    q.conclude(
        f"One pass forward and one backward give the slope of the cost along all {W_COUNT} weights at once. "
        f"Along one of them it is {q['slope']:.4f}; moving that weight a little and measuring gives "
        f"{q['measured']:.4f}. {len(path) - 1} steps downhill along two of the slopes take the cost from "
        f"{start:.4f} to {end:.4f}."
    )
    q.record(weights=W_COUNT)
    lengths = np.linalg.norm(np.diff(path, axis=0), axis=1)
    q.record(lengths=[lengths[0], lengths[-1]])
    q.say(
        f"With both weights of the map moved, the first step takes the cost from {start:.4f} to {first:.4f}, "
        f"and {len(path) - 1} steps take it to {end:.4f}. The first step is {lengths[0]:.4f} long, the last "
        f"{lengths[-1]:.4f}: the flatter the ground, the shorter the step."
    )


def _say_hidden_weight(q: Section) -> None:
    """Work out the slope along a weight of the hidden layer, which goes through both outputs."""
    d_z2, W2, d_h, h, x = q["d_z2"][0], q["W2"][0], float(q["d_h"][0, 0]), q["h"][0], q["x"][0]
    d_z1, slope = float(q["d_z1"][0, 0]), float(q["d_W1"][0, 0])
    q.record(from_hidden=W2.tolist(), passes=float(h[0] * (1 - h[0])), one=1)
    q.say(
        "A hidden weight is harder, because hidden node 1 acts on both outputs, so both send an error back: "
        f"{d_z2[0]:.4f} times its weight {W2[0]:.1f}, plus {d_z2[1]:.4f} times its weight {W2[1]:.1f}, is "
        f"{d_h:.4f}. Through the logistic function this becomes {d_h:.4f} times {h[0] * (1 - h[0]):.4f}, "
        f"which is {d_z1:.4f}; times the input, {x[0]:.1f}, the slope along the weight from input 1 to "
        f"hidden node 1 is {slope:.4f}."
    )


def _links(source: str, target: str) -> tuple[str, ...]:
    return tuple(f"{source} {a} to {target} {b}" for a in (1, 2) for b in (1, 2))


def _rows(q: Section, what: str, name: str, places: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Return a row for each value of an array, and note its values."""
    values: Any = np.asarray(q[name]).ravel()
    q.record(**{name: values.tolist()})
    return [(what, place, f"{value:.4f}") for place, value in zip(places, values, strict=True)]


def _words(q: Section) -> str:
    path = q["path"]
    return landscape_text(q["costs"], path, q["cost_at"](*path[0]), q["cost_at"](*path[-1]))


QUESTIONS = (
    Question(
        "I5",
        "Backpropagation, number by number",
        "Explain backpropagation on two inputs and two nodes per layer.",
        backpropagation,
    ),
)

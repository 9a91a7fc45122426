"""Exercise 3, Q20 to Q25: the low-level functions, on the lab's own examples beside the known answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pellucid.lab import functions_by_hand as by_hand
from pellucid.lab.panels import panels_text
from pellucid.lab.questions import feature_maps
from pellucid.lab.questions.known_answers import function_code, say_distance
from pellucid.lab.questions.question import Question

if TYPE_CHECKING:
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale


def convolution(q: Section, scale: Scale) -> None:
    """Q20."""
    q.explain(
        "The function places each kernel on every window of the image and sums the products: one feature "
        "map per kernel. All windows and all kernels are multiplied in one matrix product, so there is no "
        "loop over pixels. As in Keras, the kernel is not flipped."
    )
    q.code(function_code(by_hand.convolve))
    q.explain(
        "Two dimensions: the lab's two edge kernels on a digit. Its border pixels are repeated first, so "
        "that the maps keep the image's size."
    )
    q.code(
        """
from pellucid.datasets import load
from pellucid.lab import plot_panels

digits = load("digits")
digit = digits.x_train[0, :, :, 0] / digits.max_value  # (8, 8)
edges = np.array([
    [[1, 0, -1], [1, 0, -1], [1, 0, -1]],
    [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
]).transpose(1, 2, 0)  # (R=3, S=3, K=2)
maps = convolve(np.pad(digit, 1, mode="edge"), edges)  # (8, 8, K=2)
pictures = {
    "the digit": digit,
    "vertical edges": maps[:, :, 0],
    "horizontal edges": maps[:, :, 1],
}
print(digit.shape, "with kernels", edges.shape, "->", maps.shape)
plot_panels(pictures, "A digit and its two feature maps")
""",
        text=lambda: panels_text(q["pictures"]),
    )
    q.explain(
        "Three dimensions: an image of 6×6 with two channels and four kernels of 3×3×2 give four maps of "
        "4×4. The same sums written out one by one, and the library's function, are the check:"
    )
    q.code(
        """
from pellucid import functions

generator = np.random.default_rng(0)
image, kernels = generator.normal(size=(6, 6, 2)), generator.normal(size=(3, 3, 2, 4))
maps_3d = convolve(image, kernels)
by_sums = np.array([[[np.sum(image[r : r + 3, c : c + 3] * kernels[..., k]) for k in range(4)]
                     for c in range(4)] for r in range(4)])
print(image.shape, "with kernels", kernels.shape, "->", maps_3d.shape)
print(f"largest difference from the sums: {abs(maps_3d - by_sums).max():.1e}")
library_maps = functions.convolve(image, kernels)
print(f"largest difference from pellucid: {abs(maps_3d - library_maps).max():.1e}")
"""
    )
    apart = float(np.abs(q["maps_3d"] - q["by_sums"]).max())
    shape = list(q["maps_3d"].shape)
    q.record(shape=shape, apart=apart, edge_maps=list(q["maps"].shape))
    q.say(
        f"The {shape[2]} kernels give {shape[2]} maps of {shape[0]} by {shape[1]}; they differ from the "
        f"sums written out by at most {apart:.1e}, which is rounding. The {q['maps'].shape[2]} edge maps "
        f"keep the digit's {q['maps'].shape[0]} by {q['maps'].shape[1]} pixels."
    )


def connected(q: Section, scale: Scale) -> None:
    """Q24."""
    q.explain(
        "The function lays the whole stack of maps out as one array and links every value to every output "
        "node: one matrix product. The number of nodes is an argument. The weights have one column per "
        "output node; a network that learns keeps them and passes them in, and without them new ones are "
        "drawn."
    )
    q.code(function_code(by_hand.fully_connected))
    q.code(
        """
weights = np.array([[1, 2, 3], [4, 5, 6]]).T  # (3, 2): one column per node
outputs = fully_connected(np.array([1, 2, 3]), 2, weights)
print(outputs)
stack = np.random.default_rng(0).normal(size=(7, 7, 32))  # 32 maps of 7×7
ten = fully_connected(stack, 10)
print(stack.shape, "->", ten.shape)
"""
    )
    say_distance(q, "outputs", q["outputs"], [14, 32], "(`14`, `32`)")
    nodes = int(np.prod(q["stack"].shape))
    q.record(nodes=nodes, links=nodes * len(q["ten"]), ten=len(q["ten"]))
    q.say(
        f"The stack's {nodes:,} values and {len(q['ten'])} output nodes make {nodes * len(q['ten']):,} links."
    )


def probabilities(q: Section, scale: Scale) -> None:
    """Q25."""
    q.explain(
        "The function divides the exponential of each value by the sum of all exponentials. The largest "
        "value is subtracted first: this changes nothing in the result, and without it large values overflow "
        "(in float64 from 710)."
    )
    q.code(function_code(by_hand.softmax))
    q.code(
        """
first = softmax(np.array([14.0, 32.0]))
second = softmax(np.array([2.48737338, 0.62093306, 2.10904643]))
large = softmax(np.array([1000.0, 1001.0]))
print(first, second, large, sep="\\n")
"""
    )
    say_distance(q, "first", q["first"], [1.52299795e-08, 0.999999985], "(`1.52299795e-08`, `0.999999985`)")
    say_distance(
        q,
        "second",
        q["second"],
        [0.54357286, 0.08407619, 0.37235094],
        "(`0.54357286`, `0.08407619`, `0.37235094`)",
    )
    q.record(large=q["large"].tolist(), total=float(q["large"].sum()))
    q.say(f"The large values become {q['large'][0]:.4f} and {q['large'][1]:.4f}, which add up to one.")


QUESTIONS = (
    Question(
        "Q20",
        "Convolution",
        "Write a function that convolves inputs of two and three dimensions with a set of kernels.",
        convolution,
    ),
    *feature_maps.QUESTIONS,
    Question(
        "Q24",
        "Fully connected layer",
        "Write a function that links a chosen number of output nodes to every node of a stack of maps.",
        connected,
    ),
    Question("Q25", "Softmax", "Write a function for the softmax of a one-dimensional array.", probabilities),
)

"""Exercise 3, Q20 to Q25: the low-level functions, on the lab's own examples beside the known answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.figures.images import images_text
from pellucid.lab.questions.question import Question

if TYPE_CHECKING:
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale


def _apart(q: Section, name: str, found: Any, known: Any, given: str) -> None:
    """Say how far a result is from the known answer, to the places that the answer is given in."""
    apart = float(np.abs(np.asarray(found) - np.asarray(known)).max())
    q.record(**{name: {"apart": apart, "values": np.asarray(found).ravel().tolist()}})
    if apart:
        q.say(f"From the known answer, {given}, the result differs by {apart:.1e} at the most.")
    else:
        q.say(f"That is the known answer, {given}, exactly.")


def convolution(q: Section, scale: Scale) -> None:
    """Q20."""
    q.explain(
        "`convolve` lays each kernel on each place of the image and sums the products: one feature map a "
        "kernel. All windows of the image are multiplied with all kernels in one matrix product; there is "
        "no loop over pixels. A kernel is not flipped, as in Keras. The lab's two edge kernels on a "
        "digit, border pixels repeated so that the map keeps the image's size:"
    )
    q.code(
        """
from pellucid.datasets import load
from pellucid.figures import plot_images

digits = load("digits")
digit = digits.x_train[0, :, :, 0]  # (8, 8)
plot_images([digit / digits.max_value], digits.y_train[:1])
""",
        text=lambda: images_text(q["digits"].x_train[:1], q["digits"].y_train[:1]),
    )
    q.code(
        """
import numpy as np
from pellucid.functions import convolve
from pellucid.figures import plot_maps

edges = [
    np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]]),
    np.array([[1, 1, 1], [0, 0, 0], [-1, -1, -1]]),
]
maps = convolve(digit, edges, padding="edge")  # (8, 8, 2): one map a kernel
print(digit.shape, "->", maps.shape)
plot_maps(maps)
""",
        text=lambda: (
            "Two feature maps, bright where brightness changes across, and down:\n\n"
            + "\n\n".join(str(q["maps"][:, :, k]) for k in range(2))
        ),
    )
    q.explain(
        "Three dimensions: an image of 6×6 with two channels and four kernels of 3×3×2 give maps of 4×4, "
        "without padding. The same sums written out one by one are the check:"
    )
    q.code(
        """
generator = np.random.default_rng(0)
image, kernels = generator.normal(size=(6, 6, 2)), generator.normal(size=(3, 3, 2, 4))
maps_3d = convolve(image, kernels)
by_sums = np.array([[[np.sum(image[r : r + 3, c : c + 3] * kernels[..., k]) for k in range(4)]
                     for c in range(4)] for r in range(4)])
print(image.shape, "with", kernels.shape, "->", maps_3d.shape)
float(abs(maps_3d - by_sums).max())
"""
    )
    apart = float(np.abs(q["maps_3d"] - q["by_sums"]).max())
    shape = list(q["maps_3d"].shape)
    q.record(shape=shape, apart=apart, edge_maps=list(q["maps"].shape))
    q.say(
        f"The {shape[2]} kernels give {shape[2]} maps of {shape[0]} by {shape[1]}; they differ from the "
        f"sums written out by {apart:.1e} at the most, which is rounding. With the border repeated the "
        f"{q['maps'].shape[2]} edge maps keep the digit's {q['maps'].shape[0]} by {q['maps'].shape[1]} "
        "pixels."
    )


def rectification(q: Section, scale: Scale) -> None:
    """Q21."""
    q.explain(
        "`relu` sets what is below zero to zero, over the whole map at once, and numbers_in its input alone."
    )
    q.code(
        """
import numpy as np
from pellucid.functions import relu

maps = np.array([[-2.0, 0.0], [0.5, 3.0]])
rectified = relu(maps)
print(rectified)
print("input as it was:", maps.min() == -2.0)
"""
    )
    _apart(q, "relu", q["rectified"], [[0, 0], [0.5, 3]], "((`0`, `0`), (`0.5`, `3`))")


def pooling(q: Section, scale: Scale) -> None:
    """Q22."""
    q.explain(
        "`max_pool` keeps the largest value of each window. The output's size follows from the extent: "
        "windows that would stick out are left out with `valid`, and completed with `same`; an axis that "
        "divides evenly gets no extra window."
    )
    q.code(
        """
import numpy as np
from pellucid.functions import max_pool

maps = np.arange(36).reshape(6, 6)
for extent in (2, 3, 4):
    print(extent, max_pool(maps, extent).shape, max_pool(maps, extent, padding="same").shape)
max_pool(maps, 3)
"""
    )
    pooled = q["max_pool"](q["maps"], 3)
    _apart(q, "max_pool", pooled, [[14, 17], [32, 35]], "((`14`, `17`), (`32`, `35`))")


def normalisation(q: Section, scale: Scale) -> None:
    """Q23."""
    q.explain(
        "`normalize_maps` brings each map of each image to mean 0 and standard deviation 1 (of the "
        "population). A constant map has no deviation to divide by; it becomes zeros, not NaN."
    )
    q.code(
        """
import numpy as np
from pellucid.functions import normalize_maps

first, second = np.array([[4.0, 4], [0, 3]]), np.array([[6.0, 11], [11, 6]])
stack = np.stack([first, second], axis=-1)  # (2, 2) twice -> (2, 2, 2): two maps
normalized = normalize_maps(stack)
print(normalized[:, :, 0], normalized[:, :, 1], sep="\\n\\n")
print("constant map:", normalize_maps(np.full((2, 2, 1), 7.0)).ravel())
"""
    )
    found = q["normalized"]
    _apart(
        q, "first", found[:, :, 0], [[0.76249, 0.76249], [-1.67749, 0.15250]],
        "((`0.76249`, `0.76249`), (`-1.67749`, `0.15250`))",
    )  # fmt: skip
    _apart(q, "second", found[:, :, 1], [[-1, 1], [1, -1]], "((`-1`, `1`), (`1`, `-1`))")


def connected(q: Section, scale: Scale) -> None:
    """Q24."""
    q.explain(
        "`fully_connected` links every output node to every node of a stack of maps, or of a flat array. "
        "It takes the weights with one column an output node, as Keras stores them, or only the number of "
        "nodes, and then draws the weights."
    )
    q.code(
        """
import numpy as np
from pellucid.functions import fully_connected

weights = np.array([[1, 2, 3], [4, 5, 6]]).T  # (3, 2): a column for each of two nodes
outputs = fully_connected([1, 2, 3], weights)
print(outputs)
stack = np.random.default_rng(0).normal(size=(7, 7, 32))  # 32 maps of 7×7
ten = fully_connected(stack, 10, generator=np.random.default_rng(1))
print(stack.shape, "->", ten.shape)
"""
    )
    _apart(q, "outputs", q["outputs"], [14, 32], "(`14`, `32`)")
    nodes = int(np.prod(q["stack"].shape))
    q.record(nodes=nodes, links=nodes * len(q["ten"]), ten=len(q["ten"]))
    q.say(
        f"The stack's {nodes:,} values and {len(q['ten'])} output nodes make {nodes * len(q['ten']):,} links."
    )


def probabilities(q: Section, scale: Scale) -> None:
    """Q25."""
    q.explain(
        "`softmax` divides exp(value) by the sum of all of them. The largest value is subtracted first: that "
        "changes nothing in the result, and without it exp overflows from about 89 on in float32."
    )
    q.code(
        """
import numpy as np
from pellucid.functions import softmax

first = softmax(np.array([14.0, 32.0]))
second = softmax(np.array([2.48737338, 0.62093306, 2.10904643]))
large = softmax(np.array([1000.0, 1001.0]))
print(first, second, large, sep="\\n")
"""
    )
    _apart(q, "first", q["first"], [1.52299795e-08, 0.999999985], "(`1.52299795e-08`, `0.999999985`)")
    _apart(
        q,
        "second",
        q["second"],
        [0.54357286, 0.08407619, 0.37235094],
        "(`0.54357286`, `0.08407619`, `0.37235094`)",
    )
    q.record(large=q["large"].tolist(), total=float(q["large"].sum()))
    q.say(f"Of large values it makes {q['large'][0]:.4f} and {q['large'][1]:.4f}, which add up to one.")


QUESTIONS = (
    Question(
        "Q20",
        "Convolution",
        "Convolve inputs of two and three dimensions with a set of kernels.",
        convolution,
    ),
    Question("Q21", "Rectification", "Rectify a whole feature map at zero.", rectification),
    Question("Q22", "Max pooling", "Pool with a chosen extent; the output's size follows.", pooling),
    Question("Q23", "Normalisation", "Normalise within each feature map.", normalisation),
    Question("Q24", "Fully connected layer", "Link a chosen number of nodes to a stack of maps.", connected),
    Question("Q25", "Softmax", "Compute the softmax of a one-dimensional array.", probabilities),
)

"""Exercise 3, Q21 to Q23: rectification, pooling and normalisation of feature maps, with pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.percents import percent
from pellucid.lab import functions_by_hand as by_hand
from pellucid.lab.panels import panels_text
from pellucid.lab.questions.known_answers import function_code, say_distance
from pellucid.lab.questions.question import Question

if TYPE_CHECKING:
    from pellucid.lab.document import Section
    from pellucid.lab.scale import Scale

EDGE_MAP = """
from pellucid.datasets import load
from pellucid.functions import convolve
from pellucid.lab import plot_panels

digits = load("digits")
edge = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
edge_map = convolve(digits.x_train[0] / digits.max_value, edge, padding="edge")[:, :, 0]  # (8, 8)
"""


def rectification(q: Section, scale: Scale) -> None:
    """Q21."""
    q.explain(
        "The function compares the whole map with the threshold of zero in one operation, without a loop. "
        "It returns a new array, so its input stays as it is."
    )
    q.code(function_code(by_hand.relu))
    q.code(
        """
maps = np.array([[-2.0, 0.0], [0.5, 3.0]])
rectified = relu(maps)
print(rectified)
print("input unchanged:", maps.min() == -2.0)
"""
    )
    say_distance(q, "relu", q["rectified"], [[0, 0], [0.5, 3]], "((`0`, `0`), (`0.5`, `3`))")
    q.code(
        f"""{EDGE_MAP}
pictures = {{"before": edge_map, "after relu": relu(edge_map)}}
plot_panels(pictures, "A feature map before and after rectification")
""",
        text=lambda: panels_text(q["pictures"]),
    )
    below = float((q["edge_map"] < 0).mean())
    q.record(below=below, values=int(q["edge_map"].size))
    q.say(
        f"{percent(below, 0)} of this map's {q['edge_map'].size} values were below zero (orange) and are now "
        "zero (white); the others (purple) are the same as before."
    )


def pooling(q: Section, scale: Scale) -> None:
    """Q22."""
    q.explain(
        "The map is cut into windows of the chosen spatial extent, by giving it two more axes, and the "
        "largest value is taken along those axes. The extent determines the output's size: H // extent rows "
        "and W // extent columns. Rows and columns that do not fill a window are left out, as with Keras's "
        '`padding="valid"`.'
    )
    q.code(function_code(by_hand.max_pool))
    q.code(
        """
maps = np.arange(36).reshape(6, 6)
for extent in (2, 3, 4):
    print("extent", extent, "->", max_pool(maps, extent).shape)
pooled = max_pool(maps, 3)
print(pooled)
"""
    )
    say_distance(q, "max_pool", q["pooled"], [[14, 17], [32, 35]], "((`14`, `17`), (`32`, `35`))")
    q.code(
        f"""{EDGE_MAP}
pictures = {{"before": edge_map, "after pooling, extent 2": max_pool(edge_map, 2)}}
plot_panels(pictures, "A feature map before and after max pooling")
""",
        text=lambda: panels_text(q["pictures"]),
    )
    before, after = (list(picture.shape) for picture in q["pictures"].values())
    q.record(before=before, after=after)
    q.say(
        f"The map of {before[0]} by {before[1]} becomes one of {after[0]} by {after[1]}: the strong edges "
        "stay, but their exact place within the window is lost."
    )


def normalisation(q: Section, scale: Scale) -> None:
    """Q23."""
    q.explain(
        "The function subtracts from each feature map its mean and divides by its standard deviation (of the "
        "population), for all maps at once. A constant map has no deviation to divide by: it becomes zeros."
    )
    q.code(function_code(by_hand.normalize_maps))
    q.code(
        """
first, second = np.array([[4.0, 4], [0, 3]]), np.array([[6.0, 11], [11, 6]])
normalized = normalize_maps(np.stack([first, second], axis=-1))  # (2, 2, K=2)
print(normalized[:, :, 0], normalized[:, :, 1], sep="\\n\\n")
print("constant map:", normalize_maps(np.full((2, 2), 7.0)).ravel())
"""
    )
    found = q["normalized"]
    say_distance(
        q, "first", found[:, :, 0], [[0.76249, 0.76249], [-1.67749, 0.15250]],
        "((`0.76249`, `0.76249`), (`-1.67749`, `0.15250`))",
    )  # fmt: skip
    say_distance(q, "second", found[:, :, 1], [[-1, 1], [1, -1]], "((`-1`, `1`), (`1`, `-1`))")
    q.code(
        f"""{EDGE_MAP.replace("plot_panels", "plot_histograms")}
histograms = {{"before": edge_map, "after normalising": normalize_maps(edge_map)}}
plot_histograms(histograms, "Values of a feature map before and after normalisation")
""",
        text=lambda: panels_text(q["histograms"]),
    )
    before, after = q["histograms"].values()
    q.record(means=[before.mean(), after.mean()], deviations=[before.std(), after.std()])
    q.say(
        f"Before, the map's values have mean {before.mean():.2f} and standard deviation {before.std():.2f}; "
        f"after, {abs(after.mean()):.2f} and {after.std():.2f}. The shape of the histogram stays: only its "
        "place and width change."
    )


QUESTIONS = (
    Question("Q21", "Rectification", "Write a function that rectifies a whole feature map.", rectification),
    Question(
        "Q22", "Max pooling",
        "Write a function for max pooling with a chosen spatial extent, which determines the output's size.",
        pooling,
    ),
    Question(
        "Q23", "Normalisation", "Write a function that normalises within each feature map.", normalisation
    ),
)  # fmt: skip

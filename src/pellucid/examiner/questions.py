"""The nine questions that are examined: their functions, points and criteria."""

from __future__ import annotations

from dataclasses import dataclass

from pellucid.errors import UnknownNameError


@dataclass(frozen=True)
class Criterion:
    """A criterion with its points. One that is worth 0 points gives advice."""

    name: str
    points: float
    text: str


@dataclass(frozen=True)
class ExamQuestion:
    """A question that is examined: ``function`` is its name in the workbook, ``others`` are accepted too."""

    number: int
    function: str
    title: str
    signature: str
    criteria: tuple[Criterion, ...]
    others: tuple[str, ...] = ()
    bonus: bool = False

    @property
    def points(self) -> float:
        """The largest number of points."""
        return sum(criterion.points for criterion in self.criteria)


_UNTOUCHED = "leaves what it is given as it was"
_TYPES = "takes whole numbers and float32, and gives fractions"
_FAST = "uses matrix operations, no loop over elements"


def _criteria(*rows: tuple[str, float, str]) -> tuple[Criterion, ...]:
    return tuple(Criterion(*row) for row in rows)


QUESTIONS = (
    ExamQuestion(
        20,
        "convolve",
        "convolution with a set of kernels",
        "image, kernels",
        _criteria(
            ("values", 1, "right values for one kernel on one grey image"),
            ("channels", 1, "sums over the channels of a three-dimensional input"),
            ("set", 1, "one feature map for each kernel of a set"),
            ("sizes", 0.5, "kernels and images that are even or not square"),
            ("untouched", 0.25, _UNTOUCHED),
            ("types", 0.25, _TYPES),
            ("efficient", 1, _FAST),
        ),
        (
            *(
                "convolution",
                "conv",
                "conv2d",
                "convolve2d",
                "convolution2d",
                "convlayer",
                "convolutionlayer",
            ),
            *(
                "crosscorrelate",
                "crosscorrelation",
                "correlate",
                "correlate2d",
                "correlation",
                "convolveimage",
            ),
            *("featuremaps", "applyfilters", "applyfilter", "filterimage"),
        ),
    ),
    ExamQuestion(
        21,
        "relu",
        "rectification",
        "maps",
        _criteria(
            ("values", 0.75, "negative values become zero, the others stay"),
            ("shapes", 0.5, "a whole feature map, and a stack of them"),
            ("untouched", 0.25, _UNTOUCHED),
            ("types", 0.25, "takes whole numbers and float32"),
            ("efficient", 0.25, _FAST),
        ),
        (
            *(
                "rectify",
                "rectification",
                "rectifier",
                "rectified",
                "relulayer",
                "threshold",
                "rectifiedlinear",
            ),
            *("activation", "activationrelu", "applyrelu", "thresholding"),
        ),
    ),
    ExamQuestion(
        22,
        "max_pool",
        "max pooling",
        "maps, window",
        _criteria(
            ("values", 0.75, "the largest value of each window, also where all are negative or equal"),
            ("extent", 0.5, "the extent can be chosen, and the output's size follows it"),
            ("sizes", 0.5, "sizes that the extent does not divide"),
            ("stacks", 0.5, "each map of a stack by itself"),
            ("untouched", 0.25, _UNTOUCHED),
            ("efficient", 0.5, _FAST),
        ),
        (
            *("maxpooling", "pool", "pooling", "maxpool2d", "pool2d", "poollayer", "maxpoolinglayer"),
            *("downsample", "subsample", "maximumpooling"),
        ),
    ),
    ExamQuestion(
        23,
        "normalize_maps",
        "normalisation within each feature map",
        "maps",
        _criteria(
            ("values", 0.5, "mean 0 and standard deviation 1"),
            ("stacks", 0.5, "each map of a stack by itself"),
            ("constant", 0.25, "a constant map gives no NaN"),
            ("untouched", 0.25, _UNTOUCHED),
            ("types", 0.25, _TYPES),
            ("efficient", 0.25, _FAST),
        ),
        (
            *(
                "normalize",
                "normalise",
                "normalisemaps",
                "normalization",
                "normalisation",
                "norm",
                "normalizemap",
            ),
            *("standardize", "standardise", "standardization", "standardisation", "zscore", "batchnorm"),
        ),
    ),
    ExamQuestion(
        24,
        "fully_connected",
        "a fully connected layer",
        "inputs, weights",
        _criteria(
            ("values", 1.5, "right values for a flat input"),
            ("stacks", 1, "each node is linked to every value of a stack of feature maps"),
            ("nodes", 1, "the number of output nodes can be chosen"),
            ("untouched", 0.25, _UNTOUCHED),
            ("types", 0.25, _TYPES),
            ("efficient", 1, _FAST),
        ),
        (
            "dense",
            "fc",
            "fullyconnectedlayer",
            "linear",
            "denselayer",
            "fclayer",
            "connected",
            "fullconnected",
            "fullyconnect",
            "linearlayer",
            "outputlayer",
        ),
    ),
    ExamQuestion(
        25,
        "softmax",
        "softmax",
        "scores",
        _criteria(
            ("values", 0.75, "right probabilities, which sum to 1"),
            ("large", 0.5, "large scores do not overflow"),
            ("untouched", 0.25, _UNTOUCHED),
            ("types", 0.25, _TYPES),
            ("efficient", 0.25, _FAST),
            ("rows", 0, "a batch: each row by itself (not asked for)"),
        ),
        ("softmaxlayer", "softmaxfunction", "softmax1d"),
    ),
    ExamQuestion(
        26,
        "convolve_backward",
        "backpropagation to the kernels",
        "gradient, image, kernels",
        _criteria(
            ("values", 2, "the right gradient for one kernel on one grey image"),
            ("channels", 1, "the right gradient for a kernel with channels"),
            ("set", 1, "the right gradient for each kernel of a set"),
            ("untouched", 0.25, _UNTOUCHED),
            ("efficient", 0.75, _FAST),
        ),
        (
            "convbackward",
            "convolutionbackward",
            "convbackprop",
            "backpropconv",
            "backwardconv",
            "conv2dbackward",
            "convolvebackprop",
            "kernelgradient",
            "backpropagation",
            "backprop",
            "convgradient",
        ),
        bonus=True,
    ),
    ExamQuestion(
        27,
        "network",
        "a complete network",
        "image, weights",
        _criteria(
            ("runs", 1, "random_weights and network work together"),
            ("probabilities", 1, "one probability for each class; they sum to 1"),
            ("convolutions", 1, "two convolution layers: both sets of kernels matter to the answer"),
            ("steps", 1, "rectification and normalisation are among the steps"),
            ("accuracy", 1, "accuracy gives the share of images that are classified rightly"),
        ),
        ("forward", "net", "predict", "cnn", "forwardpass", "classify"),
        bonus=True,
    ),
    ExamQuestion(
        28,
        "learn",
        "learning",
        "train_images, train_labels, test_images, test_labels, cycles",
        _criteria(
            ("runs", 1, "gives the weights and one accuracy for each cycle"),
            ("kernels", 1, "the kernels of both convolutions change"),
            ("learns", 2, "the accuracy rises well above chance"),
            ("new images", 1, "the learned weights classify images that were never shown"),
        ),
        ("train", "fit", "training", "learnnetwork", "trainnetwork"),
        bonus=True,
    ),
)


def find_question(number: int) -> ExamQuestion:
    """Return the question with this number.

    Raises
    ------
    UnknownNameError
        For a number that is not one of 20 to 28.

    Examples
    --------
    >>> find_question(22).function, find_question(22).points
    ('max_pool', 3.0)
    """
    for question in QUESTIONS:
        if question.number == number:
            return question
    raise UnknownNameError(
        f"There is no question {number} to examine: 20 to 25 are the functions, 26 to 28 the bonus. "
        f"Received: number={number}"
    )

"""Honest signatures: each of these functions is right and keeps all of its points, however it is called."""

import pytest
from adapters import graded

WINDOWS = "np.lib.stride_tricks.sliding_window_view"
CONV = f"""
    R, S = {{k}}.shape[:2]
    image_ = {{x}}.reshape(*{{x}}.shape[:2], -1)
    windows = {WINDOWS}(image_, (R, S), axis=(0, 1))
    return np.einsum("hwcrs,rsck->hwk", windows, {{k}}.reshape(R, S, image_.shape[2], -1))
"""
FIRST = f"""
    windows = {WINDOWS}(x, weight.shape[2:], axis=(1, 2))
    return np.einsum("chwrs,kcrs->khw", windows, weight)
"""
POOL = f"""
    windows = {WINDOWS}({{x}}, ({{n}}, {{m}}), axis=(0, 1))
    return windows[::{{step}}, ::{{step}}].max(axis=(-2, -1))
"""
NORM = """
    s = x.std(axis=(0, 1))
    return (x - x.mean(axis=(0, 1))) / np.where(s == 0, 1, s)
"""
SOFTMAX = "\n    e = np.exp(x - x.max())\n    return e / e.sum()\n"


def conv(signature, x="image", k="kernels"):
    return 20, f"def convolve({signature}):{CONV.format(x=x, k=k)}"


def pool(signature, x="maps", n="window", m="", step=""):
    return 22, f"def max_pool({signature}):{POOL.format(x=x, n=n, m=m or n, step=step or n)}"


def one(number, signature, body):
    return number, f"def {signature}:\n    {body}"


SIGNATURES = {
    "stride and padding with defaults": conv("image, kernels, padding='valid', stride=1"),
    "stride and padding wanted": conv("image, kernels, stride, padding"),
    "short names": conv("X, W, b, s, p", "X", "W"),
    "keywords only": conv("image, *, kernels, bias=None"),
    "kernels first": conv("kernels, image"),
    "the kernels' size": conv("image, kernels, kernel_size"),
    "the number of kernels": conv("image, kernels, num_filters"),
    "the number of channels": conv("image, kernels, n_channels"),
    "height and width": conv("image, kernels, height, width"),
    "an activation": conv("input_image, filter_bank, activation", "input_image", "filter_bank"),
    "everything that PyTorch has": (
        20,
        f"def conv2d(x, weight, bias, stride, padding, dilation, groups):{FIRST}",
    ),
    "a result and a cache": (
        20,
        f"def convolve(image, kernels):{CONV.format(x='image', k='kernels')}".replace(
            "return np", "maps = np"
        )
        + "    return maps, (image, kernels)",
    ),
    "an object that can be called": (
        20,
        "class Convolution:\n    def __call__(self, image, kernels):"
        + CONV.format(x="image", k="kernels").replace("\n    ", "\n        ")
        + "\nconvolve = Convolution()",
    ),
    "cross-correlation by its name": (20, conv("image, kernels")[1].replace("convolve", "cross_correlate")),
    "a threshold with a default": one(21, "relu(x, threshold=0)", "return np.where(x > threshold, x, 0)"),
    "a threshold that is wanted": one(21, "rectify(maps, thr)", "return np.where(maps > thr, maps, 0)"),
    "a slope": one(21, "relu(x, alpha)", "return np.where(x > 0, x, alpha * x)"),
    "a derivative on demand": one(
        21, "relu(x, derivative=False)", "return (x > 0) * 1.0 if derivative else np.maximum(x, 0)"
    ),
    "a mask as well": one(21, "relu(x)", "return np.maximum(x, 0), x > 0"),
    "window and stride": pool("x, k, s", "x", "k", step="s"),
    "height and width of the window": pool("maps, pool_h, pool_w", n="pool_h", m="pool_w", step="pool_h"),
    "a window of two numbers": pool("maps, size=(2, 2), strides=None", n="size[0]", m="size[1]"),
    "a mode": pool("feature_map, extent, stride, mode", "feature_map", "extent", step="stride"),
    "the window first": pool("window, maps"),
    "an epsilon": one(23, "normalize(x, eps=1e-8)", "return (x - x.mean((0, 1))) / (x.std((0, 1)) + eps)"),
    "a scale and a shift": one(
        23,
        "batch_norm(x, gamma, beta, eps)",
        "return gamma * (x - x.mean((0, 1))) / np.sqrt(x.var((0, 1)) + eps) + beta",
    ),
    "the axes": one(
        23, "normalize(x, axis)", "return (x - x.mean(axis)) / np.where(x.std(axis) == 0, 1, x.std(axis))"
    ),
    "standardised": (23, f"def standardize(x):{NORM}"),
    "weights and bias": one(24, "fully_connected(x, W, b)", "return x.ravel() @ W + b"),
    "nodes, weights and biases": one(
        24, "fc(maps, nodes, weights, biases)", "return maps.ravel() @ weights.reshape(-1, nodes) + biases"
    ),
    "nodes, and weights on demand": one(
        24,
        "dense(inputs, n_out, weights=None)",
        "x = inputs.ravel()\n"
        "    w = np.random.randn(x.size, n_out) if weights is None else weights\n    return x @ w",
    ),
    "nodes first": one(
        24,
        "fully_connected(nodes_out, stack)",
        "return stack.ravel() @ np.random.randn(stack.size, nodes_out)",
    ),
    "nodes and a seed": one(
        24,
        "fully_connected(inputs, n_nodes, seed)",
        "return inputs.ravel() @ np.random.default_rng(seed).normal(size=(inputs.size, n_nodes))",
    ),
    "the weights come back": one(
        24, "fc(maps, n)", "w = np.random.randn(maps.size, n)\n    return maps.ravel() @ w, w"
    ),
    "a generator of the file's own": (
        24,
        "rng = np.random.default_rng(0)\n"
        "def fc(maps, n):\n    return maps.ravel() @ rng.normal(size=(maps.size, n))",
    ),
    "the axis of softmax": one(
        25, "softmax(x, axis=0)", "e = np.exp(x - x.max(axis))\n    return e / e.sum(axis)"
    ),
    "a temperature": one(
        25, "softmax(x, temperature)", "e = np.exp((x - x.max()) / temperature)\n    return e / e.sum()"
    ),
    "the number of classes": (25, f"def softmax(x, n_classes):{SOFTMAX}"),
    "a list": one(25, "softmax(x)", "e = np.exp(np.array(x) - max(x))\n    return list(e / e.sum())"),
    "a cache for the way back": (
        26,
        "def conv_backward(dout, cache):\n    image, kernels = cache\n    R, S = kernels.shape[:2]\n"
        "    x, g = image.reshape(*image.shape[:2], -1), dout.reshape(*dout.shape[:2], -1)\n"
        f"    windows = {WINDOWS}(x, g.shape[:2], axis=(0, 1))\n"
        '    return np.einsum("rschw,hwk->rsck", windows, g).reshape(kernels.shape)',
    ),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_an_honest_signature_keeps_its_points(name):
    number, source = SIGNATURES[name]
    answer = graded(source, number)
    assert answer.points == answer.question.points, (answer.message, answer.lost)


def test_what_nobody_could_fill_in_is_said():
    answer = graded("def relu(maps, mood):\n    return np.maximum(maps, 0)", 21)
    assert answer.status == "failed"
    assert answer.message.startswith("It cannot be called: it wants mood too")

"""Submissions written for this purpose: each loses exactly what it should, for the reason it should.

One table: the question, the source, and every criterion that is lost with the short name of its cause.
"""

import pytest
from adapters import lost

VALID = "sliding_window_view = np.lib.stride_tricks.sliding_window_view\n"
LOOPED = """
def convolve(image, kernels):
    R, S = kernels.shape[:2]
    H, W = image.shape[0] - R + 1, image.shape[1] - S + 1
    image = image.reshape(*image.shape[:2], -1)
    bank = kernels.reshape(R, S, image.shape[2], -1)
    maps = np.zeros((H, W, bank.shape[3]))
    for i in range(H):
        for j in range(W):
            window = image[i:i + R, j:j + S, :, None]
            maps[i, j] = {inside}
    return maps
"""
MATRIX = """
def convolve(image, kernels):
    R, S = kernels.shape[:2]
    image = image.reshape(*image.shape[:2], -1)
    bank = kernels.reshape(R, S, image.shape[2], -1)
    {before}
    windows = np.lib.stride_tricks.sliding_window_view(image, (R, S), axis=(0, 1))
    maps = np.einsum("hwcrs,rsck->hwk", windows, bank)
    {after}
    return maps
"""
POOL = """
def max_pool(maps, window):
    n = window
    {before}
    H, W = maps.shape[0] // n, maps.shape[1] // n
    cut = maps[:H * n, :W * n]
    return cut.reshape(H, n, W, n, *maps.shape[2:]).{how}
"""


def matrix(before="pass", after="pass"):
    return MATRIX.format(before=before, after=after)


def pool(before="pass", how="max(axis=(1, 3))"):
    return POOL.format(before=before, how=how)


def one(name, body):
    return f"def {name}:\n    " + body.replace("\n", "\n    ")


WRONG = {
    # --- 20 convolution
    "loops": (20, LOOPED.format(inside="(window * bank).sum(axis=(0, 1, 2))"), {"efficient": "loops"}),
    "true convolution": (20, matrix("bank = bank[::-1, ::-1]"), {"values": "true convolution"}),
    "true convolution, same": (
        20,
        matrix(
            "bank = bank[::-1, ::-1]; image = np.pad(image, (((R-1)//2, R//2), ((S-1)//2, S//2), (0, 0)))"
        ),
        {"values": "true convolution"},
    ),
    "flipped in loops": (
        20,
        LOOPED.format(inside="(window * bank[::-1, ::-1]).sum(axis=(0, 1, 2))"),
        {"values": "true convolution", "efficient": "loops"},
    ),
    "mean": (20, matrix(after="maps = maps / (R * S)"), {"values": "mean instead of sum"}),
    "rectified": (20, matrix(after="maps = np.maximum(maps, 0)"), {"values": "rectified"}),
    "one window short": (20, matrix(after="maps = maps[:-1, :-1]"), {"values": "one window short"}),
    "transposed kernel": (
        20,
        matrix("bank = bank.transpose(1, 0, 2, 3) if R == S else bank"),
        {"values": "transposed kernel"},
    ),
    "no sum over channels": (
        20,
        """
        def convolve(image, kernels):
            R, S = kernels.shape[:2]
            image = image.reshape(*image.shape[:2], -1)
            bank = kernels.reshape(R, S, image.shape[2], -1)
            windows = np.lib.stride_tricks.sliding_window_view(image, (R, S), axis=(0, 1))
            maps = np.einsum("hwcrs,rsck->hwck", windows, bank)
            return maps[:, :, 0] if maps.shape[2] == 1 else maps[..., 0] if maps.shape[3] == 1 else maps
        """,
        {"channels": "no sum over channels"},
    ),
    "first channel": (
        20,
        matrix("image, bank = image[:, :, :1], bank[:, :, :1]"),
        {"channels": "first channel only"},
    ),
    "channels guessed": (
        20,
        matrix('if 2 not in image.shape and image.shape[2] > 1: raise ValueError("no channels")'),
        {"channels": "channels guessed"},
    ),
    "first kernel": (20, matrix(after="maps = maps[:, :, :1]"), {"set": "first kernel only"}),
    "last kernel": (20, matrix(after="maps = maps[:, :, -1:]"), {"set": "last kernel only"}),
    "kernels summed": (20, matrix(after="maps = maps.sum(axis=2, keepdims=True)"), {"set": "kernels summed"}),
    "only square": (20, matrix("assert R == S"), {"sizes": "stops"}),
    "image changed": (
        20,
        matrix().replace("R, S =", "image *= 1.5; kernels = kernels / 1.5; R, S =", 1),
        {"untouched": "in place", "types": "stops"},
    ),
    "shape changed": (
        20,
        matrix().replace("R, S =", "image.shape = (*image.shape[:2], -1); R, S =", 1),
        {"untouched": "in place"},
    ),
    "cut off": (20, matrix(after="maps = maps.astype(image.dtype)"), {"types": "fractions cut off"}),
    "one kernel, one channel": (
        20,
        """
        def conv(img, k):
            w = np.lib.stride_tricks.sliding_window_view(img, k.shape)
            return np.tensordot(w, k, 2)
        """,
        {"channels": "shape", "set": "stops"},
    ),
    # --- 21 rectification
    "relu in place": (21, one("relu(maps)", "maps[maps < 0] = 0\nreturn maps"), {"untouched": "in place"}),
    "relu of one number": (
        21,
        one("relu(maps)", "return maps if maps > 0 else 0"),
        dict.fromkeys(("values", "shapes", "types"), "stops")
        | {"untouched": "not judged", "efficient": "not judged"},
    ),
    "absolute": (21, one("relu(maps)", "return np.abs(maps)"), {"values": "absolute value"}),
    "minimum": (21, one("relu(maps)", "return np.minimum(maps, 0)"), {"values": "negative part"}),
    "step": (21, one("relu(maps)", "return np.where(maps > 0, 1.0, 0.0)"), {"values": "step"}),
    "mask": (21, one("relu(maps)", "return maps > 0"), {"values": "mask"}),
    "leaky": (21, one("relu(maps)", "return np.where(maps > 0, maps, 0.01 * maps)"), {"values": "leaky"}),
    "relu loops": (
        21,
        """
        def relu(maps):
            flat = [max(value, 0) for value in maps.ravel()]
            return np.array(flat).reshape(maps.shape)
        """,
        {"efficient": "loops"},
    ),
    "relu of a single map": (
        21,
        one("relu(maps)", "H, W = maps.shape\nreturn np.maximum(maps, 0)"),
        {"shapes": "stops"},
    ),
    # --- 22 max pooling
    "average": (22, pool(how="mean(axis=(1, 3))"), {"values": "average"}),
    "smallest": (22, pool(how="min(axis=(1, 3))"), {"values": "minimum"}),
    "from zero": (22, pool(how="max(axis=(1, 3), initial=0)"), {"values": "starts from 0"}),
    "extra window": (
        22,
        pool(
            "p = [(0, n - s % n) for s in maps.shape[:2]] + [(0, 0)] * (maps.ndim - 2); "
            "maps = np.pad(maps, p, constant_values=-np.inf)"
        ),
        {"sizes": "extra window"},
    ),
    "extra window on the axis that divides": (
        22,
        pool(
            "odd = any(s % n for s in maps.shape[:2]); p = [(0, n - s % n if odd else 0) for s in "
            "maps.shape[:2]]; "
            "maps = np.pad(maps, p + [(0, 0)] * (maps.ndim - 2), mode='edge')"
        ),
        {"sizes": "extra window"},
    ),
    "zeros at the border": (
        22,
        pool("maps = np.pad(maps, [(0, -s % n) for s in maps.shape[:2]] + [(0, 0)] * (maps.ndim - 2))"),
        {"sizes": "padded with zeros"},
    ),
    "always 2": (22, pool("n = 2"), {"extent": "extent ignored"}),
    "must divide": (22, pool("assert maps.shape[0] % n == 0 and maps.shape[1] % n == 0"), {"sizes": "stops"}),
    "over all maps": (
        22,
        pool(how="max(axis=(1, 3))") + "\n_p = max_pool\ndef max_pool(maps, window):\n"
        "    p = _p(maps, window)\n    return p.max(axis=2) if p.ndim == 3 else p",
        {"stacks": "over all maps"},
    ),
    "pooling loops": (
        22,
        """
        def max_pool(maps, window):
            H, W = maps.shape[0] // window, maps.shape[1] // window
            out = np.zeros((H, W, *maps.shape[2:]))
            for i in range(H):
                for j in range(W):
                    block = maps[i * window:(i + 1) * window, j * window:(j + 1) * window]
                    out[i, j] = block.max(axis=(0, 1))
            return out
        """,
        {"efficient": "loops"},
    ),
    # --- 23 normalisation
    "sample deviation": (
        23,
        """
        def normalize_maps(maps):
            s = maps.std(axis=(0, 1), ddof=1)
            return (maps - maps.mean(axis=(0, 1))) / np.where(s == 0, 1, s)
        """,
        {"values": "sample deviation"},
    ),
    "constant map": (
        23,
        one("normalize_maps(maps)", "return (maps - maps.mean(axis=(0, 1))) / maps.std(axis=(0, 1))"),
        {"constant": "zero deviation"},
    ),
    "whole stack": (
        23,
        one("normalize_maps(maps)", "return (maps - maps.mean()) / (maps.std() or 1)"),
        {"stacks": "whole stack"},
    ),
    "variance": (
        23,
        one(
            "normalize_maps(maps)",
            "v = maps.var(axis=(0, 1))\nreturn (maps - maps.mean(axis=(0, 1))) / np.where(v == 0, 1, v)",
        ),
        {"values": "variance"},
    ),
    "columns": (
        23,
        one(
            "normalize_maps(maps)",
            "s = maps.std(axis=0)\nreturn (maps - maps.mean(axis=0)) / np.where(s == 0, 1, s)",
        ),
        {"values": "wrong axis"},
    ),
    "normalised in place": (
        23,
        one(
            "normalize_maps(maps)",
            "maps -= maps.mean(axis=(0, 1))\ns = maps.std(axis=(0, 1))\nmaps /= np.where(s == 0, 1, "
            "s)\nreturn maps",
        ),
        {"untouched": "in place", "types": "stops"},
    ),
    "to 0 and 1": (
        23,
        one(
            "normalize_maps(maps)",
            "low, high = maps.min(axis=(0, 1)), maps.max(axis=(0, 1))\n"
            "return (maps - low) / np.where(high > low, high - low, 1)",
        ),
        {"values": "minimum to maximum"},
    ),
    # --- 24 fully connected
    "reshaped weights": (
        24,
        one(
            "fully_connected(inputs, weights)",
            "x = inputs.ravel()\nif weights.shape[0] != x.size: raise ValueError('weights')\n"
            "return weights.reshape(-1, x.size) @ x",
        ),
        {"values": "weights reshaped"},
    ),
    "node loops": (
        24,
        """
        def fully_connected(inputs, weights):
            x = inputs.ravel()
            out = np.zeros(weights.shape[1])
            for u in range(weights.shape[1]):
                for d in range(len(x)):
                    out[u] += x[d] * weights[d, u]
            return out
        """,
        {"efficient": "loops"},
    ),
    "rectified nodes": (
        24,
        one("fully_connected(inputs, weights)", "return np.maximum(inputs.ravel() @ weights, 0)"),
        {"values": "rectified"},
    ),
    "not flattened": (
        24,
        one("fully_connected(inputs, weights)", "return inputs @ weights"),
        {"stacks": "stops"},
    ),
    "only one node": (
        24,
        one("fully_connected(inputs, weights)", "return (inputs.ravel() @ weights)[:1]"),
        {"nodes": "first node only"},
    ),
    "only the first map, but not in a batch": (
        24,
        one(
            "fully_connected(inputs, weights)",
            "if inputs.ndim == 3:\n"
            "    weights, inputs = weights.reshape(*inputs.shape, -1)[:, :, 0], inputs[..., 0]\n"
            "return inputs.ravel() @ weights.reshape(-1, weights.shape[-1])",
        ),
        {"stacks": "first map only"},
    ),
    "number of nodes, not linked": (
        24,
        one(
            "fully_connected(maps, n_nodes)",
            "x = maps[..., 0].ravel() if maps.ndim == 3 else maps\nreturn x @ np.random.randn(x.size, "
            "n_nodes)",
        ),
        {"stacks": "not linked"},
    ),
    # --- 25 softmax
    "no exponential": (
        25,
        one("softmax(scores)", "return scores / scores.sum()"),
        {"values": "no exponential"},
    ),
    "no maximum": (
        25,
        one("softmax(scores)", "e = np.exp(scores)\nreturn e / e.sum(axis=-1, keepdims=True)"),
        {"large": "overflow"},
    ),
    "maximum of the whole array": (
        25,
        one("softmax(scores)", "e = np.exp(scores - scores.max())\nreturn e / e.sum(axis=-1, keepdims=True)"),
        {"rows": "maximum of the whole array"},
    ),
    "whole array": (
        25,
        one("softmax(scores)", "e = np.exp(scores - scores.max())\nreturn e / e.sum()"),
        {"rows": "whole array"},
    ),
    "not divided": (
        25,
        one("softmax(scores)", "return np.exp(scores - scores.max(axis=-1, keepdims=True))"),
        {"values": "not divided"},
    ),
    "softmax in place": (
        25,
        one(
            "softmax(scores)",
            "scores -= scores.max(axis=-1, keepdims=True)\ne = np.exp(scores)\nreturn e / e.sum(axis=-1, "
            "keepdims=True)",
        ),
        {"untouched": "in place"},
    ),
}
ALL_OF = {
    20: "values channels set sizes untouched types efficient",
    22: "values extent sizes stacks untouched efficient",
}
WINDOWS = """
def convolve_backward(gradient, image, kernels):
    R, S = kernels.shape[:2]
    x = image.reshape(*image.shape[:2], -1)
    g = gradient.reshape(*gradient.shape[:2], -1)
    windows = np.lib.stride_tricks.sliding_window_view(x, g.shape[:2], axis=(0, 1))
    d = np.einsum("rschw,hwk->rsck", windows, g)
    {after}
    return d.reshape(kernels.shape)
"""
BACKWARD = {
    "right": ("pass", {}),
    "flipped": ("d = d[::-1, ::-1]", {"values": "flipped"}),
    "wrong sign": ("d = -d", {"values": "sign"}),
    "twice": ("d = 2 * d", {"values": "factor"}),
    "mean over windows": ("d = d / g[..., 0].size", {"values": "factor"}),
    "gradient in place": ("gradient *= 2", {"untouched": "in place"}),
    "all zeros": (
        "d = 0 * d",
        {
            "values": "zero",
            "channels": "zero",
            "set": "zero",
            "untouched": "not judged",
            "efficient": "not judged",
        },
    ),
}


MIXED = """
from scipy.signal import convolve2d

def conv2D(images, kernels):
    maps = []
    for k in kernels:
        if images.ndim == 3:
            each = [convolve2d(images[:, :, c], k[:, :, c], mode="same") for c in range(images.shape[2])]
            maps.append(sum(each))
        else:
            maps.append(convolve2d(images, k, mode="same", boundary="symm"))
    return np.array(maps)
"""


def test_scipys_true_convolution_with_two_paddings_is_charged_once(marks_of):
    answer = marks_of(MIXED, questions=[20]).of(20)
    assert lost(answer) == {"values": "true convolution"}


def test_a_loop_over_maps_is_no_loop_over_elements(marks_of):
    source = """
        def fc(maps, {second}):
            flat = np.concatenate([m.ravel() for m in maps])
            return {weights} @ flat
    """
    drawn = source.format(second="n_outputs", weights="np.random.normal(size=(n_outputs, flat.size))")
    given = source.format(second="w", weights="w")
    assert [marks_of(one, questions=[24]).points for one in (drawn, given)] == [5, 5]


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_submission_loses_what_it_should(name, marks_of):
    number, source, expected = WRONG[name]
    answer = marks_of(source, questions=[number]).of(number)
    assert answer.status == "examined", answer.message
    got = lost(answer)
    assert set(got) == set(expected), answer.lost
    assert all(cause in ("", got[criterion]) for criterion, cause in expected.items()), answer.lost
    kept = sum(c.points for c in answer.question.criteria if c.name not in expected)
    assert answer.points == kept
    assert all(outcome.message.endswith((".", ")", "”", "?")) for outcome in answer.lost)


@pytest.mark.parametrize("name", BACKWARD)
def test_a_wrong_gradient_is_diagnosed_by_the_gradient_checker(name, marks_of):
    after, expected = BACKWARD[name]
    answer = marks_of(WINDOWS.format(after=after), questions=[26]).of(26)
    assert lost(answer) == expected, answer.lost
    if expected.get("values"):
        assert answer.lost[0].message.startswith("The gradient checker: ")


def test_there_are_at_least_forty_of_them():
    assert len(WRONG) + len(BACKWARD) - 1 >= 40

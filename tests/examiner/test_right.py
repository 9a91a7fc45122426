"""Right submissions keep every point, however they are written."""

import pytest
from adapters import ADAPTER

RIGHT = {
    "im2col": (
        20,
        """
        def convolve(image, kernels):
            R, S = kernels.shape[:2]
            image = image.reshape(*image.shape[:2], -1)
            K = kernels.size // (R * S * image.shape[2])
            H, W = image.shape[0] - R + 1, image.shape[1] - S + 1
            patches = np.stack([image[r:r + H, s:s + W] for r in range(R) for s in range(S)], axis=2)
            return (patches.reshape(H * W, -1) @ kernels.reshape(-1, K)).reshape(H, W, K)
        """,
        "'valid'",
    ),
    "FFT": (
        20,
        """
        def convolve(image, kernels):
            R, S = kernels.shape[:2]
            image = image.reshape(*image.shape[:2], -1)
            bank = kernels.reshape(R, S, image.shape[2], -1)
            size = image.shape[:2]
            product = np.einsum("hwc,hwck->hwk", np.fft.fft2(image, axes=(0, 1)),
                                np.conj(np.fft.fft2(bank, size, axes=(0, 1))))
            return np.fft.ifft2(product, axes=(0, 1)).real[:size[0] - R + 1, :size[1] - S + 1]
        """,
        "'valid'",
    ),
    "einsum, edge": (
        20,
        """
        def convolution(img, filters):
            R, S = filters.shape[:2]
            img = img.reshape(*img.shape[:2], -1)
            p = [((R - 1) // 2, R // 2), ((S - 1) // 2, S // 2), (0, 0)]
            img = np.pad(img, p, mode="edge")
            windows = np.lib.stride_tricks.sliding_window_view(img, (R, S), axis=(0, 1))
            return np.einsum("hwcrs,rsck->hwk", windows, filters.reshape(R, S, img.shape[2], -1))
        """,
        "repeated (edge)",
    ),
    "channels first, kernels before the image, by the header": (
        20,
        """
        EXAMINER = {"convolve": "apply(kernels, image)"}
        def apply(a, b):
            windows = np.lib.stride_tricks.sliding_window_view(b, a.shape[2:], axis=(1, 2))
            return np.einsum("chwrs,kcrs->khw", windows, a)
        """,
        "'valid'",
    ),
    "channels first, found out": (
        20,
        """
        def conv2d(x, w):
            windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], axis=(1, 2))
            return np.einsum("chwrs,kcrs->khw", windows, w)
        """,
        "'valid'",
    ),
    "a list of kernels, padded with zeros, stride and padding as arguments": (
        20,
        """
        def convolve_images(filters, picture, stride, padding):
            maps = []
            for kernel in filters:
                kernel = kernel.reshape(*kernel.shape[:2], -1)
                R, S, _ = kernel.shape
                x = picture.reshape(*picture.shape[:2], -1)
                x = np.pad(x, [((R - 1) // 2, R // 2), ((S - 1) // 2, S // 2), (0, 0)])
                windows = np.lib.stride_tricks.sliding_window_view(x, (R, S), axis=(0, 1))
                maps.append(np.tensordot(windows, kernel.transpose(2, 0, 1), 3))
            return maps
        """,
        "'same' with zeros",
    ),
    "a mask": (21, "def rectify(feature_map):\n    return feature_map * (feature_map > 0)", None),
    "windows that overhang": (
        22,
        """
        def max_pooling(fm, size):
            p = [(0, -s % size) for s in fm.shape[:2]] + [(0, 0)] * (fm.ndim - 2)
            fm = np.pad(fm.astype(float), p, constant_values=-np.inf)
            H, W = fm.shape[0] // size, fm.shape[1] // size
            return fm.reshape(H, size, W, size, *fm.shape[2:]).max(axis=(1, 3))
        """,
        "hang over the bottom",
    ),
    "with an epsilon": (
        23,
        """
        def normalise(m):
            return (m - m.mean(axis=(0, 1))) / np.sqrt(m.var(axis=(0, 1)) + 1e-3)
        """,
        "0.001 is added to the variance",
    ),
    "a row for each node, as in the lab's example": (
        24,
        """
        def fc_layer(w, x):
            return w @ x.flatten()
        """,
        "row by row",
    ),
    "another order of flattening, with a bias": (
        24,
        """
        def dense(x, weights, bias):
            return x.flatten(order="F") @ weights + bias
        """,
        "in the order (2, 1, 0)",
    ),
    "weights drawn inside": (
        24,
        """
        def fully_connected(maps, number_of_nodes):
            return maps.flatten() @ np.random.randn(maps.size, number_of_nodes)
        """,
        "draws its weights itself",
    ),
    "a number of nodes and a bias": (
        24,
        """
        def connectedlayer(inputmap, noutput, bias):
            return inputmap.flatten() @ np.random.randn(inputmap.size, noutput) + bias
        """,
        "take them as an argument",
    ),
    "a window and a stride with defaults": (
        22,
        """
        def max_pool(maps, pool_size=2, stride=2):
            H, W = (maps.shape[0] - pool_size) // stride + 1, (maps.shape[1] - pool_size) // stride + 1
            windows = np.lib.stride_tricks.sliding_window_view(maps, (pool_size, pool_size), axis=(0, 1))
            return windows[::stride, ::stride].max(axis=(-2, -1))
        """,
        None,
    ),
    "a window by keyword only": (
        22,
        """
        def max_pool(maps, *, window):
            H, W = maps.shape[0] // window, maps.shape[1] // window
            cut = maps[:H * window, :W * window]
            return cut.reshape(H, window, W, window, *maps.shape[2:]).max(axis=(1, 3))
        """,
        None,
    ),
    "a partial object": (
        21,
        """
        import functools
        relu = functools.partial(np.maximum, 0)
        """,
        None,
    ),
    "the better of two functions": (
        23,
        """
        def normalize(x, mean, sd):
            return (x - mean) / sd
        def normalization(input_map):
            s = input_map.std(axis=(0, 1))
            return (input_map - input_map.mean(axis=(0, 1))) / np.where(s == 0, 1, s)
        """,
        "Several functions may be meant (normalize, normalization): the marks are those of normalization",
    ),
    "axis given": (
        25,
        """
        def softmax(z, axis):
            e = np.exp(z - z.max(axis=axis, keepdims=True))
            return e / e.sum(axis=axis, keepdims=True)
        """,
        None,
    ),
    "only what is asked, over the windows": (
        26,
        """
        def conv_backward(d_out, img, kernels):
            R, S = kernels.shape[:2]
            x = img.reshape(*img.shape[:2], -1)
            g = d_out.reshape(*d_out.shape[:2], -1)
            H, W, K = g.shape
            d = np.zeros((R, S, x.shape[2], K))
            for r in range(R):
                for s in range(S):
                    d[r, s] = np.einsum("hwc,hwk->ck", x[r:r + H, s:s + W], g)
            return d.reshape(kernels.shape)
        """,
        None,
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_submission_keeps_every_point(name, marks_of):
    number, source, note = RIGHT[name]
    answer = marks_of(source, questions=[number]).of(number)
    assert answer.status == "examined", answer.message
    assert [outcome for outcome in answer.lost if outcome.out_of] == []
    assert answer.points == answer.question.points
    assert note is None or note in " ".join(answer.notes)


def test_pellucid_itself_gets_full_marks(marks_of):
    marks = marks_of(ADAPTER)
    assert [(a.number, a.lost, a.message) for a in marks.answers if a.points != a.question.points] == []
    assert (marks.points, marks.bonus) == (19, 15)


def test_loops_lose_a_few_points_only(marks_of):
    marks = marks_of(
        """
        def convolve(image, kernels):
            image = image.reshape(*image.shape[:2], -1)
            kernels = kernels.reshape(*kernels.shape[:2], image.shape[2], -1)
            R, S, C, K = kernels.shape
            out = np.zeros((image.shape[0] - R + 1, image.shape[1] - S + 1, K))
            for k in range(K):
                for i in range(out.shape[0]):
                    for j in range(out.shape[1]):
                        for r in range(R):
                            for s in range(S):
                                for c in range(C):
                                    out[i, j, k] += image[i + r, j + s, c] * kernels[r, s, c, k]
            return out
        """,
        questions=[20],
    )
    assert marks.points == 4
    (outcome,) = marks.of(20).lost
    assert "The loops begin in lines 9, 10, 11, 12, 13 and 14." in outcome.message


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_another_seed_draws_other_cases_and_a_right_file_keeps_its_points(seed, marks_of):
    marks = marks_of(ADAPTER, seed=seed, questions=range(20, 28))
    assert (marks.points, marks.bonus) == (19, 10)


def test_the_same_seed_gives_the_same_marks(marks_of):
    source = "def softmax(z):\n    e = np.exp(z)\n    return e / e.sum()\ndef relu(x):\n    return abs(x)"
    first, second = (marks_of(source, seed=5).to_json() for _ in range(2))
    assert first == second
    assert marks_of(source, seed=6).to_json()["seed"] == 6


def test_a_vectorised_function_is_found_and_loses_a_loop(marks_of):
    answer = marks_of("relu = np.vectorize(lambda x: max(x, 0.0))", questions=[21]).of(21)
    assert [outcome.criterion for outcome in answer.lost] == ["efficient"]


def test_what_is_not_there_is_said_with_what_is(marks_of):
    source = "def apply_kernels(image, kernels): pass\ndef relu(x):\n    return np.maximum(x, 0)"
    answer = marks_of(source, questions=[20]).of(20)
    assert answer.status == "missing"
    assert "Other functions in it: apply_kernels." in answer.message
    assert 'EXAMINER = {"convolve": "apply_kernels(image, kernels)"}' in answer.message

"""Every diagnosis: found where it applies, with its words, and not where it does not."""

import numpy as np
import pytest

from pellucid.functions.gradients.check import check_gradients

MODES = ["full", "projection"]
N, H, W, C, R, S, K = 3, 6, 8, 2, 3, 3, 4


def convolve(images, kernels, bias):  # (N, H, W, C), (R, S, C, K), (K,) -> (N, H-R+1, W-S+1, K)
    windows = np.lib.stride_tricks.sliding_window_view(images, kernels.shape[:2], axis=(1, 2))
    return np.einsum("nhwcrs,rsck->nhwk", windows, kernels) + bias


def convolve_backward(gradient, images, kernels, _bias):
    d_images = np.zeros_like(images)
    for r, s in np.ndindex(kernels.shape[:2]):
        d_images[:, r : r + gradient.shape[1], s : s + gradient.shape[2]] += gradient @ kernels[r, s].T
    windows = np.lib.stride_tricks.sliding_window_view(images, kernels.shape[:2], axis=(1, 2))
    return d_images, np.einsum("nhwcrs,nhwk->rsck", windows, gradient), gradient.sum(axis=(0, 1, 2))


def arguments(seed=0):
    generator = np.random.default_rng(seed)
    return [generator.normal(size=shape) for shape in ((N, H, W, C), (R, S, C, K), (K,))]


def diagnose(spoil, mode="full", batch_axis=0):
    """Check a convolution whose backward is spoilt; ``spoil(d_images, d_kernels, d_bias)`` returns three."""
    return check_gradients(
        convolve,
        lambda gradient, *given: spoil(*convolve_backward(gradient, *given)),
        *arguments(),
        mode=mode,
        batch_axis=batch_axis,
    )


@pytest.mark.parametrize("mode", MODES)
def test_a_right_gradient_has_no_diagnosis(mode):
    report = diagnose(lambda *gradients: gradients, mode)
    assert report.ok, str(report)
    assert all(argument.diagnosis is None for argument in report.arguments)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("factor", "kind", "words"),
    [
        (1 / N, "factor", "0.3333 × what it should be, 1/N with N=3 (averaged over the batch"),
        (N, "factor", "3 × what it should be, N with N=3 (summed over the batch where the average is due)"),
        (-1, "sign", "every element has the wrong sign (it is -1 × what it should be)"),
        (2, "factor", "2 × what it should be, 2"),
        (0.5, "factor", "0.5 × what it should be, 1/2"),
        (-2, "factor", "-2 × what it should be, -2"),
        (24, "factor", "24 × what it should be, H·W with H·W=24 of the output"),
        (1 / 24, "factor", "0.04167 × what it should be, 1/(H·W) with H·W=24 of the output"),
        (1 / 72, "factor", "0.01389 × what it should be, 1/(N·H·W) with N·H·W=72 of the output"),
        (1 / 48, "factor", "0.02083 × what it should be, 1/(H·W) with H·W=48 of images"),
        (1 / 9, "factor", "0.1111 × what it should be, 1/(R·S) with R·S=9 of kernels"),
        (1.37, "factor", "every element is 1.37 × what it should be."),
    ],
)
def test_a_constant_factor_is_named(factor, kind, words, mode):
    report = diagnose(lambda d_images, d_kernels, d_bias: (d_images, factor * d_kernels, d_bias), mode)
    assert [argument.verdict for argument in report.arguments] == ["ok", "wrong", "ok"]
    assert report["kernels"].diagnosis.kind == kind
    assert "kernels: WRONG: every element " in str(report)
    assert words in str(report)


def test_a_small_factor_is_still_wrong():
    report = diagnose(lambda d_images, d_kernels, d_bias: (d_images, d_kernels * 1.00001, d_bias))
    assert report["kernels"].diagnosis.kind == "elements"  # "1 × what it should be" would explain nothing


@pytest.mark.parametrize("mode", MODES)
def test_a_gradient_of_zeros_is_told(mode):
    report = diagnose(lambda d_images, d_kernels, d_bias: (d_images, 0 * d_kernels, d_bias), mode)
    assert report["kernels"].diagnosis.kind == "zero"
    assert "every element is 0 where it should not be" in str(report)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("axes", "kind"), [((0, 1), "flipped"), ((0,), "flipped"), ((3,), "flipped")])
def test_a_flipped_gradient_is_told(axes, kind, mode):
    report = diagnose(lambda d_images, d_kernels, d_bias: (d_images, np.flip(d_kernels, axes), d_bias), mode)
    assert report["kernels"].diagnosis.kind == kind
    assert ("a kernel turned by 180°" in str(report)) == (axes == (0, 1))
    assert f"it is flipped along {'axes 0 and 1' if len(axes) == 2 else f'axis {axes[0]}'}" in str(report)


@pytest.mark.parametrize("mode", MODES)
def test_a_transposed_gradient_is_told(mode):
    report = diagnose(lambda d_images, d_kernels, d_bias: (d_images, d_kernels.swapaxes(0, 1), d_bias), mode)
    assert report["kernels"].diagnosis.kind == "transposed"
    assert "the gradient transposed (.transpose(1, 0, 2, 3) puts it right)" in str(report)


@pytest.mark.parametrize("mode", MODES)
def test_a_transposed_gradient_of_another_shape_is_told(mode):
    def dense_backward(gradient, inputs, weights):
        return gradient @ weights.T, gradient.T @ inputs

    generator = np.random.default_rng(0)
    report = check_gradients(
        lambda inputs, weights: inputs @ weights,
        dense_backward,
        generator.normal(size=(5, 4)),
        generator.normal(size=(4, 3)),
        mode=mode,
    )
    assert report["inputs"].ok
    assert report["weights"].diagnosis.kind == "transposed"
    assert "its shape is (3, 4) where the argument's is (4, 3)" in str(report)
    assert "(.transpose(1, 0) puts it right)" in str(report)


def test_two_mistakes_at_once_are_told():
    report = diagnose(lambda d_images, d_kernels, d_bias: (d_images, -d_kernels[::-1, ::-1] / N, d_bias))
    assert report["kernels"].diagnosis.kind == "flipped"
    assert "besides, it is -0.3333 × what it should be, -1/N with N=3" in str(report)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("image", "which"), [(0, "the first"), (1, "number 1 (from 0)"), (N - 1, "the last")]
)
def test_the_contribution_of_one_image_is_told(image, which, mode):
    def backward(gradient, images, kernels, bias):
        one = slice(image, image + 1)
        d_images, _, d_bias = convolve_backward(gradient, images, kernels, bias)
        return d_images, convolve_backward(gradient[one], images[one], kernels, bias)[1], d_bias

    report = check_gradients(convolve, backward, *arguments(), mode=mode)
    assert report["kernels"].diagnosis.kind == "batch sum"
    assert f"it is what {which} of 3 images alone contributes: the sum over the batch is missing" in (
        str(report)
    )


@pytest.mark.parametrize("mode", MODES)
def test_a_batch_axis_left_in_the_gradient_is_told(mode):
    def backward(gradient, images, kernels, bias):
        each = [convolve_backward(gradient[n : n + 1], images[n : n + 1], kernels, bias)[1] for n in range(N)]
        d_images, _, _ = convolve_backward(gradient, images, kernels, bias)
        return d_images, np.stack(each), gradient

    report = check_gradients(convolve, backward, *arguments(), mode=mode)
    assert report["kernels"].diagnosis.kind == report["bias"].diagnosis.kind == "batch sum"
    assert "its shape is (3, 3, 3, 2, 4) where the argument's is (3, 3, 2, 4)" in str(report)
    assert "the sum over the batch is missing (.sum over axis 0 puts it right)" in str(report)
    assert "(.sum over axes 0, 1 and 2 puts it right)" in str(report)


def test_another_sum_that_is_missing_is_told():
    def backward(gradient, images, kernels, bias):
        return None, None, gradient.sum(axis=0)

    report = check_gradients(convolve, backward, *arguments())
    assert report["bias"].diagnosis.kind == "shape"
    assert "a sum is missing (.sum over axes 0 and 1 puts it right)" in str(report)


@pytest.mark.parametrize("mode", MODES)
def test_the_right_elements_in_another_shape_are_told(mode):
    report = diagnose(lambda d_images, d_kernels, d_bias: (d_images, d_kernels.ravel(), d_bias), mode)
    assert report["kernels"].diagnosis.kind == "shape"
    assert "its shape is (72,) where the argument's is (3, 3, 2, 4), with the right elements: reshape it" in (
        str(report)
    )


@pytest.mark.parametrize("mode", MODES)
def test_a_shape_that_nothing_explains_is_told_without_a_cause(mode):
    report = diagnose(lambda d_images, d_kernels, d_bias: (d_images, d_kernels[:2], d_bias), mode)
    assert report["kernels"].diagnosis.kind == "shape"
    assert report["kernels"].diagnosis.text == (
        "its shape is (2, 3, 2, 4) where the argument's is (3, 3, 2, 4)"
    )


@pytest.mark.parametrize("mode", MODES)
def test_nan_is_told(mode):
    def spoil(d_images, d_kernels, d_bias):
        d_kernels[1, 2, 0, 3] = np.nan
        d_kernels[2, 2, 0, 3] = np.inf
        return d_images, d_kernels, d_bias

    report = diagnose(spoil, mode)
    assert report["kernels"].diagnosis.kind == "nan"
    assert "2 of 72 elements are NaN or infinite, the first at [1, 2, 0, 3]" in str(report)


@pytest.mark.parametrize(
    ("border", "said"),
    [
        (np.s_[:, 0], "top; 1 wide"),
        (np.s_[:, -1], "bottom; 1 wide"),
        (np.s_[:, :, :2], "left; 2 wide"),
        (np.s_[:, :, -1], "right; 1 wide"),
    ],
)
def test_an_error_at_one_side_of_the_border_is_told(border, said):
    def spoil(d_images, d_kernels, d_bias):
        d_images[border] *= 1.5
        return d_images, d_kernels, d_bias

    report = diagnose(spoil)
    assert report["images"].diagnosis.kind == "border"
    assert f"all of them at the border ({said} along axes 1 and 2)" in str(report)
    assert "the inside is right: look at the padding" in str(report)


def test_an_error_all_around_the_border_is_told():
    def spoil(d_images, d_kernels, d_bias):
        inside = np.zeros_like(d_images)
        inside[:, 1:-1, 1:-1] = d_images[:, 1:-1, 1:-1]
        return inside, d_kernels, d_bias

    report = diagnose(spoil)
    assert report["images"].diagnosis.kind == "border"
    assert "(top, bottom, left, right; 1 wide along axes 1 and 2)" in str(report)


def test_an_error_at_the_border_of_one_image_without_channels_is_told():
    weights = np.random.default_rng(1).normal(size=(5, 7))

    def backward(gradient, image):
        d_image = 2 * image * gradient * weights
        d_image[-1] = 0
        return d_image

    image = np.random.default_rng(0).normal(size=(5, 7))
    report = check_gradients(lambda image: weights * image**2, backward, image, batch_axis=None)
    assert report["image"].diagnosis.kind == "border"
    assert "(bottom; 1 wide along axes 0 and 1)" in str(report)


def test_an_error_that_reaches_inside_is_no_error_of_the_border():
    def spoil(d_images, d_kernels, d_bias):
        d_images[:, 0] *= 1.5
        d_images[1, 2, 3, 0] += 1
        return d_images, d_kernels, d_bias

    report = diagnose(spoil)
    assert report["images"].diagnosis.kind == "elements"


def test_an_element_that_happens_to_be_at_the_border_is_no_error_of_the_border():
    def spoil(d_images, d_kernels, d_bias):
        d_images[1, 0, 3, 0] += 1
        return d_images, d_kernels, d_bias

    assert diagnose(spoil)["images"].diagnosis.kind == "elements"


@pytest.mark.parametrize("mode", MODES)
def test_what_fits_nothing_is_told_with_the_worst_element(mode):
    def spoil(d_images, d_kernels, d_bias):
        d_kernels[1, 1, 0, 2] += 5
        d_kernels[0, 2, 1, 1] -= 2
        return d_images, d_kernels, d_bias

    report = diagnose(spoil, mode)
    assert report["kernels"].diagnosis.kind == "elements"
    if mode == "full":
        assert "2 of 72 elements are wrong, the worst at [1, 1, 0, 2]: " in str(report)
    else:
        assert "4 of 4 random directions are wrong" in str(report)
        assert 'mode="full" compares element by element and can say more.' in str(report)


@pytest.mark.parametrize("mode", MODES)
def test_one_wrong_element_of_many_is_found(mode):
    def spoil(d_images, d_kernels, d_bias):
        d_images[1, 2, 3, 0] *= 1.001
        return d_images, d_kernels, d_bias

    assert diagnose(spoil, mode)["images"].verdict == "wrong"


def test_without_a_batch_axis_no_image_is_blamed():
    def backward(gradient, images, kernels, bias):
        return None, convolve_backward(gradient[:1], images[:1], kernels, bias)[1], None

    report = check_gradients(convolve, backward, *arguments(), batch_axis=None)
    assert report["kernels"].diagnosis.kind == "elements"
    assert "N with N" not in str(diagnose(lambda a, b, c: (a, N * b, c), batch_axis=None))


def test_a_random_gradient_gets_no_cause():
    """No diagnosis may be found in what is merely wrong."""
    for seed in range(5):
        noise = np.random.default_rng(seed)
        report = diagnose(
            lambda a, b, c, noise=noise: tuple(noise.normal(size=gradient.shape) for gradient in (a, b, c))
        )
        assert [argument.diagnosis.kind for argument in report.arguments] == ["elements"] * 3

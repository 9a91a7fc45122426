import pytest

from pellucid.functions.gradients.factors import known_factors, name_factor

OUTPUT = (30, 26, 26, 32)
ARGUMENTS = {"images": (30, 28, 28, 1), "kernels": (3, 3, 1, 32)}


@pytest.mark.parametrize(
    ("factor", "name"),
    [
        (2, "2"),
        (1 / 2, "1/2"),
        (-2, "-2"),
        (30, "N with N=30 (summed over the batch where the average is due)"),
        (1 / 30, "1/N with N=30 (averaged over the batch where the sum is due)"),
        (-1 / 30, "-1/N with N=30"),
        (676, "H·W with H·W=676 of the output"),
        (1 / 676, "1/(H·W) with H·W=676 of the output"),
        (1 / 20280, "1/(N·H·W) with N·H·W=20280 of the output"),
        (784, "H·W with H·W=784 of images"),
        (1 / 9, "1/(R·S) with R·S=9 of kernels"),
    ],
)
def test_factors_are_named_by_the_extents(factor, name):
    assert (
        name_factor(factor, known_factors(OUTPUT, ARGUMENTS, 0)).removeprefix(", ").split(" or ")[0] == name
    )


@pytest.mark.parametrize("factor", [1.0, 0.0, 1.37, 29.9, 1 / 31])
def test_other_factors_have_no_name(factor):
    assert name_factor(factor, known_factors(OUTPUT, ARGUMENTS, 0)) == ""


def test_a_window_s_area_is_named():
    factors = known_factors((5, 4, 4, 3), {"maps": (5, 8, 8, 3)}, 0)
    assert "the size of maps over the output's: a window's area" in name_factor(1 / 4, factors)


def test_a_scalar_output_takes_the_batch_size_of_the_first_argument():
    assert name_factor(1 / 7, known_factors((), {"logits": (7, 3)}, 0)).startswith(", 1/N with N=7")


def test_without_a_batch_axis_there_is_no_batch_size():
    names = [name for _, name in known_factors(OUTPUT, ARGUMENTS, None)]
    assert not any(name.startswith("N with") for name in names)

import pytest

from pellucid.functions.gradients.report import ArgumentReport, Diagnosis, GradientReport

RIGHT = ArgumentReport("images", (2, 3), "ok", compared=5, total=6, largest_error=2e-10, notes=("one kink",))
WRONG = ArgumentReport(
    "kernels",
    (4,),
    "wrong",
    compared=4,
    total=4,
    largest_error=2.0,
    diagnosis=Diagnosis("sign", "turned round"),
)
UNKNOWN = ArgumentReport("bias", (2,), "not compared", compared=0, total=2, largest_error=float("nan"))


def test_right_arguments_make_a_right_report():
    report = GradientReport("convolve", "full", (RIGHT,))
    assert report.ok
    assert report
    assert str(report) == (
        "Gradients of convolve are right.\n"
        "  images: ok: 5 of 6 elements compared, largest relative error 2.0e-10.\n"
        "      one kink."
    )


def test_a_wrong_argument_makes_a_wrong_report():
    report = GradientReport("convolve", "full", (RIGHT, WRONG))
    assert not report.ok
    assert not report
    assert str(report).startswith("Gradients of convolve are WRONG.\n")
    assert str(report).endswith("  kernels: WRONG: turned round.")


def test_an_argument_that_was_not_compared_is_not_right():
    report = GradientReport("convolve", "full", (RIGHT, UNKNOWN))
    assert not report.ok
    assert str(report).startswith("Gradients of convolve cannot be trusted yet.\n")
    assert "bias: NOT COMPARED: none of 2 elements can be." in str(report)


def test_a_problem_makes_a_report_that_is_not_right():
    report = GradientReport("convolve", "full", (RIGHT,), ("forward is random.",))
    assert not report.ok
    assert "\n  forward is random.\n" in str(report)


def test_projection_mode_points_to_full_mode_only_where_that_helps():
    assert 'mode="full"' in str(GradientReport("convolve", "projection", (WRONG,)))
    assert 'mode="full"' not in str(GradientReport("convolve", "projection", (RIGHT,)))
    assert 'mode="full"' not in str(GradientReport("convolve", "full", (WRONG,)))


def test_arguments_are_found_by_name():
    report = GradientReport("convolve", "full", (RIGHT, WRONG))
    assert report["kernels"] is WRONG
    with pytest.raises(KeyError, match=r"'bias' was not checked; checked were \['images', 'kernels'\]"):
        report["bias"]

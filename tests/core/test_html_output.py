from pellucid.core.html_output import Html, curves, html_table, paragraph, titled

HOSTILE = '<script>alert("1")</script>'


def test_text_is_escaped_and_html_is_not():
    for found in (
        titled(HOSTILE),
        paragraph(HOSTILE),
        html_table([HOSTILE], [[HOSTILE]], "l"),
        curves(HOSTILE, {HOSTILE: [1.0, 2.0]}),
    ):
        assert "<script>" not in found
        assert "&lt;script&gt;" in found
    assert titled("title", Html("<b>1</b>")).endswith("<b>1</b></div>")


def test_colours_are_the_notebooks_own():
    drawn = html_table(["n"], [["1"]], "r", [[0.5]]) + curves("loss", {"training": [1.0, 0.5]})
    assert "currentColor" in drawn
    assert "background:rgba(60,130,220,0.50)" in drawn  # lets the notebook's own shine through
    assert "#" not in drawn


def test_numbers_stand_at_the_right():
    assert html_table(["", ""], [["a", "1"]], "lr").count("<tr>") == 1
    assert "text-align:right" in html_table(["", ""], [["a", "1"]], "lr")


def test_a_plot_without_finite_values_is_none():
    assert curves("loss", {"training": []}) == ""
    assert curves("loss", {"training": [float("nan"), float("inf")]}) == ""


def test_what_is_not_finite_is_left_out_of_a_plot():
    drawn = curves("loss", {"training": [1.0, float("nan"), 0.5]})
    (points,) = [part.split('"')[1] for part in drawn.split("<polyline ")[1:]]
    assert len(points.split()) == 2
    assert "nan" not in points
    assert "From 0.5 to 1, over 3 epochs." in drawn


def test_a_plot_of_one_value():
    assert "points=" in curves("loss", {"training": [0.5]})

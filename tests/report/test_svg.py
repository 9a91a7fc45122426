import re
from xml.etree.ElementTree import fromstring

from matplotlib.figure import Figure

from pellucid.figures import plot_confusion_matrix, plot_history
from pellucid.figures.style import LIGHT
from pellucid.report.svg import inline_svg

HISTORY = {"loss": [0.5, 0.25], "val_loss": [0.4, 0.3], "train_loss": [0.3, 0.2]}


def parse(svg):
    return fromstring(svg)  # noqa: S314 - it is our own


def test_it_is_a_single_well_formed_element():
    root = parse(inline_svg(plot_history(HISTORY), name="history", label="a < b"))
    assert root.tag == "svg"
    assert root.attrib["aria-label"] == "a < b"
    assert "viewBox" in root.attrib
    assert "width" not in root.attrib


def test_text_stays_text():
    root = parse(inline_svg(plot_history(HISTORY), name="history", label=""))
    texts = {"".join(text.itertext()).strip() for text in root.iter("text")}
    assert {"Loss", "epoch", "training, while it learns", "validation, after the epoch"} <= texts


def test_ids_and_what_refers_to_them_carry_the_name():
    svg = inline_svg(plot_history(HISTORY), name="panel", label="")
    ids = re.findall(r'\bid="([^"]*)"', svg)
    assert ids
    assert all(each.startswith("panel-") for each in ids)
    references = re.findall(r'(?:href="#|url\(#)([^")]*)', svg)
    assert references
    assert set(references) <= set(ids)


def test_the_palette_becomes_variables():
    svg = inline_svg(plot_history(HISTORY), name="history", label="")
    assert not any(colour in svg for colour in LIGHT.values())
    assert {"--training", "--validation", "--ink", "--muted", "--rule"} <= set(
        re.findall(r"var\((--[a-z-]+)\)", svg)
    )


def test_another_colour_is_kept():
    figure = Figure()
    figure.subplots().plot([0, 1], color="#123456")
    assert "#123456" in inline_svg(figure, name="x", label="")


def test_numbers_in_text_are_not_rounded():
    figure = Figure()
    figure.text(0.5, 0.5, "0.123456")
    assert "0.123456" in inline_svg(figure, name="x", label="")


def test_any_script_and_any_sign_is_drawn_as_text_without_a_warning():
    names = ["猫", "<script>", "$5 & $10"]
    svg = inline_svg(plot_confusion_matrix([[1, 0, 0], [0, 2, 1], [0, 0, 3]], names), name="c", label="")
    texts = [text.text for text in parse(svg).iter("text")]
    assert all(texts.count(name) == 2 for name in names)

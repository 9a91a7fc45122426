"""The report as a browser, a screen reader and a suspicious reader take it."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

import pellucid.report.html as html_module
from pellucid.errors import FileFormatError, OutputError
from pellucid.layers import Dense, Flatten
from pellucid.models import Sequential
from pellucid.report import matrix, write_report
from pellucid.runs import RunFolder
from pellucid.runs.record.history import History

VOID = {"meta", "link", "img", "br", "hr", "input"}
EVIL = (
    "</text></svg></pre><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "5$ and 10$",
    "{{ 7*7 }}",
)


class Page(HTMLParser):
    """Reads a page strictly: every element is closed in order; collects what the tests ask about."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.ids, self.attributes, self.text = [], [], [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.handle_startendtag(tag, attributes)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.text.append(" ")
        self.tags.append((tag, dict(attributes)))
        self.ids += [value for name, value in attributes if name == "id"]
        self.attributes += attributes

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.text.append(" ")

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def read(path):
    """Return the parsed report of a run folder, and its text with single spaces."""
    page = Page(write_report(path).read_text("utf-8"))
    return page, re.sub(r"\s+", " ", "".join(page.text))


@pytest.fixture(scope="module")
def html(whole_run):
    return write_report(whole_run).read_text("utf-8")


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


@pytest.fixture(scope="module")
def text(page):
    return re.sub(r"\s+", " ", "".join(page.text))


def test_it_is_one_small_file_beside_the_run(whole_run, html):
    assert (whole_run / "report.html").read_text("utf-8") == html
    assert len(html.encode()) < 500_000


def test_the_parser_of_these_tests_is_strict():
    with pytest.raises(AssertionError):
        Page("<p><b></p></b>")
    with pytest.raises(AssertionError):
        Page("<div>")


@pytest.mark.parametrize(
    "options",
    [
        {"images_per_cycle": 600, "epochs": 100, "measured_alike": False},
        {"convolution": False, "warnings": ["One seed."]},
        {"tested": False, "status": "interrupted", "epochs": 1},
        {"classes": (*EVIL, *"456789"), "name": "odd name & more", "warnings": EVIL},
    ],
    ids=["cycles", "no convolution", "interrupted", "evil"],
)
def test_every_report_is_sound_and_asks_the_network_for_nothing(make_run, options):
    check_sound(read(make_run(**options))[0])


def test_the_whole_report_is_sound_and_asks_the_network_for_nothing(page):
    check_sound(page)


def check_sound(page):
    assert len(page.ids) == len(set(page.ids))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "iframe", "object", "embed", "form", "base"}
    assert [attributes["href"] for attributes in page.all("link")] == ["data:,"]
    for name, value in page.attributes:
        assert not name.startswith("on")
        if name in ("src", "href", "xlink:href", "srcset", "data", "action"):
            assert value.startswith(("data:", "#"))
            assert not value.startswith("#") or value[1:] in page.ids
        for reference in re.findall(r"url\(([^)]*)\)", value or ""):
            assert reference[0] == "#"
            assert reference[1:] in page.ids


def test_the_file_names_no_address_at_all(html):
    assert "@import" not in html
    assert not re.search(r"https?://", html)
    assert "Content-Security-Policy" in html
    assert "default-src 'none'" in html


def test_the_result_comes_first_with_its_interval_and_n(text):
    assert "92.1 % 95 % interval 89.7 to 94.0 % (n = 597); 550 images right" in text
    assert text.index("92.1 %") < text.index("Training setup")
    assert "cross-entropy, mean of 597 images" in text
    assert "2 min 41 s 6 epochs, 2,012 images/s, on 2 threads" in text


def test_it_says_what_was_trained_on_what(text):
    assert (
        "A network of 650 parameters was trained on 960 images of digits to distinguish 10 classes, in 6 "
        "epochs. It was then tested on 597 test images." in text
    )
    for part in (
        "Images 960 to train, 240 to validate, 597 to test",
        "Each image 8 × 8 pixels, grey",
        "Classes 10: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9",
        "Split seed: 7; validation: 20% of the training images, stratified, shuffled",
        "Test set evaluated once",
        "Optimizer Adam (learning_rate 0.001, beta_1 0.9)",
        "Batch size 128",
        "│ dense │ (None, 10) │ 650 │",
    ):
        assert part in text, part


def test_it_says_which_line_is_measured_how(text):
    assert "While it learns is Keras’s running mean" in text
    assert "Only the two solid lines are measured in the same way" in text
    assert "it was right on 94.44 % of training images and 93.33 % of validation images" in text


def test_without_training_measured_alike_it_warns_of_the_comparison(make_run):
    _, text = read(make_run(measured_alike=False))
    assert (
        "The two are measured differently, so validation looking better than training means nothing." in text
    )
    assert "solid lines" not in text


def test_every_drawing_has_a_label_and_every_picture_an_alternative(page):
    drawings, pictures = page.all("svg"), page.all("img")
    assert len(drawings) == 3  # loss, accuracy, seconds
    assert all(drawing["role"] == "img" and len(drawing["aria-label"]) > 40 for drawing in drawings)
    assert len(pictures) == 20 + 10 + 2 + 1 + 2  # mistakes, first images, kernels, the image, its maps
    assert all(picture["alt"] for picture in pictures)


def test_everything_drawn_stands_there_in_words_too(text):
    assert text.count("The same in words and numbers") == 5
    assert "Loss over 6 epochs: training, while it learns, from 2.0000 to 0.3333" in text
    assert "550 of 597 right. Most often confused: 1 taken for 9 (10 of 61)" in text
    assert "2 kernels of 3 × 3 × 1 weights, from -1.0000 to 1.0000." in text
    assert "2 feature maps of 6 × 6" in text


def test_mistakes_are_shown_with_what_is_true(page, text):
    assert page.all("img")[0]["alt"] == "Test image of class 3, read as 8"
    assert re.search(r"true 3 read 8 86\.3 % then \d \d+\.\d %", text)


def test_warnings_stand_before_the_details(make_run):
    _, text = read(make_run(warnings=["The validation images are the test images.", "One seed."]))
    assert re.search("What to watch The validation images are the test images. *One seed.", text)
    assert text.index("One seed.") < text.index("Training setup")


def test_the_contents_link_every_section_in_the_order_of_the_page(page, html):
    nav = html[html.index('<nav class="contents"') : html.index("</nav>", html.index('class="contents"'))]
    names = re.findall(r'href="#([^"]+)"', nav)
    assert names == ["top", "result", "mistakes", "sees", "curves", "confusion", "setup", "repeat"]
    assert [name for name in page.ids if name in names] == names
    assert ".contents { position: sticky; top: 0;" in html  # so that it is always a way back


def test_a_page_of_two_sections_needs_no_contents(make_run):
    path = make_run(tested=False, status="interrupted")
    (path / "history.json").unlink()
    assert 'class="contents"' not in write_report(path).read_text("utf-8")


def test_the_confusion_matrix_is_two_tables_with_values_on_hover(html, page):
    titles = [cell["title"] for cell in page.all("td") if "title" in cell]
    assert "1 read as 9: 10 images of 61 (16.4 %)" in titles
    assert html.count('<figure class="matrix">') == 2
    assert 'href="#mistakes-1-9"' in html


def test_many_classes_have_a_list_of_pairs_and_one_matrix(make_run, monkeypatch):
    names = [f"a rather long name of a class, number {number}" for number in range(10)]
    few = write_report(make_run("few", classes=names)).read_text("utf-8")
    assert f'title="{names[3]}"' in few
    assert "The classes most often confused" not in few
    for module in (matrix, html_module):
        monkeypatch.setattr(module, "MOST_NUMBERED", 5)
    many = write_report(make_run("many")).read_text("utf-8")
    assert "The classes most often confused" in many
    assert many.count('<figure class="matrix dense">') == 1


def test_a_network_of_known_layers_is_a_table(make_run):
    path = make_run(status="interrupted")
    run = RunFolder.open(path)
    network = Sequential([Flatten(), Dense(10)]).get_config()
    run.write_configuration(replace(run.configuration, network=network))
    _, text = read(path)
    assert "Layer Kind Output Parameters" in text
    assert re.search(r"Dense 10 650 All 650", text)
    assert "│" not in text


def test_it_says_how_to_repeat_the_run(text):
    repeat = text[text.index("How to repeat this run") :]
    for part in (
        "pellucid run digits-regression --seed 7",
        "comes from the seed 7",
        "numpy 2.4.6",
        "BLAS OpenBLAS 0.3.30 SkylakeX",
        "41c1195f0e2b6f0d6c9f1f1a9a0d8a0f5a6b7c8d, with uncommitted changes",
    ):
        assert part in repeat, part


def test_an_interrupted_run_has_a_report_that_says_so(make_run):
    path = make_run("halted", tested=False, status="interrupted", epochs=6)
    _, text = read(path)
    assert "This run is interrupted, not finished" in text
    assert f"pellucid resume {path}" in text
    assert "Test accuracy" not in text
    assert "Confusion matrix" not in text


def test_an_interrupted_run_says_how_far_it_came(make_run):
    path = make_run(tested=False, status="interrupted", epochs=6)
    RunFolder.open(path).write_history(History.of([{"epoch": 1, "loss": 1.0}]))
    assert "in 1 of 6 epochs so far." in read(path)[1]


def test_a_run_without_any_epoch_has_a_report(make_run):
    path = make_run(tested=False, status="interrupted")
    (path / "history.json").unlink()
    assert "Training history" not in read(path)[1]


def test_a_run_in_cycles_shows_its_accuracy_over_them(make_run):
    page, text = read(make_run(images_per_cycle=600, epochs=100))
    assert "Accuracy on 240 held-out images over 100 cycles of 600 training images: from 60.00 % to" in text
    assert len(page.all("svg")) == 3  # as many as a run in epochs has
    assert "cycle of 600 training images" in text


def test_a_single_measure_is_compared_with_nothing(make_run):
    path = make_run(tested=False, status="interrupted")
    RunFolder.open(path).write_history(History.of([{"epoch": 1, "loss": 1.0, "val_accuracy": 0.5}]))
    text = read(path)[1]
    assert "Training history" in text
    assert "measured in the same way" not in text


def test_texts_of_the_run_are_text_in_the_page(make_run):
    page, text = read(make_run(classes=(*EVIL, *"456789"), warnings=EVIL))
    for evil in EVIL:
        assert evil in text
    assert not page.all("script")
    assert all("onerror" not in attributes for _, attributes in page.tags)


def test_the_same_run_gives_the_same_bytes(whole_run, html):
    assert write_report(whole_run).read_text("utf-8") == html


def test_no_colour_of_the_light_palette_is_left_in_a_drawing(html):
    drawings = re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL)
    colours = set(re.findall(r"#[0-9a-fA-F]{6}\b", "".join(drawings)))
    assert colours == set()


def test_dark_is_for_screens_only_and_paper_has_its_own_rules(html):
    assert "@media screen and (prefers-color-scheme: dark)" in html
    assert "@media print" in html


def test_what_is_no_run_folder_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(FileFormatError, match=r"is not a run folder: it has no run\.json"):
        write_report(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to_is_named(make_run):
    path = make_run()
    (path / "report.html").mkdir()
    with pytest.raises(OutputError, match=r"Cannot write .*report\.html"):
        write_report(path)

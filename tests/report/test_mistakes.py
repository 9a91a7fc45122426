import re

import numpy as np
import pytest

from pellucid.report import mistakes
from pellucid.report.html import report_html
from pellucid.report.mistakes import mistake_list
from pellucid.report.rundata import RunData
from pellucid.runs import RunFolder


@pytest.fixture
def with_all(make_run, digits):
    """A run folder with the pictures of all 47 mistakes."""
    images, labels, probabilities = digits
    run = RunFolder.open(make_run(status="interrupted"))
    wrong = np.flatnonzero(probabilities.argmax(axis=1) != labels)
    wrong = wrong[np.argsort(-probabilities[wrong].max(axis=1))]
    first = {name: run.pictures[name] for name in ("first_images", "first_labels")}
    run.write_pictures(**first, mistakes=images[wrong], mistake_index=wrong, white=16)
    return RunData.read(run.path)


def test_each_mistake_has_its_true_class_and_two_guesses(with_all, digits):
    _, labels, probabilities = digits
    one = mistake_list(with_all).shown[0]
    row = with_all.pictures["mistake_index"][0]
    first, second = np.argsort(-probabilities[row])[:2]
    assert (one.label, one.predicted, one.second) == (labels[row], first, str(second))
    assert one.first_share == f"{100 * probabilities[row, first]:.1f} %"
    assert one.second_share == f"{100 * probabilities[row, second]:.1f} %"


def test_all_are_shown_and_counted(with_all):
    found = mistake_list(with_all)
    assert len(found.shown) == 47
    assert found.words == "All 47 misclassified test images"
    assert report_html(with_all).count('<li class="t') == 47


def test_a_folder_with_fewer_pictures_than_mistakes_says_so(make_run):
    found = mistake_list(RunData.read(make_run()))
    assert len(found.shown) == 20
    assert found.words == "The 20 most confident of 47 misclassified test images"


def test_a_cell_of_which_pictures_are_missing_says_so(make_run):
    filters = {one.name: one for one in mistake_list(RunData.read(make_run())).filters}
    assert filters["mistakes-1-9"].words == (
        "The 8 most confident of 10 misclassified images of class 1 read as 9."
    )


def test_the_pictures_of_a_page_have_a_limit(with_all, monkeypatch):
    sizes = [len(one.uri) for one in mistake_list(with_all).shown]
    monkeypatch.setattr(mistakes, "MOST_BYTES", sum(sizes[:5]))
    found = mistake_list(with_all)
    assert len(found.shown) == 5
    assert found.words == "The 5 most confident of 47 misclassified test images"


def test_a_run_without_mistakes_or_pictures_has_none(make_run):
    data = RunData.read(make_run(tested=False, status="interrupted"))
    assert mistake_list(data).shown == []
    assert 'id="mistakes"' not in report_html(data)


def test_every_cell_with_pictures_leads_to_these_alone(with_all):
    """What a browser does, by hand: the rule of the target hides the others."""
    html = report_html(with_all)
    classes = [set(match.split()) for match in re.findall(r'<li class="(t\d+ p\d+)"', html)]
    links = set(re.findall(r'href="#(mistakes-\d+-\d+)"', html))
    assert len(links) > 10
    for link in links:
        _, true, predicted = link.split("-")
        [kept] = re.findall(rf"#{link}:target~\.mistakes>li:not\(([^)]*)\)\{{display:none\}}", html)
        kept = set(kept.strip(".").split("."))
        assert kept == {f"t{true}", f"p{predicted}"}
        shown = sum(kept <= of_one for of_one in classes)
        assert shown == with_all.matrix[int(true), int(predicted)] > 0


def test_classes_lead_to_their_missed_and_their_wrongly_found_images(with_all):
    filters = {one.name: one for one in mistake_list(with_all).filters}
    assert filters["mistakes-of-8"].selector == ".t8"
    assert filters["mistakes-as-8"].selector == ".p8"
    counts = with_all.matrix
    wrong = counts[:, 8].sum() - counts[8, 8]
    assert filters["mistakes-as-8"].words == f"{wrong} misclassified images read as 8."
    assert filters["mistakes-3-8"].words == f"{counts[3, 8]} misclassified images of class 3 read as 8."
    assert "mistakes-3-3" not in filters


def test_the_order_can_be_chosen_without_a_script(with_all):
    html = report_html(with_all)
    assert html.count('<input type="radio" name="order"') == 4
    for order, key in (("unsure", "--n"), ("by-true", "--t"), ("by-predicted", "--p")):
        assert re.search(rf"section:has\(#order-{order}:checked\) \.mistakes li \{{ order: .*{key}", html)
    assert re.search(r'style="--n:1;--t:\d;--p:\d"', html)
    assert "<script" not in html


def test_the_page_stays_small_whatever_the_pictures(make_run):
    run = RunFolder.open(make_run(status="interrupted"))
    wrong = np.flatnonzero(run.predictions.labels != run.predictions.predicted)
    noise = np.random.default_rng(0).integers(0, 256, (len(wrong), 96, 96, 3), np.uint8)  # does not compress
    first = {name: run.pictures[name] for name in ("first_images", "first_labels")}
    run.write_pictures(**first, mistakes=noise, mistake_index=wrong)
    data = RunData.read(run.path)
    assert 0 < len(mistake_list(data).shown) < len(wrong)
    assert len(report_html(data).encode()) < 4_000_000

"""Every question is answered, and every number in an answer comes from its results."""

import ast
import importlib
import inspect
import pickle
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import pellucid
from pellucid.errors import ArgumentError
from pellucid.evaluation.comparison import Comparison, paired_difference
from pellucid.evaluation.curves import difference
from pellucid.evaluation.intervals import proportion
from pellucid.lab import functions_by_hand
from pellucid.lab.document import Code, Table, Text
from pellucid.lab.number_check import CODE, NUMBER, numbers_in, unsupported_in, unsupported_numbers
from pellucid.lab.questions import GROUPS, QUESTIONS, chosen
from pellucid.lab.questions.convolutional import longer_words, seconds_words
from pellucid.lab.questions.digit_results import apart_words
from pellucid.lab.questions.filters import better_words, filters_words
from pellucid.lab.questions.individual import overfitting_words
from pellucid.lab.questions.sufficiency import MEANINGS, changed_words, short_verdict
from pellucid.lab.scale import QUICK
from pellucid.lab.trainings import using_store
from pellucid.lab.writing import answer as write_answer

KEYS = list(QUESTIONS)
WITHOUT_NUMBERS = {"D1", "I6"}  # explanations


def test_the_labs_questions_are_all_there_in_order():
    expected = (
        [f"Q{n}" for n in range(1, 29)] + [f"D{n}" for n in range(1, 12)] + [f"I{n}" for n in range(1, 7)]
    )
    assert expected == KEYS
    assert [heading.partition(":")[0] for heading, _ in GROUPS][:3] == [
        "Exercise 1",
        "Exercise 2",
        "Exercise 3",
    ]


@pytest.mark.parametrize("key", KEYS)
def test_a_question_is_answered_and_its_numbers_are_supported(section, key):
    answer = section(key)
    assert answer.blocks
    assert unsupported_in(answer) == []
    told = sum(len(NUMBER.findall(CODE.sub("", text))) for text in answer.measured_texts())
    assert (told == 0) == (key in WITHOUT_NUMBERS)


@pytest.mark.parametrize("key", sorted(set(KEYS) - WITHOUT_NUMBERS))
def test_other_results_would_not_carry_the_same_answer(section, key):
    results = np.array(list(numbers_in(section(key).results))) * 1.37 + 0.0113
    assert any(unsupported_numbers(text, list(results)) for text in section(key).measured_texts())


@pytest.mark.parametrize("key", KEYS)
def test_code_can_be_pasted_and_figures_are_told_in_words_and_marked(section, key):
    for part in section(key).blocks:
        if isinstance(part, Code):
            compile(part.source, key, "exec")
            assert max(map(len, part.source.splitlines())) <= 100
            if part.drawing is not None:
                assert len(part.drawing.text) > 20


NOT_TRAINED = {"Q20", "Q21", "Q22", "Q23", "Q26", "D1", "I1", "I3", "I4", "I5"}


@pytest.mark.parametrize("key", KEYS)
def test_plots_of_trainings_are_marked_as_quick_and_others_are_not(section, key):
    for figure in figures(section(key)):
        marked = "tiny run" in [text.get_text() for text in figure.texts]
        assert marked == (key not in NOT_TRAINED)


@pytest.mark.parametrize("key", KEYS)
def test_every_plot_has_a_title(section, key):
    for figure in figures(section(key)):
        assert figure.get_suptitle() or figure.axes[0].get_title(loc="left")


@pytest.mark.parametrize("key", KEYS)
def test_every_plot_can_be_drawn_by_another_process(section, key):
    for figure in figures(section(key)):
        assert pickle.dumps(figure)


def test_the_text_of_a_plot_of_the_loss_tells_the_loss_alone(section):
    (drawing,) = [part.drawing for part in section("I1").blocks if isinstance(part, Code) and part.drawing]
    assert "Loss over" in drawing.text
    assert "ccuracy" not in drawing.text


@pytest.mark.parametrize(
    ("key", "functions"),
    {
        "Q20": ("convolve",),
        "Q21": ("relu",),
        "Q22": ("max_pool",),
        "Q23": ("normalize_maps",),
        "Q24": ("fully_connected",),
        "Q25": ("softmax",),
        "Q26": ("convolve", "convolve_backward", "convolve_backward_image"),
    }.items(),
)
def test_a_question_that_asks_for_a_function_shows_the_lines_that_were_run(section, key, functions):
    cells = [part.source for part in section(key).blocks if isinstance(part, Code)]
    for name in functions:
        source = inspect.getsource(getattr(functions_by_hand, name)).rstrip()
        assert any(source in cell for cell in cells)
        body = [line for line in source.splitlines() if line.strip()]
        assert len(body) <= 16


def test_the_kernels_of_question_26_are_learned_by_the_function_of_question_20(section):
    answer = section("Q26")
    assert answer.results["losses"][-1] < 1e-4 * answer.results["losses"][0]
    assert answer.results["off"] < 0.05
    assert "In the function of Q20 nothing changes" in answer.blocks[0].text


def test_the_network_by_hand_is_shown_forward_and_backward(section):
    printed = [part.printed for part in section("Q27").blocks if isinstance(part, Code)]
    for name in ("forward", "backward", "descend"):
        assert any(text.startswith(f"def {name}(") for text in printed)
    assert "type: ignore" not in " ".join(printed)


def figures(answer):
    return [part.drawing.figure for part in answer.blocks if isinstance(part, Code) and part.drawing]


def test_fewer_cycles_than_the_lab_asks_for_are_said_to_be_few_beside_those_of_a_full_run(section):
    answer = section("Q28")
    assert "The lab asks for 100 cycles, and this quick run has 2" in told(answer)
    assert any("what 100 cycles give" in getattr(part, "text", "") for part in answer.blocks)


def test_short_cycles_are_said_to_be_short(small_data, runs, tiny, monkeypatch):
    monkeypatch.setattr("pellucid.lab.questions.by_hand.find", lambda _: SimpleNamespace(epochs=2))
    with using_store(runs):
        answer = write_answer(QUESTIONS["Q28"], tiny, {})
    assert "A cycle of this quick run has 50 images. In the full run it has 600" in told(answer)
    assert "The lab asks for" not in told(answer)
    assert unsupported_in(answer) == []


# What Python shows of an object of a class or of an enumeration, or of a float with all its digits.
REPR = re.compile(r"\b[A-Z][A-Za-z]+\([a-z_]+=|<[A-Z]\w+\.\w+: |\d\.\d{11}")


@pytest.mark.parametrize("key", KEYS)
def test_cells_print_what_a_student_would_print(section, key):
    assert not [text for text in printed_by(section(key)) if REPR.search(text)]


@pytest.mark.parametrize("text", ["TestResult(n=450)", "<TestSource.DRAWN: 'drawn'>", "0.24960000000000004"])
def test_a_raw_object_in_print_is_noticed(text):
    assert REPR.search(text)


def told(answer):
    return " ".join(answer.measured_texts())


def printed_by(answer):
    return [part.printed for part in answer.blocks if isinstance(part, Code)]


CODED = {"Q1", "Q7", "Q16", "D1", "D2", "D4", "I5", "I6"} | {f"Q{n}" for n in range(20, 29)}
DESCRIBED = [key for key in KEYS if key not in CODED]


@pytest.mark.parametrize("key", DESCRIBED)
def test_a_description_begins_with_a_conclusion_from_this_run(section, key):
    answer = section(key)
    first = answer.blocks[0]
    assert isinstance(first, Text)
    assert first.measured
    assert 1 <= len(re.findall(r"[.:](?:\s|$)", first.text)) <= 8
    assert len(first.text) < 900


@pytest.mark.parametrize("key", KEYS)
def test_no_paragraph_is_printed_twice(section, key):
    texts = [part.text for part in section(key).blocks if hasattr(part, "text")]
    assert len(set(texts)) == len(texts)


def test_the_data_are_prepared_once_for_networks_that_take_the_same_images(small_data, runs, tiny):
    names = {}
    with using_store(runs):
        answers = [write_answer(QUESTIONS[key], tiny, names) for key in ("Q2", "Q8", "Q10")]
    sources = [[part.source for part in one.blocks if isinstance(part, Code)] for one in answers]
    assert ["to_categorical(labels" in " ".join(source) for source in sources] == [True, False, True]


def test_training_longer_with_dropout_is_measured_and_plotted(section):
    answer = section("Q15")
    assert answer.results["longer"]["epochs"] == [2, 4]
    assert "Training longer with dropout" in told(answer)
    drawn = [part.drawing.figure for part in answer.blocks if isinstance(part, Code) and part.drawing]
    assert drawn[-1].axes[0].get_title(loc="left") == "With dropout, 4 epochs"


@pytest.mark.parametrize(
    ("gained", "lost", "expected"), [(250, 30, "helps"), (30, 250, "harm"), (9, 8, "no")]
)
def test_whether_training_longer_helps(gained, lost, expected):
    share = [proportion(9000 + more, 10_000) for more in (0, gained - lost)]
    p_value = 1e-9 if abs(gained - lost) > 100 else 0.8
    found = paired_difference(gained, lost, 10_000)
    assert expected in longer_words(Comparison("6 epochs", "8 epochs", *share, found, gained, lost, p_value))


@pytest.mark.parametrize(("mark", "said"), [("tiny run", True), ("", False)])
def test_a_quick_gap_that_may_be_noise_needs_the_full_run(small_data, runs, tiny, mark, said):
    with using_store(runs):
        answer = write_answer(QUESTIONS["Q15"], replace(tiny, mark=mark), {})
    change = answer.results["change"]
    assert change["low"] <= 0 <= change["high"]
    assert ("this needs the full run. There, others report" in told(answer)) == said
    texts = [part.text for part in answer.blocks if isinstance(part, Text)]
    beside = [text for text in texts if "not measured here" in text and "epoch 6: training" in text]
    assert len(beside) == 2 * said


def test_accuracy_against_the_number_of_filters_is_a_curve_over_seeds(section):
    answer = section("D10")
    assert [row[0] for row in answer.results["curve"]] == [1, 2, 5, 10, 20, 64]
    assert {len(row) for row in answer.results["curve"]} == {2 + 2}
    assert "over 2 seeds" in told(answer)


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        ({1: [0.2, 0.3], 5: [0.8, 0.9], 64: [0.97, 0.99]}, "Even the last step, to 64 filters, adds more"),
        ({1: [0.2, 0.3], 5: [0.8, 0.98], 64: [0.97, 0.99]}, "From 5 filters on the runs overlap"),
        ({1: [0.9, 0.99], 64: [0.97, 0.99]}, "More filters make no difference that can be seen"),
        (
            {1: [0.2, 0.3], 5: [0.97, 0.97], 64: [0.974, 0.98]},
            "From 5 filters on the runs are within one point",
        ),
    ],
)
def test_how_many_filters_are_enough(curve, expected):
    assert expected in filters_words(curve)


@pytest.mark.parametrize(
    ("gained", "lost", "p_value", "expected"),
    [
        (250, 30, 1e-9, "is better than"),
        (30, 250, 1e-9, "is worse than"),
        (9, 8, 0.8, "not seen to be better"),
    ],
)
def test_whether_a_network_beats_a_single_layer_in_one_sentence(gained, lost, p_value, expected):
    share = [proportion(9000 + more, 10_000) for more in (0, gained - lost)]
    found = paired_difference(gained, lost, 10_000)
    pair = Comparison("digits-perceptron", "digits-cnn", *share, found, gained, lost, p_value)
    assert expected in better_words(pair, "5 filters")


@pytest.mark.parametrize(
    ("right", "of_runs", "expected"),
    [
        (310, [0.01, -0.01], "With so few images that is no more than chance."),
        (371, [0.077, 0.05], "all 2 seeds of D7 show it (5.0 to 7.7 points)"),
        (371, [0.077, -0.01], "only 1 of the 2 runs with other seeds show it"),
    ],
)
def test_why_validation_and_test_accuracy_differ(right, of_runs, expected):
    apart = difference(proportion(right, 450 if right > 337 else 420), proportion(252, 337))
    assert expected in apart_words(apart, of_runs)


@pytest.mark.parametrize(
    ("train", "val", "expected"),
    [
        ([0.5, 0.3, 0.1], [0.5, 0.4, 0.45], "this network over-fits after epoch 2"),
        (
            [0.5, 0.3, 0.2],
            [0.5, 0.4, 0.35],
            "does not over-fit within 3 epochs: its validation loss still falls",
        ),
        ([0.5, 0.3, 0.4], [0.5, 0.4, 0.45], "does not fall any more, but neither does its training loss"),
    ],
)
def test_overfitting_is_read_off_the_loss_curves(train, val, expected):
    assert expected in overfitting_words(train, val)


def test_overfitting_is_shown_on_a_network_that_learns_from_few_images(section):
    answer = section("I1")
    assert answer.blocks[0].text.startswith("Learning from 100 images only, the network of Q8 ")
    assert len(answer.results["few"]["val"]) == 30
    assert "that network" in told(answer)  # the run of Q8 comes after it


def test_a_quick_network_for_photographs_says_its_learning_rate(small_data, runs, tiny):
    quicker = replace(tiny, rates={"cifar10-cnn": 0.001})
    with using_store(runs):
        for key in ("Q17", "Q18"):
            texts = " ".join(
                getattr(part, "text", "") for part in write_answer(QUESTIONS[key], quicker, {}).blocks
            )
            assert re.search(r"learning rate (is|of) 0\.001", texts)


@pytest.mark.parametrize(
    "fact",
    [
        "5,760",
        "168",
        "128",
        "2,016",
        "2,043",
        "1,876",
        "0.55",
        "0.78",
        "0.80",
        "0.87",
        "48.5 %",
        "51.7 %",
        "15 %",
    ],
)
def test_the_study_of_yamins_is_told_with_its_numbers_and_controls(section, fact):
    blocks = section("I6").blocks
    texts = [part.text for part in blocks if isinstance(part, Text)]
    cells = [cell for part in blocks if isinstance(part, Table) for row in part.rows for cell in row]
    assert any(fact in text for text in [*texts, *cells])
    assert any("control" in cell for cell in cells)
    assert any("top-down" in text for text in texts)


@pytest.mark.parametrize("key", ["Q4", "Q15", "Q18", "D6", "I1"])
def test_an_answer_on_generalisation_concludes_and_says_so_once(section, key):
    answer = section(key)
    assert re.search(r"Training accuracy (rises|goes|is|,)", told(answer))
    assert re.search(r"It generalises|This is chance", told(answer))
    assert "cannot be told" not in told(answer)
    printed = " ".join(part.printed for part in answer.blocks if isinstance(part, Code))
    assert not [text for text in answer.measured_texts() if text in printed]


@pytest.mark.parametrize("key", ["Q9", "Q11", "Q15"])
def test_networks_are_compared_with_the_better_one_first_and_both_histories_in_one_plot(section, key):
    answer = section(key)
    assert "learned from the same 160 images" in told(answer)
    assert "went from" not in told(answer)
    labels = [
        [text.get_text() for text in part.drawing.figure.axes[0].get_legend().get_texts()]
        for part in answer.blocks
        if isinstance(part, Code) and part.drawing
    ]
    assert sorted(label.split(", ")[-1] for label in labels[0]) == ["training"] * 2 + ["validation"] * 2


def test_networks_that_learned_from_different_images_are_not_compared(small_data, runs, tiny):
    uneven = replace(tiny, limits=tiny.limits | {"mnist-cnn": 150})
    with using_store(runs):
        answer = write_answer(QUESTIONS["Q11"], uneven, {})
    assert "This is not a comparison of the networks: `mnist-relu` learned from 160 images" in told(answer)
    assert not re.search(r"better than|worse than|equally well|McNemar", told(answer))
    assert unsupported_in(answer) == []


@pytest.mark.parametrize(("low", "high", "expected"), [(0.9, 1.1, "no more than"), (1.02, 1.1, "more than")])
def test_a_difference_of_times_is_held_against_their_ups_and_downs(low, high, expected):
    found = SimpleNamespace(low=low, high=high)
    assert seconds_words(found, 0.054).startswith(
        f"5.4 % longer, which is {expected} the times go up and down"
    )


def test_times_are_not_tested_with_too_few_epochs_to_tell(section):
    answer = section("Q14")
    assert "These are too few epochs to compare times: 1 and 1, where 4 of each are needed" in told(answer)
    assert "Mann-Whitney" not in told(answer)
    assert "longer" not in told(answer)


def test_quick_networks_learn_from_the_same_images_for_as_many_epochs():
    names = ("mnist-linear", "mnist-relu", "mnist-cnn", "mnist-cnn-dropout")
    assert len({(QUICK.limits[name], QUICK.epochs[name]) for name in names}) == 1


@pytest.mark.parametrize("key", ["Q6", "Q13"])
def test_uses_have_a_short_verdict_and_what_an_error_does(section, key):
    table = next(part for part in section(key).blocks if isinstance(part, Table))
    assert table.head[-2:] == ("is it enough?", "what an error does")
    assert all(row[-1] and len(row[-2]) < 32 for row in table.rows)
    assert "test images right. If errors are independent, a number of 4 digits" in told(section(key))


@pytest.mark.parametrize("key", ["Q6", "Q13"])
def test_each_short_verdict_on_a_use_is_explained_once(section, key):
    answer = section(key)
    table = next(part for part in answer.blocks if isinstance(part, Table))
    given = {row[-2].partition(" for ")[0] for row in table.rows}
    assert given <= set(MEANINGS)
    texts = " ".join(part.text for part in answer.blocks if isinstance(part, Text))
    assert all(texts.count(f"*{word}* –") == 1 for word in given)


@pytest.mark.parametrize(
    ("verdict", "refuted", "expected"),
    [
        ("alone if errors are independent", False, "yes, alone"),
        ("with a person", True, "yes, with a person for 12 %"),
        ("with a person if errors are independent", True, "yes, with a person for 12 %"),
        ("by arithmetic if errors are independent", False, "yes, by its check"),
        ("not sufficient", True, "no"),
        ("cannot be guaranteed", True, "not alone"),
        ("cannot be guaranteed", False, "not shown"),
    ],
)
def test_a_verdict_on_a_use_in_a_few_words(verdict, refuted, expected):
    fields = SimpleNamespace(outcome=SimpleNamespace(to_person=SimpleNamespace(value=0.12)))
    found = SimpleNamespace(verdict=verdict, alone_refuted=refuted, decisive=fields, independent=fields)
    assert short_verdict(found) == expected


def test_question_13_compares_each_use_with_question_6(section):
    then = next(part for part in section("Q6").blocks if isinstance(part, Table))
    (compared,) = [part for part in section("Q13").blocks if isinstance(part, Table)]
    assert compared.head[:4] == ("use", "fields right in Q6", "fields right now", "enough in Q6?")
    assert [(row[0], row[1], row[3]) for row in compared.rows] == [
        (old[0], old[3], old[4]) for old in then.rows
    ]


def test_question_13_says_what_changed_since_question_6(section):
    assert re.search(
        r"the network of Q6 reads [\d.]+ % of the digits right and this one [\d.]+ %", told(section("Q13"))
    )


@pytest.mark.parametrize(
    ("enough", "expected"),
    [
        ([0, 0], "neither is enough for any use."),
        ([3, 3], "each is enough for 3 uses."),
        ([0, 7], "so that it is enough for 7 uses instead of 0."),
    ],
)
def test_what_changed_between_two_networks_is_said_once(enough, expected):
    assert changed_words([0.92, 0.99], enough).endswith(expected)


def test_question_19_names_its_factors_and_the_ratio_per_epoch(section):
    answer = section("Q19")
    table = next(part for part in answer.blocks if isinstance(part, Table))
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["convolution layers"] == ("2", "4", "2.00")
    assert rows["colour channels"] == ("1", "3", "3.00")
    assert rows["pixels on each side"] == ("28", "32", "1.14")
    assert rows["dropout layers"] == ("0", "3", "")
    assert re.search(r"times as long per epoch\. That is [\d.]+ times as many images", told(answer))


def test_a_hidden_weight_is_worked_out_through_both_outputs(section):
    answer = section("I5")
    text = next(text for text in answer.measured_texts() if text.startswith("A hidden weight"))
    slope = answer.results["d_W1"][0]
    assert f"is {slope:.4f}." in text
    assert answer.results["d_h"][0] == pytest.approx(
        np.dot(answer.results["d_z2"], answer.results["from_hidden"])
    )


def test_the_digits_exercise_answers_all_that_is_asked(section):
    assert "`y` have 1,797 values before and shape `(1797, 10)` after" in told(section("D3"))
    assert any("(1010, 8, 8, 1) (337, 8, 8, 1) (450, 8, 8, 1)" in text for text in printed_by(section("D4")))
    assert "Which activations? Relu in the convolution" in section("D5").blocks[1].text
    assert any("def fit():" in part.source for part in section("D5").blocks if isinstance(part, Code))
    texts = " ".join(getattr(part, "text", "") for part in section("D6").blocks)
    assert "Training or validation accuracy?" in texts
    printed = [part.printed for part in section("D8").blocks if isinstance(part, Code)]
    assert any("test images of each class" in text for text in printed)
    assert any("each row adds up to [1. 1." in text for text in printed_by(section("D8")))
    assert "They differ by" in told(section("D9"))
    answer = section("D11")
    texts = [text for text in answer.measured_texts() if len(text) > 20]
    assert len(set(texts)) == len(texts)
    printed = " ".join(part.printed for part in answer.blocks if isinstance(part, Code))
    assert not [text for text in answer.measured_texts() if len(text) > 20 and text in printed]
    assert sum("reads" in text and text.startswith("`digits-") for text in answer.measured_texts()) == 3


def test_pictures_before_and_after_and_a_title_on_each(section):
    for key in ("Q20", "Q21", "Q22", "Q23", "Q26", "Q27"):
        drawn = [
            part.drawing.figure for part in section(key).blocks if isinstance(part, Code) and part.drawing
        ]
        assert drawn
        assert all(figure.get_suptitle() for figure in drawn)


def test_a_plot_is_drawn_once_for_the_notebook_and_markdown(section, monkeypatch):
    drawing = next(part.drawing for part in section("Q20").blocks if isinstance(part, Code) and part.drawing)
    kept = drawing.picture
    monkeypatch.setattr(drawing.figure, "savefig", lambda *_, **__: pytest.fail("it was drawn again"))
    assert drawing.picture is kept
    assert kept.startswith(b"\x89PNG")


HOMES = {"pellucid", "pellucid.lab", "pellucid.optimizers.schedules"} | {
    f"pellucid.{name}" for name in pellucid.__all__
}
READ_AS_A_FILE = {"pellucid.experiments.mnist_by_hand"}


def not_public(source: str) -> set[str]:
    """Return the names that a cell imports from pellucid and that are not public ones."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names if name.name.startswith("pellucid.")}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pellucid":
            public = importlib.import_module(node.module).__all__ if node.module in HOMES else []
            found |= {f"{node.module}.{name.name}" for name in node.names if name.name not in public}
    return found - READ_AS_A_FILE


@pytest.mark.parametrize("key", KEYS)
def test_cells_import_public_names_alone(section, key):
    cells = [part.source for part in section(key).blocks if isinstance(part, Code)]
    assert [not_public(source) for source in cells] == [set()] * len(cells)


def test_an_import_that_is_not_public_is_noticed():
    assert not_public("from pellucid.runs.preparation import prepare") == {
        "pellucid.runs.preparation.prepare"
    }
    assert not_public("from pellucid.core.randomness import stream") == {"pellucid.core.randomness.stream"}
    assert not_public("from pellucid.runs import RunFolder, preparation") == {"pellucid.runs.preparation"}


def test_a_quick_answer_is_not_marked_where_the_scale_is_full():
    from pellucid.lab.scale import FULL
    from pellucid.lab.writing import answer

    figures = [part.drawing for part in answer(QUESTIONS["Q20"], FULL, {}).blocks if isinstance(part, Code)]
    for figure in (drawing.figure for drawing in figures if drawing):
        assert [text.get_text() for text in figure.texts] == [figure.get_suptitle()]


def test_the_collapsed_layer_reads_as_the_network_does(section):
    found = section("Q7").results
    assert found["same"] == found["images"] == 300
    assert found["apart"] < 1e-4
    assert (found["parameters"], found["single"]) == (203_530, 7_850)


@pytest.mark.parametrize("key", ["Q21", "Q22", "Q23", "Q24", "Q25"])
def test_the_known_answers_are_met(section, key):
    known = [found for found in section(key).results.values() if isinstance(found, dict)]
    assert known
    assert all(found["apart"] < 1e-5 for found in known)


def test_backpropagation_agrees_with_measured_slopes(section):
    found = section("I5").results
    assert found["slope"] == pytest.approx(found["measured"], rel=1e-6)
    assert found["slope"] == pytest.approx(found["d_W2"][0])
    assert found["step"] == pytest.approx(-found["rate"] * found["slope"])
    assert found["end"] < found["after_one"] < found["start"] == pytest.approx(found["cost"])
    kernel = section("Q26").results
    assert kernel["right"]
    assert kernel["gradient"] == pytest.approx(kernel["slope"], rel=1e-5)


def test_receptive_fields_of_the_network_for_photographs(section):
    assert section("I4").results["sides"] == [3, 5, 6, 10, 14, 16]


@pytest.mark.parametrize(
    ("only", "message"),
    [
        (
            "Q29",
            r"no questions 'Q29'\. The lab has Q1 to Q28, D1 to D11 and I1 to I6; choose .* only='Q29'$",
        ),
        ("Q9-Q2", "There are no questions 'Q9-Q2'"),
        ("Q1,,Q2", "There are no questions ''"),
        ("all", "There are no questions 'all'"),
    ],
)
def test_unknown_questions_are_refused(only, message):
    with pytest.raises(ArgumentError, match=message):
        chosen(only)


def test_questions_are_chosen_by_range_and_letter():
    assert chosen("I, q3-5 ,Q4")[:4] == ["Q3", "Q4", "Q5", "I1"]
    assert chosen("D10-I2") == ["D10", "D11", "I1", "I2"]
    assert chosen(None) == KEYS

"""A whole report: proposals with their reasons, the student's text beside each question, and remarks."""

import json

import pytest
from lab_notebooks import DENSE, PLOT, SETUP, TEST, code, console, lab, notebook, text

from pellucid.examiner.submission import read_file
from pellucid.examiner.written.proposing import less
from pellucid.examiner.written.questions import QUESTIONS
from pellucid.examiner.written.reading import read_written

LOW_LEVEL = "import numpy as np\n\n\n# %% Question 21: rectification\ndef relu(maps):\n    return maps\n"


@pytest.fixture
def read(tmp_path):
    def written(content, name="lab.ipynb"):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return read_written(read_file(path), path)

    return written


@pytest.fixture
def report(read):
    return read(lab())


def differences(answer):
    return [(point.text, point.place) for part in answer.parts for point in part.differences]


def test_the_points_of_the_questions_are_those_of_the_lab():
    assert sum(question.points for question in QUESTIONS) == 72
    assert [question.number for question in QUESTIONS] == list(range(1, 20))


def test_proposals_for_what_is_as_asked(report):
    assert {number: report.of(number).proposed for number in (2, 3, 5)} == {2: 4, 3: 3, 5: 2}
    assert differences(report.of(2)) == []
    assert report.of(2).to_read == 1


def test_prose_is_left_to_the_teacher_with_the_students_text(report):
    answer = report.of(4)
    assert (answer.proposed, answer.to_read) == (None, 5)
    assert (answer.text, answer.place) == ("Both rise and stay close: it generalises well.", "cell 8")
    assert (report.of(7).text, report.of(7).place) == ("", "")
    assert report.of(7).to_read == 5


def test_one_curve_of_two_is_half_of_the_drawing(report):
    assert report.of(8).proposed == 1.5
    assert [text for text, _ in differences(report.of(8))] == [
        "Drawn: accuracy.",
        "Training and validation belong in one drawing.",
    ]


def test_a_missing_learning_rate_is_seen_in_the_code_and_in_the_results(report):
    (rate, place), (result, _) = differences(report.of(10))
    assert rate.startswith("Adadelta without a learning rate means 0.001 in Keras since TensorFlow 2")
    assert place == "cell 15, line 12"
    assert result.startswith("The validation accuracy 0.6100 at the end is below 0.985 to 0.993")
    assert report.of(10).parts[0].proposed == 0.5
    assert report.of(12).proposed == 1
    assert "The test accuracy 0.6200 is below 0.985 to 0.993" in differences(report.of(12))[0][0]


def test_a_drawing_that_is_not_there_has_no_proposal_rather_than_zero(report):
    part = report.of(10).parts[1]
    assert part.proposed is None
    assert part.found[0].text == "No drawing of its history was found in the code."


def test_another_rate_of_dropout(report):
    assert differences(report.of(14)) == [
        ("Dropout has the rate 0.4, where 0.5 is asked for.", "cell 19, line 6")
    ]


def test_the_wrong_network_is_tested(report):
    (remark,) = report.remarks
    assert remark.place == "cell 20, line 1"
    assert remark.text == (
        "model is tested here, but the network that was trained just before, dropped, is never tested. Is it "
        "the right one?"
    )


def test_what_is_not_there_has_no_proposal(report):
    assert [report.of(number).proposed for number in (16, 17)] == [None, None]
    assert report.of(16).parts[0].found[0].text == "No such network was found in the file."


def test_the_sums(report):
    assert report.proposed == 4 + 3 + 2 + 1.5 + 0.5 + 1 + 0.5
    assert report.proposed_of + report.to_read == 72
    data = json.loads(json.dumps(report.to_json()))
    assert (data["proposed"], data["proposed_of"]) == (report.proposed, report.proposed_of)
    assert data["questions"][3]["text"] == report.of(4).text


def test_a_test_on_training_images(read):
    source = notebook(
        code(SETUP), code(DENSE.format(activation="linear")), code(TEST.replace("x_test", "x_train"))
    )
    found = read(source)
    assert "It is tested on the training images, not on the test images." in str(differences(found.of(5)))
    assert found.of(5).proposed == 0


def test_a_network_that_is_tested_but_never_trained(read):
    source = "from keras import Sequential, layers\nm = Sequential([layers.Dense(256), layers.Dense(10)])\n"
    source += "m.compile('rmsprop', 'mse')\nm.evaluate(1, 2)"
    assert read(source, "lab.py").remarks[0].text == "m is tested, but never trained."


def test_a_script_is_read_too_and_its_lines_are_named(read):
    setup = SETUP.partition("\n")[2]
    source = f"# Question 4\n# It generalises.\n{setup}\n{DENSE.format(activation='relu')}"
    found = read(source, "lab.py")
    assert found.of(4).text == "It generalises."
    assert found.of(8).proposed == 1
    assert found.of(8).parts[0].found[0].place == "line 11"


def test_the_heading_decides_which_question_a_strange_network_answers(read):
    cells = [code(SETUP), text("## Q2"), code(DENSE.format(activation="relu")), text("## Q8")]
    found = read(notebook(*cells, code(DENSE.format(activation="relu"))))
    assert differences(found.of(2)) == [
        ("Dense has the activation relu, where linear is asked for.", "cell 3, line 2")
    ]
    assert differences(found.of(8)) == []


def test_output_of_fewer_epochs(read):
    found = read(notebook(code(SETUP), code(DENSE.format(activation="linear"), console(5, 0.92))))
    assert ("12 epochs are asked for.", "cell 2, line 5") in differences(found.of(2))


def test_a_notebook_without_outputs_has_no_proposal_for_them(read):
    found = read(notebook(code(SETUP), code(DENSE.format(activation="linear"))))
    console_part = found.of(2).parts[2]
    assert console_part.proposed is None
    assert console_part.found[0].text.startswith("No output of it is stored in the file.")


def test_the_digits_exercise_is_compared_without_points(read):
    source = """
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from keras import Sequential, layers
from keras.utils import to_categorical
digits = load_digits()
X, y = digits.images.reshape(-1, 8, 8, 1), to_categorical(digits.target)
X_train, X_test, y_train, y_test = train_test_split(X, y)
X_train, X_val, y_train, y_val = train_test_split(X_train, y_train)
m = Sequential([layers.Conv2D(5, 3, activation='relu'), layers.MaxPool2D(), layers.Flatten(),
                layers.Dense(10, activation='softmax')])
m.compile('adam', 'categorical_crossentropy', ['accuracy'])
m.fit(X_train, y_train, batch_size=128, epochs=100, validation_data=(X_val, y_val))
"""
    found = read(source, "digits.py")
    assert found.answers == ()
    (report,) = found.others
    assert report.name == "digits-cnn"
    assert all(point.agrees is not False for point in report.found)
    assert any("the loss starts far above ln 10" in point.text for point in report.found)


def test_a_saved_history_is_compared_with_what_is_to_be_expected(read, tmp_path):
    (tmp_path / "q10.json").write_text(json.dumps({"loss": [0.5] * 6, "val_accuracy": [0.9874] * 6}))
    (saved,) = read(lab()).others
    assert saved.title == "A saved history, taken for mnist-cnn"
    assert saved.found[0].text.startswith(
        "The validation accuracy 0.9874 at the end is within 0.985 to 0.993"
    )


def test_a_network_that_no_question_asks_for_is_listed(read):
    source = "from keras import Sequential, layers\nx = Sequential([layers.LSTM(3), layers.Dense(1)])"
    (other,) = read(source, "x.py").others
    assert (other.name, other.title) == ("x", "Asked for by no question")


def test_low_level_functions_alone_are_no_report(read):
    assert read(LOW_LEVEL, "lowlevel.py") is None
    assert read(notebook(text("## Question 20"), code(LOW_LEVEL))) is None


def test_code_that_does_not_parse_leaves_the_text(read):
    found = read(notebook(text("## Question 4\nIt rises."), code("def f(")))
    assert found.of(4).text == "It rises."
    assert found.notes == ("Its code does not parse, so that only its text was read.",)


def test_one_difference_costs_half_of_a_small_part_and_a_point_of_a_large_one():
    assert [less(1, n) for n in range(4)] == [1, 0.5, 0, 0]
    assert [less(4, n) for n in range(4)] == [4, 3, 2, 1]


def test_a_network_that_is_built_again_is_the_same_for_its_drawing_and_its_test(read):
    build = DENSE.format(activation="linear")
    again = f"{build}\n{PLOT}"
    found = read(notebook(code(SETUP), code(build), code(again), code(TEST, "Test accuracy: 0.92\n")))
    assert [found.of(number).proposed for number in (3, 5)] == [3, 2]
    assert found.others == ()


def test_a_test_before_the_training_does_not_count(read):
    build, fit = DENSE.format(activation="linear").rsplit("\n", 1)
    before, after = code(TEST, "Test accuracy: 0.10\n"), code(TEST, "Test accuracy: 0.92\n")
    found = read(notebook(code(SETUP), code(build), before, code(fit), after))
    assert found.of(5).proposed == 2

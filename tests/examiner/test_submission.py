from types import SimpleNamespace

import pytest

from pellucid.examiner import find_question
from pellucid.examiner.loading import is_own, load
from pellucid.examiner.submission import from_source, is_blank, locate, read_file, read_submission


def found(source, number):
    submission = from_source("x.py", source)
    names = {
        name: SimpleNamespace(__name__=name, own=is_own(value))
        for name, value in load(submission)[0].items()
        if callable(value)
    }
    function = locate(submission, names, find_question(number))
    return function and function.__name__


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("convolve", 20), ("Conv2D", 20), ("convolution_of_images", 20),
        ("q20", 20), ("question_20_conv", 20),
        ("ReLU", 21), ("rectify_map", 21), ("maxpool", 22), ("max_pooling_layer", 22), ("normalise_map", 23),
        ("fully_connected_layer", 24), ("dense", 24), ("my_softmax", 25), ("conv_backward", 26),
        ("backprop_convolve", 26), ("train", 28),
    ],
)  # fmt: skip
def test_functions_are_found_by_other_names(name, number):
    assert found(f"def helper(x): pass\ndef {name}(x): pass", number) == name


@pytest.mark.parametrize(
    ("name", "number"),
    [("conv_backward", 20), ("relu_gradient", 21), ("softmax_backward", 25), ("convolve", 26)],
)
def test_a_backward_is_not_taken_for_its_forward(name, number):
    assert found(f"def {name}(x): pass", number) is None


def test_what_is_imported_is_not_the_students():
    assert found("from numpy import maximum as relu\nfrom textwrap import dedent as softmax", 25) is None


def test_the_header_names_a_function():
    assert found("EXAMINER = {'softmax': 'f(scores)'}\ndef f(z): pass\ndef softmax(z): pass", 25) == "f"
    assert found("EXAMINER = {'softmax': 'g'}\ndef softmax(z): pass", 25) is None


@pytest.mark.parametrize("body", ["pass", "...", "'''Words.'''", "raise NotImplementedError('later')"])
def test_a_function_with_nothing_in_it(body):
    submission = from_source("x.py", f"def relu(x):\n    {body}\ndef softmax(x):\n    return x")
    names = load(submission)[0]
    assert is_blank(submission, names["relu"])
    assert not is_blank(submission, names["softmax"])


def test_a_byte_order_mark_is_no_obstacle(tmp_path):
    path = tmp_path / "x.py"
    path.write_bytes(b"\xef\xbb\xbfx = 1\n")
    assert read_submission(path).source == "x = 1\n"


def test_a_notebook_is_read_whatever_it_is_called(tmp_path):
    path = tmp_path / "x.py"
    path.write_text('{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}]}')
    assert read_submission(path).source == "x = 1"
    assert read_file(path).cells is not None


def test_a_notebook_without_code_is_read(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text('{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "words"}]}')
    assert read_submission(path).source == ""


STUB = 'def relu(maps):\n    """Set what is below zero to zero."""\n'
ANSWER = "def relu(maps):\n    return maps * (maps > 0)\n"


@pytest.mark.parametrize(
    ("source", "blank"),
    [
        (STUB + ANSWER, False),
        (ANSWER + STUB, True),
        (STUB + "class Network:\n    def relu(self, maps):\n        return maps\n", True),
    ],
)
def test_of_two_definitions_the_last_counts(source, blank):
    submission = from_source("a.py", source)
    assert is_blank(submission, load(submission)[0]["relu"]) == blank

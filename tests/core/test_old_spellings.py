import warnings
from pathlib import Path

import numpy as np
import pytest

from pellucid.core.old_spellings import AnyOf, explain_once, explained, reject_renamed, reject_unknown
from pellucid.errors import ArgumentError, PellucidNote, UnknownNameError


def test_a_sentence_is_shown_once_for_each_key():
    def speak():
        explain_once("a", "first")
        explain_once("a", "first")
        explain_once("b", "second")

    with pytest.warns(PellucidNote) as notes:
        speak()
    assert [str(note.message) for note in notes] == ["first", "second"]


def test_a_sentence_that_became_an_error_is_an_error_every_time():
    for _ in range(2):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(PellucidNote, match="first"):
                explain_once("a", "first")


def test_a_forgotten_sentence_is_shown_again():
    for _ in range(2):
        explained.clear()
        with pytest.warns(PellucidNote, match="first"):
            explain_once("a", "first")


def test_a_sentence_points_at_the_caller_outside_the_package():
    from pellucid.optimizers import SGD

    with pytest.warns(PellucidNote) as notes:
        SGD(lr=0.1)  # explained several calls deeper
    assert Path(notes[0].filename) == Path(__file__)
    assert "SGD(lr=0.1)" in Path(__file__).read_text().splitlines()[notes[0].lineno - 1]


def test_it_is_a_user_warning_which_python_shows_by_default():
    assert issubclass(PellucidNote, UserWarning)


def test_nothing_unknown_is_fine():
    reject_unknown("Dense", {}, ["units"])


def test_an_unknown_argument_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError) as error:
        reject_unknown("Dense", {"activaton": "relu"}, ["units", "activation"])
    assert str(error.value) == "Dense has no argument activaton='relu': did you mean 'activation'?"


def test_an_unknown_argument_near_nothing_is_answered_with_all():
    with pytest.raises(UnknownNameError) as error:
        reject_unknown("Dense", {"colour": 3}, ["units", "activation"])
    assert str(error.value) == "Dense has no argument colour=3: known are 'activation', 'units'"


def test_an_unknown_argument_where_there_are_none():
    with pytest.raises(UnknownNameError, match=r"^Zeros has no argument value=3: it takes none$"):
        reject_unknown("Zeros", {"value": 3}, [])


def test_keras_arguments_pass_at_the_value_where_they_do_nothing():
    reject_unknown("SGD", {"clipnorm": None}, ["momentum"], {"clipnorm": None})


def test_keras_arguments_do_not_pass_at_another_value():
    with pytest.raises(ArgumentError) as error:
        reject_unknown("SGD", {"clipnorm": 1.0}, ["momentum"], {"clipnorm": None})
    assert str(error.value) == (
        "SGD has clipnorm in Keras, but not in pellucid: a network trained without it is another one; a "
        "smaller learning_rate keeps steps small. Received: clipnorm=1.0"
    )


def test_an_argument_of_keras_without_advice():
    with pytest.raises(ArgumentError) as error:
        reject_unknown("SGD", {"lively": 1.0}, ["momentum"], {"lively": None})
    assert str(error.value) == (
        "SGD has lively in Keras, but not in pellucid: what it does is not there, and without it the result "
        "is another one. Received: lively=1.0"
    )


def test_one_of_several_values_that_do_nothing():
    neutral = {"data_format": AnyOf([None, "channels_last"])}
    reject_unknown("Conv2D", {"data_format": "channels_last"}, [], neutral)
    for value in ("channels_first", np.ones(2)):
        with pytest.raises(ArgumentError, match="channels are last here"):
            reject_unknown("Conv2D", {"data_format": value}, [], neutral)


def test_a_renamed_argument_is_named_with_its_value():
    with pytest.raises(
        UnknownNameError, match=r"^Conv2D has no argument border_mode='same': write padding='same'$"
    ):
        reject_renamed("Conv2D", {"border_mode": "same"})
    reject_renamed("Conv2D", {"W_regularizer": None, "padding": "same"})

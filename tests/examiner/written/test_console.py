"""What Keras prints is read in the forms that it has had; the last state of a progress bar counts."""

import pytest

from pellucid.examiner.written.console import read_test, read_training

BAR = "1/375 ━━━ 1:02 169ms/step - accuracy: 0.1 - loss: 2.4\b\b\b\b\r"
FIRST = "accuracy: 0.80 - loss: 0.50 - val_accuracy: 0.97 - val_loss: 0.07"
SECOND = "accuracy: 0.99 - loss: 0.01 - val_accuracy: 0.98 - val_loss: 0.05"
KERAS_3 = f"""Epoch 1/2
{BAR}375/375 ━━━━━━━━━━━━━━━━━━━━ 3s 8ms/step - {FIRST}
Epoch 2/2
{BAR}375/375 ━━━━━━━━━━━━━━━━━━━━ 2s 8ms/step - {SECOND}
"""
KERAS_2 = """Train on 48000 samples, validate on 12000 samples
Epoch 1/2
48000/48000 [=================] - 3s 60us/step - loss: 0.50 - acc: 0.80 - val_loss: 0.07 - val_acc: 0.97
Epoch 2/2
48000/48000 [=================] - 2s 45us/step - loss: 0.01 - acc: 0.99 - val_loss: 0.05 - val_acc: 0.98
"""
SHORT = """Epoch 1/2
375/375 - 3s - loss: 0.50 - accuracy: 0.80 - val_loss: 0.07 - val_accuracy: 0.97 - 3s/epoch - 8ms/step
Epoch 2/2
375/375 - 2s - loss: 0.01 - accuracy: 0.99 - val_loss: 0.05 - val_accuracy: 0.98 - 2s/epoch - 5ms/step
"""


@pytest.mark.parametrize("printed", [KERAS_3, KERAS_2, SHORT])
def test_all_forms_of_keras_are_read(printed):
    (found,) = read_training(printed)
    assert found.epochs == 2
    assert found.values == {
        "loss": [0.5, 0.01],
        "accuracy": [0.8, 0.99],
        "val_loss": [0.07, 0.05],
        "val_accuracy": [0.97, 0.98],
    }
    assert found.seconds == (3, 2)
    assert (found.first("loss"), found.last("val_accuracy"), found.last("mse")) == (0.5, 0.98, None)


def test_a_training_without_validation_and_a_test_in_the_same_cell():
    printed = """Epoch 1/1
1/375 ━━ 9s 8ms/step - accuracy: 0.1 - loss: 2.4\r375/375 ━━━━ 3s 8ms/step - accuracy: 0.80 - loss: 0.50
313/313 ━━━━ 1s 2ms/step - accuracy: 0.99 - loss: 0.03
"""
    (found,) = read_training(printed)
    assert found.values == {"loss": [0.5], "accuracy": [0.8]}
    assert read_test(printed).accuracy == 0.99


def test_several_trainings_are_told_apart():
    first, second = read_training(KERAS_3 + SHORT)
    assert (first.epochs, second.epochs) == (2, 2)


def test_a_training_that_was_interrupted():
    (found,) = read_training(KERAS_3.replace("/2\n", "/12\n"))
    assert found.epochs == 2


def test_a_loss_that_is_no_number():
    (found,) = read_training("Epoch 1/1\n375/375 - 3s - loss: nan - accuracy: 0.1 - val_loss: nan")
    assert str(found.values["loss"]) == "[nan]"


def test_no_training():
    assert read_training("Hello\n") == []


@pytest.mark.parametrize(
    ("printed", "loss", "accuracy"),
    [
        ("Test loss: 0.0345\nTest accuracy: 0.9896", 0.0345, 0.9896),
        ("[0.0345, 0.9896]", 0.0345, 0.9896),
        ("(0.0345, 0.9896)", 0.0345, 0.9896),
        ("[np.float64(0.0345), np.float64(0.9896)]", 0.0345, 0.9896),
        ("Test accuracy = 98.96%", None, 0.9896),
        ("The test accuracy is 0.9896 and the loss is 0.0345", 0.0345, 0.9896),
        ("313/313 ━━━━ 1s 2ms/step - accuracy: 0.9896 - loss: 0.0345\n", 0.0345, 0.9896),
        ("10000/10000 [===] - 0s 42us/step\nTest score: 0.0345\nTest accuracy: 0.9896", 0.0345, 0.9896),
        ("loss 0.0345 acc 0.9896", 0.0345, 0.9896),
    ],
)
def test_results_of_a_test_are_read(printed, loss, accuracy):
    found = read_test(printed)
    assert (found.loss, found.accuracy) == (loss, accuracy)


@pytest.mark.parametrize("printed", ["", "Hello", "accuracy: 9896 images", KERAS_2])
def test_what_is_no_result_of_a_test(printed):
    assert read_test(printed) is None

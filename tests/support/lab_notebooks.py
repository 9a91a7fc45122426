"""Notebooks as students hand them in for the lab's questions 1 to 19, with the outputs that Keras prints."""

from __future__ import annotations

import json

SETUP = """%matplotlib inline
import matplotlib.pyplot as plt
from tensorflow import keras
from tensorflow.keras import layers
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train = x_train.reshape(60000, 784).astype("float32") / 255
x_test = x_test.reshape(10000, 784).astype("float32") / 255
y_train = keras.utils.to_categorical(y_train, 10)
y_test = keras.utils.to_categorical(y_test, 10)"""
DENSE = """model = keras.Sequential()
model.add(layers.Dense(256, activation="{activation}", input_shape=(784,)))
model.add(layers.Dense(10, activation="softmax"))
model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.RMSprop(), metrics=["accuracy"])
history = model.fit(x_train, y_train, batch_size=128, epochs=12, validation_split=0.2)"""
CONVOLUTIONAL = """x_train = x_train.reshape(-1, 28, 28, 1)
x_test = x_test.reshape(-1, 28, 28, 1)
model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(32, 3, activation="relu"),
    layers.Conv2D(64, 3, activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(128, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
model.compile("adadelta", "categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x_train, y_train, batch_size=128, epochs=6, validation_split=0.2)"""
DROPOUT = """inputs = keras.Input((28, 28, 1))
x = layers.Conv2D(32, 3, activation="relu")(inputs)
x = layers.Conv2D(64, 3, activation="relu")(x)
x = layers.Dropout(0.25)(layers.MaxPooling2D(2)(x))
x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
outputs = layers.Dense(10, activation="softmax")(layers.Dropout(0.4)(x))
dropped = keras.Model(inputs, outputs)
rate = keras.optimizers.Adadelta(learning_rate=1.0)
dropped.compile(loss="categorical_crossentropy", optimizer=rate, metrics=["accuracy"])
history = dropped.fit(x_train, y_train, batch_size=128, epochs=6, validation_split=0.2)"""
PLOT = """plt.plot(history.history["accuracy"])
plt.plot(history.history["val_accuracy"])"""
TEST = """score = model.evaluate(x_test, y_test, verbose=0)
print("Test accuracy:", score[1])"""


def text(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source, printed="", *, figures=0):
    outputs = [{"output_type": "stream", "name": "stdout", "text": printed}] if printed else []
    outputs += [{"output_type": "display_data", "data": {"image/png": "iVBO"}, "metadata": {}}] * figures
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": outputs, "execution_count": 1}


def console(epochs, val_accuracy, loss=0.4):
    """What Keras 3 prints."""
    values = f"accuracy: 0.9 - loss: {loss} - val_accuracy: {val_accuracy} - val_loss: 0.3"
    lines = [f"Epoch {one}/{epochs}\n375/375 ━━━━━━ 3s 8ms/step - {values}\n" for one in range(1, epochs + 1)]
    return "".join(lines)


def notebook(*cells):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)})


def lab():
    """A report with a missing learning rate (Q10), another dropout (Q14), and the wrong network tested."""
    return notebook(
        text("# Lab report\nAnn and Bob"),
        text("## Question 1\nReading **postal codes** & <cheques>."),
        text("## Question 2"),
        code(SETUP),
        code(DENSE.format(activation="linear"), console(12, 0.9205)),
        text("## Question 3"),
        code(PLOT, figures=1),
        text("## Question 4\nBoth rise and stay close: it generalises well."),
        text("## Question 5"),
        code(TEST, "Test accuracy: 0.9201\n"),
        text("## Question 8"),
        code(DENSE.format(activation="relu"), console(12, 0.977)),
        code(PLOT.partition("\n")[0], figures=1),
        text("## Question 10"),
        code(CONVOLUTIONAL, console(6, 0.61, 2.1)),
        text("## Question 12"),
        code(TEST, "Test accuracy: 0.62\n"),
        text("## Question 14"),
        code(DROPOUT),
        code(TEST),
    )

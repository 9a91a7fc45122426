"""Plain Keras scripts, as books and courses have them, run with one import changed."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from pellucid import datasets
from pellucid.errors import PellucidNote


@pytest.fixture(autouse=True)
def small_data(monkeypatch, tmp_path):
    """Let ``load_data`` return a few random images, and let scripts write into a folder of their own."""
    generator = np.random.default_rng(0)

    def images(shape, labels_shape):
        return tuple(
            (
                generator.integers(0, 256, (n, *shape), dtype=np.uint8),
                (np.arange(n) % 10).reshape(labels_shape),
            )
            for n in (200, 60)
        )

    monkeypatch.setattr(datasets.mnist, "load_data", lambda: images((28, 28), -1))
    monkeypatch.setattr(datasets.cifar10, "load_data", lambda: images((32, 32, 3), (-1, 1)))
    monkeypatch.chdir(tmp_path)


def run(script: str) -> tuple[dict, list[str]]:
    """Run a script; return its variables and the notes that it was given."""
    variables: dict = {}
    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always")
        exec(script, variables)  # noqa: S102 - the scripts are below
    assert all(issubclass(note.category, PellucidNote) for note in notes), [
        str(note.message) for note in notes
    ]
    return variables, [str(note.message) for note in notes]


def test_a_script_of_2026():
    variables, notes = run("""
import pellucid as keras
from pellucid import layers

keras.utils.set_random_seed(1)
(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
x_train = x_train[..., None] / 255
x_test = x_test[..., None] / 255
model = keras.Sequential([
    keras.Input(shape=(28, 28, 1)),
    layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
    layers.MaxPooling2D(pool_size=(2, 2)),
    layers.BatchNormalization(),
    layers.Flatten(),
    layers.Dropout(0.5),
    layers.Dense(10, activation="softmax"),
])
model.summary()
model.compile(
    loss=keras.losses.SparseCategoricalCrossentropy(),
    optimizer=keras.optimizers.Adam(learning_rate=1e-3),
    metrics=["accuracy"],
)
callbacks = [
    keras.callbacks.ModelCheckpoint(filepath="at_{epoch}.safetensors"),
    keras.callbacks.EarlyStopping(monitor="val_loss", patience=2),
]
history = model.fit(
    x_train, y_train, batch_size=64, epochs=2, validation_split=0.15, callbacks=callbacks, verbose=0
)
score = model.evaluate(x_test, y_test, verbose=0)
again = keras.models.load_model("at_2.safetensors")
predictions = again.predict(x_test)
""")
    assert notes == []
    assert set(variables["history"].history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert len(variables["score"]) == 2
    np.testing.assert_array_equal(variables["predictions"], variables["model"].predict(variables["x_test"]))


def test_a_script_of_2020_with_its_old_spellings():
    variables, notes = run("""
import pellucid as keras
from pellucid.datasets import mnist
from pellucid.models import Sequential
from pellucid.layers import Dense, Dropout, Flatten, Conv2D, MaxPooling2D

batch_size, num_classes, epochs = 128, 10, 2
img_rows, img_cols = 28, 28
(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = x_train.reshape(x_train.shape[0], img_rows, img_cols, 1).astype("float32")
x_test = x_test.reshape(x_test.shape[0], img_rows, img_cols, 1).astype("float32")
x_train /= 255
x_test /= 255
y_train = keras.utils.to_categorical(y_train, num_classes)
y_test = keras.utils.to_categorical(y_test, num_classes)

model = Sequential()
model.add(Conv2D(32, kernel_size=(3, 3), activation="relu", input_shape=(img_rows, img_cols, 1)))
model.add(Conv2D(64, (3, 3), activation="relu"))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.25))
model.add(Flatten())
model.add(Dense(128, activation="relu"))
model.add(Dropout(0.5))
model.add(Dense(num_classes, activation="softmax"))
model.compile(loss=keras.losses.categorical_crossentropy, optimizer=keras.optimizers.Adadelta(lr=1.0),
              metrics="accuracy")
history = model.fit(
    x_train, y_train, batch_size=batch_size, epochs=epochs, verbose=0, validation_data=(x_test, y_test)
)
curve = history.history["acc"], history.history["val_acc"]
classes = model.predict_classes(x_test)
""")
    assert variables["curve"][0] == variables["history"].history["accuracy"]
    assert variables["classes"].shape == (60,)
    told = " ".join(notes)
    for old in ("lr is the old spelling", "metrics='accuracy'", "'acc'", "predict_classes", "input_shape"):
        assert old in told, (old, notes)
    assert len(notes) == len(set(notes))


def test_the_labs_cifar10_script():
    variables, notes = run("""
import pellucid as keras
from pellucid.layers import *

(x_train, y_train), (x_test, y_test) = keras.datasets.cifar10.load_data()
x_train, x_test = x_train.astype("float32") / 255, x_test.astype("float32") / 255
y_train, y_test = keras.utils.to_categorical(y_train, 10), keras.utils.to_categorical(y_test, 10)
model = keras.models.Sequential()
model.add(Conv2D(8, (3, 3), padding="same", input_shape=x_train.shape[1:]))
model.add(Activation("relu"))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(10))
model.add(Activation("softmax"))
opt = keras.optimizers.RMSprop(learning_rate=0.0001, decay=1e-6)
model.compile(loss="categorical_crossentropy", optimizer=opt, metrics=["accuracy"])
history = model.fit(
    x_train, y_train, batch_size=32, epochs=1, verbose=0, validation_data=(x_test, y_test), shuffle=True
)
rate = opt.learning_rate
""")
    assert variables["rate"] == pytest.approx(
        1e-4 / (1 + 1e-6 * 7)
    )  # 200 images in batches of 32 are 7 steps
    assert any("decay" in note for note in notes)

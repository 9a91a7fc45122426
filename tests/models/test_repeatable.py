"""The same seed gives the same bits: on any number of threads, twice in a row, and after a pause."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from pellucid import Sequential, layers, models, optimizers
from pellucid.callbacks import Callback
from pellucid.engine import flat_parameters, plan, stage
from pellucid.layers import Layer

SPARSE = "sparse_categorical_crossentropy"
GENERATOR = np.random.default_rng(0)
IMAGES = GENERATOR.normal(size=(37, 12, 10, 3)).astype(np.float32)
ROWS = IMAGES.reshape(37, -1)
LABELS = GENERATOR.integers(0, 4, 37)

# Among them every kind of layer, and every way that the engine has of computing one
NETWORKS = {
    "rows": lambda: [layers.Dense(16, activation="relu"), layers.Dropout(0.3)],
    "rows, normalised over the batch": lambda: [
        layers.Dense(16),
        layers.BatchNormalization(),
        layers.ReLU(),
    ],
    "maps": lambda: [
        layers.Rescaling(0.5, offset=0.1),
        layers.Conv2D(8, 3, activation="relu"),
        layers.Conv2D(8, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(16, activation="relu"),
        layers.Dropout(0.5),
    ],
    "maps, normalised over the batch": lambda: [
        layers.Conv2D(16, 3, padding="same", use_bias=False),
        layers.BatchNormalization(),
        layers.Activation("relu"),
        layers.AveragePooling2D(padding="same"),
        layers.Conv2D(8, 3, strides=2),
        layers.BatchNormalization(),
        layers.GlobalAveragePooling2D(),
    ],
    "maps, changed at random and normalised over groups": lambda: [
        layers.RandomFlip("horizontal"),
        layers.RandomTranslation(0.2, 0.2, interpolation="nearest"),
        layers.Conv2D(8, 3, padding="same", activation="relu"),
        layers.BatchNormalization(virtual_batch_size=4),
        layers.MaxPooling2D(),
        layers.Conv2D(8, 3),
        layers.BatchNormalization(virtual_batch_size=2),
        layers.Flatten(),
    ],
    "maps, each normalised": lambda: [
        layers.Conv2D(4, (5, 3), activation="relu"),
        layers.FeatureMapNormalization(),
        layers.MaxPooling2D(3, strides=2, padding="same"),
        layers.Conv2D(9, 3, padding="same", activation="relu"),
        layers.Flatten(),
    ],
    "maps, their channels in sixteens": lambda: [
        layers.Rescaling(0.2),
        layers.Conv2D(16, 3, padding="same", activation="relu"),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(16, 3, padding="same"),
        layers.MaxPooling2D(),
        layers.Dropout(0.25),
        layers.Flatten(),
        layers.Dense(48, activation="relu"),
        layers.Dropout(0.5),
    ],
}


@pytest.fixture(autouse=True)
def many_pieces(monkeypatch):
    """Cut batches into more pieces than batches this small would be, so that there is something to share."""
    monkeypatch.setattr(stage, "MAPS_BYTES", 12 * 10 * 8 * 4 * 3)  # three images' largest maps
    monkeypatch.setattr(stage, "DENSE_PRODUCTS", 0)


@pytest.fixture(params=NETWORKS)
def made(request):
    return lambda **settings: network(request.param, **settings)


def network(name, *, optimizer=None, loss=SPARSE, seed=5):
    shape = ROWS.shape[1:] if name.startswith("rows") else IMAGES.shape[1:]
    last = layers.Dense(4, activation="softmax")
    result = Sequential([layers.Input(shape), *NETWORKS[name](), last], seed=seed)
    result.compile(optimizer or optimizers.SGD(0.05, momentum=0.9), loss, ["accuracy"])
    return result


def data_for(result):
    return (ROWS if len(result.input_shape) == 1 else IMAGES), LABELS


def train(result, *, epochs=2, batch_size=15, **settings):
    """Train; 37 images in batches of 15 leave a rest of 7."""
    x, y = data_for(result)
    validation = (x[:9], y[:9])
    result.fit(x, y, epochs=epochs, batch_size=batch_size, validation_data=validation, verbose=0, **settings)
    return result


def bits(result):
    """Return everything of a trained network, as bytes: weights, the optimizer's state, outputs, history."""
    x, _ = data_for(result)
    arrays = [*result.get_weights(), *result.optimizer.state.values(), result.predict(x)]
    metrics = {name: np.array(values).tobytes() for name, values in result.history.history.items()}
    return [array.tobytes() for array in arrays], metrics


def test_every_layer_kind_is_among_the_networks():
    used = {type(layer) for make in NETWORKS.values() for layer in make()}
    public = {
        kind
        for kind in vars(layers).values()
        if isinstance(kind, type) and issubclass(kind, Layer) and kind is not Layer
    }
    assert public - used == {layers.Softmax}  # it is each network's last activation


# Threads


@pytest.mark.parametrize("batch_size", [15, 37, 1])
def test_the_same_bits_on_1_2_and_4_threads(made, batch_size):
    epochs = 2 if batch_size > 1 else 1
    alone = bits(train(made(), threads=1, batch_size=batch_size, epochs=epochs))
    for threads in (2, 4):
        assert bits(train(made(), threads=threads, batch_size=batch_size, epochs=epochs)) == alone


def test_there_was_something_to_share(made):
    result = made()
    pieces = [len(stage.bounds(15)) for stage in plan.Plan(result.graph).stages]
    assert max(pieces) > 1


def test_without_compiled_kernels_they_are_the_same_bits_on_any_number_of_threads_too(monkeypatch):
    monkeypatch.setenv("PELLUCID_ENGINE", "numpy")
    name = "maps, their channels in sixteens"
    alone, *others = (bits(train(network(name), threads=threads)) for threads in (1, 2, 4))
    assert others == [alone, alone]


def test_evaluation_and_prediction_between_steps_change_nothing():
    """They go through the same blocks; space is lent to one at a time."""

    class Between(Callback):
        def on_train_batch_end(self, batch, logs=None):
            x, y = data_for(self.model)
            self.model.predict(x[:5], threads=2)
            self.model.evaluate(x[:7], y[:7], threads=2, verbose=0)

    def trained(*callbacks):
        return bits(train(network("maps, their channels in sixteens"), threads=2, callbacks=list(callbacks)))

    assert trained(Between()) == trained()


def test_prediction_in_another_thread_changes_nothing():
    name = "maps, their channels in sixteens"
    expected, result, stop, errors = bits(train(network(name))), network(name), threading.Event(), []

    def predict():
        try:
            while not stop.is_set():
                assert np.isfinite(result.predict(IMAGES, threads=2)).all()
        except BaseException as error:
            errors.append(error)

    other = threading.Thread(target=predict)
    other.start()
    try:
        train(result, threads=2)
    finally:
        stop.set()
        other.join()
    assert errors == []
    assert bits(result) == expected


def test_two_networks_trained_at_the_same_time_are_as_if_alone():
    name = "maps, their channels in sixteens"
    expected, found = bits(train(network(name))), {}

    def one(number):
        found[number] = bits(train(network(name), threads=2))

    team = [threading.Thread(target=one, args=(number,)) for number in range(2)]
    for thread in team:
        thread.start()
    for thread in team:
        thread.join()
    assert found == {0: expected, 1: expected}


def test_evaluation_and_prediction_have_the_same_bits_on_any_number_of_threads(made):
    result = made()
    x, y = data_for(result)
    alone = result.predict(x, threads=1).tobytes(), result.evaluate(x, y, threads=1)
    for threads in (2, 4):
        assert (result.predict(x, threads=threads).tobytes(), result.evaluate(x, y, threads=threads)) == alone


def test_the_same_bits_in_the_middle_of_a_large_row_of_parameters(monkeypatch):
    """Where the row of parameters is shared out too."""

    monkeypatch.setattr(flat_parameters, "CHUNK", 1000)
    for optimizer in (optimizers.Adam, optimizers.RMSprop, optimizers.Adadelta):
        found = [
            bits(train(network("maps", optimizer=optimizer(0.01)), threads=threads)) for threads in (1, 4)
        ]
        assert found[0] == found[1]


# Seeds


def test_twice_in_a_row_gives_the_same_bits(made):
    assert bits(train(made())) == bits(train(made()))


def test_another_seed_gives_others(made):
    assert bits(train(made(seed=5))) != bits(train(made(seed=6)))


def test_the_seed_alone_decides_the_masks():
    """First weights alike, order alike, no chance but dropout: another seed, another result."""

    def weights(seed):
        result = network("rows", seed=seed)
        result.set_weights(network("rows", seed=5).get_weights())
        return train(result, shuffle=False).get_weights()[0].tobytes()

    assert weights(5) == weights(5)
    assert weights(5) != weights(6)


def test_the_comparison_sees_a_single_bit():
    result = train(network("rows"))
    before = bits(result)
    kernel = result.layers[0].parameters["kernel"]
    kernel[0, 0] = np.nextafter(kernel[0, 0], np.float32(9))
    assert bits(result) != before


# Resuming


OPTIMIZERS = {
    "momentum": lambda: optimizers.SGD(0.05, momentum=0.9, nesterov=True),
    "adam": lambda: optimizers.Adam(0.01, amsgrad=True),
    "adamw": lambda: optimizers.AdamW(0.01),
    "rmsprop": lambda: optimizers.RMSprop(0.01, momentum=0.5, centered=True),
    "adadelta": lambda: optimizers.Adadelta(1.0),
    "schedule": lambda: optimizers.Adam(optimizers.schedules.ExponentialDecay(0.02, 2, 0.7)),
    "old decay": lambda: optimizers.RMSprop.from_config({"learning_rate": 0.01, "decay": 0.1}),
}


class SaveAt(Callback):
    """Saves the network after an epoch, and goes on."""

    def __init__(self, epoch, path):
        self.epoch, self.path = epoch, path

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.epoch:
            self.model.save(self.path)


def resumed_and_not(made_network, path, *, threads=(2, 1)):
    whole = train(made_network, epochs=4, callbacks=SaveAt(1, path), threads=threads[0])
    resumed = models.load_model(path)
    train(resumed, epochs=4, initial_epoch=2, threads=threads[1])
    return whole, resumed


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_training_resumed_from_a_file_ends_with_the_same_bits(optimizer, tmp_path):
    started = network("rows", optimizer=OPTIMIZERS[optimizer]())
    whole, resumed = resumed_and_not(started, tmp_path / "half.safetensors")
    assert bits(whole)[0] == bits(resumed)[0]
    for name, values in resumed.history.history.items():
        assert values == whole.history.history[name][2:]


def test_so_it_does_with_every_layer(made, tmp_path):
    whole, resumed = resumed_and_not(made(), tmp_path / "half.safetensors")
    assert bits(whole)[0] == bits(resumed)[0]


def test_a_file_without_the_optimizers_state_does_not_go_on_exactly(tmp_path):
    """The negative control: the state in the file is what makes it exact."""
    started = network("rows")
    train(started, epochs=2)
    started.save(tmp_path / "half.safetensors", include_optimizer=False)
    resumed = models.load_model(tmp_path / "half.safetensors")
    whole = train(started, epochs=4, initial_epoch=2)
    train(resumed, epochs=4, initial_epoch=2)
    assert bits(whole)[0] != bits(resumed)[0]

import numpy as np
import pytest

from pellucid import Sequential, layers, models
from pellucid.callbacks import CallbackList, ModelCheckpoint
from pellucid.errors import ArgumentError, OutputError, PellucidNote, UnknownNameError


def losses(*values):
    return [{"loss": value + 1, "val_loss": value} for value in values]


def names(network, folder):
    return [path.removeprefix(f"{folder}/") for _, path in network.saved]


def test_saves_every_epoch_under_its_name(network, tmp_path):
    checkpoint = ModelCheckpoint(tmp_path / "weights.{epoch:02d}-{val_loss:.2f}.safetensors")
    network.train(CallbackList(checkpoint), losses(0.5, 0.75))
    assert names(network, tmp_path) == ["weights.01-0.50.safetensors", "weights.02-0.75.safetensors"]
    assert {kind for kind, _ in network.saved} == {"model"}


def test_saves_weights_only(network, tmp_path):
    checkpoint = ModelCheckpoint(str(tmp_path / "w.safetensors"), save_weights_only=True)
    network.train(CallbackList(checkpoint), losses(1))
    assert network.saved == [("weights", str(tmp_path / "w.safetensors"))]


def test_saves_only_what_is_better_than_all_before(network, tmp_path):
    checkpoint = ModelCheckpoint(tmp_path / "{epoch}.safetensors", save_best_only=True)
    network.train(CallbackList(checkpoint), losses(5, 6, 4, 4, 3))
    assert names(network, tmp_path) == ["1.safetensors", "3.safetensors", "5.safetensors"]


def test_saves_only_what_beats_the_first_threshold(network, tmp_path):
    checkpoint = ModelCheckpoint(
        tmp_path / "{epoch}.safetensors", save_best_only=True, initial_value_threshold=4.5
    )
    network.train(CallbackList(checkpoint), losses(5, 4))
    assert names(network, tmp_path) == ["2.safetensors"]


def test_a_missing_metric_warns_and_saves_every_epoch(network, tmp_path):
    checkpoint = ModelCheckpoint(tmp_path / "{epoch}.safetensors", "val_accuracy", save_best_only=True)
    with pytest.warns(
        UserWarning, match=r"ModelCheckpoint cannot know the best epoch and saves every one: .*'val_loss'"
    ):
        network.train(CallbackList(checkpoint), losses(1, 2))
    assert names(network, tmp_path) == ["1.safetensors", "2.safetensors"]


def test_saves_after_a_number_of_batches_across_epochs(network, tmp_path):
    checkpoint = ModelCheckpoint(tmp_path / "{epoch}-{batch}-{loss}.safetensors", save_freq=3)
    callbacks = CallbackList(checkpoint, model=network)
    assert callbacks.wants_batches
    for epoch in range(2):
        callbacks.on_epoch_begin(epoch)
        for batch in range(4):
            callbacks.on_train_batch_end(batch, {"loss": batch / 2})
        callbacks.on_epoch_end(epoch, {"loss": 9})
    assert names(network, tmp_path) == ["1-3-1.0.safetensors", "2-2-0.5.safetensors"]


def test_wants_no_batches_when_it_saves_epochs(network, tmp_path):
    checkpoint = ModelCheckpoint(tmp_path / "m.safetensors")
    assert not checkpoint.wants_batches
    checkpoint.set_model(network)
    checkpoint.on_train_batch_end(0, {"loss": 1})
    assert network.saved == []


def test_makes_the_folders_on_the_way(network, tmp_path):
    checkpoint = ModelCheckpoint(tmp_path / "a" / "{epoch}" / "m.safetensors")
    network.train(CallbackList(checkpoint), losses(1))
    assert (tmp_path / "a" / "1").is_dir()


def test_a_folder_that_cannot_be_made_is_explained(network, tmp_path):
    (tmp_path / "file").write_text("")
    checkpoint = ModelCheckpoint(tmp_path / "file" / "m.safetensors")
    with pytest.raises(
        OutputError, match=r"ModelCheckpoint cannot make the folder .*file.*Choose another place"
    ):
        network.train(CallbackList(checkpoint), losses(1))


@pytest.mark.parametrize("given", ["best.keras", "best.weights.h5", "w.{epoch:02d}.hdf5", "folder/best"])
def test_another_ending_is_written_and_read_back(given, tmp_path):
    network = Sequential([layers.Input((3,)), layers.Dense(2, activation="softmax")])
    network.compile("sgd", "sparse_categorical_crossentropy")
    checkpoint = ModelCheckpoint(tmp_path / given)
    with pytest.warns(PellucidNote, match="in pellucid's own format, safetensors"):
        network.fit(np.ones((4, 3)), np.zeros(4, int), callbacks=[checkpoint], verbose=0)
    again = models.load_model(tmp_path / given.format(epoch=1))
    for old, new in zip(network.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_a_metric_in_the_name_that_is_not_measured_offers_the_nearest(network, tmp_path):
    checkpoint = ModelCheckpoint(tmp_path / "{val_los:.2f}.safetensors")
    with pytest.raises(
        ArgumentError, match=r"cannot name its file: .*no metric 'val_los' \(did you mean 'val_loss'\?\)"
    ):
        network.train(CallbackList(checkpoint), losses(1))
    assert network.saved == []


def test_the_old_spelling_of_a_metric_in_the_name_is_understood(network, tmp_path):
    checkpoint = ModelCheckpoint(tmp_path / "{val_acc:.2f}.safetensors")
    with pytest.warns(UserWarning, match="'val_acc' is recorded as 'val_accuracy'"):
        network.train(CallbackList(checkpoint), [{"val_accuracy": 0.75}])
    assert names(network, tmp_path) == ["0.75.safetensors"]


def test_a_format_that_does_not_fit_is_explained(network, tmp_path):
    checkpoint = ModelCheckpoint(tmp_path / "{val_loss:02d}.safetensors")
    with pytest.raises(ArgumentError, match=r"cannot name its file: .*format code 'd'"):
        network.train(CallbackList(checkpoint), losses(1.5))


@pytest.mark.parametrize("name", ["{}.safetensors", "{0}.safetensors"])
def test_a_field_without_a_name_is_refused(name):
    with pytest.raises(ArgumentError, match=r"give each field one\. Received: filepath="):
        ModelCheckpoint(name)


def test_a_name_that_is_no_pattern_is_refused():
    with pytest.raises(
        ArgumentError,
        match=r"cannot read its file name as a pattern: .* Received: filepath='\{epoch\.safetensors'$",
    ):
        ModelCheckpoint("{epoch.safetensors")


@pytest.mark.parametrize("save_freq", ["batch", 0, 2.5, None, True])
def test_another_frequency_is_refused(save_freq):
    with pytest.raises(
        ArgumentError, match=rf"save_freq='epoch'\) or after a number .* save_freq={save_freq!r}"
    ):
        ModelCheckpoint("m.safetensors", save_freq=save_freq)


def test_the_old_argument_period_is_taken_and_explained(network, tmp_path):
    with pytest.warns(UserWarning, match="period= of ModelCheckpoint still means epochs between two savings"):
        checkpoint = ModelCheckpoint(tmp_path / "{epoch}.safetensors", period=2)
    network.train(CallbackList(checkpoint), losses(1, 1, 1, 1, 1))
    assert names(network, tmp_path) == ["2.safetensors", "4.safetensors"]


def test_the_old_argument_period_must_be_a_count():
    with (
        pytest.warns(UserWarning, match="period="),
        pytest.raises(ArgumentError, match="period as a whole number"),
    ):
        ModelCheckpoint("m.safetensors", period=0)


def test_an_unknown_argument_offers_the_nearest():
    with pytest.raises(
        UnknownNameError,
        match=r"ModelCheckpoint has no argument save_best=.*: did you mean 'save_best_only'\?",
    ):
        ModelCheckpoint("m.safetensors", save_best=True)


def test_says_what_it_did(network, tmp_path, capsys):
    checkpoint = ModelCheckpoint(tmp_path / "m.safetensors", save_best_only=True, verbose=1)
    network.train(CallbackList(checkpoint), losses(1, 2))
    assert capsys.readouterr().err == (
        "Epoch 1: val_loss 1.00000 (first): better\n"
        f"Epoch 1: saved {tmp_path / 'm.safetensors'}\n"
        "Epoch 2: val_loss 2.00000 (best before 1.00000): not better, not saved\n"
    )

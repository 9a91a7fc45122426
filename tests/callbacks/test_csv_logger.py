import csv

import numpy as np
import pytest

from pellucid.callbacks import CallbackList, CSVLogger
from pellucid.errors import ArgumentError, FileFormatError, OutputError, UnknownNameError

TWO_EPOCHS = [{"val_loss": 0.75, "loss": 0.5}, {"val_loss": 0.25, "loss": 0.125}]


def train(network, logger, epochs):
    network.train(CallbackList(logger), epochs)


def test_one_row_an_epoch_in_the_columns_of_keras(network, tmp_path):
    path = tmp_path / "log.csv"
    train(network, CSVLogger(path), TWO_EPOCHS)
    assert path.read_text() == "epoch,loss,val_loss\n0,0.5,0.75\n1,0.125,0.25\n"


def test_each_row_is_there_as_soon_as_its_epoch_is_over(network, tmp_path):
    logger = CSVLogger(tmp_path / "log.csv")
    logger.on_train_begin()
    logger.on_epoch_end(0, TWO_EPOCHS[0])
    assert (tmp_path / "log.csv").read_text().endswith("\n0,0.5,0.75\n")


def test_numbers_are_read_back_as_they_were(network, tmp_path):
    value = 0.1 + 0.2
    train(network, CSVLogger(tmp_path / "log.csv"), [{"loss": value, "val_loss": np.float32(0.1)}])
    with (tmp_path / "log.csv").open(newline="") as file:
        row = next(csv.DictReader(file))
    assert float(row["loss"]) == value
    assert np.float32(row["val_loss"]) == np.float32(0.1)


def test_room_is_left_for_validation_that_comes_later(network, tmp_path):
    path = tmp_path / "log.csv"
    train(network, CSVLogger(path), [{"loss": 0.5}, {"loss": 0.25, "val_loss": 0.75}])
    assert path.read_text() == "epoch,loss,val_loss\n0,0.5,NA\n1,0.25,0.75\n"


def test_another_separator(network, tmp_path):
    path = tmp_path / "log.tsv"
    train(network, CSVLogger(path, separator="\t"), TWO_EPOCHS[:1])
    assert path.read_text() == "epoch\tloss\tval_loss\n0\t0.5\t0.75\n"


def test_begins_anew_unless_told_to_append(network, tmp_path):
    path = tmp_path / "log.csv"
    train(network, CSVLogger(path), TWO_EPOCHS)
    train(network, CSVLogger(path), TWO_EPOCHS[:1])
    assert path.read_text() == "epoch,loss,val_loss\n0,0.5,0.75\n"


def test_appends_under_the_same_columns(network, tmp_path):
    path = tmp_path / "log.csv"
    train(network, CSVLogger(path, append=True), TWO_EPOCHS[:1])
    train(network, CSVLogger(path, append=True), TWO_EPOCHS[1:])
    assert path.read_text() == "epoch,loss,val_loss\n0,0.5,0.75\n0,0.125,0.25\n"


def test_appends_below_a_row_that_was_cut_off(network, tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("epoch,loss,val_loss\n0,0.")
    train(network, CSVLogger(path, append=True), TWO_EPOCHS[1:])
    assert path.read_text() == "epoch,loss,val_loss\n0,0.\n0,0.125,0.25\n"


def test_other_columns_are_not_mixed(network, tmp_path):
    path = tmp_path / "log.csv"
    path.write_text("epoch,loss\n0,0.5\n")
    with pytest.raises(
        FileFormatError,
        match=r"has the columns epoch, loss but not val_loss\. Give it another file, or leave out append",
    ):
        train(network, CSVLogger(path, append=True), TWO_EPOCHS)
    assert path.read_text() == "epoch,loss\n0,0.5\n"


def test_a_file_that_is_no_text_is_refused(network, tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileFormatError, match=r"cannot append to .*log\.csv, which is no CSV file"):
        train(network, CSVLogger(path, append=True), TWO_EPOCHS)


def test_makes_the_folders_on_the_way(network, tmp_path):
    train(network, CSVLogger(tmp_path / "a" / "b" / "log.csv"), TWO_EPOCHS)
    assert (tmp_path / "a" / "b" / "log.csv").exists()


def test_a_place_that_cannot_be_written_is_explained(network, tmp_path):
    with pytest.raises(OutputError, match=r"CSVLogger cannot write .*Is a directory.*Choose another place"):
        train(network, CSVLogger(tmp_path), TWO_EPOCHS)


def test_a_separator_of_two_characters_is_refused():
    with pytest.raises(ArgumentError, match=r"takes separator as one character\. Received: separator=', '"):
        CSVLogger("log.csv", separator=", ")


def test_an_unknown_argument_offers_the_nearest():
    with pytest.raises(
        UnknownNameError, match=r"CSVLogger has no argument seperator=.*: did you mean 'separator'\?"
    ):
        CSVLogger("log.csv", seperator=";")

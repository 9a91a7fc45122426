import pytest


@pytest.fixture
def folders(tmp_path):
    for name in ("digits-cnn", "mnist-cnn"):
        (tmp_path / "runs" / name).mkdir(parents=True)
        (tmp_path / "runs" / name / "run.json").write_text("{}")


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        ("digits-cnn", "runs/digits-cnn"),
        ("runs/digit-cnn", "runs/digits-cnn"),
        ("mnist_cnn", "runs/mnist-cnn"),
    ],
)
@pytest.mark.parametrize("command", ["resume", "evaluate", "report"])
def test_a_folder_that_is_not_there_offers_the_nearest_run(pellucid, folders, command, given, offered):
    result = pellucid(command, given)
    assert result.exit_code == 4
    assert result.stderr == (
        f"pellucid: {given} is not a run folder: it does not exist. "
        f"Give the folder that a `pellucid run` has made. Did you mean {offered}?\n"
    )


def test_nothing_is_offered_where_nothing_is_near(pellucid, folders):
    assert pellucid("evaluate", "something/else").stderr.endswith("has made.\n")


def test_a_folder_that_is_no_run_is_refused(pellucid, tmp_path):
    (tmp_path / "holiday").mkdir()
    result = pellucid("evaluate", "holiday")
    assert result.exit_code == 4
    assert "holiday is not a run folder: it has no run.json" in result.stderr


def test_a_file_in_place_of_a_run_is_refused(pellucid, tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"\0")
    assert pellucid("evaluate", "model.safetensors").exit_code == 4


def test_a_file_in_a_run_is_said_to_be_one(pellucid, finished):
    for file in ("model.safetensors", "results.json"):
        result = pellucid("evaluate", finished / file)
        assert result.exit_code == 4
        assert f"{finished / file} is not a run folder: it is a file. " in result.stderr
        assert result.stderr.endswith(f" It is a file in the run {finished}: give that folder.\n")

from pellucid.runs import RunFolder


def test_the_file_gives_the_weights_that_the_folder_gives(no_report, pellucid, photographs):
    made = pellucid("new", "mine.py", "--data", "photographs")
    assert (made.exit_code, made.stdout) == (0, "mine.py\n")
    assert made.stderr == "\nChange what you like in it, then: pellucid run mine.py\n"
    for name in ("photographs/", "mine.py"):
        assert pellucid("run", name, "--epochs", 2, "--threads", 1).exit_code == 0
    first, second = RunFolder.open("runs/photographs"), RunFolder.open("runs/mine")
    assert first.predictions.probabilities.tobytes() == second.predictions.probabilities.tobytes()
    assert first.results.kept_epoch == second.results.kept_epoch


def test_nothing_is_written_over(pellucid, photographs):
    assert pellucid("new", "mine.py", "--data", "photographs").exit_code == 0
    again = pellucid("new", "mine.py", "--data", "photographs")
    assert again.exit_code == 4
    assert again.stderr == "pellucid: mine.py is there already, and is left as it is: choose another name.\n"


def test_the_images_must_be_named(pellucid):
    result = pellucid("new", "mine.py")
    assert result.exit_code == 2
    assert "--data" in result.stderr

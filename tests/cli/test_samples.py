from pathlib import Path


def test_the_folders_are_named_and_what_to_do_with_them(pellucid):
    result = pellucid("samples", "some where")
    assert result.exit_code == 0
    folders = result.stdout.splitlines()
    assert folders == ["some where/digits", "some where/shapes", "some where/more-shapes"]
    assert all(any(Path(folder).iterdir()) for folder in folders)
    assert "Learn from the shapes: pellucid run 'some where/shapes'\n" in result.stderr
    assert "pellucid predict runs/shapes 'some where/more-shapes'" in result.stderr


def test_what_is_there_is_left_as_it_is(pellucid):
    assert pellucid("samples", "here").exit_code == 0
    result = pellucid("samples", "here")
    assert result.exit_code == 4
    assert "here/digits is there already, and is left as it is: choose another folder." in result.stderr

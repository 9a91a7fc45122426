"""No attack gains a point, reads or changes anything outside its folder, lives on, or harms another."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import attack_campaign
import pytest
from other_user import USER, is_root, run_as_another

from pellucid.examiner.walls import landlock, seccomp

pytestmark = pytest.mark.skipif(
    not (landlock.version() and seccomp.is_known()), reason="needs Landlock and known system calls"
)
SLEEPS = "4321"  # what an attack starts sleeps so long


def state(folder):
    """Return everything that an attack could change in a folder."""
    return {
        path.relative_to(folder).as_posix(): (
            path.read_bytes() if path.is_file() else b"",
            path.stat().st_mode,
            path.stat().st_mtime_ns,
        )
        for path in sorted(folder.rglob("*"))
    }


def left_behind():
    """Return the processes that an attack started."""
    found = []
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if SLEEPS in command.read_text():
                found.append(command.parent.name)
        except OSError:
            continue
    return found


def gains(attempts):
    return [(one.name, one.points, one.deserves) for one in attempts if one.points > one.deserves]


def campaign(folder, *without):
    paths = attack_campaign.prepare(folder)
    before = state(folder)
    attempts = attack_campaign.run(paths, list(without))
    assert state(folder) == before
    assert left_behind() == []
    return attempts


def test_no_attack_gains_or_harms(tmp_path):
    attempts = campaign(tmp_path)
    assert len(attempts) > 60
    assert gains(attempts) == []
    right = {one.name: one.points for one in attempts if one.name in ("neighbour", "zz_last")}
    assert right == {"neighbour": 2, "zz_last": 2}


def test_a_gain_would_be_noticed():
    attempt = attack_campaign.Attempt("one", "", deserves=0, points=1, stopped_by="")
    assert gains([attempt]) == [("one", 1, 0)]


@pytest.mark.campaign
@pytest.mark.parametrize("wall", ["namespaces", "landlock"])  # privileges can be given up on every Linux
def test_nor_does_one_where_a_wall_is_missing(wall, tmp_path):
    assert gains(campaign(tmp_path, wall)) == []


@pytest.mark.campaign
@pytest.mark.skipif(not is_root(), reason="this user is without privileges already")
@pytest.mark.parametrize("without", [[], ["--without", "namespaces"]])
def test_nor_does_one_that_a_user_without_privileges_examines(without):
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(0o755)
        os.chown(folder, USER, USER)
        script = shutil.copytree(Path(attack_campaign.__file__).parents[1], folder / "tests") / "support"
        (folder / "group").mkdir()
        os.chown(folder / "group", USER, USER)
        done = run_as_another(
            [str(script / "attack_campaign.py"), str(folder / "group"), "--json", *without], folder
        )
        assert done.stderr == ""
        attempts = [attack_campaign.Attempt(**one) for one in json.loads(done.stdout)]
        assert gains(attempts) == []
        assert (folder / "group" / "outside" / "secret.txt").read_text() == "secret"
        assert left_behind() == []
    finally:
        shutil.rmtree(folder)

"""Commands to be advised, made from the one that was given, so that they can be pasted as they stand."""

from __future__ import annotations

import shlex

DROPPED = ("--seed", "--seeds", "--out")  # each with a value
SWITCHES = ("--json",)


def with_seeds(command: str, seeds: int) -> str:
    """Return the command ``pellucid run …`` for several seeds, with the file and the options that were given.

    "" if it is another command.

    Examples
    --------
    >>> with_seeds("pellucid run shapes.py --epochs 1 --seed=3 --out runs/it", 5)
    'pellucid run shapes.py --epochs 1 --seeds 5'
    >>> with_seeds("python mine.py", 5)
    ''
    """
    try:
        words = shlex.split(command)
    except ValueError:  # quotes that do not close
        return ""
    if words[:2] != ["pellucid", "run"] or len(words) < 3:
        return ""
    kept, words = words[:2], words[2:]
    while words:
        word = words.pop(0)
        if word in DROPPED:
            words = words[1:]
        elif word not in SWITCHES and word.partition("=")[0] not in DROPPED:
            kept.append(word)
    return shlex.join([*kept, "--seeds", str(seeds)])

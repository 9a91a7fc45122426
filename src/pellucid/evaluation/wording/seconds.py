"""Which of two runs takes longer, in a sentence, or why that cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pellucid.core.wording.plurals import counted

if TYPE_CHECKING:
    from pellucid.evaluation.seconds import SecondsCompared

LONGEST_VALUE = 60  # characters of a setting that are shown


def seconds_sentence(compared: SecondsCompared) -> str:
    """Say which run takes longer, or why that cannot be told.

    Examples
    --------
    >>> from pellucid.evaluation import TimedRun, compare_seconds
    >>> here = TimedRun("A", [9, 5.0, 5.1], {"cpu": "laptop"})
    >>> seconds_sentence(compare_seconds(here, TimedRun("B", [4, 3.0, 3.1], {"cpu": "server"})))
    "The seconds of A and B are not comparable: cpu differs ('laptop' and 'server')."
    """
    if compared.ratio is None or compared.low is None or compared.high is None:
        reasons = "; ".join(_reasons(compared))
        return f"The seconds of {compared.a} and {compared.b} are not comparable: {reasons}."
    spread = (
        f"medians, first epoch apart; from epoch to epoch {compared.low:.2f} to {compared.high:.2f} times"
    )
    if compared.low <= 1 <= compared.high:
        return f"The seconds per epoch of {compared.a} and {compared.b} overlap ({spread} as long)."
    longer = _which_is_longer(compared.a, compared.b, compared.ratio)
    return f"{longer} ({spread} as long). One run each cannot tell whether that is the network or the hour."


def _which_is_longer(a: str, b: str, ratio: float) -> str:
    if not 0.5 < ratio < 2:
        slow, fast = (b, a) if ratio > 1 else (a, b)
        return f"An epoch of {slow} takes {max(ratio, 1 / ratio):.1f} times as long as one of {fast}"
    more = "longer" if ratio > 1 else "less long"
    return f"An epoch of {b} takes {100 * abs(ratio - 1):.1f} % {more} than one of {a}"


def _reasons(compared: SecondsCompared) -> list[str]:
    return [
        *(f"{name} differs ({_short(a)} and {_short(b)})" for name, a, b in compared.differing),
        *(
            f"{name} has {counted(epochs, 'epoch')} after its first, and two are needed"
            for name, epochs in compared.too_short
        ),
    ]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 3] + "…"

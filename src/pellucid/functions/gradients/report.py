"""What a gradient check found, as an object and in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Verdict: TypeAlias = Literal["ok", "wrong", "not compared"]


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a gradient: a ``kind`` for programs, a sentence for people.

    Kinds: ``"factor"``, ``"sign"``, ``"zero"``, ``"transposed"``, ``"flipped"``, ``"batch sum"``,
    ``"border"``, ``"shape"``, ``"nan"``, ``"kink"`` (right elsewhere, but impossible at a kink) and
    ``"elements"`` (wrong in a way that fits none of these).
    """

    kind: str
    text: str


@dataclass(frozen=True)
class ArgumentReport:
    """The verdict on the gradient of one argument.

    ``compared`` of ``total`` elements (directions in projection mode) were compared. ``left_out`` are the
    indices of those that were not, because forward has a kink or a jump there. ``largest_error`` is relative.
    """

    name: str
    shape: tuple[int, ...]
    verdict: Verdict
    compared: int
    total: int
    largest_error: float
    diagnosis: Diagnosis | None = None
    left_out: tuple[tuple[int, ...], ...] = ()
    notes: tuple[str, ...] = ()
    unit: str = "elements"

    @property
    def ok(self) -> bool:
        """Whether the gradient was compared and found right."""
        return self.verdict == "ok"

    def __str__(self) -> str:
        if self.diagnosis is not None:
            words = f"WRONG: {self.diagnosis.text}"
        elif self.ok:
            agreement = f"largest relative error {self.largest_error:.1e}"
            words = f"ok: {self.compared} of {self.total} {self.unit} compared, {agreement}"
        else:
            words = f"NOT COMPARED: none of {self.total} {self.unit} can be"
        return "\n".join([f"{self.name}: {words}.", *(f"    {note}." for note in self.notes)])


@dataclass(frozen=True)
class GradientReport:
    """What a gradient check found. True where nothing is wrong; ``str()`` says it in plain words.

    ``arguments`` has one :class:`ArgumentReport` per differentiated argument, also found by its name:
    ``report["kernels"]``. ``problems`` are sentences on forward and backward themselves, such as an
    argument changed in place.

    Examples
    --------
    >>> fine = ArgumentReport("maps", (2, 3), "ok", compared=6, total=6, largest_error=2e-10)
    >>> report = GradientReport("relu", "full", (fine,))
    >>> print(report)
    Gradients of relu are right.
      maps: ok: 6 of 6 elements compared, largest relative error 2.0e-10.
    >>> report.ok, report["maps"].compared
    (True, 6)
    """

    function: str
    mode: str
    arguments: tuple[ArgumentReport, ...]
    problems: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every gradient was compared and is right, and nothing else is amiss."""
        return not self.problems and all(argument.ok for argument in self.arguments)

    def __bool__(self) -> bool:
        return self.ok

    def __getitem__(self, name: str) -> ArgumentReport:
        for argument in self.arguments:
            if argument.name == name:
                return argument
        raise KeyError(f"{name!r} was not checked; checked were {[a.name for a in self.arguments]}")

    def __str__(self) -> str:
        wrong = any(argument.verdict == "wrong" for argument in self.arguments)
        verdict = "are right" if self.ok else "are WRONG" if wrong else "cannot be trusted yet"
        lines = [f"Gradients of {self.function} {verdict}."]
        lines += [f"  {problem}" for problem in self.problems]
        lines += ["  " + str(argument).replace("\n", "\n  ") for argument in self.arguments]
        if wrong and self.mode == "projection":
            lines.append('  mode="full" compares element by element and can say more.')
        return "\n".join(lines)

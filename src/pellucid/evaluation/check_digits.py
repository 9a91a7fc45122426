"""Check digits: which misread numbers they catch, and which pass undetected.

A number d_1 … d_k passes a check of modulus M if the sum of weight_i·d_i has a fixed remainder. A misreading
passes as well if the sum of weight_i·(read_i - true_i) is a multiple of M. So whether a misread field passes
undetected depends on the errors alone, not on the number. IBAN: ISO 13616 with ISO/IEC 7064 MOD 97-10. A
mod-11 check digit (Dutch "elfproef") was part of bank accounts and still is of many membership and student
numbers.
"""

from __future__ import annotations

import string
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize

from pellucid.errors import ArgumentError, ShapeError, UnknownNameError, nearest
from pellucid.evaluation.checked_arrays import BoolArray, FloatArray, checked_count, checked_share
from pellucid.evaluation.confusion import normalize_rows
from pellucid.evaluation.intervals import upper_bound

KNOWN = ("mod-97", "mod-11")
HALF_WRONG = 0.5  # the most misreadings a digit that a needed accuracy is looked for at


@dataclass(frozen=True)
class Check:
    """The sum of ``weights`` (k,) times the digits has a fixed remainder modulo ``modulus``."""

    name: str
    modulus: int
    weights: tuple[int, ...]

    def passes(self, true: npt.ArrayLike, read: npt.ArrayLike) -> BoolArray:
        """Return whether fields ``read`` (F, k) pass the check that the ``true`` ones passed, (F,).

        Examples
        --------
        >>> check = known_check("mod-11", 3)
        >>> check.passes([[1, 2, 3], [1, 2, 3]], [[1, 2, 4], [1, 2, 3]])
        array([False,  True])
        """
        errors = np.asarray(read, np.int64) - np.asarray(true, np.int64)
        if errors.ndim != 2 or errors.shape[1] != len(self.weights):
            raise ShapeError(
                f"{self.name} checks fields of {len(self.weights)} digits, shape (F, {len(self.weights)}). "
                f"Received: read.shape={errors.shape}"
            )
        return np.asarray(errors @ np.array(self.weights) % self.modulus == 0)


@dataclass(frozen=True)
class UndetectedErrors:
    """The shares of all fields that are ``right``, misread and ``caught``, or misread and ``undetected``.

    ``bound`` is the upper bound (95 %) of the share of wrong fields among those that pass the check: as many
    digits are taken to be misread as can be, by Clopper and Pearson, in the pattern of those seen.
    """

    right: float
    caught: float
    undetected: float
    bound: float = 1.0

    @property
    def accepted_error(self) -> float:
        """The share of wrong fields among those that pass the check."""
        passing = self.right + self.undetected
        return self.undetected / passing if passing else 0.0

    @property
    def undetected_rate(self) -> float:
        """The share of the misread fields that pass the check."""
        wrong = self.caught + self.undetected
        return self.undetected / wrong if wrong else 0.0

    def as_dict(self) -> dict[str, float]:
        """Return the shares for JSON."""
        return {
            "right": self.right,
            "caught": self.caught,
            "slipped": self.undetected,
            "slip_rate": self.undetected_rate,
            "accepted_error": self.accepted_error,
            "accepted_error_bound": self.bound,
        }


def known_check(name: str, digits: int) -> Check:
    """Return the check called "mod-97" (the account number of a Dutch IBAN) or "mod-11".

    In the sum of an IBAN six digits follow the account number: 2321 for NL, and the two check digits, which
    are taken to be read right. For a mod-11 check digit the last digit counts once, the one before twice, ….

    Raises
    ------
    UnknownNameError
        Another name; the nearest is offered.

    Examples
    --------
    >>> known_check("mod-11", 7).weights
    (7, 6, 5, 4, 3, 2, 1)
    >>> known_check("mod-97", 10).weights[-1] == 10**6 % 97
    True
    """
    digits = checked_count(digits, "digits")
    places = range(digits - 1, -1, -1)
    if name == "mod-97":
        return Check(name, 97, tuple(pow(10, place + 6, 97) for place in places))
    if name == "mod-11":
        return Check(name, 11, tuple(place + 1 for place in places))
    raise UnknownNameError(f"There is no check {name!r}; {nearest(name, KNOWN)}")


def undetected_errors(counts: npt.ArrayLike, check: Check) -> UndetectedErrors:
    """Return what the check catches and what it misses, if digits are misread as in a confusion matrix.

    Exact, for digits that are equally frequent and misread independently of each other: the error of a place
    adds weight·(read - true) to the remainder, and the remainders of the places are convolved modulo M, by a
    discrete Fourier transform.

    Parameters
    ----------
    counts
        Confusion counts (10, 10), rows = true digit.

    Raises
    ------
    ShapeError
        Counts that are not those of ten digits.
    ArgumentError
        A digit that has no image.

    Examples
    --------
    >>> counts = 90 * np.eye(10) + 1                     # each digit is taken for each other in 1 of 100
    >>> found = undetected_errors(counts, known_check("mod-11", 7))
    >>> round(found.right, 4), round(found.undetected_rate, 3)   # a single error is always caught
    (0.5168, 0.026)
    """
    matrix = _checked_counts(counts)
    images = round(float(matrix.sum()))
    wrong = min(images, round(images - float(np.trace(matrix))))
    most = float(upper_bound(wrong, images))
    right, undetected = _passing(normalize_rows(matrix), check)
    worst = UndetectedErrors(*_with_caught(*_passing(_misreading(matrix, most), check)))
    return UndetectedErrors(*_with_caught(right, undetected), bound=worst.accepted_error)


def needed_with_check(counts: npt.ArrayLike, check: Check, target: float) -> float:
    """Return the accuracy a digit at which a share ``target`` of the fields that pass the check is wrong.

    Errors are taken as independent, and as distributed over the digits as in ``counts``.

    Examples
    --------
    >>> counts = 90 * np.eye(10) + 1
    >>> round(needed_with_check(counts, known_check("mod-11", 7), 0.002), 3)
    0.971
    """
    matrix, target = _checked_counts(counts), checked_share(target, "target")

    def excess(error: float) -> float:
        found = _with_caught(*_passing(_misreading(matrix, error), check))
        return UndetectedErrors(*found).accepted_error - target

    if excess(HALF_WRONG) <= 0:
        return 1 - HALF_WRONG
    return 1 - float(optimize.brentq(excess, 0.0, HALF_WRONG, xtol=1e-9))


def _checked_counts(counts: npt.ArrayLike) -> FloatArray:
    matrix = np.asarray(counts, np.float64)
    if matrix.shape != (10, 10):
        raise ShapeError(
            f"counts must be those of ten digits, shape (10, 10). Received: counts.shape={matrix.shape}"
        )
    if not matrix.sum(axis=1).all():
        missing = int(np.flatnonzero(matrix.sum(axis=1) == 0)[0])
        raise ArgumentError(f"Each digit must have been tested; counts has no image of digit {missing}.")
    return matrix


def _misreading(matrix: FloatArray, error: float) -> FloatArray:
    """Return the shares (10, 10), rows = true digit, where a share ``error`` is misread.

    Its errors are spread as those of ``matrix``, with one image spread evenly added: so that a pattern that
    was not seen is possible, and a reader without an error has a pattern.
    """
    other = 1 - np.eye(10)
    pattern = matrix * other + other / 90
    shares = error * 10 * pattern / pattern.sum()  # the mean of the rows' sums is the error
    most = max(1.0, float(shares.sum(axis=1).max()))  # no digit can be misread more often than always
    shares = shares / most
    return np.asarray(shares + np.diag(1 - shares.sum(axis=1)))


def _passing(shares: FloatArray, check: Check) -> tuple[float, float]:
    """Return the shares of fields that are right, and that are misread and pass; digits equally frequent."""
    shares = shares / 10
    errors = np.arange(10) - np.arange(10)[:, np.newaxis]  # read - true, (10, 10)
    spectrum = np.ones(check.modulus, np.complex128)
    for weight in check.weights:
        places = (weight * errors % check.modulus).ravel()
        spectrum *= np.fft.fft(np.bincount(places, weights=shares.ravel(), minlength=check.modulus))
    right = float(np.trace(shares)) ** len(check.weights)
    return right, max(0.0, float(spectrum.real.mean()) - right)  # the mean of a spectrum: remainder 0


def _with_caught(right: float, undetected: float) -> tuple[float, float, float]:
    return right, 1 - right - undetected, undetected


def iban_valid(iban: str) -> bool:
    """Return whether an IBAN passes its check.

    The first four characters move to the end, A becomes 10 and Z 35; modulo 97 the number must then be 1.

    Examples
    --------
    >>> iban_valid("NL91 ABNA 0417 1643 00"), iban_valid("NL91 ABNA 0417 1643 01")
    (True, False)
    """
    text = iban.replace(" ", "").upper()
    if len(text) < 5 or any(one not in string.digits + string.ascii_uppercase for one in text):
        raise ArgumentError(f"An IBAN has letters and digits only, five or more. Received: iban={iban!r}")
    return int("".join(str(int(one, 36)) for one in text[4:] + text[:4])) % 97 == 1


def mod_11_valid(number: str) -> bool:
    """Return whether a number has the right mod-11 check digit.

    The last digit counts once, the one before it twice, and so on.

    Examples
    --------
    >>> mod_11_valid("123456789"), mod_11_valid("123456788")
    (True, False)
    """
    if not number.isascii() or not number.isdigit():
        raise ArgumentError(
            f"A number with a mod-11 check digit has digits only. Received: number={number!r}"
        )
    weights = range(len(number), 0, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, number, strict=True)) % 11 == 0

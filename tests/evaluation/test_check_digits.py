import itertools

import numpy as np
import pytest

from pellucid.errors import ArgumentError, ShapeError, UnknownNameError
from pellucid.evaluation.check_digits import Check, iban_valid, known_check, mod_11_valid, undetected_errors

# Published examples: the Dutch one of the ISO 13616 registry, a British and a German one.
IBANS = ["NL91 ABNA 0417 1643 00", "GB82 WEST 1234 5698 7654 32", "DE89 3704 0044 0532 0130 00"]


@pytest.mark.parametrize("iban", IBANS)
def test_published_ibans_pass(iban):
    assert iban_valid(iban)
    assert iban_valid(iban.lower())


def test_every_single_misread_digit_of_an_iban_is_caught():
    text = IBANS[0].replace(" ", "")
    for place in (2, 3, *range(8, 18)):
        for digit in set("0123456789") - {text[place]}:
            assert not iban_valid(text[:place] + digit + text[place + 1 :])


def test_the_account_numbers_weights_agree_with_the_whole_iban():
    check, account = known_check("mod-97", 10), "0417164300"
    true = np.array([[int(digit) for digit in account]])
    for seed in range(300):
        generator = np.random.default_rng(seed)
        read = true.copy()
        places = generator.choice(10, size=generator.integers(1, 4), replace=False)
        read[0, places] = generator.integers(0, 10, len(places))
        iban = "NL91ABNA" + "".join(map(str, read[0]))
        assert bool(check.passes(true, read)[0]) == iban_valid(iban)


def test_two_misread_digits_can_undetected_errors_mod_97():
    check = known_check("mod-97", 10)
    true, slipped = np.zeros((1, 10), int), 0
    for (i, j), a, b in itertools.product(itertools.combinations(range(10), 2), range(1, 10), range(1, 10)):
        read = true.copy()
        read[0, i], read[0, j] = a, b
        slipped += bool(check.passes(true, read)[0])
    assert 0 < slipped < 45 * 81 / 20  # about one in 97


def test_the_mod_11_check_catches_one_wrong_digit_and_two_swapped():
    number = "1234560"
    valid = [f"{number[:-1]}{last}" for last in range(10) if mod_11_valid(f"{number[:-1]}{last}")]
    assert valid
    text = valid[0]
    for place in range(7):
        for digit in set("0123456789") - {text[place]}:
            assert not mod_11_valid(text[:place] + digit + text[place + 1 :])
    for place in range(6):
        swapped = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        assert swapped == text or not mod_11_valid(swapped)


def test_known_weights():
    assert known_check("mod-11", 7) == Check("mod-11", 11, (7, 6, 5, 4, 3, 2, 1))
    weights = known_check("mod-97", 10).weights
    assert weights == tuple(10**power % 97 for power in range(15, 5, -1))


def misreadings(generator):
    counts = generator.integers(0, 12, (10, 10))
    return counts + np.diag(generator.integers(150, 300, 10))


@pytest.mark.parametrize(
    "check", [known_check("mod-11", 7), known_check("mod-97", 10), Check("five", 5, (1, 2, 3))]
)
def test_undetected_errors_against_simulation(check):
    generator = np.random.default_rng(0)
    counts = misreadings(generator)
    told = undetected_errors(counts, check)
    fields = 200_000
    true = generator.integers(0, 10, (fields, len(check.weights)))
    shares = counts / counts.sum(axis=1, keepdims=True)
    read = (shares.cumsum(axis=1)[true] < generator.random((*true.shape, 1))).sum(axis=-1)
    right = (read == true).all(axis=1)
    slipped = check.passes(true, read) & ~right
    assert told.right == pytest.approx(right.mean(), abs=0.005)
    assert told.undetected == pytest.approx(slipped.mean(), abs=0.003)
    assert told.right + told.caught + told.undetected == pytest.approx(1)
    assert told.undetected_rate == pytest.approx(slipped.sum() / (~right).sum(), rel=0.15, abs=0.002)


def test_without_misreadings_nothing_slips_through():
    told = undetected_errors(np.eye(10), known_check("mod-11", 7))
    assert (told.right, told.undetected, told.undetected_rate) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: known_check("mod97", 10), UnknownNameError, "no check 'mod97'; did you mean 'mod-97'?"),
        (lambda: known_check("luhn", 10), UnknownNameError, "known are 'mod-11', 'mod-97'"),
        (lambda: known_check("mod-97", 0), ArgumentError, "Received: digits=0"),
        (
            lambda: iban_valid("NL91-ABNA"),
            ArgumentError,
            "letters and digits only.*Received: iban='NL91-ABNA'",
        ),
        (lambda: iban_valid("NL9"), ArgumentError, "five or more. Received: iban='NL9'"),
        (lambda: mod_11_valid("12a"), ArgumentError, "has digits only. Received: number='12a'"),
        (
            lambda: undetected_errors(np.eye(9), known_check("mod-97", 3)),
            ShapeError,
            r"Received: counts.shape=\(9, 9\)",
        ),
        (
            lambda: undetected_errors(np.diag([1] * 9 + [0]), known_check("mod-97", 3)),
            ArgumentError,
            "counts has no image of digit 9",
        ),
        (
            lambda: known_check("mod-11", 3).passes([[1, 2]], [[1, 2]]),
            ShapeError,
            r"mod-11 checks fields of 3 digits, shape \(F, 3\). Received: read.shape=\(1, 2\)",
        ),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()

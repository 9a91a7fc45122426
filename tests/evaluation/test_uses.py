import pytest

from pellucid.errors import ArgumentError, FileFormatError, UnknownNameError
from pellucid.evaluation.uses import find_use, load_uses, own_use


@pytest.fixture
def use_file(tmp_path):
    def write(text):
        path = tmp_path / "uses.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_built_in_uses():
    uses = load_uses()
    digits = {name: (use.least, use.digits) for name, use in uses.items()}
    assert digits == {
        "dutch-postal-code": (4, 4),
        "us-zip-code": (5, 5),
        "house-number": (1, 4),
        "iban": (10, 10),
        "student-number": (7, 7),
        "student-number-mod-11": (7, 7),
        "cheque-amount": (1, 7),
        "exam-grade": (2, 2),
        "census-entry": (2, 2),
        "medication-dose": (1, 4),
    }
    checks = {name: use.check.name for name, use in uses.items() if use.check}
    assert checks == {"iban": "mod-97", "student-number-mod-11": "mod-11"}


@pytest.mark.parametrize("name", load_uses())
def test_every_built_in_use_says_why_and_what_an_error_costs(name):
    use = load_uses()[name]
    assert use.title
    assert use.reason.endswith(".")
    assert use.error
    assert 0 < use.target <= 0.02
    assert use.error_cost > use.check_cost > 0
    assert use.check_seconds > 0


def test_a_users_own_file_adds_and_replaces(use_file):
    path = use_file(
        """
        [parcel-code]
        digits = 6
        target = 0.005
        check = "mod-11"

        [iban]
        title = "Our accounts"
        digits = 9
        target = 0.001
        """
    )
    uses = load_uses(path)
    assert uses["parcel-code"].check.weights == (6, 5, 4, 3, 2, 1)
    assert (uses["parcel-code"].title, uses["parcel-code"].error_cost) == ("parcel-code", None)
    assert (uses["iban"].title, uses["iban"].digits, uses["iban"].check) == ("Our accounts", 9, None)
    assert "census-entry" in uses


def test_own_use():
    assert own_use(1, 0.001).title == "a field of 1 digit"
    assert own_use(10, 0.001, check="mod-97").check.modulus == 97


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (
            "[a]\ndigits=4\ntarget=0.01\ntarge=1",
            UnknownNameError,
            "Use 'a' in .* has an unknown key 'targe': did you mean",
        ),
        (
            "[a]\ndigits=4\ntarget=0.01\ncolour='red'",
            UnknownNameError,
            "unknown key 'colour': known are 'check', ",
        ),
        ("[a]\ntitle='x'", ArgumentError, "Use 'a' in .*uses.toml lacks digits and target"),
        (
            "[a]\ndigits=0\ntarget=0.01",
            ArgumentError,
            r"digits must be .* or \[least, most\]. Received: digits=0",
        ),
        ("[a]\ndigits=[4,2]\ntarget=0.01", ArgumentError, r"Received: digits=\[4, 2\]"),
        ("[a]\ndigits=[1,2,3]\ntarget=0.01", ArgumentError, r"Received: digits=\[1, 2, 3\]"),
        ("[a]\ndigits=2.5\ntarget=0.01", ArgumentError, "Received: digits=2.5"),
        ("[a]\ndigits=true\ntarget=0.01", ArgumentError, "Received: digits=True"),
        (
            "[a]\ndigits=4\ntarget=1.0",
            ArgumentError,
            "target must lie strictly between 0 and 1. Received: target=1.0",
        ),
        ("[a]\ndigits=4\ntarget=0", ArgumentError, "strictly between 0 and 1. Received: target=0$"),
        (
            "[a]\ndigits=4\ntarget='low'",
            ArgumentError,
            "between 0 and 1. Received: target='low'",
        ),
        (
            "[a]\ndigits=4\ntarget=0.1\nerror_cost=-1",
            ArgumentError,
            r"takes error_cost as a number in \[0, inf\)\. Received: error_cost=-1",
        ),
        (
            "[a]\ndigits=4\ntarget=0.1\ncheck='mod97'",
            UnknownNameError,
            "no check 'mod97'; did you mean 'mod-97'?",
        ),
        ("a = 3", ArgumentError, r"Use 'a' in .* must be a table, begun by \[a\]\. Received: a=3"),
        ("[a\n", FileFormatError, "The use file .*uses.toml is not TOML: "),
    ],
)
def test_files_that_cannot_be_used(use_file, text, error, message):
    with pytest.raises(error, match=message):
        load_uses(use_file(text))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileFormatError, match=r"The use file .*nowhere.toml cannot be read: No such file"):
        load_uses(tmp_path / "nowhere.toml")


def test_a_file_that_is_no_text(tmp_path):
    path = tmp_path / "uses.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FileFormatError, match="is not TOML"):
        load_uses(path)


def test_names():
    assert find_use("iban", load_uses()).digits == 10
    with pytest.raises(UnknownNameError, match=r"There is no use 'exam-grad'; did you mean 'exam-grade'\?"):
        find_use("exam-grad", load_uses())


@pytest.mark.parametrize(
    ("digits", "target", "message"),
    [
        (0, 0.1, "digits is a whole number of at least 1. Received: digits=0"),
        (4, 0.0, "target must lie strictly between 0 and 1. Received: target=0.0"),
        (4, 1.5, "target must lie strictly between 0 and 1. Received: target=1.5"),
    ],
)
def test_own_uses_that_cannot_be(digits, target, message):
    with pytest.raises(ArgumentError, match=message):
        own_use(digits, target)

from pellucid.examiner.student_errors import describe_exception


def test_an_exception_in_words():
    assert describe_exception(SystemExit(1)) == "it stops the whole program (sys.exit)"
    assert describe_exception(RecursionError("deep")) == "it calls itself without end (RecursionError)"
    ambiguous = ValueError("The truth value of an array with more than one element is ambiguous")
    assert "an if looks at one value; a whole array needs np.maximum" in describe_exception(ambiguous)

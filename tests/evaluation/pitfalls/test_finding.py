from pellucid.evaluation.pitfalls.finding import Finding


def test_text_and_json():
    finding = Finding("a-code", "Wrong.", "Seen.", "Do this.")
    assert str(finding) == "Wrong. Seen. Do this."
    assert finding.as_dict() == {
        "code": "a-code",
        "message": "Wrong.",
        "evidence": "Seen.",
        "fix": "Do this.",
    }

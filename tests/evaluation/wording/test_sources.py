"""What test_sources does not already read in full."""

from pellucid.evaluation.sources import SourceComparison
from pellucid.evaluation.wording import with_sentences


def test_how_other_images_differ():
    said = with_sentences(SourceComparison(100, 5000, 0.0004, 0.5, 0.9))["sentence"]
    assert (
        "(p = 0.0004; 1 % false alarms, 6 % where few people wrote): the network answers differently: its "
        "answers are more unusual. They are from another source, or by a writer unlike the others." in said
    )
    surer = with_sentences(SourceComparison(100, 5000, 0.0004, 0.9, 0.5))
    assert "the network is surer of them than of the test images." in surer["sentence"]
    assert surer["differs"] is True

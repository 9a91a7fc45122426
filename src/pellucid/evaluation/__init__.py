"""From predictions to estimates: how good, whether a difference is real, and whether it is good enough.

Works on labels, probabilities, histories and configurations, whichever engine made them. Results are
numbers with their intervals; :mod:`pellucid.evaluation.wording` puts them into sentences.
"""

from pellucid.evaluation.calibration import (
    Calibration,
    ReliabilityBin,
    apply_temperature,
    expected_calibration_error,
    fit_temperature,
    measure_calibration,
    reliability_curve,
)
from pellucid.evaluation.comparison import Comparison, compare, compare_all, holm, mcnemar, paired_difference
from pellucid.evaluation.confusion import (
    Confusion,
    confusion_matrix,
    most_confident_mistakes,
    most_confused,
    normalize_rows,
)
from pellucid.evaluation.field_assessment import FieldAssessment
from pellucid.evaluation.fields import (
    FieldAccuracy,
    draw_fields,
    field_accuracy,
    needed_accuracy,
    split_by_writer,
)
from pellucid.evaluation.generalisation import Accuracies, Generalisation, LossCurve, read_curves
from pellucid.evaluation.intervals import Estimate, bootstrap, proportion, upper_bound
from pellucid.evaluation.metrics import (
    ClassMetrics,
    Evaluation,
    accuracy,
    correct,
    cross_entropy_loss,
    cross_entropy_losses,
    evaluate,
    f1_scores,
    per_class,
    top_k_accuracy,
)
from pellucid.evaluation.pitfalls import Finding, find_pitfalls
from pellucid.evaluation.predictions import Predictions, check_same_test_set, predictions_of
from pellucid.evaluation.reject import (
    Guarantee,
    RiskCoverage,
    ThresholdOutcome,
    guarantee,
    outcome,
    risk_coverage,
)
from pellucid.evaluation.seconds import (
    EpochSeconds,
    SecondsCompared,
    TimedRun,
    compare_seconds,
    epoch_seconds,
)
from pellucid.evaluation.seeds import SeedComparison, SeedStudy, compare_over_seeds, study_seeds
from pellucid.evaluation.sources import SourceComparison, compare_sources
from pellucid.evaluation.sufficiency import Assessment, assess, assess_all
from pellucid.evaluation.training_accuracy import training_measure
from pellucid.evaluation.uses import Use, find_use, load_uses, own_use
from pellucid.evaluation.wording import sentence, with_sentences
from pellucid.evaluation.wording.generalisation import generalisation_sentences, what_changed
from pellucid.evaluation.wording.sufficiency import detail_sentences
from pellucid.evaluation.wording.training_accuracy import training_accuracies_differ_in_kind

__all__ = [
    "Accuracies",
    "Assessment",
    "Calibration",
    "ClassMetrics",
    "Comparison",
    "Confusion",
    "EpochSeconds",
    "Estimate",
    "Evaluation",
    "FieldAccuracy",
    "FieldAssessment",
    "Finding",
    "Generalisation",
    "Guarantee",
    "LossCurve",
    "Predictions",
    "ReliabilityBin",
    "RiskCoverage",
    "SecondsCompared",
    "SeedComparison",
    "SeedStudy",
    "SourceComparison",
    "ThresholdOutcome",
    "TimedRun",
    "Use",
    "accuracy",
    "apply_temperature",
    "assess",
    "assess_all",
    "bootstrap",
    "check_same_test_set",
    "compare",
    "compare_all",
    "compare_over_seeds",
    "compare_seconds",
    "compare_sources",
    "confusion_matrix",
    "correct",
    "cross_entropy_loss",
    "cross_entropy_losses",
    "detail_sentences",
    "draw_fields",
    "epoch_seconds",
    "evaluate",
    "expected_calibration_error",
    "f1_scores",
    "field_accuracy",
    "find_pitfalls",
    "find_use",
    "fit_temperature",
    "generalisation_sentences",
    "guarantee",
    "holm",
    "load_uses",
    "mcnemar",
    "measure_calibration",
    "most_confident_mistakes",
    "most_confused",
    "needed_accuracy",
    "normalize_rows",
    "outcome",
    "own_use",
    "paired_difference",
    "per_class",
    "predictions_of",
    "proportion",
    "read_curves",
    "reliability_curve",
    "risk_coverage",
    "sentence",
    "split_by_writer",
    "study_seeds",
    "top_k_accuracy",
    "training_accuracies_differ_in_kind",
    "training_measure",
    "upper_bound",
    "what_changed",
    "with_sentences",
]

"""The gradient checker: is a backward right, and if not, what is wrong? Begin reading in ``check.py``."""

from pellucid.functions.gradients.check import check_gradients
from pellucid.functions.gradients.report import GradientReport

__all__ = ["GradientReport", "check_gradients"]

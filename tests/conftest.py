"""What all tests share: how hard Hypothesis tries, and which skips are not allowed in CI."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# The same examples each time, so that a red test is red again; "search" looks for new ones.
settings.register_profile(
    "default", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", deadline=None, max_examples=1000, suppress_health_check=list(HealthCheck))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Where PELLUCID_NO_SKIPS is set, let a test fail that skips for want of data or of a package."""
    report = yield
    if report.skipped and os.environ.get("PELLUCID_NO_SKIPS") and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2])
        if item.get_closest_marker("data") or "could not import" in reason:
            report.outcome = "failed"
            report.longrepr = (
                f"this test may not be skipped here (PELLUCID_NO_SKIPS is set), but was: {reason}"
            )
    return report

"""Whether the networks that are trained are those that are tested."""

from __future__ import annotations

from collections.abc import Sequence

from pellucid.examiner.written.findings import Finding
from pellucid.examiner.written.values import Network


def wrongly_tested(networks: Sequence[Network]) -> list[Finding]:
    """Return a finding for each test of a network that is not the one trained last, which is never tested."""
    tests = [(network, one) for network in networks for one in network.evaluations]
    found = []
    for network, test in sorted(tests, key=lambda pair: pair[1].time):
        trained = [(fit.time, one) for one in networks for fit in one.fits if fit.time < test.time]
        if not network.fits and network.compilation is not None:
            found.append(Finding("", f"{_name(network)} is tested, but never trained.", test.line, False))
        elif trained:
            last = max(trained, key=lambda pair: pair[0])[1]
            if last is not network and not last.evaluations:
                words = (
                    f"{_name(network)} is tested here, but the network that was trained just before, "
                    f"{_name(last)}, is never tested. Is it the right one?"
                )
                found.append(Finding("", words, test.line, False))
    return found


def _name(network: Network) -> str:
    return network.name or "A network without a name"

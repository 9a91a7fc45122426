"""Library configurations by name."""

from __future__ import annotations

import pytest

from pellucid.bench.variants import of_family
from pellucid.errors import UnknownNameError


def test_an_unknown_library():
    with pytest.raises(UnknownNameError, match=r"no library .pytorch. to compare with: did you mean .torch."):
        of_family("pytorch")

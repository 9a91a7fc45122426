"""The format's description names everything that the code asks for."""

import pytest

import pellucid.runs
from pellucid.runs.documents import HISTORY_COLUMNS, REQUIRED
from pellucid.runs.folder import FORMAT, SEALED, VERSION
from pellucid.runs.pictures import ARRAYS

KEYS = {part for paths in REQUIRED.values() for path in paths for part in path.split(".")}


@pytest.mark.parametrize("name", sorted({*KEYS, *HISTORY_COLUMNS, *ARRAYS, *REQUIRED, *SEALED}))
def test_the_description_names_it(name):
    assert f"``{name}``" in pellucid.runs.__doc__


def test_the_description_is_of_this_version():
    assert f"**version {VERSION}**" in pellucid.runs.__doc__
    assert f'``format`` "{FORMAT}"; ``version`` {VERSION};' in pellucid.runs.__doc__

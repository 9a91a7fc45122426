"""The format's description names everything that the code asks for."""

import pytest

import pellucid.runfolder
from pellucid.runfolder.documents import HISTORY_COLUMNS, REQUIRED
from pellucid.runfolder.folder import FORMAT, SEALED, VERSION
from pellucid.runfolder.pictures import ARRAYS

KEYS = {part for paths in REQUIRED.values() for path in paths for part in path.split(".")}


@pytest.mark.parametrize("name", sorted({*KEYS, *HISTORY_COLUMNS, *ARRAYS, *REQUIRED, *SEALED}))
def test_the_description_names_it(name):
    assert f"``{name}``" in pellucid.runfolder.__doc__


def test_the_description_is_of_this_version():
    assert f"**version {VERSION}**" in pellucid.runfolder.__doc__
    assert f'``format`` "{FORMAT}"; ``version`` {VERSION};' in pellucid.runfolder.__doc__

"""Every optimizer goes the way that PyTorch's of the same name goes, for 100 steps."""

import json
from pathlib import Path

import numpy as np
import pytest

from gdutils import landscapes, optimizers
from gdutils.landscapes import walk

FILE = Path(__file__).parent / "reference" / "torch_trajectories.json"
REFERENCE = json.loads(FILE.read_text())["trajectories"]


def name_of(record):
    return f"{record['optimizer']}-{record['function']}-{record['settings'].get('eps', 'default')}"


@pytest.mark.parametrize("record", REFERENCE, ids=name_of)
def test_follows_torch(record):
    optimizer = getattr(optimizers, record["optimizer"])(**record["settings"])
    wanted = np.array(record["path"])
    assert np.abs(np.diff(wanted, axis=0)).max() > 1e-3  # so far that a wrong step would show
    path = walk(getattr(landscapes, record["function"])(), optimizer, wanted[0], steps=100)
    np.testing.assert_allclose(path, wanted, rtol=1e-10, atol=1e-10, equal_nan=False)


def test_every_optimizer_has_a_reference():
    assert {record["optimizer"] for record in REFERENCE} == set(optimizers.__all__)

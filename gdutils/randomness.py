"""One way to ask for random numbers: `random_state`, as scikit-learn does it.

Nothing here or elsewhere in the package draws from NumPy's global generator. scikit-learn's own
`check_random_state` gives the same; importing it takes longer than all else of a first panel.
"""

from __future__ import annotations

from copy import deepcopy
from numbers import Integral
from typing import Any

import numpy as np

from gdutils.checks import brief

__all__ = ["fixed", "make_rng"]


def make_rng(random_state: Any) -> np.random.RandomState:
    """Return the generator that `random_state` stands for.

    Parameters
    ----------
    random_state : int, numpy.random.RandomState or None
        A seed gives a new generator, a generator is handed back (and may be shared), None gives a
        new generator seeded by the operating system.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if isinstance(random_state, np.random.RandomState):
        return random_state
    if random_state is None:
        return np.random.RandomState()
    if not isinstance(random_state, Integral) or not 0 <= int(random_state) < 2**32:
        raise ValueError(
            "random_state must be a whole number from 0 to 2**32 - 1, a numpy.random.RandomState or None, "
            f"got {brief(random_state)}"
        )
    return np.random.RandomState(int(random_state))


def fixed(random_state: Any) -> int | np.random.RandomState:
    """Return what gives the same numbers whenever a copy of it is asked: a seed, or a generator of one's own.

    Parameters and errors are those of `make_rng`; None is settled here, once.
    """
    rng = make_rng(random_state)
    return int(random_state) if isinstance(random_state, Integral) else deepcopy(rng)

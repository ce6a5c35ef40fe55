"""The base of models and optimizers: settings checked by their names, formulas that see checked arguments."""

from dataclasses import dataclass, fields
from functools import wraps
from numbers import Real
from types import MethodType

import numpy as np

# What is right, in words and as a test; a rule for a name (beta1 is a beta) comes before that for a type.
RULES = {
    "beta": ("a number from 0 up to, but not including, 1", lambda value: 0 <= value < 1),
    "reg": ("a finite number of at least 0", lambda value: 0 <= value < np.inf),
    "epochs": ("a whole number of at least 0", lambda value: 0 <= value < np.inf),
    "random_state": (
        "a whole number from 0 to 2**32 - 1, a numpy.random.RandomState or None",
        lambda value: 0 <= value < 2**32,
    ),
    "n_classes": ("a whole number of at least 2", lambda value: 2 <= value < np.inf),
    "int": ("a whole number of at least 1", lambda value: 1 <= value < np.inf),
    "float": ("a positive, finite number", lambda value: 0 < value < np.inf),
}


@dataclass(frozen=True)
class Checked:
    """Settings, frozen, and pure functions of them.

    A field annotated as int or float is checked by `RULES` when the object is made. A method that ``guards``
    names sees only what the check named there returns; its attribute ``formula`` is the formula alone.
    """

    def __init_subclass__(cls):
        # Not by a decorator at each formula: `make mutate` passes over decorated methods.
        for name in cls.guards.keys() & vars(cls).keys():
            setattr(cls, name, guarded(vars(cls)[name], cls.guards[name]))

    def __post_init__(self):
        for field in fields(self):
            kind = getattr(field.type, "__name__", field.type)
            if kind in ("int", "float"):
                value = check_number(field.name, getattr(self, field.name), kind)
                object.__setattr__(self, field.name, value)


def guarded(formula, check):
    """Put a check of the arguments before a formula; `inspect` still shows the formula."""

    @wraps(formula)
    def method(self, *arguments, **named):
        return formula(self, *getattr(self, check)(*arguments, **named))

    method.formula = formula
    return method


def unguarded(method):
    """Return a method without its check, for a loop that has checked its arguments once."""
    formula = getattr(method, "formula", None)
    return method if formula is None else MethodType(formula, method.__self__)


def check_number(name, value, kind):
    """Return a number as a plain int or float, if it is right by the rule for its name, or else for its kind.

    Raises
    ------
    TypeError
        If it is not a number.
    ValueError
        If it is not in the range.
    """
    right, test = RULES.get(name.rstrip("12"), RULES[kind])
    if not isinstance(value, Real) or isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be {right}, got {value!r}")
    if not test(value) or (kind == "int" and value != int(value)):
        raise ValueError(f"{name} must be {right}, got {value!r}")
    return int(value) if kind == "int" else float(value)


def make_rng(random_state):
    """Return the generator of a seed, the RandomState given, or, for None, a new one.

    scikit-learn's `check_random_state` returns the global generator, which is the caller's, for None; and it
    takes longer to import than all else here.
    """
    if isinstance(random_state, np.random.RandomState):
        return random_state
    if random_state is not None:
        random_state = check_number("random_state", random_state, "int")
    return np.random.RandomState(random_state)

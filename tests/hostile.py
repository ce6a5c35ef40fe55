"""The kinds of arguments: what each may be and what it may not, and a trial of all that."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.quiver import Quiver
from scipy import sparse

from gdutils import models, optimizers
from gdutils.checks import brief


@dataclass(frozen=True)
class Kind:
    """A good value, other forms of the same, what may pass or be refused, and what must be refused."""

    good: Any
    same: Mapping[str, Any] = field(default_factory=dict)
    either: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, Any] = field(default_factory=dict)
    says: str = ""  # a pattern: what a refusal calls it, where that is not the name of the argument

    def but(self, *left_out: str, **changes: Any) -> "Kind":
        """Return the kind without some of its values, and with others."""
        found: dict[str, Any] = {"good": self.good, "says": self.says} | changes
        for how in ("same", "either", "wrong"):
            kept = {name: value for name, value in getattr(self, how).items() if name not in left_out}
            found[how] = kept | changes.get(how, {})
        return Kind(**found)


class Fresh:
    """A value that is used up: made anew for each call."""

    def __init__(self, make):
        self.make = make


def made(value):
    return value.make() if isinstance(value, Fresh) else value


class Refuses:
    """An object that gives neither its array nor its words."""

    def __array__(self, *arguments, **named):
        raise RuntimeError("no array of mine")

    def __repr__(self):
        raise RuntimeError("no words of mine")


class Own(np.ndarray):
    """An array of a class of one's own."""


# Numbers. ---

ENDLESS = 10**5_000  # more digits than Python writes
NO_NUMBERS = {
    "None": None, "text": "1", "bytes": b"1", "a complex number": 1j, "a list": [1.0], "a function": len,
    "numbers": np.array([1.0, 2.0]), "a truth value": True, "a missing value": pd.NA, "refuses": Refuses(),
}  # fmt: skip


def given(good):
    """Return the kind of what is not swapped."""
    return Kind(good)


def scalar(good, *refused):
    """Return the kind of a number, with what is out of its range."""
    same = {"NumPy's": np.float64(good), "a fraction": Fraction(good)}
    same |= {"single precision": np.float32(good)} if np.float32(good) == good else {}
    same |= {"an integer": int(good), "a small integer": np.int8(good)} if good == int(good) else {}
    out = (*refused, np.nan, np.inf, -np.inf, 10**400, ENDLESS)
    return Kind(good, same, {"0-d": np.array(good)}, NO_NUMBERS | {brief(value): value for value in out})


def number(good):
    return scalar(good)


def positive(good):
    return scalar(good, 0, -1.0, -ENDLESS)


def nonnegative(good):
    return scalar(good, -1e-9, -1)


def fraction(good):
    return scalar(good, -0.1, 1, 1.5)


def count(good, *refused):
    """Return the kind of a whole number of at least 1."""
    same = {"NumPy's": np.int64(good), "small": np.int8(good)}
    out = (0, -1, good + 0.5, np.nan, np.inf, -ENDLESS, *refused)
    wrong = NO_NUMBERS | {brief(value): value for value in out}
    return Kind(good, same, {"0-d": np.array(good), "a float": float(good)}, wrong)


def optional(kind):
    return kind.but("None")


# Arrays. ---


def frame(array):
    return (pd.DataFrame if array.ndim == 2 else pd.Series)(array, index=range(70, 70 - len(array), -1))


FORMS = {
    "a list": lambda a: a.tolist(),
    "a tuple": lambda a: tuple(a.tolist()),
    "every other": lambda a: np.repeat(a, 2, axis=0)[::2],
    "columns first": np.asfortranarray,
    "a transpose": lambda a: np.ascontiguousarray(a.T).T,
    "backwards": lambda a: a[::-1].copy()[::-1],
    "another byte order": lambda a: a.astype(a.dtype.newbyteorder()),
    "extended precision": lambda a: a.astype(np.longdouble),
    "single precision": lambda a: a.astype(np.float32),
    "half precision": lambda a: a.astype(np.float16),
    "integers": lambda a: a.astype(np.int64),
    "small integers": lambda a: a.astype(np.int8),
    "small integers above 0": lambda a: a.astype(np.uint8),
    "truth values": lambda a: a.astype(bool),
    "a frame": frame,
    "masked, nothing hidden": np.ma.array,
    "a class of one's own": lambda a: a.view(Own),
}
FEW = ("a list", "every other", "backwards", "single precision", "small integers", "a frame")


def forms(array, names=FORMS):
    """Return other forms of an array: those that hold the same numbers."""
    found = {"read-only": array.copy()}
    found["read-only"].flags.writeable = False
    for name in names:
        if array.ndim or name not in ("a tuple", "every other", "backwards", "a frame"):
            with np.errstate(all="ignore"):
                form = FORMS[name](array)
            if np.array_equal(np.asarray(form), array):
                found[name] = form
    return found


def no_arrays(array):
    """Return what is no array of real numbers, most of it made of one."""
    flat = array.ravel().tolist()
    return {
        "None": None,
        "text": array.astype(str),
        "a word": "abc",
        "complex": array + 1j,
        "dates": np.full(array.shape, np.datetime64("2024-01-01")),
        "hidden values": np.ma.array(array, mask=np.arange(array.size).reshape(array.shape) == 0),
        "ragged": [[1.0], [1.0, 2.0]],
        "a dict": {"a": 1.0},
        "a set": set(flat),
        "a generator": Fresh(lambda: (value for value in flat)),
        "refuses": Refuses(),
        "a function": np.mean,
    }


def spoiled(array, value):
    array = np.array(array, dtype=float)
    array.flat[0] = value
    return array


NO_END = {"NaN": np.nan, "infinity": np.inf, "minus infinity": -np.inf}
FAR = {"1e+160": 1e160, "-1e+300": -1e300}


def array(good, shapes=None, *, finite=False, names=FORMS, dtype=float):
    """Return the kind of an array: `shapes` are wrong ones; `finite` is one in which NaN is refused."""
    good = np.array(good, dtype=dtype)
    endless = {name: spoiled(good, value) for name, value in NO_END.items()}
    either = {"objects": good.astype(object)} | {name: spoiled(good, value) for name, value in FAR.items()}
    if good.ndim in (1, 2):
        either["huge integers"] = np.full(good.shape, 10**30, dtype=object).tolist()
        either |= {"objects in a frame": frame(good).astype(object), "nullable": frame(good).convert_dtypes()}
    if good.ndim == 2:
        either["sparse"] = sparse.csr_array(good)
    wrong = no_arrays(good) | (shapes or {}) | (endless if finite else {})
    return Kind(good, forms(good, names), either | ({} if finite else endless), wrong)


def table(good, **how):
    good = np.array(good, dtype=float)
    shapes = {
        "flat": good[:, 0], "a cube": good[:, :, np.newaxis], "too wide": np.hstack([good, good]),
        "empty": [], "a number": 1.0, "no columns": good[:, :0], "no rows": good[:0], "fewer rows": good[:-1],
        "one row": good[:1],
    }  # fmt: skip
    return array(good, shapes, **how)


def alone(kind):
    """Return the kind of a table whose rows belong to nothing else."""
    return kind.but("fewer rows", "one row")


def values(good, **how):
    good = np.array(good, dtype=how.get("dtype", float))
    shapes = {
        "a column": good[:, np.newaxis], "a row": good[np.newaxis], "a number": good[0], "fewer": good[:-1],
        "one": good[:1], "twice as many": np.concatenate([good, good]), "empty": [],
    }  # fmt: skip
    return array(good, shapes, **how)


def labels(good, **how):
    kind, floats = values(good, **how | {"finite": True, "dtype": int}), np.array(good, dtype=float)
    far = {name: kind.either[name] for name in FAR}
    wrong = far | {"another label": spoiled(good, 9), "half a label": floats + 0.5}
    return kind.but(*FAR, same={"floats": floats}, wrong=wrong)


def pairs(good, *, names=FORMS, finite=True):
    good = np.array(good)
    kind = table(good, finite=finite)
    floats = {"floats": good.astype(float), "single precision": good.astype(np.float32)}
    wrong = {"too large": np.where(good == good.max(), 99, good), "below 0": np.where(good == 0, -1, good)}
    whole = forms(good, [name for name in names if "precision" not in name])
    far = {name: kind.either[name] for name in FAR}
    objects = {name: value for name, value in kind.either.items() if name not in FAR}
    return Kind(good, whole, objects | floats, kind.wrong | wrong | far)


def params(good):
    """Return the kind of a dict of parameters: all of them in another form, or one of them spoiled."""
    good = {name: np.array(theta, dtype=float) for name, theta in good.items()}
    every = {name: forms(theta) for name, theta in good.items()}
    shared = set.intersection(*(set(each) for each in every.values()))
    same = {what: {name: every[name][what] for name in good} for what in shared}
    either, wrong = {}, {"one more": good | {"extra": np.ones(2)}}
    for name, theta in good.items():
        kind = array(theta)
        either |= {f"{name}: {what}": good | {name: each} for what, each in kind.either.items()}
        wrong |= {f"{name}: {what}": good | {name: each} for what, each in kind.wrong.items()}
        wrong[f"{name}: one more dimension"] = good | {name: theta[..., np.newaxis]}
        wrong[f"{name}: twice as much"] = good | {name: np.stack([theta, theta])}
        wrong[f"{name} missing"] = {k: v for k, v in good.items() if k != name}
    wrong |= {"None": None, "a list": list(good.values()), "text": "w", "an array": np.ones(2)}
    return Kind(good, same, either, {k: v for k, v in wrong.items() if "generator" not in k})


# Everything else. ---

NO_LIST = {"None": None, "a number": 3, "text": "abc", "an array": np.ones(2), "a list of numbers": [1, 2]}
NO_MODELS = {"None": None, "text": "LinearRegression", "a class": models.LinearRegression, "a number": 3}
NO_OPTIMIZERS = {"None": None, "text": "SGD", "a class": optimizers.SGD, "a number": 0.1}
OPTIMIZER = Kind(optimizers.SGD(0.1), wrong=NO_OPTIMIZERS)
SEEDS = (-1, 2**32, 1.5, "3", b"3", np.nan, [3], ENDLESS, np.random, np.random.default_rng(3))
RANDOM_STATE = Kind(
    3,
    {"NumPy's": np.int64(3), "small": np.uint8(3), "a generator": Fresh(lambda: np.random.RandomState(3))},
    {"None": None, "a truth value": True, "0-d": np.array(3)},
    {brief(seed): seed for seed in SEEDS},
)


def axes():
    ax = Figure().add_axes((0, 0, 1, 1))
    ax.set(xlim=(-3, 3), ylim=(-3, 3))
    return ax


NO_AXES = {"None": None, "text": "ax", "a figure": Figure(), "an array": np.zeros(2), "a number": 3}
AXES = Kind(Fresh(axes), wrong=NO_AXES)


def model(good):
    return Kind(good, wrong=NO_MODELS)


def function(good):
    return Kind(good, wrong={"None": None, "a number": 3.0, "text": "f", "a list": [len]})


def text(good, *, may_be_empty=False):
    wrong = {"None": None, "a number": 3, "bytes": b"x", "a list": ["x"], "NaN": np.nan}
    return Kind(good, wrong=wrong if may_be_empty else wrong | {"nothing": "", "a space": " "})


def names(good):
    n = len(good)
    same = {"a tuple": tuple(good), "an array": np.array(good), "an index": pd.Index(good)}
    wrong = {"one text": good[0], "a number": 3, "numbers": [3.0] * n, "None": [None] * n}
    wrong |= {"too many": [*good, "x", "y"], "lists": [[each] for each in good], "bytes": [b"x"] * n}
    return Kind(list(good), same, wrong=wrong)


def listed(good, **wrong):
    """Return the kind of a list of things, at least one."""
    return Kind(good, {"a tuple": tuple(good)}, wrong=NO_LIST | {"nothing": []} | wrong)


def mapping(good, **wrong):
    return Kind(good, wrong=NO_LIST | wrong)


NO_PATHS = {"None": None, "a number": 3, "bytes": b"x", "a list": ["x"], "an array": np.ones(2)}


def path_of(path):
    wrong = NO_PATHS | {"a folder": path.parent}
    return Kind(path, {"as text": str(path)}, wrong=wrong, says=f"path|{path.parent.name}")


# A trial. ---


def drawn(artist):
    """Return the numbers that an artist draws."""
    if isinstance(artist, Line2D):
        return np.asarray(artist.get_xydata(), dtype=float)
    if isinstance(artist, AxesImage):
        return np.ma.filled(artist.get_array(), -1)
    if isinstance(artist, LineCollection):
        return [np.asarray(segment) for segment in artist.get_segments()]
    if isinstance(artist, Quiver):
        return [np.ma.filled(each, 0) for each in (artist.U, artist.V, artist.get_offsets())]
    return np.ma.filled(artist.get_offsets(), -1)


def alike(found, wanted):
    """Return whether two results are the same, to single precision."""
    if isinstance(wanted, np.random.RandomState):
        return alike(*(each.get_state(legacy=False) for each in (found, wanted)))
    if isinstance(wanted, pd.DataFrame | pd.Series):
        return type(found) is type(wanted) and found.equals(wanted)
    if isinstance(wanted, np.ndarray | np.number | float) and np.asarray(wanted).dtype.kind in "fc":
        close = {"rtol": 1e-5, "atol": 1e-6, "equal_nan": True}
        return np.shape(found) == np.shape(wanted) and np.allclose(found, wanted, **close)
    if isinstance(wanted, np.ndarray):
        return np.array_equal(found, wanted)
    if isinstance(wanted, Mapping):
        return found.keys() == wanted.keys() and all(alike(found[key], wanted[key]) for key in wanted)
    if isinstance(wanted, list | tuple):
        return len(found) == len(wanted) and all(map(alike, found, wanted))
    if isinstance(wanted, Artist):
        return type(found) is type(wanted) and alike(drawn(found), drawn(wanted))
    if is_dataclass(wanted) and not isinstance(wanted, type):
        pairs = [(getattr(found, each.name), getattr(wanted, each.name)) for each in fields(wanted)]
        return type(found) is type(wanted) and all(alike(*pair) for pair in pairs)
    return found == wanted


def copied(value):
    """Return a deep copy of what can be changed."""
    if isinstance(value, np.ndarray):
        copy = value.copy()
        copy.flags.writeable = value.flags.writeable
        return copy
    if isinstance(value, Mapping):
        return {key: copied(each) for key, each in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(copied, value))
    return value.copy() if isinstance(value, pd.DataFrame | pd.Series) else value


def unchanged(now, before):
    """Return whether what was handed in is as it was, arrays down to their flags."""
    if type(now) is not type(before):
        return False
    if isinstance(before, np.ndarray):
        flags = now.flags.writeable == before.flags.writeable
        return flags and now.dtype == before.dtype and now.tobytes() == before.tobytes()
    if isinstance(before, pd.DataFrame | pd.Series):
        return now.equals(before)
    if isinstance(before, Mapping):
        return now.keys() == before.keys() and all(unchanged(now[key], before[key]) for key in before)
    if type(before) in (list, tuple):
        return len(now) == len(before) and all(map(unchanged, now, before))
    return True


def call(row, changes=()):
    """Call what a row is about with good arguments but for some; none may be changed by it."""
    function, kinds = row
    arguments = {argument: made(kind.good) for argument, kind in kinds.items()}
    arguments |= {argument: made(value) for argument, value in dict(changes).items()}
    before = copied(arguments)
    try:
        found = function(**arguments)
        return list(found) if isinstance(found, Iterator) else found
    finally:
        assert unchanged(arguments, before), "an argument was changed"


def traces(value):
    """Yield what tells a value in a sentence."""
    value = made(value)
    yield brief(value)[:30]
    yield type(value).__name__
    if isinstance(value, str | Path):
        yield f"“{value}”"
        yield from [str(value)] if str(value) else []
    elif isinstance(value, pd.DataFrame):
        yield from [repr(name) for name in value] or ["the columns are"]
    elif isinstance(value, Mapping | list | tuple):
        yield str(sorted(value, key=str)) if isinstance(value, Mapping) else "rows of one length"
        yield from map(brief, value)
        for each in list(value.values() if isinstance(value, Mapping) else value)[:6]:
            yield from traces(each)
    try:
        array = np.asarray(value)
    except Exception:
        return
    yield from (str(array.shape), f"dtype {array.dtype}", *([str(len(array))] if array.ndim else []))
    if array.dtype.kind in "fiu" and array.size:
        yield from (f"{array.flat[0]:g}", str(array.flat[0]))


def complaint(argument, kind, value, error):
    """Return what is wrong with a refusal; nothing, if it is a TypeError or a ValueError that says enough."""
    if not isinstance(error, TypeError | ValueError):
        return f"{type(error).__name__}: {error}"
    said = str(error)
    if not re.search(rf"\b({kind.says or argument})\b", said):
        return f"does not name {argument}: {said[:200]}"
    if not any(trace in said for trace in traces(value)):
        return f"does not say what was found: {said[:200]}"
    return ""


def faults_of(row, argument, plain):
    """Yield what goes wrong when one argument of a row is swapped for all that its kind knows."""
    kind = row[1][argument]
    for how in ("same", "either", "wrong"):
        for what, value in getattr(kind, how).items():
            fault = ""
            try:
                found = call(row, {argument: value})
            except Exception as error:
                fault = complaint(argument, kind, value, error)
                if not fault and how == "same":
                    fault = f"refused: {error}"
            else:
                if how == "wrong":
                    fault = f"passes, and gives {brief(found)}"
                elif how == "same" and not alike(found, plain):
                    fault = f"gives {brief(found)}, not {brief(plain)}"
            if fault:
                yield f"{argument}={what}: {fault}"


def faults_together(row, plain):
    """Yield what goes wrong when all arguments are in one form at once: small integers may overflow."""
    for form in ("read-only", "small integers", "single precision", "a list", "a frame"):
        changes = {argument: kind.same[form] for argument, kind in row[1].items() if form in kind.same}
        if len(changes) > 1:
            try:
                found = call(row, changes)
            except Exception as error:
                yield f"{form}: {type(error).__name__}: {error}"
            else:
                if not alike(found, plain):
                    yield f"{form}: gives {brief(found)}, not {brief(plain)}"

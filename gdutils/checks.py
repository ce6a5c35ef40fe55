"""Checks of what a caller hands in.

Each error names the argument, the value found and what would be right, so that a learner can mend the
call without reading a traceback to its end. Shapes are checked on every call, because NumPy would
broadcast a wrong one silently; the costly look at every number is left to `check_finite`, once a run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import update_wrapper
from numbers import Integral, Real
from types import MethodType
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "bare",
    "brief",
    "check_X",
    "check_X_y",
    "check_count",
    "check_finite",
    "check_floats",
    "check_fraction",
    "check_function",
    "check_labels",
    "check_list",
    "check_model",
    "check_nonnegative",
    "check_number",
    "check_numeric",
    "check_pairs",
    "check_params",
    "check_positive",
    "check_same_shape",
    "check_small",
    "check_text",
    "checked",
]

Array = NDArray[Any]
T = TypeVar("T")

NUMERIC = "fiub"  # the kinds of dtype that are real numbers


class Guarded:
    """A method of a model that sees its arguments only as ``model.check(params, X, y)`` returns them."""

    def __init__(self, formula: Callable[..., Any]) -> None:
        self.formula = formula
        update_wrapper(self, formula)

    def __get__(self, model: Any, kind: Any = None) -> Any:
        return self if model is None else MethodType(self, model)

    def __call__(self, model: Any, *args: Any, **kwargs: Any) -> Any:
        return self.formula(model, *model.check(*args, **kwargs))


def checked(model: type[T]) -> type[T]:
    """Guard the `loss` and the `gradient` of a class of models."""
    # Not by a decorator at each: `make mutate` passes over decorated methods.
    for name in ("loss", "gradient"):
        setattr(model, name, Guarded(getattr(model, name)))
    return model


def bare(method: Any) -> Callable[..., Any]:
    """Return a bound method without the guard about it, for a loop that has checked all rows before."""
    guard = getattr(method, "__func__", None)
    return MethodType(guard.formula, method.__self__) if isinstance(guard, Guarded) else method


def check_numeric(name: str, values: ArrayLike) -> Array:
    """Return `values` as an array of real numbers, without a copy where it is one already."""
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        count = np.ma.count_masked(values)
        raise ValueError(f"{name} must hide no values, got a MaskedArray that hides {count}; fill them first")
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must be a table of numbers with rows of one length") from error
    except Exception as error:  # an object with an array of its own that it does not give
        raise TypeError(f"{name} must be an array of real numbers, got {brief(values)}") from error
    if array.dtype.kind not in NUMERIC:
        found = brief(values) if array.ndim == 0 else "an array"
        raise TypeError(f"{name} must hold real numbers, got {found} of dtype {array.dtype}")
    return array


def check_floats(name: str, values: ArrayLike) -> Array:
    """Return `values` in double precision, so that no small integer overflows when it is squared."""
    return check_numeric(name, values).astype(float, copy=False)


def check_X(X: ArrayLike, n_features: int) -> Array:
    """Return `X` as an array of shape (n_samples, n_features)."""
    X = check_numeric("X", X)
    if X.ndim != 2 or X.shape[1] != n_features:
        hint = "; X.reshape(-1, 1) makes one column of it" if X.ndim == 1 else ""
        raise ValueError(f"X must have shape (n_samples, {n_features}), got {X.shape}{hint}")
    if len(X) == 0:
        raise ValueError(f"X must have at least one row, got shape {X.shape}")
    return X


def check_X_y(X: ArrayLike, y: ArrayLike, n_features: int) -> tuple[Array, Array]:
    """Return `X` of shape (n_samples, n_features) and `y` of shape (n_samples,)."""
    X, y = check_X(X, n_features), check_numeric("y", y)
    if y.ndim != 1:
        hint = "; y.ravel() flattens it" if y.size == len(X) else ""
        raise ValueError(f"y must have shape (n_samples,) = ({len(X)},), got {y.shape}{hint}")
    if len(y) != len(X):
        raise ValueError(f"X and y must have one length, got {len(X)} rows in X and {len(y)} in y")
    return X, y


def check_labels(y: Array, labels: Sequence[int]) -> Array:
    """Return `y` as integers, if all of its entries are among `labels`, which are in ascending order."""
    if labels[-1] - labels[0] == len(labels) - 1 and y.dtype.kind in "iub":  # 0, 1, …, K − 1
        right = y.min() >= labels[0] and y.max() <= labels[-1]
    else:
        right = np.logical_or.reduce([y == label for label in labels]).all()
    if not right:
        found = np.unique(y)
        shown = ", ".join(f"{label:g}" for label in found[:6]) + (", …" if len(found) > 6 else "")
        raise ValueError(f"y must hold the labels {', '.join(map(str, labels))}, got {shown}")
    return y.astype(np.intp, copy=False)


def check_pairs(X: ArrayLike, n_users: int, n_items: int) -> Array:
    """Return an integer array of pairs (user, item), of shape (n_ratings, 2)."""
    X = check_X(X, 2)
    if X.dtype.kind not in "iu":
        raise TypeError(f"X must hold integer pairs (user, item), got an array of dtype {X.dtype}")
    if X.min() < 0 or (X.max(axis=0) >= (n_users, n_items)).any():
        for name, column, count in (("user", X[:, 0], n_users), ("item", X[:, 1], n_items)):
            if column.min() < 0 or column.max() >= count:
                raise ValueError(
                    f"X must hold {name}s from 0 to {count - 1}, got {column.min()} to {column.max()}"
                )
    return X


def check_finite(name: str, array: Array) -> None:
    """Raise a ValueError that names the first row with a NaN or an infinity in it."""
    bad = ~np.isfinite(array)
    if bad.any():
        first = tuple(int(i) for i in np.argwhere(bad)[0])
        if not first:
            raise ValueError(f"{name} must be finite, got {array}")
        where = f"row {first[0]}" + (f", column {first[1]}" if len(first) > 1 else "")
        raise ValueError(
            f"{name} must be finite, got {array[first]} in {where} ({bad.sum()} such values in all); "
            "drop or fill them first"
        )


def check_small(name: str, array: Array) -> None:
    """Raise a ValueError unless the squares of all numbers, and their sum, are finite."""
    with np.errstate(over="ignore"):
        total = np.square(array, dtype=float).sum()
    if not np.isfinite(total):
        largest = array.flat[np.abs(array).argmax()]
        raise ValueError(f"{name} must be small enough to be squared, got {largest:g}")


def check_params(params: Mapping[str, Any], **shapes: tuple[int, ...]) -> dict[str, Array]:
    """Return the named parameters as arrays, in the order of `shapes`, each of its shape."""
    if params.keys() != shapes.keys():
        raise ValueError(f"params must have the keys {sorted(shapes)}, got {sorted(params)}")
    arrays = {}
    for name, shape in shapes.items():
        array = np.asarray(params[name])
        if array.shape != shape:
            raise ValueError(f"params[{name!r}] must have shape {shape}, got {array.shape}")
        if array.dtype.kind not in NUMERIC:
            raise TypeError(f"params[{name!r}] must hold real numbers, got dtype {array.dtype}")
        arrays[name] = array
    return arrays


def check_same_shape(theta: ArrayLike, grad: ArrayLike) -> None:
    """Raise a ValueError unless a parameter and its gradient have one shape."""
    try:
        same = theta.shape == grad.shape  # type: ignore[union-attr]
    except AttributeError:  # a plain number, or a list
        same = np.shape(theta) == np.shape(grad)
    if not same:
        raise ValueError(f"theta and grad must have one shape, got {np.shape(theta)} and {np.shape(grad)}")


def check_real(name: str, value: Any, right: str) -> float:
    """Return `value` as a float; `right` says in words which numbers are meant."""
    if not isinstance(value, Real) or isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be {right}, got {brief(value)} ({type(value).__name__})")
    try:
        return float(value)
    except OverflowError:  # an integer beyond all floats
        raise ValueError(f"{name} must be {right}, got {brief(value)}") from None


def check_number(name: str, value: Any) -> float:
    """Return `value` as a float, if it is a finite number."""
    right = "a finite number"
    number = check_real(name, value, right)
    if not np.isfinite(number):
        raise ValueError(f"{name} must be {right}, got {brief(value)}")
    return number


def check_positive(name: str, value: Any) -> float:
    """Return `value` as a float, if it is a positive, finite number."""
    right = "a positive, finite number"
    number = check_real(name, value, right)
    if not 0 < number < np.inf:
        raise ValueError(f"{name} must be {right}, got {brief(value)}")
    return number


def check_nonnegative(name: str, value: Any) -> float:
    """Return `value` as a float, if it is a finite number of at least 0."""
    right = "a finite number of at least 0"
    number = check_real(name, value, right)
    if not 0 <= number < np.inf:
        raise ValueError(f"{name} must be {right}, got {brief(value)}")
    return number


def check_fraction(name: str, value: Any) -> float:
    """Return `value` as a float, if it is a number in [0, 1)."""
    right = "a number from 0 up to, but not including, 1"
    number = check_real(name, value, right)
    if not 0 <= number < 1:
        raise ValueError(f"{name} must be {right}, got {brief(value)}")
    return number


def check_count(name: str, value: Any, *, minimum: int, maximum: int | None = None) -> int:
    """Return `value` as an int, if it is a whole number from `minimum` to `maximum`."""
    bounds = f"of at least {minimum}" if maximum is None else f"from {minimum} to {maximum}"
    right = f"a whole number {bounds}"
    if isinstance(value, bool | np.bool_) or not isinstance(value, Integral):
        # 2.5 is a number of the wrong value; "2" is not a number.
        wrong = ValueError if isinstance(value, Real) else TypeError
        raise wrong(f"{name} must be {right}, got {brief(value)} ({type(value).__name__})")
    if int(value) < minimum or (maximum is not None and int(value) > maximum):
        raise ValueError(f"{name} must be {right}, got {brief(value)}")
    return int(value)


def check_function(name: str, value: Any) -> None:
    """Raise unless `value` can be called."""
    if not callable(value):
        raise TypeError(f"{name} must be a function, got {brief(value)}")


def check_model(model: Any, *methods: str) -> None:
    """Raise unless this is a model with these methods, and not, say, the name or the class of one."""
    if isinstance(model, type) or not all(callable(getattr(model, each, None)) for each in methods):
        right = "one of gdutils.models with its settings, such as LinearRegression(n_features=2)"
        raise TypeError(f"model must be {right}, got {brief(model)}")


def check_text(name: str, value: Any, *, may_be_empty: bool = False) -> None:
    """Raise unless `value` is text."""
    right = "a text" if may_be_empty else "a text that is not empty"
    if not isinstance(value, str):
        raise TypeError(f"{name} must be {right}, got {brief(value)} ({type(value).__name__})")
    if not (may_be_empty or value.strip()):
        raise ValueError(f"{name} must be {right}, got {value!r}")


def check_list(name: str, values: Any, kind: type, right: str = "", *, least: int = 0) -> list[Any]:
    """Return `values` as a list, if all are of a kind and there are enough; `right` says what is meant."""
    right = f"a list of {right or kind.__name__}" + (f", {least} or more" if least else "")
    try:
        listed = None if isinstance(values, str | bytes | Mapping) else list(values)
    except TypeError:
        listed = None
    if listed is None:
        raise TypeError(f"{name} must be {right}, got {brief(values)}")
    for each in listed:
        if not isinstance(each, kind):
            raise TypeError(f"{name} must be {right}, got {brief(each)} in it")
    if len(listed) < least:
        raise ValueError(f"{name} must be {right}, got {brief(listed)}")
    return listed


def brief(value: Any) -> str:
    """Write a value for a sentence, in one short line whatever it is."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # an integer of thousands of digits, or an object that refuses
        text = f"some {type(value).__name__}"
    return text if len(text) <= 80 else f"{text[:79]}…"

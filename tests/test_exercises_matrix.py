"""Every checker, whichever lesson it is from, against the usual mistakes and against hostile answers.

Each test file of checkers has a dict ``USUAL_MISTAKES`` with a row for each of its checkers: the right
answers, and for each of the four usual mistakes an answer that makes it with the words of its hint, or a
sentence that says why it cannot be made there.
"""

from __future__ import annotations

import importlib
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from gdutils import exercises
from gdutils.exercises import Verdict, check_function, check_model_gradient, check_step
from gdutils.models import LinearRegression

FILES = sorted(path.stem for path in Path(__file__).parent.glob("test_exercises*.py"))
ROWS = {
    name: row
    for file in FILES
    if file != Path(__file__).stem
    for name, row in getattr(importlib.import_module(f"tests.{file}"), "USUAL_MISTAKES", {}).items()
}
MISTAKES = ("missing 1/n", "wrong sign", "wrong order", "transposed")
# check_function is what checkers are made of, and knows no mistake of its own.
CHECKERS = sorted({name for name in exercises.__all__ if name.startswith("check_")} - {"check_function"})
MADE = [
    (name, mistake) for name in ROWS for mistake in MISTAKES if isinstance(ROWS[name].get(mistake), tuple)
]

every_checker = pytest.mark.parametrize("name", ROWS)


def check(name, answer):
    call = ROWS[name].get("call") or getattr(exercises, name)
    verdict = call(answer)
    assert isinstance(verdict, Verdict)
    return verdict


@pytest.mark.parametrize("name", CHECKERS)
def test_every_checker_has_a_case_or_a_reason_for_each_usual_mistake(name):
    assert name in ROWS, f"{name} needs a row in the USUAL_MISTAKES of its test file"
    row = ROWS[name]
    assert row["right"]
    for mistake in MISTAKES:
        assert isinstance(row[mistake], str | tuple)
        assert row[mistake]


def test_no_row_is_for_a_checker_that_does_not_exist():
    assert set(ROWS) <= set(CHECKERS)


@pytest.mark.parametrize(("name", "mistake"), MADE, ids=map(": ".join, MADE))
def test_a_usual_mistake_gets_its_hint(name, mistake):
    answer, words = ROWS[name][mistake]
    verdict = check(name, answer)
    assert verdict.correct is False
    assert words in verdict.text


def formed(answer, form):
    """Return an answer that returns the same numbers in another form."""

    def other(*arguments):
        found = answer(*arguments)
        if isinstance(found, dict):
            return {key: form(np.asarray(value)) for key, value in found.items()}
        return form(np.asarray(found))

    return other


def whole(array):
    """Return integers where all numbers are whole, the array as it is elsewhere."""
    return array.astype(int) if (array == np.round(array)).all() else array


FORMS = {
    "as it is": None,
    "Python numbers and lists": lambda array: array.tolist(),
    "arrays": np.asarray,
    "NumPy scalars": lambda array: array[()],
    "single precision": lambda array: array.astype(np.float32),
    "extended precision": lambda array: array.astype(np.longdouble),
    "integers": whole,
    "fractions": lambda array: np.vectorize(lambda x: Fraction(float(x)), otypes=[object])(array)[()],
}


@every_checker
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_right_answer_is_right_in_any_form(name, form):
    for answer in ROWS[name]["right"]:
        verdict = check(name, answer if form is None else formed(answer, form))
        assert verdict.correct is True, verdict


@every_checker
def test_an_exercise_not_begun_is_no_mistake(name):
    def not_implemented(*arguments):
        raise NotImplementedError

    for answer in (lambda *arguments: None, lambda *arguments: print("not yet"), not_implemented):
        verdict = check(name, answer)
        assert verdict.correct is None
        assert "Not answered yet" in verdict.text


class Refuses:
    def __array__(self, *arguments, **named):
        raise RuntimeError("no array of mine")


def deep(*arguments):
    return deep(*arguments)


def numbered(*arguments):
    yield from range(3)


def raises(error):
    def answer(*arguments):
        raise error

    return answer


def returns(value):
    return lambda *arguments: value


HOSTILE = {
    "text": returns("up"),
    "text with a number in it": returns("0.25"),
    "truth": returns(True),
    "None in a list": returns([None, 1.0]),
    "None in a dict": returns({"w": None, "b": None, "W": None}),
    "dict of something else": returns({"loss": 1.0}),
    "rows of different lengths": returns([[1.0], [1.0, 2.0]]),
    "an imaginary number": returns(1j),
    "an empty list": returns([]),
    "infinity": returns(np.inf),
    "minus infinity": returns(-np.inf),
    "not a number": returns(np.nan),
    "an integer beyond all floats": returns(10**400),
    "a huge array": returns(np.broadcast_to(np.float64(0), (10**9, 10**6))),
    "a huge array of integers": returns(np.broadcast_to(1, (10**9, 10**6))),
    "a long list of text": returns(["up"] * 10_000),
    "an array of text": returns(np.array(["up", "down"])),
    "a date": returns(np.datetime64("2024-01-01")),
    "a generator": numbered,
    "a function": returns(np.mean),
    "a class": returns(int),
    "a verdict": returns(Verdict(True, "Right.")),
    "an object that refuses": returns(Refuses()),
    "division by zero": lambda *arguments: 1 / 0,
    "an endless recursion": deep,
    "an error without words": raises(AssertionError()),
    "an error with many": raises(ValueError("no\n" * 1000)),
    "no memory": raises(MemoryError()),
    "too few arguments": lambda: 1.0,
    "too many arguments": lambda a, b, c, d, e, f, g, h, i, j, k, m: 1.0,
    "not a function: None": None,
    "not a function: a number": 3.0,
    "not a function: text": "my_gradient",
    "not a function: a list": [1.0, 2.0],
    "a type": Refuses,
}


@every_checker
@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_answer_gets_a_sentence(name, answer, capsys, recwarn):
    verdict = check(name, answer)
    assert verdict.correct is False
    assert 10 < len(verdict.text) < 300
    assert "\n" not in verdict.text
    assert " at 0x" not in verdict.text  # an address says nothing, and differs from run to run
    assert not recwarn.list
    assert capsys.readouterr() == ("", "")


def spoil(argument):
    if isinstance(argument, dict):
        argument.clear()
    elif isinstance(argument, np.ndarray):
        argument[...] = 0


@every_checker
def test_an_answer_that_prints_and_spoils_its_arguments_spoils_no_later_one(name):
    def spoiling(*arguments):
        print(arguments)
        for argument in arguments:
            spoil(argument)
        return np.nan

    assert check(name, spoiling).correct is False
    assert check(name, ROWS[name]["right"][0]).correct is True


@every_checker
def test_an_interrupt_still_stops_the_cell(name):
    with pytest.raises(KeyboardInterrupt):
        check(name, raises(KeyboardInterrupt()))


MODEL, X, Y = LinearRegression(n_features=2), np.eye(4, 2), np.arange(4.0)


@pytest.mark.parametrize("key", ["w", "b"])
@pytest.mark.parametrize("told", [True, False])
def test_a_step_in_place_is_told(key, told):
    """The intercept is a number and no array, and a step that returns nothing is no empty exercise."""

    def step(params, X, y, lr):
        params[key] = params[key] - lr * MODEL.gradient(params, X, y)[key]
        return params if told else None

    assert "changed the arrays" in check_step(MODEL, step, X, Y).text


def test_wrong_keys_are_named():
    verdict = check_model_gradient(MODEL, lambda params, X, y: {"w": params["w"], "c": 0.0}, X, Y)
    assert "must return {\"w\": …, \"b\": …}, it returned {'w': …, 'c': …}" in verdict.text


def test_products_the_wrong_way_round_are_told():
    answers = [
        lambda params, X, y: {"w": X @ (X @ params["w"] - y), "b": 0.0},
        lambda params, X, y: {"w": np.dot(params["w"], X), "b": 0.0},
        lambda params, X, y: {"w": params["w"] * X.T, "b": 0.0},
    ]
    for answer in answers:
        assert "wrong way round" in check_model_gradient(MODEL, answer, X, Y).text


def test_arguments_left_out_are_told():
    assert "as the stub has them" in check_model_gradient(MODEL, lambda params: params, X, Y).text


def test_a_rounded_answer_is_told():
    verdict = check_function(lambda x: round(x / 3, 6), lambda x: x / 3, 1.0)
    assert verdict.correct is False
    assert "is something rounded?" in verdict.text


def test_single_precision_promises_fewer_digits():
    assert "agrees to 5 digits" in check_function(np.float32, lambda x: x, 0.1).text
    assert "agrees to 8 digits" in check_function(float, lambda x: x, 0.1).text
    assert check_function(lambda x: np.float32(x + 1e-4), lambda x: x, 0.1).correct is False

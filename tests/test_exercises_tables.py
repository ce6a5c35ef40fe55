"""The checkers of lesson 13: the right answers pass, and each mistake gets its hint."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.metrics import accuracy_score, r2_score
from sklearn.preprocessing import StandardScaler

from gdutils.exercises import check_guess_accuracy, check_r2, check_standardize


def by_library(train, test):
    return StandardScaler().fit(train).transform(test)


def mean(rows, axis=0):
    return rows.mean(axis=axis)


def std(rows, axis=0, ddof=0):
    return rows.std(axis=axis, ddof=ddof)


def in_place(train, test):
    test -= train.mean(axis=0)
    return test / train.std(axis=0)


STANDARDIZE = {
    "right": (lambda a, b: (b - mean(a)) / std(a), True, "Right"),
    "the library's": (by_library, True, "Right"),
    "not begun": (lambda a, b: None, None, "Not answered yet"),
    "its own": (lambda a, b: (b - mean(b)) / std(b), False, "own mean and deviation"),
    "its own deviation": (lambda a, b: (b - mean(a)) / std(b), False, "The mean is right"),
    "its own mean": (lambda a, b: (b - mean(b)) / std(a), False, "The deviation is right"),
    "of all rows": (
        lambda a, b: StandardScaler().fit(np.concatenate([a, b])).transform(b), False, "leak"
    ),
    "the training rows": (lambda a, b: by_library(a, a), False, "Those are the training rows"),
    "ddof": (lambda a, b: (b - mean(a)) / std(a, ddof=1), False, "ddof=0"),
    "wrong axis": (lambda a, b: (b - mean(a, 1)) / std(a, 1), False, "axis=0"),
    "wrong axis, upright": (
        lambda a, b: (b - mean(a, 1)[:, None]) / std(a, 1)[:, None], False, "axis=0"
    ),
    "of the whole table": (lambda a, b: (b - a.mean()) / a.std(), False, "whole table"),
    "order": (lambda a, b: b / std(a) - mean(a), False, "The order"),
    "brackets": (lambda a, b: b - mean(a) / std(a), False, "The brackets"),
    "sign": (lambda a, b: (mean(a) - b) / std(a), False, "The sign"),
    "mean only": (lambda a, b: b - mean(a), False, "Now divide"),
    "deviation only": (lambda a, b: b / std(a), False, "take the mean off"),
    "variance": (lambda a, b: (b - mean(a)) / a.var(axis=0), False, "variance"),
    "transposed": (lambda a, b: by_library(a, b).T, False, "transposed"),
    "a row": (lambda a, b: by_library(a, b)[0], False, "must have shape (4, 4), got (4,)"),
    "both parts": (lambda a, b: (by_library(a, a), by_library(a, b)), False, "must have shape (4, 4)"),
    "in place": (in_place, False, "changed the arrays"),
    "raises": (lambda a, b: b - mean(a)[:2], False, "raised ValueError"),
    "something else": (lambda a, b: 2 * by_library(a, b), False, "should be"),
}  # fmt: skip


def total(y):
    return np.sum((y - y.mean()) ** 2)


def errors(y, p):
    return np.sum((y - p) ** 2)


R2 = {
    "right": (lambda y, p: 1 - errors(y, p) / total(y), True, "Right"),
    "by means": (lambda y, p: 1 - np.mean((y - p) ** 2) / np.var(y), True, "Right"),
    "the library's": (r2_score, True, "Right"),
    "not begun": (lambda y, p: None, None, "Not answered yet"),
    "missing mean": (lambda y, p: 1 - errors(y, p) / np.sum(y**2), False, "Where is the mean?"),
    "wrong sign": (lambda y, p: errors(y, p) / total(y) - 1, False, "The sign"),
    "plus": (lambda y, p: 1 + errors(y, p) / total(y), False, "The sign"),
    "ratio alone": (lambda y, p: errors(y, p) / total(y), False, "the ratio alone"),
    "swapped": (lambda y, p: r2_score(p, y), False, "swapped"),
    "mean of the predictions": (
        lambda y, p: 1 - errors(y, p) / np.sum((y - p.mean()) ** 2), False, "not of what is predicted"
    ),
    "upside down": (lambda y, p: 1 - total(y) / errors(y, p), False, "upside down"),
    "1/n above only": (lambda y, p: 1 - errors(y, p) / len(y) / total(y), False, "has the 1/n"),
    "1/n below only": (lambda y, p: 1 - errors(y, p) / np.var(y), False, "has the 1/n"),
    "ddof": (lambda y, p: 1 - np.mean((y - p) ** 2) / np.var(y, ddof=1), False, "1/(n − 1)"),
    "roots": (lambda y, p: 1 - np.sqrt(errors(y, p) / total(y)), False, "not square roots"),
    "absolute values": (
        lambda y, p: 1 - np.abs(y - p).sum() / np.abs(y - y.mean()).sum(), False, "not absolute values"
    ),
    "correlation": (lambda y, p: np.corrcoef(y, p)[0, 1] ** 2, False, "correlation"),
    "no square": (lambda y, p: 1 - np.sum(y - p) / total(y), False, "cancel"),
    "of each row": (lambda y, p: 1 - (y - p) ** 2 / total(y), False, "must have shape (), got (5,)"),
    "something else": (lambda y, p: 0.5, False, "should be"),
}  # fmt: skip


def by_dummy(y_train, y_test):
    guess = DummyClassifier(strategy="most_frequent").fit(np.zeros((len(y_train), 1)), y_train)
    return accuracy_score(y_test, guess.predict(np.zeros((len(y_test), 1))))


def usual(y):
    return np.bincount(y).argmax()


GUESS = {
    "right": (lambda a, b: np.mean(b == usual(a)), True, "Right"),
    "the library's": (by_dummy, True, "Right"),
    "not begun": (lambda a, b: None, None, "Not answered yet"),
    "of the training rows": (lambda a, b: np.mean(a == usual(a)), False, "its share of the training rows"),
    "chosen on the test rows": (lambda a, b: np.mean(b == usual(b)), False, "looked at the test rows"),
    "swapped": (lambda a, b: by_dummy(b, a), False, "swapped"),
    "missing 1/n": (lambda a, b: np.sum(b == usual(a)), False, "is the 1/n missing?"),
    "the wrong n": (lambda a, b: np.sum(b == usual(a)) / len(a), False, "number of training rows"),
    "mistakes": (lambda a, b: np.mean(b != usual(a)), False, "share of mistakes"),
    "the class": (lambda a, b: usual(a), False, "That is the class"),
    "a die": (lambda a, b: 1 / 4, False, "a die"),
    "the rarest": (lambda a, b: np.mean(b == np.bincount(a).argmin()), False, "rarest"),
    "the largest": (lambda a, b: np.mean(b == a.max()), False, "not the largest number"),
    "something else": (lambda a, b: 0.123, False, "should be"),
}


USUAL_MISTAKES = {
    "check_standardize": {
        "right": [STANDARDIZE["right"][0], by_library],
        "missing 1/n": (
            lambda a, b: (b - mean(a)) / np.sqrt(np.sum((a - mean(a)) ** 2, axis=0)),
            "Is the 1/n missing?",
        ),
        "wrong sign": (STANDARDIZE["sign"][0], "The sign"),
        "wrong order": (STANDARDIZE["order"][0], "The order"),
        "transposed": (STANDARDIZE["transposed"][0], "transposed"),
    },
    "check_r2": {
        "right": [R2["right"][0], r2_score],
        "missing 1/n": (R2["1/n below only"][0], "has the 1/n"),
        "wrong sign": (R2["wrong sign"][0], "The sign"),
        "wrong order": (R2["swapped"][0], "swapped"),
        "transposed": "it is a number, of vectors",
    },
    "check_guess_accuracy": {
        "right": [GUESS["right"][0], by_dummy],
        "missing 1/n": (GUESS["missing 1/n"][0], "is the 1/n missing?"),
        "wrong sign": (GUESS["mistakes"][0], "share of mistakes"),
        "wrong order": (GUESS["swapped"][0], "swapped"),
        "transposed": "it is a number, of vectors",
    },
}


@pytest.mark.parametrize(("answer", "correct", "hint"), STANDARDIZE.values(), ids=STANDARDIZE)
def test_standardize(answer, correct, hint):
    verdict = check_standardize(answer)
    assert verdict.correct is correct, verdict
    assert hint in verdict.text


@pytest.mark.parametrize(("answer", "correct", "hint"), R2.values(), ids=R2)
def test_r2(answer, correct, hint):
    verdict = check_r2(answer)
    assert verdict.correct is correct, verdict
    assert hint in verdict.text


@pytest.mark.parametrize(("answer", "correct", "hint"), GUESS.values(), ids=GUESS)
def test_guess_accuracy(answer, correct, hint):
    verdict = check_guess_accuracy(answer)
    assert verdict.correct is correct, verdict
    assert hint in verdict.text

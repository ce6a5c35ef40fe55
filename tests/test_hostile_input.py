"""Hostile input: every public name either gives what plain float64 arrays give, or says what is wrong.

`ROWS` has a row for each public function, class and method that takes something, with the kind of each of its
arguments (`tests/hostile.py`). One argument at a time is swapped for all that its kind knows. A refusal is a
TypeError or a ValueError that names the argument and what was found; no warning escapes, and nothing that was
handed in is changed. A public name without a row fails: a new one must say what it takes. `INNER` says of the
names that are public for other modules alone through which other name they get theirs.
"""

import importlib
import inspect
import pkgutil
import tempfile
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import gdutils
from gdutils import (
    challenges,
    datasets,
    descent_pictures,
    exercises,
    files,
    gradient_check,
    landscapes,
    made_data,
    models,
    optimizers,
    pictures,
    plots,
    predictions,
    quiz,
    randomness,
    scores,
    table_pictures,
    tables,
    training,
    your_data,
)
from tests.hostile import (
    AXES,
    ENDLESS,
    FEW,
    NO_LIST,
    NO_MODELS,
    NO_PATHS,
    OPTIMIZER,
    RANDOM_STATE,
    Fresh,
    Kind,
    Refuses,
    alone,
    array,
    call,
    count,
    faults_of,
    faults_together,
    fraction,
    function,
    given,
    labels,
    listed,
    mapping,
    model,
    names,
    nonnegative,
    number,
    optional,
    pairs,
    params,
    path_of,
    positive,
    scalar,
    table,
    text,
    values,
)


def public():
    """Return the names of the arguments of every public function, class and method that takes any."""
    found = {}
    for module in pkgutil.walk_packages(gdutils.__path__, "gdutils."):
        module = importlib.import_module(module.name)
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            error = isinstance(thing, type) and issubclass(thing, Exception)
            if not callable(thing) or error or getattr(thing, "_is_protocol", False):
                continue
            home = f"{thing.__module__}.{name}".removeprefix("gdutils.")
            found[home] = inspect.signature(thing)
            kinds = [kind for kind in getattr(thing, "__mro__", ()) if kind.__module__.startswith("gdutils.")]
            for method in {method for kind in kinds for method in vars(kind)}:
                if (not method.startswith("_") or method == "__call__") and callable(getattr(thing, method)):
                    found[f"{home}.{method}"] = inspect.signature(getattr(thing, method))
    named = {
        name: {each.name for each in signature.parameters.values() if each.kind not in (2, 4)} - {"self"}
        for name, signature in found.items()
    }
    return {name: arguments for name, arguments in named.items() if arguments}


def row(callable_, **kinds):
    return callable_, kinds


# Whole numbers, so that they can be small integers, and large enough for those to overflow when squared.
X = np.array([[-100, 50], [90, -8], [3, 120], [64, 64], [0, -128], [1, 2]], dtype=float)
Y = np.array([100, -50, 7, 0, 127, -128], dtype=float)
BITS, SIGNS, DIGITS = [0, 1, 1, 0, 1, 0], [-1, 1, 1, -1, 1, -1], [0, 1, 2, 2, 1, 0]
PAIRS = [[0, 0], [0, 1], [2, 3], [1, 1], [2, 0], [1, 3]]
LINE, PLANE = {"w": [2.0], "b": 1.0}, {"w": [5.0, -3.0], "b": 1.0}
CLASSES = {"W": [[1, 0, -2], [5, 3, 0]], "b": [0, 1, 5]}
NETWORK = {"W1": [[1, 5], [-1, 3]], "b1": [0, 1], "W2": [[1, 0, -1], [5, 0, 0]], "b2": [0, 0, 5]}
FACTORS = {"P": [[100, 5], [2, 0], [0, -1]], "Q": [[100, 0], [0, 1], [1, 1], [-1, 5]]}
THETA, GRAD = np.array([100.0, -50.0, 3.0]), np.array([64.0, 100.0, -1.0])
LINEAR, SOFTMAX = models.LinearRegression(2), models.SoftmaxRegression(2, 3)
few, small = {"names": FEW}, {"names": ("small integers",), "finite": True}


# Models, optimizers and the loop look at shapes and types. At each number, with each step, they do not look,
# nor at what is far outside of any run: it is left out here.
UNSEEN = ("NaN", "infinity", "1e+160", "-1e+300", ": hidden values", ": ragged", ": refuses")


def seen(kind):
    """Return the kind without what a formula does not look at."""
    unseen = [name for name in (*kind.either, *kind.wrong) if name.endswith(UNSEEN)]
    return kind.but(*unseen)


SMALL = ("small integers", "small integers above 0", "half precision")


def seen_params(good):
    return seen(params(good)).but("None", "a list", "text", "an array")


def rows_of_models():
    for it, theta, X_kind, y_kind in (
        (LINEAR, PLANE, table(X), values(Y)),
        (models.LogisticRegression(2), PLANE, table(X), labels(BITS)),
        (models.LinearSVM(2), PLANE, table(X), labels(SIGNS).but("half precision")),
        (SOFTMAX, CLASSES, table(X), labels(DIGITS)),
        (models.NeuralNetwork(2, 2, 3), NETWORK, table(X), labels(DIGITS)),
        (models.MatrixFactorization(3, 4, 2, 0.25), FACTORS, pairs(PAIRS), values(Y)),
    ):
        home = f"{type(it).__module__}.{type(it).__name__}".removeprefix("gdutils.")
        own = {each.name: getattr(it, each.name) for each in fields(it)}
        kinds = {name: count(value, *[1] * (name == "n_classes")) for name, value in own.items()}
        kinds |= {"C": positive(1.0)} if "C" in own else {}
        kinds |= {"reg": nonnegative(0.25)} if "reg" in own else {}
        X_kind, y_kind, theta = seen(X_kind), seen(y_kind), seen_params(theta).but(*SMALL)
        yield home, row(type(it), **kinds)
        yield f"{home}.init", row(it.init, rng=given(Fresh(lambda: np.random.RandomState(0))))
        yield f"{home}.predict", row(it.predict, params=theta, X=alone(X_kind))
        for method in ("loss", "gradient"):
            yield f"{home}.{method}", row(getattr(it, method), params=theta, X=X_kind, y=y_kind)
        for method in ("second_derivatives", "curvature", "curvature_bound"):
            if hasattr(it, method):
                kind = alone(X_kind).but("extended precision")
                yield f"{home}.{method}", row(getattr(it, method), X=kind)
        if hasattr(it, "minimum"):
            X_kind, y_kind = (kind.but("extended precision", *SMALL) for kind in (X_kind, y_kind))
            yield f"{home}.minimum", row(it.minimum, X=X_kind, y=y_kind)


def rows_of_optimizers():
    unseen = ("text", "complex", "dates", "hidden values", "ragged", "refuses", "half precision")
    unseen += ("objects", "objects in a frame", "huge integers")
    for name in optimizers.__all__:
        it, home = getattr(optimizers, name)(), f"optimizers.{name}"
        kinds = {each.name: positive(getattr(it, each.name)) for each in fields(it)}
        kinds |= {name: fraction(getattr(it, name)) for name in kinds if name.startswith("beta")}
        yield home, row(type(it), **kinds)
        state = it.step(THETA, GRAD, it.init(THETA))[1]
        theta, grad = seen(values(THETA)).but(*unseen), seen(values(GRAD)).but(*unseen, "a list", "a tuple")
        grad = grad.but(*SMALL) if hasattr(it, "eps") else grad
        yield f"{home}.init", row(it.init, theta=Kind(THETA, theta.same))
        yield f"{home}.step", row(it.step, theta=theta, grad=grad, state=given(state))
        if hasattr(it, "effective_lr"):
            yield f"{home}.effective_lr", row(it.effective_lr, state=given(state))
        else:
            curvature = Kind(2.0, {"NumPy's": np.float64(2), "an integer": 2})
            yield f"{home}.largest_stable_lr", row(it.largest_stable_lr, curvature=curvature)


def rows_of_training():
    kinds = {
        "model": given(LINEAR), "X": table(X / 64, finite=True), "y": values(Y / 64, finite=True),
        "optimizer": OPTIMIZER, "epochs": count(3).but("0"), "batch_size": optional(count(2, 7)).but("small"),
        "random_state": RANDOM_STATE, "params": seen_params(PLANE), "tol": optional(positive(1e-9)),
    }  # fmt: skip
    batches = {"batch_size": kinds["batch_size"].but("numbers", "a missing value", wrong={"None": None})}
    batches |= {"X": given(X), "y": given(Y), "rng": given(Fresh(lambda: np.random.RandomState(0)))}
    path = lambda **given: [each.params for each in training.descend(**given)]  # noqa: E731
    yield "training.descend", row(path, **kinds)
    yield "training.train", row(lambda **given: training.train(**given).losses, **kinds)
    yield "training.minibatches", row(training.minibatches, **batches)


BOWL, PARABOLA = landscapes.Bowl(4.0), landscapes.Parabola()
LANDSCAPE = Kind(BOWL, wrong={"None": None, "text": "Bowl", "a class": landscapes.Bowl, "a function": np.sin})
START = array([2.0, 1.0], {"a number": 1.0, "three": [1.0, 2.0, 3.0], "a row": [[1.0, 2.0]]}, finite=True)


def rows_of_landscapes():
    tilt = {"tilt": scalar(0.5, -0.5, 2)}
    shapes = {
        "flat": X[:, 0],
        "too wide": np.hstack([X, X]),
        "a column": X[:, :1],
        "a number": 1,
        "empty": [],
    }
    for name, kinds in {
        "Parabola": {"center": number(1.0), "height": number(2.0)}, "DoubleWell": tilt, "TwoBasins": tilt,
        "Bowl": {"condition": scalar(4.0, 0.5, 0, -1)}, "Rosenbrock": {"steepness": positive(4.0)},
        "Saddle": {}, "Himmelblau": {},
    }.items():  # fmt: skip
        it = getattr(landscapes, name)(**{name: kind.good for name, kind in kinds.items()})
        points = array([-100.0, 3.0, 12.0, 0.0]) if len(it.limits) == 1 else array(X, shapes)
        yield f"landscapes.{name}.__call__", row(it.__call__, points=points)
        yield f"landscapes.{name}.gradient", row(it.gradient, points=points)
        if kinds:
            yield f"landscapes.{name}", row(type(it), **kinds)
    kinds = {"function": LANDSCAPE, "optimizer": OPTIMIZER, "start": START, "steps": count(3).but("0")}
    yield "landscapes.walk", row(landscapes.walk, **kinds)


DATA = Path(__file__).parents[1] / "notebooks/data"


def rows_of_datasets():
    seed, many = {"random_state": RANDOM_STATE}, 10**30
    for name, some in {
        "breast_cancer": ["mean radius", "mean area"], "diabetes": ["bmi", "age"],
        "iris": ["petal width (cm)", "sepal width (cm)"], "digits": ["pixel_2_2", "pixel_3_4"],
    }.items():  # fmt: skip
        iterator = Fresh(lambda some=some: iter(some))
        features = names(some).but(same={"a generator": iterator}, wrong={"none": []})
        kinds = {"features": features, "test_size": fraction(0.25)}
        yield f"datasets.load_{name}", row(getattr(datasets, f"load_{name}"), **kinds, **seed)
    yield "datasets.load_photograph", row(datasets.load_photograph, hidden=fraction(0.5), **seed)
    line = {"slope": number(2.0), "intercept": number(1.0), "noise": nonnegative(0.5)}
    yield "datasets.make_line", row(datasets.make_line, n_samples=count(5, many), **line, **seed)
    sizes = {"n_users": count(5, many), "n_items": count(4, many), "rank": count(2, many)}
    kinds = sizes | {"density": scalar(0.5, 0, -1, 1.5), "noise": nonnegative(0.5)}
    yield "datasets.make_ratings", row(datasets.make_ratings, **kinds, **seed)
    yield "randomness.make_rng", row(randomness.make_rng, **seed)
    own = RANDOM_STATE.but("a generator", either={"a generator": np.random.RandomState(3)})
    yield "randomness.fixed", row(randomness.fixed, random_state=own)


def rows_of_scores():
    predicted, its = values(X[:, 0]).but("a number"), {"model": model(models.LinearSVM(2))}
    yield "scores.r2", row(scores.r2, y=values(Y), predicted=predicted)
    yield "scores.rmse", row(scores.rmse, y=values(Y), predicted=predicted)
    digits, bits = values(DIGITS, dtype=int), values(BITS, dtype=int).but("a number")
    yield "scores.accuracy", row(scores.accuracy, y=digits, predicted=bits)
    yield "scores.encode", row(scores.encode, **its, y=labels(BITS).but("fewer", "one", "twice as many"))
    kinds = {"params": seen_params(PLANE).but(*SMALL), "X": alone(seen(table(X)))}
    yield "scores.predict_classes", row(scores.predict_classes, **its, **kinds)
    square = function(lambda theta: float(np.sum(theta**2)))
    kinds = {"f": square, "theta": array(THETA), "step": positive(1e-5)}
    yield "gradient_check.numerical_gradient", row(gradient_check.numerical_gradient, **kinds)
    data = {"X": table(X / 64, **few, finite=True), "y": values(Y / 64, **few, finite=True)}
    data = {name: kind.but("1e+160", "-1e+300") for name, kind in data.items()}
    kinds = {"model": model(LINEAR), "params": seen_params(PLANE), **data, "tol": positive(1e-3)}
    yield "gradient_check.check_gradient", row(gradient_check.check_gradient, **kinds)


def rows_of_plots():
    x, row_fewer = X / 64, {"fewer": X[:-1] / 64, "one": X[:1] / 64}
    lines = [{"w": np.array([w]), "b": np.array(w - 1)} for w in (2.0, 1.5, 1.0)]
    no_paths = {"None": None, "a dict": lines[0], "numbers": [1.0, 2.0], "text": "path", "empty": []}
    no_paths |= {"no b": [{"w": [1.0]}], "too many": [{"w": [1.0, 2.0], "b": 0.0}]}
    no_paths |= {"complex": [{"w": [1j], "b": 0.0}], "a word": [{"w": ["a"], "b": "b"}]}
    ways = array(x, {"flat": x[:, 0], "too wide": np.hstack([x, x]), "a number": 1.0, "empty": []}, **few)
    arrows = ways.but(wrong=row_fewer)
    shapes = {"flat": x[:, 0], "a cube": x[..., None], "a number": 1.0, "empty": [], "no rows": x[:0]}
    no_limits = {"None": None, "one": (1,), "three": (0, 1, 2), "turned": (1, 0), "text": ("a", "b")}
    no_limits |= {"NaN": (np.nan, 1), "infinity": (0, np.inf)}
    limits = Kind((0.0, 2.0), {"a list": [0, 2], "an array": np.array([0.0, 2.0])}, wrong=no_limits)
    line, epoch = seen_params(LINE).but("one more"), optional(count(2, 3)).but("0")
    xy = {"X": table(x, **few), "y": labels(SIGNS, **few)}
    one = {"X": table(x[:, :1], **few), "y": values(Y, **few)}
    kinks = params({name: NETWORK[name] for name in ("W1", "b1")}).but("one more")
    losses, cmap = values([4.0, 2.0, 1.0], **few), text("gray").but(wrong={"unknown": "grayish"})
    drawn = {
        "label_loss": {},
        "in_pixels": {"ways": ways},
        "plot_arrows": {"points": arrows, "ways": arrows, "lengths": given(20.0)},
        "plot_classes": {
            "X": table(x, **few, finite=True), "y": labels(DIGITS, **few).but("another label", "-1e+300"),
            "labels": names(["a", "b", "c"]).but("too many", wrong={"too few": ["a"]}), "size": positive(5.0),
        },
        "plot_data": one,
        "plot_kinks": {"params": kinks},
        "plot_line": {"params": line},
        "plot_loss": {"losses": losses.but("fewer", "one", "twice as many"), "epoch": epoch},
        "plot_margins": {"params": params(PLANE).but("one more"), **xy},
        "plot_path": {"path": Kind(lines, {"a tuple": tuple(lines)}, wrong=no_paths), "epoch": epoch},
        "plot_probability": {"model": model(models.LogisticRegression(2)), "params": seen_params(PLANE)},
        "plot_regions": {"model": model(SOFTMAX), "params": seen_params(CLASSES)},
        "plot_surface": {"model": model(models.LinearRegression(1)), **one, "start": line},
        "plot_table": {"values": array(x, shapes, **few), "limits": limits, "cmap": cmap},
    }  # fmt: skip
    for name, kinds in drawn.items():
        yield f"plots.{name}", row(getattr(plots, name), **kinds, ax=AXES)


def rows_of_questions():
    met, also = lambda *_: True, function(lambda *_: True)
    words = {"also": also, "where": text("from afar", may_be_empty=True)}
    for name, when, place in (
        ("loss_under", "epochs", "data"),
        ("stays_under", "since", "data"),
        ("height_under", "steps", "function"),
    ):
        make = getattr(challenges, name)
        kinds = {"bound": positive(0.5), when: count(5), place: text("moons", may_be_empty=True)}
        yield f"challenges.{name}", row(lambda make=make, **given: make(**given).text, **kinds, **words)
    yield "challenges.Challenge", row(challenges.Challenge, text=text("Get there."), met=function(met))
    its = listed([challenges.Challenge("Get there.", met)])
    ask = lambda **given: challenges.Challenges(**given).challenges  # noqa: E731
    yield "challenges.Challenges", row(ask, challenges=its)

    choices = names(["yes", "no"]).but("too many", "an array", "an index")
    choices = choices.but(wrong={"twice": ["a", "a"], "one": ["a"]})
    kinds = {"question": text("What?"), "choices": choices, "settings": mapping({"lr": 0.5}, numbers={1: 2})}
    kinds |= {"right": count(1, 2).but("0"), "because": text("So.")}
    yield "predictions.Prediction", row(predictions.Prediction, **kinds)
    its = listed([predictions.Prediction("What?", ["a", "b"], {}, 1, "So.")])
    ask = lambda **given: predictions.Predictions(**given).predictions  # noqa: E731
    yield "predictions.Predictions", row(ask, predictions=its)
    kinds = {"path": path_of(DATA / "predictions.toml"), "lesson": text("05")}
    yield "predictions.load_predictions", row(predictions.load_predictions, **kinds)

    said = {"id": "a", "topic": "t", "lesson": "01_x.ipynb", "section": "s", "text": "Why?", "reason": "So."}
    kinds = {name: text(value, may_be_empty=name == "section") for name, value in said.items()}
    reply = text("1.5", may_be_empty=True).but(
        same={"spaces": " 1.5 "}, wrong={"words": "one", "none": ""}, says="reply|written|cannot be read"
    )
    choice = {"choices": choices, "right": text("A").but(wrong={"no letter": "C"})}
    numbers = {"answer": number(1.0), "tolerance": positive(0.5)}
    asked = []
    for name, own, answer in (
        ("Choice", choice, text("A", may_be_empty=True)), ("Number", numbers, reply), ("Question", {}, None),
    ):  # fmt: skip
        kind = getattr(quiz, name)
        it = kind(**said, **{name: each.good for name, each in own.items()})
        asked += [it] if own else []
        yield f"quiz.{name}", row(kind, **kinds, **own)
        yield f"quiz.{name}.link", row(it.link, words=text("here", may_be_empty=True))
        if answer:
            yield f"quiz.{name}.judge", row(it.judge, reply=answer)
    ask = lambda **given: [each.id for each in quiz.Quiz(**given).questions]  # noqa: E731
    yield "quiz.Quiz", row(ask, questions=listed(asked), random_state=RANDOM_STATE)
    yield "quiz.load_questions", row(quiz.load_questions, path=path_of(DATA / "questions.toml"))
    yield "quiz.read_number", row(quiz.read_number, written=reply)


def of_strangers(n=24):
    """Return columns as only a table of strangers has them."""
    k = np.arange(n)
    return {
        "dates": pd.date_range("2024-01-01", periods=n), "spans of time": pd.to_timedelta(k, unit="D"),
        "periods": pd.period_range("2024-01", periods=n, freq="M"), "intervals": pd.interval_range(0, n),
        "categories": pd.Categorical(k % 3), "words": pd.Categorical([f"w{i % 3}" for i in k]),
        "complex numbers": k + 1j, "lists": [[i] for i in k], "dicts": [{"a": i} for i in k],
        "sets": [{i} for i in k], "tuples": [(i,) for i in k], "bytes": [b"x%d" % (i % 2) for i in k],
        "functions": [len] * n,
        "mixed": ["a", 1, None, 2.5, True, b"x", (1,), np.nan] * (n // 8), "refuse": [Refuses()] * n,
        "infinities": np.where(k % 2, np.inf, -np.inf), "huge numbers": k * 1e300, "endless": [ENDLESS] * n,
        "huge integers": [10**30 * int(i) for i in k], "sparse": pd.arrays.SparseArray(k.astype(float)),
        "nullable truth": pd.array([True, False, None, True] * (n // 4), dtype="boolean"),
        "nullable integers": pd.array([1, 2, None, 3] * (n // 4), dtype="Int8"), "arrays": [np.ones(2)] * n,
        "small integers": (k % 99).astype(np.int8), "half precision": k.astype(np.float16),
        "extended precision": k.astype(np.longdouble), "nothing": [None] * n, "missing values": [pd.NA] * n,
    }  # fmt: skip


K = np.arange(24)
TABLE = pd.DataFrame({"x": K**2 % 7.0, "z": K % 5.0, "y": K % 3.0})
PROBLEM = tables.prepare(TABLE, "y")
NO_FRAMES = NO_LIST | {"a dict": {"x": [1]}, "a table of numbers": np.ones((24, 3))}
NO_PROBLEMS = NO_LIST | {"a table": TABLE, "a class": tables.Problem, "a model": LINEAR}


def rows_of_tables():
    odd = of_strangers()
    wide, types = TABLE.assign(w=TABLE["x"] % 4), (np.float32, np.int8, object, "Float64", "Int8")
    same = {str(each): TABLE.astype(each) for each in types}
    either = {name: TABLE.assign(x=column) for name, column in odd.items()}
    either |= {f"y of {name}": TABLE.assign(y=column) for name, column in odd.items()}
    either |= {str(name): wide.rename(columns={"w": name}) for name in (3, np.nan, (1, 2))}
    indices = {"of text": pd.Index([f"r{k}" for k in K]), "that repeats": K // 2, "of two": [K, K]}
    either |= {f"an index {what}": TABLE.set_index(index) for what, index in indices.items()}
    either["text"] = TABLE.astype(int).astype(str)
    empty = {"no columns": TABLE[[]], "no rows": TABLE[:0], "nothing": pd.DataFrame()}
    frames = Kind(TABLE, same, either, NO_FRAMES | {"a column": TABLE["x"]}, says="table|[Cc]olumns?|rows")
    column = {name: pd.Series(column) for name, column in odd.items()} | {"no rows": TABLE["y"][:0]}
    same = {name: each["y"] for name, each in same.items()} | {"other rows": TABLE["y"][::-1]}
    columns = Kind(TABLE["y"], same, column, NO_FRAMES | {"a table": TABLE})
    features = optional(names(["x", "z"])).but(same={"a generator": Fresh(lambda: iter(("x", "z")))})
    kinds = {
        "table": frames.but(wrong=empty), "features": features.but(says="features|column"),
        "target": text("y").but(wrong={"unknown": "w", "a list": ["y"]}, says="column|target"),
        "task": optional(text("classification")).but(wrong={"unknown": "ranking"}),
        "test_size": fraction(0.25), "random_state": RANDOM_STATE,
    }  # fmt: skip
    yield "tables.prepare", row(tables.prepare, **kinds)
    yield "tables.describe", row(tables.describe, table=frames.but(either=empty))
    yield "tables.guess_task", row(tables.guess_task, column=columns)
    wine = path_of(DATA / "wine.csv")
    yield "tables.read_table", row(tables.read_table, path=wine)
    ratings = Kind(Fresh(ratings_file), wrong=NO_PATHS | {"a folder": DATA}, says="path|data")
    yield "datasets.load_ratings", row(datasets.load_ratings, path=ratings)
    yield "files.read_text", row(files.read_text, path=wine, kind=given("CSV"))
    kinds = {"path": path_of(DATA / "questions.toml"), "name": given("question")}
    yield "files.read_tables", row(files.read_tables, **kinds)
    yield "your_data.is_ratings", row(your_data.is_ratings, path=wine.but("a folder"))
    yield "your_data.suited", row(your_data.suited, problem=Kind(PROBLEM, wrong=NO_PROBLEMS))


def ratings_file():
    path = Path(tempfile.gettempdir()) / "hostile_ratings.csv"
    path.write_text("1,2,3\n1,3,4\n2,2,1\n")
    return path


def first_step(picture):
    """Return what a picture says of its first step."""
    run = training.train(picture.model, picture.X, picture.y, optimizers.SGD(1e-3), epochs=1)
    picture.update(picture.model, run, 1)
    return picture.words(picture.model, run, 1)


def rows_of_pictures():
    def draw(kind, **kinds):
        kinds["epochs"] = count(3)
        if kind not in (pictures.LinePicture, pictures.ProbabilityPicture):  # the others look in the same way
            left_out = ("read-only", "NumPy's", "small", "an array", "a pair")
            kinds = {argument: each.but(*left_out) for argument, each in kinds.items()}
        return row(lambda **given: first_step(kind(**given)), **kinds)

    def held_out(x, y):
        wrong = {"None": None, "a number": 3, "text": "ab", "one": (x,), "three": (x, y, y), "a table": x}
        return Kind((x, y), {"a pair": [x, y]}, wrong=wrong)

    x, y = X / 64, Y / 64
    no_limits = {"a number": 1.0, "turned": (1.0, 0.1), "one": (1.0,), "text": ("a", "b"), "0": (0, 1)}
    two, three = (names(list(each)).but("an index", "a tuple") for each in ("ab", "abc"))
    for name, it, y_kind in (
        ("ProbabilityPicture", models.LogisticRegression(2), labels(BITS, **small)),
        ("MarginPicture", models.LinearSVM(2), labels(SIGNS, **small)),
        ("RegionsPicture", models.SoftmaxRegression(2, 2), labels(BITS, **small)),
    ):
        yield f"pictures.{name}", draw(
            getattr(pictures, name), model=model(it), X=table(x, **small), y=y_kind, features=two, labels=two,
            held_out=optional(held_out(x, y_kind.good)), loss_limits=Kind((0.1, 1.0), wrong=no_limits),
        )  # fmt: skip
    others = NO_MODELS | {"another": models.LogisticRegression(1), "two features": LINEAR}
    one = {"model": Kind(models.LinearRegression(1), wrong=others), "X": table(x[:, :1], **small)}
    one |= {"y": values(y, **small)}
    yield "pictures.LinePicture", draw(pictures.LinePicture, **one)
    kinds = {"held_out": held_out(x[:, :1], y), "feature": text("x"), "target": text("y")}
    yield "table_pictures.PlainLinePicture", draw(table_pictures.PlainLinePicture, **one, **kinds)
    truth, no_cmap = np.arange(12.0).reshape(3, 4), {"unknown": "grayish"}
    shapes = {"too few": truth[:2], "flat": truth.ravel(), "a number": 1.0, "empty": [], "turned": truth.T}
    factors = models.MatrixFactorization(3, 4, 2, 0.25)
    yield "pictures.RatingsPicture", draw(
        pictures.RatingsPicture, model=model(factors), X=pairs(PAIRS, **small), y=values(y, **small),
        truth=array(truth, shapes, **small).but("None"), cmap=text("gray").but(wrong=no_cmap), names=three,
        held_out=given(None),
    )  # fmt: skip
    table_rows = {"X": table(x, **small), "y": values(y, **small)}
    table_rows |= {"model": model(LINEAR), "held_out": held_out(x, y)}
    yield "table_pictures.FitPicture", draw(table_pictures.FitPicture, **table_rows, target=text("y"))
    classes = {"y": labels(DIGITS, **small), "model": model(SOFTMAX), "labels": three}
    kinds = table_rows | classes | {"held_out": held_out(x, np.array(DIGITS))}
    yield "table_pictures.ConfusionPicture", draw(table_pictures.ConfusionPicture, **kinds)
    kinds = {"problem": Kind(PROBLEM, wrong=NO_PROBLEMS), "model": model(SOFTMAX)}
    yield "table_pictures.picture_of", draw(table_pictures.picture_of, **kinds)

    on_a_line = scalar(2.0, 100).but("a list", "a fraction", "a truth value")
    for kind, it, other, start in (
        (descent_pictures.CurvePicture, PARABOLA, BOWL, on_a_line),
        (descent_pictures.MapPicture, BOWL, PARABOLA, START.but(wrong={"far away": [100.0, 0.0]})),
    ):
        begin, lr = lambda kind=kind, **given: kind(**given).start, optional(positive(0.1))
        kinds = {"function": LANDSCAPE.but(good=it, wrong={"another": other}), "start": start, "lr": lr}
        yield f"descent_pictures.{kind.__name__}", row(begin, **kinds, steps=count(3))
    made = {"make": function(datasets.make_line), "show": function(max), "n_samples": optional(count(20, 9))}
    made |= {"density": optional(fraction(0.5)), "noise": optional(positive(0.5))}
    yield "made_data.Made", row(made_data.Made, **made)


def rows_of_exercises():
    """Yield the rows of the checkers; tests/test_exercises_matrix.py hands them far more answers."""
    answers = {"None": None, "text": "f", "a function": len, "a class": int, "a number": 3}
    hints = listed([("No.", lambda *_: {"w": np.ones(2), "b": np.array(1.0)})]).but("nothing")
    kinds = {
        "answer": Kind(lambda *_: None, either=answers), "model": model(LINEAR), "hints": hints,
        "X": table(X / 64, **few, finite=True), "y": values(Y / 64, **few, finite=True), "lr": positive(0.1),
        "reference": function(lambda *_: 1.0),
    }  # fmt: skip
    own = {
        "check_softmax_gradient": {
            "X": kinds["X"].but("too wide", "no columns"), "y": labels(DIGITS, **few).but("another label")
        },
        "check_function": {"hints": hints.but("a tuple", good=[("No.", lambda *_: 2.0)])},
    }  # fmt: skip
    for name in exercises.__all__:
        checker = getattr(exercises, name)
        if name.startswith("check_"):
            its = {each: kinds[each] for each in inspect.signature(checker).parameters if each in kinds}
            home = f"{checker.__module__}.{name}".removeprefix("gdutils.")
            yield home, row(checker, **its | own.get(name, {}))


ROWS = dict(
    [
        *rows_of_models(),
        *rows_of_optimizers(),
        *rows_of_training(),
        *rows_of_landscapes(),
        *rows_of_datasets(),
        *rows_of_scores(),
        *rows_of_plots(),
        *rows_of_questions(),
        *rows_of_tables(),
        *rows_of_pictures(),
        *rows_of_exercises(),
    ]
)

# Names that are public for other modules alone, or come out of what has a row: what they are handed has been
# looked at by these. A name stands for all that begin with it.
MODELS = [
    name.removesuffix(".loss") for name in ROWS if name.startswith("models.") and name.endswith(".loss")
]
CHECKS, PANEL = "every row", "tests/panels/test_hostile_panels.py"
INNER = {
    "as_code": PANEL,
    "canvas": PANEL,
    "challenges.Challenges.look": PANEL,
    "checks": CHECKS,
    "closer": PANEL,
    "controls": PANEL,
    "descent_panel": PANEL,
    "descent_pictures.CurvePicture.": PANEL,
    "descent_pictures.MapPicture.": PANEL,
    "descent_pictures.Walk": PANEL,
    "errands": PANEL,
    "exercises.models.LeakyNetwork": "exercises.models.check_leaky_gradient",
    "exercises.models.SquaredHinge": "exercises.models.check_squared_hinge",
    "exercises.verdict.Verdict": "exercises.verdict.check_function",
    "exercises.verdict.in_a_dict": "exercises.verdict.check_function",
    "exercises.verdict.judge": "exercises.verdict.check_function",
    "exercises.verdict.scaled": "exercises.gradients.check_model_gradient",
    "figures": "pictures.LinePicture",
    "files.listed": "tables.prepare",
    "letters": PANEL,
    "limits": PANEL,
    "live": PANEL,
    "made_data.Made.": PANEL,
    "made_data.Source": PANEL,
    "made_data.fit_sliders": PANEL,
    "made_data.make_sliders": PANEL,
    "made_data.read_sliders": PANEL,
    **{f"{name}.{method}": f"{name}.loss" for name in MODELS for method in ("check", "shaped")},
    "panels": PANEL,
    "pictures.LinePicture.": "pictures.LinePicture",
    "pictures.MarginPicture.": "pictures.MarginPicture",
    "pictures.ProbabilityPicture.": "pictures.ProbabilityPicture",
    "pictures.RatingsPicture.": "pictures.RatingsPicture",
    "pictures.RegionsPicture.": "pictures.RegionsPicture",
    "predictions.Predictions.look": PANEL,
    "quiz.Question.judge": "quiz.Number.judge",
    "runs": PANEL,
    "table_pictures.ConfusionPicture.": "table_pictures.ConfusionPicture",
    "table_pictures.FitPicture.": "table_pictures.FitPicture",
    "table_pictures.PlainLinePicture.": "table_pictures.PlainLinePicture",
    "tables.Problem": "tables.prepare",
    "training.Run": "training.train",
    "training.Snapshot": "training.descend",
    "your_data.YourData": PANEL,
}


OF_MATPLOTLIB = {"artists", "color", "label", "linestyle"}  # what it has given, or looks at itself


def inner(name):
    """Return whether a name is for other modules alone."""
    return any(name == each or name.startswith(each if each.endswith(".") else f"{each}.") for each in INNER)


def test_every_public_name_has_a_row_that_covers_its_arguments():
    found = public()
    for name, arguments in found.items():
        assert name in ROWS or inner(name), f"{name} needs a row in ROWS, or in INNER who calls it"
        if name in ROWS:
            lacking = arguments - OF_MATPLOTLIB - set(ROWS[name][1])
            assert not lacking, f"the row of {name} lacks {sorted(lacking)}"
    assert set(ROWS) <= set(found)
    for name, caller in INNER.items():
        assert any(name == each or each.startswith(name) for each in found), f"there is no {name}"
        assert caller in ROWS or caller in (CHECKS, PANEL), f"{caller} is to call {name}, and has no row"


@cache
def plain(name):
    """Return what good arguments give."""
    return call(ROWS[name])


SWAPS = [(name, argument) for name, (_, kinds) in ROWS.items() for argument in kinds]


@pytest.mark.parametrize(("name", "argument"), SWAPS)
def test_one_argument_is_swapped(name, argument):
    faults = list(faults_of(ROWS[name], argument, plain(name)))
    assert not faults, "\n".join([name, *faults])


@pytest.mark.parametrize("name", ROWS)
def test_all_arguments_are_swapped_for_another_form(name):
    faults = list(faults_together(ROWS[name], plain(name)))
    assert not faults, "\n".join([name, *faults])

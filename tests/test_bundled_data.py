"""The files beside the lessons are what their README says, and its code writes them again."""

import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_wine

from gdutils.datasets import load_ratings, make_ratings
from gdutils.tables import describe, prepare, read_table

DATA = Path(__file__).parent.parent / "notebooks" / "data"
README = (DATA / "README.md").read_text(encoding="utf-8")
CODE = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize(("code", "name"), list(zip(CODE, ["wine.csv", "ratings.csv"], strict=True)))
def test_the_code_of_the_readme_writes_the_file(code, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    written = (tmp_path / name).read_bytes()
    assert written == (DATA / name).read_bytes().replace(b"\r\n", b"\n")  # git may have changed the line ends


def test_wine_is_that_of_scikit_learn():
    table, original = read_table(DATA / "wine.csv"), load_wine()
    assert list(table) == [*original.feature_names, "cultivar"]
    np.testing.assert_array_equal(table[original.feature_names].to_numpy(), original.data)
    names = np.array(["Barolo", "Grignolino", "Barbera"])
    assert table["cultivar"].tolist() == names[original.target].tolist()
    assert table.index.tolist() == list(range(2, 180))


def test_every_column_is_explained_and_every_kind_counted():
    table = read_table(DATA / "wine.csv")
    assert re.findall(r"^\| `(.*?)` \|", README, re.MULTILINE) == list(table)
    for name, count in table["cultivar"].value_counts().items():
        assert re.search(rf"{name} \({count}\b", README)


def test_wine_is_ready_to_train_on():
    table = read_table(DATA / "wine.csv")
    assert describe(table)["missing"].sum() == 0
    problem = prepare(table, "cultivar")
    assert problem.labels == ("Barbera", "Barolo", "Grignolino")
    assert problem.X_train.shape == (133, 13)
    assert problem.notes == ()
    assert prepare(table, "alcohol").task == "regression"


def test_ratings_are_those_of_make_ratings_in_half_stars():
    X, y, users, items = load_ratings(DATA / "ratings.csv")
    pairs, made, _ = make_ratings(60, 80, rank=2, density=0.25, noise=0.5, random_state=0)
    np.testing.assert_array_equal(np.column_stack([users[X[:, 0]], items[X[:, 1]]]), pairs + 1)
    assert set(2 * y) <= set(range(1, 11))
    inside = (y > 0.5) & (y < 5)
    assert np.abs(y - (3.25 + 0.75 * made))[inside].max() <= 0.25
    assert 0.5 < inside.mean() < 1

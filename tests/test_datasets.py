"""The data: made as the formula says, and split without a leak from the test rows."""

import numpy as np
import pytest
from sklearn import datasets as bundled
from sklearn.utils import check_random_state

from gdutils.datasets import load_diabetes, make_line
from gdutils.randomness import make_rng


@pytest.mark.parametrize("seed", [0, 1, 2**32 - 1, np.int64(7), np.uint8(3)])
def test_a_seed_stands_for_the_generator_that_it_stands_for_in_scikit_learn(seed):
    np.testing.assert_array_equal(make_rng(seed).randn(5), check_random_state(seed).randn(5))


def test_a_generator_is_handed_back():
    rng = np.random.RandomState(3)
    assert make_rng(rng) is rng


def test_make_line_is_the_formula():
    X, y = make_line()
    x = np.linspace(-3, 3, 200)
    assert X.shape == (200, 1)
    np.testing.assert_array_equal(X[:, 0], x)
    np.testing.assert_allclose(y, 2 * x - 0.3 + 0.7 * np.random.RandomState(0).randn(200), rtol=1e-14)


def test_make_line_takes_another_line():
    X, y = make_line(5, slope=-1, intercept=4, noise=0)
    np.testing.assert_allclose(y, [7, 5.5, 4, 2.5, 1])
    np.testing.assert_allclose(X[:, 0], [-3, -1.5, 0, 1.5, 3])


def test_make_line_is_reproducible_and_shares_a_generator():
    rng = np.random.RandomState(7)
    first, second = make_line(random_state=rng)[1], make_line(random_state=rng)[1]
    np.testing.assert_array_equal(first, make_line(random_state=7)[1])
    assert not np.array_equal(first, second)  # the generator has moved on


def test_load_diabetes_is_split_and_scaled_by_its_training_rows():
    X_train, X_test, y_train, y_test = load_diabetes()
    assert X_train.shape == (331, 10)
    assert X_test.shape == (111, 10)
    assert (y_train.shape, y_test.shape) == ((331,), (111,))
    np.testing.assert_allclose(X_train.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(X_train.std(axis=0), 1)
    # Scaled by the training rows' numbers, the test rows are only about 0 and 1.
    assert np.abs(X_test.mean(axis=0)).max() > 0.01


def test_load_diabetes_keeps_every_patient_once():
    raw = bundled.load_diabetes(scaled=False)
    X_train, X_test, y_train, y_test = load_diabetes()
    X, y = np.vstack([X_train, X_test]), np.concatenate([y_train, y_test])
    # Scaling keeps the order of values, so sorting brings both tables into one order.
    ours, theirs = np.lexsort(X.T), np.lexsort(raw.data.T)
    np.testing.assert_array_equal(y[ours], raw.target[theirs])
    for column, values in zip(X[ours].T, raw.data[theirs].T, strict=True):
        assert np.corrcoef(column, values)[0, 1] == pytest.approx(1, abs=1e-12)


def test_load_diabetes_split_follows_random_state():
    same, again, other = load_diabetes(), load_diabetes(random_state=0), load_diabetes(random_state=1)
    for a, b in zip(same, again, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(same[3], other[3])


def test_load_diabetes_selects_features_in_the_order_asked_for():
    every = load_diabetes()
    names = bundled.load_diabetes().feature_names
    one = load_diabetes(features=["bmi"])
    two = load_diabetes(features=["s5", "bmi"])
    for part in (0, 1):
        np.testing.assert_allclose(one[part][:, 0], every[part][:, names.index("bmi")])
        np.testing.assert_allclose(two[part], every[part][:, [names.index("s5"), names.index("bmi")]])
    np.testing.assert_array_equal(one[2], every[2])


def test_load_diabetes_names_an_unknown_feature():
    with pytest.raises(ValueError, match=r"features.*bmi.*'weight'"):
        load_diabetes(features=["bmi", "weight"])


@pytest.mark.parametrize("n_samples", [0, -1, 2.5, "3", None, True])
def test_make_line_names_a_bad_n_samples(n_samples):
    with pytest.raises((ValueError, TypeError), match=f"n_samples.*{n_samples!r}"):
        make_line(n_samples)


@pytest.mark.parametrize("load", [make_line, load_diabetes])
@pytest.mark.parametrize("random_state", ["zero", -1, 1.5, 2**32])
def test_bad_random_state_is_named(load, random_state):
    with pytest.raises(ValueError, match=f"random_state.*{random_state!r}"):
        load(random_state=random_state)


def test_a_single_name_is_no_list_of_features():
    with pytest.raises(TypeError, match=r"features.*'bmi'"):
        load_diabetes(features="bmi")


def test_numpy_random_is_no_random_state():
    # scikit-learn takes the module for the global generator, which is never used here.
    with pytest.raises(ValueError, match="random_state"):
        make_rng(np.random)

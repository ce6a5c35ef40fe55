"""The judge of the gradients is itself judged: by functions whose gradient is known."""

import re

import numpy as np
import pytest

from gdutils.gradient_check import check_gradient, numerical_gradient
from gdutils.models import LinearRegression

RNG = np.random.RandomState(0)
X, Y = RNG.randn(6, 2), RNG.randn(6)
PARAMS = {"w": np.array([0.5, -1.0]), "b": np.array(0.3)}


@pytest.mark.parametrize("shape", [(), (4,), (2, 3)])
def test_sum_of_sines_on_any_shape(shape):
    theta = np.asarray(RNG.randn(*shape))
    before = theta.copy()
    gradient = numerical_gradient(lambda t: np.sin(t).sum(), theta)
    assert gradient.shape == shape
    np.testing.assert_allclose(gradient, np.cos(theta), atol=1e-9)
    np.testing.assert_array_equal(theta, before)


@pytest.mark.parametrize("x", [100_000_000, -1e8])
def test_far_from_zero_the_step_grows(x):
    # A step of 1e-5 would drown in the rounding of (1e8)².
    assert numerical_gradient(lambda t: t**2, x) == pytest.approx(2 * x, rel=1e-6)


def test_a_step_of_nothing_is_refused():
    with pytest.raises(ValueError, match="step must be a positive, finite number, got 0"):
        numerical_gradient(np.sum, [1.0], step=0)


def spoiled(spoil):
    """Return a model whose gradient a learner got wrong."""

    class Spoiled(LinearRegression):
        def gradient(self, params, X, y):
            return spoil(super().gradient(params, X, y))

    return Spoiled(2)


def test_right_gradient_passes_and_tol_decides():
    assert 0 <= check_gradient(LinearRegression(2), PARAMS, X, Y) < 1e-8
    slightly_off = spoiled(lambda g: g | {"b": g["b"] + 1e-4})
    with pytest.raises(ValueError, match="'b'"):
        check_gradient(slightly_off, PARAMS, X, Y)
    assert check_gradient(slightly_off, PARAMS, X, Y, tol=1e-3) == pytest.approx(1e-4, rel=1e-3)


MISTAKES = {
    "wrong sign of b": ("b", lambda g: g | {"b": -g["b"]}),
    "missing 1/n": ("w", lambda g: {name: 6 * value for name, value in g.items()}),
    "one entry of two": ("w", lambda g: g | {"w": g["w"] + [0, 1e-3]}),
    "not a number": ("w", lambda g: g | {"w": g["w"] * np.nan}),
}


@pytest.mark.parametrize(("name", "spoil"), MISTAKES.values(), ids=MISTAKES)
def test_wrong_gradient_is_told_with_both_numbers(name, spoil):
    gradient = LinearRegression(2).gradient(PARAMS, X, Y)
    right, wrong = gradient[name], spoil(gradient)[name]
    with pytest.raises(ValueError, match=f"gradient of '{name}'") as caught:
        check_gradient(spoiled(spoil), PARAMS, X, Y)
    index = np.argmax(np.abs(wrong - right)) if name == "w" else ()  # the worst entry is the one named
    numbers = [float(number) for number in re.findall(r" is ([^ ,]+)", str(caught.value))]
    assert numbers == pytest.approx([wrong[index], right[index]], rel=1e-6, nan_ok=True)


SHAPES = {
    "of 'w' must have shape (2,), got (2, 1)": lambda g: g | {"w": g["w"][:, np.newaxis]},
    "of 'b' must have shape (), got (1,)": lambda g: g | {"b": g["b"][np.newaxis]},
    "must have the keys ['w', 'b'], got ['w']": lambda g: {"w": g["w"]},
}


@pytest.mark.parametrize(("found", "spoil"), SHAPES.items(), ids=SHAPES)
def test_wrong_shapes_and_keys_are_told(found, spoil):
    with pytest.raises(ValueError, match=f"^the gradient {re.escape(found)}$"):
        check_gradient(spoiled(spoil), PARAMS, X, Y)

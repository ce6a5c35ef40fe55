"""The judge of the gradients is itself judged: by functions whose gradient is known."""

import numpy as np
import pytest

from gdutils.gradient_check import check_gradient, numerical_gradient

RNG = np.random.RandomState(0)
SQUARE = RNG.randn(3, 3)
X, Y = RNG.randn(6, 2), RNG.randn(6)
PARAMS = {"w": np.array([0.5, -1.0]), "b": np.array(0.3)}


@pytest.mark.parametrize("shape", [(), (4,), (2, 3)])
def test_sum_of_sines_on_any_shape(shape):
    theta = np.asarray(RNG.randn(*shape))
    gradient = numerical_gradient(lambda t: float(np.sin(t).sum()), theta)
    assert gradient.shape == shape
    np.testing.assert_allclose(gradient, np.cos(theta), atol=1e-9)


def test_quadratic_form():
    theta = RNG.randn(3)
    gradient = numerical_gradient(lambda t: float(t @ SQUARE @ t), theta)
    np.testing.assert_allclose(gradient, (SQUARE + SQUARE.T) @ theta, atol=1e-8)


@pytest.mark.parametrize("x", [1e8, -1e8])
def test_far_from_zero_the_step_grows(x):
    # A step of 1e-5 would drown in the rounding of (1e8)².
    assert numerical_gradient(lambda t: float(t**2), x) == pytest.approx(2 * x, rel=1e-6)


def test_theta_is_not_modified_and_may_be_whole_numbers():
    theta = np.array([1, 2])
    np.testing.assert_allclose(numerical_gradient(lambda t: float((t**2).sum()), theta), [2, 4])
    np.testing.assert_array_equal(theta, [1, 2])
    assert theta.dtype.kind == "i"


class Line:
    """Half the mean squared error; `spoil` is what a learner got wrong."""

    def __init__(self, spoil=lambda gradient: gradient):
        self.spoil = spoil

    def loss(self, params, X, y):
        return 0.5 * float(np.mean((X @ params["w"] + params["b"] - y) ** 2))

    def gradient(self, params, X, y):
        error = X @ params["w"] + params["b"] - y
        return self.spoil({"w": X.T @ error / len(y), "b": np.mean(error)})


def test_right_gradient_passes():
    worst = check_gradient(Line(), PARAMS, X, Y)
    assert isinstance(worst, float)
    assert 0 <= worst < 1e-8


MISTAKES = {
    "wrong sign of b": ("b", lambda g: g | {"b": -g["b"]}),
    "wrong sign of w": ("w", lambda g: g | {"w": -g["w"]}),
    "missing 1/n": ("w", lambda g: {name: 6 * value for name, value in g.items()}),
    "one entry of two": ("w", lambda g: g | {"w": g["w"] + [0, 1e-3]}),
    "not a number": ("w", lambda g: g | {"w": g["w"] * np.nan}),
}


@pytest.mark.parametrize(("name", "spoil"), MISTAKES.values(), ids=MISTAKES)
def test_wrong_gradient_is_told_with_both_numbers(name, spoil):
    right, wrong = Line().gradient(PARAMS, X, Y)[name], spoil(Line().gradient(PARAMS, X, Y))[name]
    with pytest.raises(ValueError, match=f"gradient of '{name}'") as caught:
        check_gradient(Line(spoil), PARAMS, X, Y)
    message = str(caught.value)
    index = np.argmax(np.abs(wrong - right)) if name == "w" else ()  # the worst entry is the one named
    assert f"is {np.asarray(wrong)[index]:.6g}"[:8] in message
    assert f"numerical one is {np.asarray(right)[index]:.6g}"[:24] in message


SHAPES = {
    "a column": ("w", lambda g: g | {"w": g["w"][:, np.newaxis]}),
    "one entry for both": ("w", lambda g: g | {"w": g["w"][:1]}),
    "b with an axis": ("b", lambda g: g | {"b": g["b"][np.newaxis]}),
}


@pytest.mark.parametrize(("name", "spoil"), SHAPES.values(), ids=SHAPES)
def test_wrong_shape_is_told(name, spoil):
    with pytest.raises(ValueError, match=rf"gradient of '{name}' must have shape \("):
        check_gradient(Line(spoil), PARAMS, X, Y)


def test_forgotten_parameter_is_told():
    with pytest.raises(ValueError, match="'b'"):
        check_gradient(Line(lambda g: {"w": g["w"]}), PARAMS, X, Y)


def test_unknown_parameter_is_told():
    with pytest.raises(ValueError, match="'c'"):
        check_gradient(Line(lambda g: g | {"c": g["b"]}), PARAMS, X, Y)


def test_tol_decides():
    slightly_off = Line(lambda g: g | {"b": g["b"] + 1e-4})
    with pytest.raises(ValueError, match="'b'"):
        check_gradient(slightly_off, PARAMS, X, Y)
    assert check_gradient(slightly_off, PARAMS, X, Y, tol=1e-3) == pytest.approx(1e-4, rel=1e-3)

"""What a function may do in Python beside computing: compiled says what eager says."""

import functools
import importlib
import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from tinypt_core import Function, grad

sys.path.insert(0, str(Path(__file__).parent))
from stories import tells_the_same

STORIES = {}


def story(f):
    STORIES[f.__name__] = f
    return f


@pytest.fixture(autouse=True, scope="module")
def _operators_are_found():
    grad(np.sin)(1.0)


@story
def is_asks_for_the_same_object(run):
    a, b = np.ones(2), np.ones(2)
    f = run(lambda x, y: x * 1.0 if x is y else x * 2.0)
    g = run(lambda x: x * 1.0 if x is not a else x * 2.0)
    yield f(a, b), f(a, a), f(a, b), g(a), g(b)


@story
def kinds_of_numbers(run):
    def matched(x):
        match x:
            case float():
                return x * 2
            case np.ndarray():
                return x * 3
        return x * 4

    @functools.singledispatch
    def dispatched(x):
        return x * 1.0

    dispatched.register(np.ndarray)(lambda x: x * 3.0)
    for f in (matched, lambda x: x * 2 if np.isscalar(x) else x, lambda x: dispatched(x)):
        g = run(f)
        yield g(1.0), g(np.ones(2)), g(np.float64(1.0))


@story
def text_of_a_number(run):
    f = run(lambda x: x * len(repr(x)) + len(str(x)) + len(f"{x:.3f}"))
    yield [f(x) for x in (0.5, 1.25, 100.125)]
    g = run(lambda x: x * len(repr(x)))
    yield [g(x) for x in (np.ones(2), np.array([1.5, 2.25]))]


@story
def static_zeros(run):
    f = run(lambda x, n: x * float(np.copysign(1.0, n)), static="n")
    yield f(1.0, 0.0), f(1.0, -0.0)


@story
def keys_that_are_equal(run):
    f = run(lambda d: sum(v * len(str(k)) for k, v in d.items()))
    yield f({1: 1.0}), f({True: 1.0}), f({1.5: 1.0}), f({"a": 1.0, "bb": 2.0})


@story
def names_that_a_program_needs_itself(run):
    def f(x, current, mode, slow, given, total, kind):
        k1 = x * np.float32(1.5)
        k2, exp, array = k1 * np.float32(2.5), np.exp(k1), k1 - slow
        return (k2 * exp + array * current - mode) * (given + total) * kind

    g = run(f)
    for x in (0.3, np.float32(0.3), np.ones(2), np.ones(2, np.float32)):
        for _ in range(2):
            yield g(x, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0)


@story
def calls_by_name(run):
    f = run(lambda x, y=2.0, *, z=3.0: x * y + z)
    for _ in range(2):
        yield f(1.0), f(x=2.0), f(1.0, 3.0), f(y=4.0, x=1.0), f(1.0, z=5.0)
    for args in ((), (1.0, 2.0, 3.0)):
        with pytest.raises(TypeError):
            f(*args)


@story
def errors(run):
    def f(x):
        if x < 0:
            raise ValueError("negative")
        return x * 2

    g = run(f)
    for x in (-1.0, 1.0, -1.0, 2.0):
        try:
            yield g(x)
        except ValueError as error:
            yield str(error)


@story
def floating_point_errors(run):
    f = run(lambda x: 1 / x)
    for x in (np.array(1.0), np.array(0.0)):
        try:
            with np.errstate(all="raise"):
                yield f(x)
        except FloatingPointError as error:
            yield str(error)


@story
def imports(run):
    module = sys.modules["a_module_of_mine"] = type(sys)("a_module_of_mine")
    try:
        f = run(lambda x: x * importlib.import_module("a_module_of_mine").k)
        for module.k in (2.0, 3.0):
            yield f(1.0)
    finally:
        del sys.modules["a_module_of_mine"]


@story
def the_environment(run):
    def inside(x):
        import os

        return x * float(os.environ["A_SCALE"])

    f, g = run(inside), run(lambda x: x * float(os.environ["A_SCALE"]))
    try:
        for scale in ("2", "3"):
            os.environ["A_SCALE"] = scale
            yield f(1.0), g(1.0)
    finally:
        del os.environ["A_SCALE"]


def test_files_are_read_again(tmp_path):
    def told(run):
        f = run(lambda x: x * np.load(tmp_path / "w.npy"))
        for w in (2.0, 3.0):
            np.save(tmp_path / "w.npy", np.full(2, w))
            yield f(np.ones(2))

    assert tells_the_same(told)


@story
def warnings_come_every_time(run):
    def f(x):
        warnings.warn("look", stacklevel=1)
        return x

    g = run(f)
    for _ in range(2):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            g(1.0)
        yield [str(w.message) for w in seen]


@story
def what_it_sets_outside(run):
    class Count(Function):
        n = 0

        def forward(self, x):
            Count.n += 1
            return x * Count.n

        def backward(self, gy):
            return gy

    class Kept:
        last = None

    def f(x):
        Kept.last = x * 2
        return x

    g, h = run(lambda x: Count()(x)), run(f)
    yield [float(g(1.0)) for _ in range(3)], Count.n
    yield h(1.0), Kept.last, h(2.0), Kept.last


@story
def iterators(run):
    numbers = iter([1.0, 2.0, 3.0])

    def f(x):
        for v in numbers:
            return x * v
        return x

    g = run(f)
    yield [g(1.0) for _ in range(4)]


@story
def signs_of_zeros(run):
    g = run(grad(lambda x, y: np.sum(x - (-y) * x), (0, 1)))
    for x, y in ((0.0, 0.0), (-0.0, 0.0), (0.0, -0.0), (-0.0, -0.0)):
        yield [np.signbit(v).tolist() for v in g(np.array([x]), np.array([y]))]
        yield [bool(np.signbit(v)) for v in g(x, y)]


@story
def results_are_the_callers(run):
    f, a = run(lambda x: (x * 2, x.T, x)), np.ones((2, 2))
    doubled, view, itself = f(a)
    doubled[:] = 9.0
    view[0, 1] = 5.0
    yield a.copy(), itself is a, f(a)


@pytest.mark.parametrize("name", STORIES)
def test_as_eagerly(name):
    tells_the_same(STORIES[name])

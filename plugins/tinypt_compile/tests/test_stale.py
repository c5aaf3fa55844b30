"""Whatever f reads from outside may change in between: compiled says what eager says."""

import enum
import functools
import math
import operator
import sys
import types
from pathlib import Path

import numpy as np
import pytest

from tinypt_core import Function, Variable, grad, no_grad, vmap

sys.path.insert(0, str(Path(__file__).parent))
from stories import tells_the_same
from tinypt_compile import compile

STORIES = {}


def story(f):
    STORIES[f.__name__] = f
    return f


@pytest.fixture(autouse=True, scope="module")
def _operators_are_found():
    grad(np.sin)(1.0)


@story
def defaults(run):
    def f(x, k=2.0, *, m=1.0):
        return x * k + m

    g = run(f)
    yield g(1.0)
    f.__defaults__ = (5.0,)
    yield g(1.0)
    f.__kwdefaults__ = {"m": 7.0}
    yield g(1.0)


@story
def code(run):
    def f(x):
        return x * 2

    def other(x):
        return x * 3

    g = run(f)
    yield g(1.0)
    f.__code__ = other.__code__
    yield g(1.0)


@story
def a_module(run):
    settings = types.ModuleType("settings")
    settings.scale = 2.0
    g = run(lambda x: x * settings.scale)
    yield g(1.0)
    settings.scale = 3.0
    yield g(1.0)


@story
def a_module_asked_by_a_text(run):
    settings = types.ModuleType("settings")
    g = run(lambda x: x * getattr(settings, "scale", 1.0))
    h = run(lambda x: x * 2 if hasattr(settings, "scale") else x)
    yield g(1.0), h(1.0)
    settings.scale = 2.0
    yield g(1.0), h(1.0)


@story
def classes_and_their_bases(run):
    class Base:
        slope = 2.0

        def line(self, x):
            return x * self.slope

    class Line(Base):
        def __call__(self, x):
            return self.line(x)

    line = Line()
    g = run(line)
    yield g(1.0)
    Base.slope = 3.0
    yield g(1.0)
    Line.slope = 4.0
    yield g(1.0)
    line.slope = 5.0
    yield g(1.0)
    Line.line = lambda self, x: -x
    yield g(1.0)
    line.line = lambda x: x * 100
    yield g(1.0)


@story
def the_class_of_a_class(run):
    table = {"k": 2.0}

    class Meta(type):
        @property
        def k(cls):
            return table["k"]

    class Thing(metaclass=Meta):
        pass

    g = run(lambda x: x * Thing.k)
    yield g(1.0)
    table["k"] = 3.0
    yield g(1.0)


@story
def training(run):
    class Model:
        training = True

        def __init__(self):
            self.w = np.ones(2)

        def __call__(self, x):
            return np.sum(self.w * x) if self.training else np.sum(self.w * x) / 2

    model = Model()
    g = run(grad(model))
    yield g(np.ones(2))
    model.training = False
    yield g(np.ones(2))
    del model.training
    yield g(np.ones(2))


@story
def slots(run):
    class Point:
        __slots__ = ("s", "t")

    p = Point()
    p.s = 2.0
    g = run(lambda x: x * p.s + (p.t if hasattr(p, "t") else 0))
    yield g(1.0)
    p.t = 5.0
    yield g(1.0)


@story
def layers_are_replaced(run):
    class Layer:
        def __init__(self, slope):
            self.slope = slope

        def __call__(self, x):
            return x * self.slope

    layers = [Layer(2.0), Layer(3.0)]

    def f(x):
        for layer in layers:
            x = layer(x)
        return x

    g = run(f)
    yield g(1.0)
    layers[0] = Layer(5.0)
    yield g(1.0)
    layers[1] = layers[0]
    yield g(1.0)
    layers.pop()
    yield g(1.0)


@story
def one_object_in_two_places(run):
    a, b = np.ones(2), np.full(2, 5.0)
    both = [a, b]
    g = run(lambda x: x * both[0] + both[1])
    yield g(1.0)
    both[1] = a
    yield g(1.0)
    a[0] = 7.0
    yield g(1.0)


@story
def members_of_an_enum(run):
    class Kind(enum.Enum):
        A = 1
        B = 2

    state = {"kind": Kind.A}
    g = run(lambda x: x * 2 if state["kind"] == Kind.A else x * 3)
    yield g(1.0)
    state["kind"] = Kind.B
    yield g(1.0)


@story
def numbers_of_another_type(run):
    box = [1]
    g, x = run(lambda x: x * box[0]), np.ones(2, np.float32)
    for number in (1, np.float64(1), 1.0, True):
        box[0] = number
        yield g(x)


@story
def names_that_come_later(run):
    space = {}
    exec("def f(x): return abs(x) * 2", space)
    exec("def g(x):\n  try: return x * K\n  except NameError: return x", space)
    f, g = run(space["f"]), run(space["g"])
    yield f(-1.0), g(1.0)
    space.update(abs=lambda v: v * 42, K=4.0)
    yield f(-1.0), g(1.0)


@story
def what_stands_behind_a_call(run):
    table = {"f": np.sin, "k": 2.0}
    part = functools.partial(lambda x, k: x * k, k=2.0)
    slope = operator.itemgetter("k")
    f, g, h = run(lambda x: table["f"](x)), run(part), run(lambda x: x * slope(table))
    yield f(0.5), g(0.5), h(0.5)
    table.update(f=np.cos, k=3.0)
    part.keywords["k"] = 3.0
    yield f(0.5), g(0.5), h(0.5)


@story
def a_number_of_a_module_of_pythons(run):
    g, tau = run(lambda x: math.tau * x), math.tau
    yield g(1.0)
    try:
        math.tau = 1.0
        yield g(1.0)
    finally:
        math.tau = tau


@story
def arrays_in_place(run):
    base = np.arange(4.0)
    view = base[1:3]
    g = run(lambda x: x * view)
    yield g(1.0)
    base[1] = 9.0
    yield g(1.0)
    view.shape = (2, 1)
    yield g(1.0)


@story
def variables_of_a_model(run):
    class Model:
        def __init__(self):
            self.w = Variable(np.ones(2))

        def __call__(self, x):
            return np.sum(self.w * x)

    model = Model()
    g = run(model)
    with no_grad():
        yield g(np.ones(2)).data
        model.w = Variable(np.full(2, 3.0))
        yield g(np.ones(2)).data
        model.w.data[0] = 7.0
        yield g(np.ones(2)).data


@story
def programs_inside_programs(run):
    box = [2.0]
    inner = run(lambda x: np.sin(x) * box[0])
    middle = grad(inner)
    outer = run(lambda x: middle(x) * x)
    for value in (2.0, 3.0):
        box[0] = value
        yield outer(0.5)
        yield grad(outer)(0.5)
        yield run(grad(outer))(0.5)
        yield vmap(outer)(np.full(3, 0.5))
        yield run(vmap(grad(run(outer))))(np.full(3, 0.5))


FACTOR = 2.0


class Bent(Function):
    """An operator of somebody's own, whose line reads an attribute, a class and a global."""

    slope = 1.0

    def __init__(self, n=2):
        self.n = n

    def forward(self, x):
        return FACTOR * self.slope * x**self.n

    def backward(self, gy, x):
        return gy * FACTOR * self.slope * self.n * x ** (self.n - 1)


@story
def an_operator_class_of_the_users_own(run):
    global FACTOR
    f = run(grad(lambda x: np.sin(x) * Bent.apply(x, 3)))
    g = run(grad(grad(lambda x: Bent(3).of(x) * Bent()(x))))
    yield f(1.5), g(1.5)
    Bent.slope = 2.0
    yield f(1.5), g(1.5)
    FACTOR = 3.0
    yield f(1.5), g(1.5)
    forward, Bent.forward = Bent.forward, lambda self, x: FACTOR * x**self.n
    yield f(1.5), g(1.5)
    Bent.forward, Bent.slope, FACTOR = forward, 1.0, 2.0


@story
def one_instance_of_an_operator(run):
    bent = Bent(3)
    f = run(grad(lambda x: np.sum(bent(x))))
    yield f(np.arange(3.0)), f(np.arange(3.0))
    bent.n = 2
    yield f(np.arange(3.0))


@pytest.mark.parametrize("name", STORIES)
def test_never_stale(name):
    tells_the_same(STORIES[name])


@pytest.mark.parametrize("call", ["Bent.apply(x, 3)", "Bent(3)(x)", "Bent().of(x)", "BENT(x)"])
def test_an_operator_of_somebodys_own_is_in_the_program(call):
    f = compile(grad(eval(f"lambda x: np.sin(x) * {call}", {**globals(), "BENT": Bent()})))
    f(1.5)
    assert "a program of (x: float)" in f.report()


def test_attributes_are_no_globals():
    """A module's array called as an attribute of something else is not what is read."""
    names = {"np": np, "math": math, "e": np.ones(3), "shape": Variable(np.ones(2))}
    f = compile(grad(eval("lambda x: np.sum(x * math.e) / x.shape[0]", names)))
    f(np.ones(2))
    assert "a program of (x: 2 float64): " in f.report()

"""Under create_graph a rule that would cut the graph raises; it never gives a wrong number.

Every rule below is right in a plain pass and would lose a term of the second derivative.
"""

import copy
import pickle
from types import SimpleNamespace

import numpy as np
import pytest

from tinypt_core import (
    Function,
    GradientError,
    Variable,
    grad,
    gradients,
    no_grad,
    using_config,
)


class Cube(Function):
    def forward(self, x):
        return x**3


class ReadsData(Cube):
    def backward(self, gy, x):
        return gy * 3 * (x.data if isinstance(x, Variable) else x) ** 2


class ReadsInputsData(Cube):
    def backward(self, gy):
        return gy * 3 * self.inputs[0].data ** 2


class ReadsInputData(Cube):
    def backward(self, gy):
        x = self.input.data
        return 3 * x**2 * gy


class ReadsOutputData(Cube):
    def backward(self, gy):
        return gy * 3 * np.cbrt(self.outputs[0]().data) ** 2


class ReadsTheOnlyOutputsData(Cube):
    def backward(self, gy):
        return gy * 3 * np.cbrt(self.output.data) ** 2


class ReadsDataOfSomethingDerived(Cube):
    def backward(self, gy, x):
        square = x * x
        return gy * 3 * (square.data if isinstance(square, Variable) else square)


class ReadsDataOfGy(Cube):
    def backward(self, gy, x):
        return 3 * x**2 * (gy.data if isinstance(gy, Variable) else gy)


class CallsAsarray(Cube):
    def backward(self, gy, x):
        return gy * 3 * np.asarray(x) ** 2


class CallsArray(Cube):
    def backward(self, gy, x):
        return gy * 3 * np.array(x, dtype=float) ** 2


class CallsFloat(Cube):
    def backward(self, gy, x):
        return gy * 3 * float(x) ** 2


class CallsItem(Cube):
    def backward(self, gy, x):
        return gy * 3 * x.item() ** 2


class CallsTolist(Cube):
    def backward(self, gy, x):
        return gy * 3 * x.tolist() ** 2


class Formats(Cube):
    def backward(self, gy, x):
        return gy * 3 * float(f"{x:.17g}") ** 2


class Detaches(Cube):
    def backward(self, gy, x):
        return gy * 3 * (x.detach() if isinstance(x, Variable) else x) ** 2


class Copies(Cube):
    def backward(self, gy, x):
        return gy * 3 * copy.copy(x) ** 2


class CopiesDeeply(Cube):
    def backward(self, gy, x):
        return gy * 3 * copy.deepcopy(x) ** 2


class Pickles(Cube):
    def backward(self, gy, x):
        return gy * 3 * pickle.loads(pickle.dumps(x)) ** 2


class Unchains(Cube):
    def backward(self, gy, x):
        if isinstance(x, Variable):
            x.unchain()
        return gy * 3 * x**2


class StopsRecording(Cube):
    def backward(self, gy, x):
        with no_grad():
            slope = 3 * x**2
        return gy * slope


class StopsRecordingByConfig(Cube):
    def backward(self, gy, x):
        with using_config("enable_backprop", False):
            slope = 3 * x**2
        return gy * slope


class UsesATransformUnderNoGrad(Cube):
    def backward(self, gy, x):
        with no_grad():
            slope = grad(lambda z: z**3)(x)
        return gy * slope


class AsksForPlainGradients(Cube):
    def backward(self, gy, x):
        z = x if isinstance(x, Variable) else Variable(np.asarray(x))
        return gy * gradients(z**3, z)[0]


class UnchainsBackward(Cube):
    def backward(self, gy, x):
        square = x * x
        if isinstance(x, Variable):
            square.unchain_backward()
        return gy * 3 * square


class ReturnsPlainArray(Cube):
    def backward(self, gy, x):
        return np.full((), 12.0)


class LeavesAnArray(Function):
    def forward(self, x):
        self.x = x
        return x**3

    def backward(self, gy):
        return gy * 3 * self.x**2


class LeavesASlope(Function):
    def forward(self, x):
        self.slope = 3 * x**2
        return x**3

    def backward(self, gy):
        return gy * self.slope


class LeavesAPythonNumber(Function):
    def forward(self, x):
        self.slope = float(3 * x**2)
        return x**3

    def backward(self, gy):
        return gy * self.slope


class LeavesANumPyNumber(Function):
    def forward(self, x):
        self.slope = np.float64(3 * x**2)
        return x**3

    def backward(self, gy):
        return gy * self.slope


class LeavesItInAPlaceholder(Function):
    def __init__(self):
        self.x = None

    def forward(self, x):
        self.x = x
        return x**3

    def backward(self, gy):
        return gy * 3 * self.x**2


class LeavesItBySetattr(Function):
    def forward(self, x):
        setattr(self, "slope", 3 * x**2)  # noqa: B010
        return x**3

    def backward(self, gy):
        return gy * getattr(self, "slope")  # noqa: B009


class LeavesItInTheDict(Function):
    def forward(self, x):
        self.__dict__["slope"] = 3 * x**2
        return x**3

    def backward(self, gy):
        return gy * self.__dict__["slope"]


class LeavesItInVars(Function):
    def forward(self, x):
        vars(self).update(slope=3 * x**2)
        return x**3

    def backward(self, gy):
        return gy * vars(self)["slope"]


class LeavesItInAList(Function):
    def __init__(self):
        self.saved = []

    def forward(self, x):
        self.saved.append(x)
        return x**3

    def backward(self, gy):
        return gy * 3 * self.saved[0] ** 2


class LeavesItInATuple(Function):
    def forward(self, x):
        self.saved = (x, "note")
        return x**3

    def backward(self, gy):
        return gy * 3 * self.saved[0] ** 2


class LeavesItInAListByIndex(Function):
    def __init__(self):
        self.saved = [0.0]

    def forward(self, x):
        self.saved[0] = x
        return x**3

    def backward(self, gy):
        return gy * 3 * self.saved[0] ** 2


class LeavesItInADict(Function):
    def __init__(self):
        self.cache = {}

    def forward(self, x):
        self.cache["x"] = x
        return x**3

    def backward(self, gy):
        return gy * 3 * self.cache["x"] ** 2


class LeavesItInABuffer(Function):
    def __init__(self):
        self.buffer = np.empty(())

    def forward(self, x):
        self.buffer[...] = x
        return x**3

    def backward(self, gy):
        return gy * 3 * self.buffer**2


class LeavesItThroughOut(Function):
    def __init__(self):
        self.buffer = np.empty(())

    def forward(self, x):
        np.square(x, out=self.buffer)
        return x**3

    def backward(self, gy):
        return gy * 3 * self.buffer


class LeavesItInANamespace(Function):
    def __init__(self):
        self.context = SimpleNamespace()

    def forward(self, x):
        self.context.x = x
        return x**3

    def backward(self, gy):
        return gy * 3 * self.context.x**2


class LeavesANamespace(Function):
    def forward(self, x):
        self.context = SimpleNamespace(x=x)
        return x**3

    def backward(self, gy):
        return gy * 3 * self.context.x**2


class LeavesAClosure(Function):
    def forward(self, x):
        self.slope = lambda: 3 * x**2
        return x**3

    def backward(self, gy):
        return gy * self.slope()


class LeavesItByAHelper(Function):
    def forward(self, x):
        self.remember(x)
        return x**3

    def remember(self, x):
        self.x = x

    def backward(self, gy):
        return gy * 3 * self.x**2


class ReadsItByAHelper(Function):
    def forward(self, x):
        self.x = x
        return x**3

    def slope(self):
        return 3 * self.x**2

    def backward(self, gy):
        return gy * self.slope()


class ReadsItByAProperty(Function):
    def forward(self, x):
        self.x = x
        return x**3

    @property
    def slope(self):
        return 3 * self.x**2

    def backward(self, gy):
        return gy * self.slope


class OverwritesAParameter(Function):
    def __init__(self, scale=1.0):
        self.scale = scale

    def forward(self, x):
        self.scale = self.scale * 3 * x**2
        return x**3

    def backward(self, gy):
        return gy * self.scale


class Base(Function):
    def forward(self, x):
        self.x = x
        return x**3


class InheritsForward(Base):
    def backward(self, gy):
        return gy * 3 * self.x**2


class LeavesItOnTheClass(Function):
    def forward(self, x):
        type(self).x = x
        return x**3

    def backward(self, gy):
        return gy * 3 * self.x**2


class LeavesItInASlot(Function):
    __slots__ = ("x",)
    keeps_nothing = True

    def forward(self, x):
        self.x = x
        return x**3

    def backward(self, gy):
        return gy * 3 * self.x**2


class WrappedForward(Function):
    def _forward(self, x):
        self.x = x
        return x**3

    forward = _forward

    def backward(self, gy):
        return gy * 3 * self.x**2


CUTS = [
    cls
    for cls in list(globals().values())
    if isinstance(cls, type) and issubclass(cls, Function) and "backward" in vars(cls)
]
#: these ask an array for what it does not have, or lose digits, in a plain pass too
VARIABLES_ONLY = (CallsItem, CallsTolist, Formats)


@pytest.mark.parametrize("cls", CUTS, ids=lambda c: c.__name__)
def test_a_rule_that_cuts_the_graph_raises_under_create_graph(cls):
    x = Variable(np.array(2.0))
    y = cls()(x)
    with pytest.raises(GradientError, match=cls.__name__):
        y.backward(create_graph=True)
    assert x.grad is None
    with pytest.raises(GradientError, match=cls.__name__):
        gradients(cls()(x), x, create_graph=True)
    with pytest.raises(GradientError, match=cls.__name__):
        grad(grad(lambda x: cls()(x)))(2.0)


@pytest.mark.parametrize(
    "cls", [c for c in CUTS if c not in VARIABLES_ONLY], ids=lambda c: c.__name__
)
def test_the_same_rule_is_right_in_a_plain_pass(cls):
    x = Variable(np.array(2.0))
    y = cls()(x)
    y.backward()
    assert x.grad == pytest.approx(12)


def test_the_message_says_what_and_how_instead():
    with pytest.raises(
        GradientError, match=r"ReadsInputData.*reads \.data.*backward\(self, gy, x\)"
    ):
        ReadsInputData()(Variable(np.array(2.0))).backward(create_graph=True)
    with pytest.raises(GradientError, match=r"LeavesAnArray.*reads what forward computed.*x or y"):
        LeavesAnArray()(Variable(np.array(2.0))).backward(create_graph=True)


# -- what a rule may do --------------------------------------------------------------------------


class Asks(Cube):
    def backward(self, gy, x):
        return gy * 3 * x**2


class AsksForOutput(Cube):
    def backward(self, gy, y):
        return gy * 3 * np.cbrt(y) ** 2


class ComputesWithInputs(Cube):
    def backward(self, gy):
        return gy * 3 * self.inputs[0] ** 2


class LeavesIntegers(Function):
    def forward(self, x):
        self.power = np.array([3])
        self.positive = x > 0
        self.shape = x.shape
        return x**3

    def backward(self, gy, x):
        return gy * self.power[0] * np.where(self.positive, 1, 1) * np.reshape(x, self.shape) ** 2


class HasParameters(Function):
    def __init__(self, factor, weights=(1.0,), table=None):
        self.factor = factor
        self.weights = np.array(weights)
        self.table = {"exponent": 2.0}
        self.scale = np.array(factor * 1.0)

    def forward(self, x):
        return self.weights[0] * x**3 * self.scale / self.factor

    def backward(self, gy, x):
        return gy * self.factor * self.weights[0] * x ** self.table["exponent"]


class KeepsParametersUnderOtherNames(Function):
    def __init__(self, coefficients):
        self._setup(coefficients)
        self.c = list(coefficients)

    def _setup(self, coefficients):
        self.first = np.array(coefficients[0])

    def forward(self, x):
        return self.c[0] * x**3

    def backward(self, gy, x):
        return gy * self.c[0] * self.first * 3 * x**2


class MakesAnotherOfItsKind(Function):
    def __init__(self, power=3):
        self.power = power

    def forward(self, x):
        return x**self.power

    def backward(self, gy, x):
        self.factor = gy * self.power
        return self.factor * (type(self)(self.power - 1)(x) if self.power > 1 else 1)


class UsesATransform(Cube):
    def backward(self, gy, x):
        return gy * grad(lambda z: z**3)(x)


class ReadsSigns(Cube):
    def backward(self, gy, x):
        return gy * 3 * x**2 * (1 if x > 0 else -1) * np.sign(x)


class AsksForNeeds(Cube):
    def backward(self, gy, x):
        return gy * 3 * x**2 if self.needs[0] else None


class CallsForward(Function):
    def forward(self, x):
        return x**3

    def square(self, x):
        return x**2

    def backward(self, gy, x):
        return gy * 3 * self.square(x)


@pytest.mark.parametrize(
    "f",
    [
        Asks,
        AsksForOutput,
        ComputesWithInputs,
        LeavesIntegers,
        lambda: HasParameters(3),
        lambda: KeepsParametersUnderOtherNames([1.0]),
        MakesAnotherOfItsKind,
        UsesATransform,
        ReadsSigns,
        AsksForNeeds,
        CallsForward,
    ],
)
def test_a_rule_that_computes_with_what_it_asked_for_goes_to_every_order(f):
    for order, want in ((1, 12.0), (2, 12.0), (3, 6.0)):
        g = lambda x: f()(x)  # noqa: E731
        for _ in range(order):
            g = grad(g)
        assert g(2.0) == pytest.approx(want, rel=1e-9)


def test_reading_data_outside_of_a_rule_stays_free():
    x = Variable(np.array(2.0))
    y = Asks()(x)
    y.backward(create_graph=True)
    assert x.grad.data == 12
    assert x.grad.item() == 12
    assert x.detach().data == 2


def test_the_mode_is_restored_when_a_rule_raises():
    x = Variable(np.array(2.0))
    with pytest.raises(GradientError):
        ReadsData()(x).backward(create_graph=True)
    assert x.data == 2


@pytest.mark.parametrize("op", [np.tanh, np.tan])
def test_a_derivative_by_an_output_that_an_input_stands_for_raises(op):
    a = Variable(np.array(0.5))
    t = op(a)
    (gx,) = gradients(t, a, create_graph=True)
    with pytest.raises(GradientError, match="ask for the input instead"):
        gradients(gx, t)

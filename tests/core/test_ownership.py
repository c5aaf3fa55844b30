"""No two gradients share memory, nor does one with data, a seed, or what a rule saved."""

import functools
import itertools
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinypt_core import Function, Variable, grad, gradients, observe, value_and_grad, vjp


class Same(Function):
    """Hands one and the same gradient to both inputs."""

    def forward(self, a, b):
        return a + b

    def backward(self, gy):
        return gy, gy


class Views(Function):
    """Hands out views of one array."""

    def forward(self, a, b):
        return a + b

    def backward(self, gy):
        both = np.stack([gy, gy])
        return both[0], both[1]


class GivesWhatItSaved(Function):
    """The gradient of a · b is the other one: the very array."""

    def forward(self, a, b):
        return a * b

    def backward(self, gy, a, b):
        return (b, a) if np.all(np.asarray(gy if isinstance(gy, np.ndarray) else 1) == 1) else (
            gy * b, gy * a)  # fmt: skip


class Doubles(Function):
    """Elementwise, with a fresh array."""

    elementwise = True

    def forward(self, x):
        return x * 2

    def backward(self, gy):
        return gy * 2


class PassesOn(Function):
    elementwise = True
    keeps_nothing = True

    def forward(self, x):
        return x * 1

    def backward(self, gy):
        return gy


class Transposes(Function):
    def forward(self, x):
        return x.T

    def backward(self, gy):
        return gy.T


def two(cls):
    return lambda a, b: cls()(a, b)


#: (leaves or intermediates) -> another of the same shape, (2, 2)
BINARY = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "maximum": np.maximum,
    "matmul": lambda a, b: a @ b,
    "stack": lambda a, b: np.sum(np.stack([a, b]), axis=0),
    "concatenate": lambda a, b: np.concatenate([a, b])[:2],
    "same": two(Same),
    "views": two(Views),
    "saved": two(GivesWhatItSaved),
}
UNARY = {
    "exp": np.exp,
    "neg": lambda a: -a,
    "pos": lambda a: +a,
    "doubles": lambda a: Doubles()(a),
    "passes on": lambda a: PassesOn()(a),
    "transposes": lambda a: Transposes()(a),
    "T": lambda a: a.T,
    "reshape": lambda a: np.reshape(np.ravel(a), (2, 2)),
    "copy": lambda a: a.copy(),
    "clip": lambda a: np.clip(a, -9, 9),
    "getitem": lambda a: a[::-1],
    "where": lambda a: np.where(np.eye(2) > 0, a, 0.0),
    "broadcast": lambda a: np.broadcast_to(np.sum(a, axis=0), (2, 2)),
}

step = st.one_of(
    st.tuples(st.sampled_from(sorted(BINARY)), st.integers(0, 9), st.integers(0, 9)),
    st.tuples(st.sampled_from(sorted(UNARY)), st.integers(0, 9), st.just(0)),
)
programs = st.lists(step, min_size=1, max_size=6)


def run(program, leaves):
    """Each step takes two earlier values; the result adds up all of them, some unweighted."""
    values = list(leaves)
    for name, i, j in program:
        a, b = values[-1 - i % len(values)], values[-1 - j % len(values)]
        values.append(BINARY[name](a, b) if name in BINARY else UNARY[name](a))
    return values


def separate(named):
    for (a, x), (b, y) in itertools.combinations(named, 2):
        assert not np.shares_memory(x, y), f"{a} and {b} share memory"


def arrays(name, tree):
    return [(f"{name} {i}", v.data if isinstance(v, Variable) else v) for i, v in enumerate(tree)]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs, st.booleans(), st.booleans())
def test_no_two_gradients_share_memory(program, retain, create_graph):
    rng = np.random.default_rng(0)
    leaves = [Variable(rng.normal(size=(2, 2)) * 0.1) for _ in range(3)]
    with np.errstate(all="ignore"):
        values = run(program, leaves)
        y = values[-1]
        y.grad = seed = np.ones((2, 2))
        y.backward(retain_grad=retain, create_graph=create_graph)
    held = [v for v in values if v.grad is not None and v is not y]
    found = arrays("gradient", [v.grad for v in held])
    kept = [("seed", seed), *arrays("data", [v.data for v in leaves])]
    separate(found)
    for name, g in found:
        for other, array in (*kept, *arrays("output", [v.data for v in values])):
            assert not np.shares_memory(g, array), f"{name} shares memory with {other}"
        assert g.flags.writeable, f"{name} cannot be clipped in place"


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs)
def test_gradients_and_transforms_hand_out_arrays_of_their_own(program):
    rng = np.random.default_rng(0)
    xs = [rng.normal(size=(2, 2)) * 0.1 for _ in range(3)]
    leaves = [Variable(x.copy()) for x in xs]
    seed = np.ones((2, 2))
    with np.errstate(all="ignore"):
        y = run(program, leaves)[-1]
        direct = gradients(y, leaves, seed)
        f = lambda *xs: np.sum(run(program, xs)[-1])  # noqa: E731
        by_grad = grad(f, argnum=(0, 1, 2))(*xs)
        _, both = value_and_grad(f, argnum=(0, 1, 2))(*xs)
        _, pullback = vjp(lambda *xs: run(program, xs)[-1], *xs)
        pulled, again = pullback(seed), pullback(seed)
    everything = [*arrays("gradients", direct), *arrays("grad", by_grad),
                  *arrays("value_and_grad", both), *arrays("pullback", pulled),
                  *arrays("second pullback", again)]  # fmt: skip
    separate(everything)
    for name, g in everything:
        for other, array in (("seed", seed), *arrays("argument", xs), *arrays("data", leaves)):
            assert not np.shares_memory(g, array), f"{name} shares memory with {other}"


@pytest.mark.parametrize("n", [3, 1_000_000])
def test_a_large_gradient_changed_in_place_changes_nothing_else(n):
    x, z = Variable(np.ones(n)), Variable(np.ones(n))
    y = np.exp(x) + z
    loss = np.sum(y)
    loss.backward(retain_grad=True)
    for v in (x, z, y, loss):
        v.grad *= 0.0
    for v in (x, z):
        assert not v.grad.any()
        v.cleargrad()
    loss.cleargrad()
    y.cleargrad()
    loss.backward()
    assert z.grad[0] == 1
    assert x.grad[0] == pytest.approx(np.e)


def test_a_gradient_that_somebody_holds_is_not_added_into():
    """Accumulating makes another array, or changes only what nobody else has."""
    x = Variable(np.ones(3))
    np.sum(x * 2.0).backward()
    before = x.grad
    copy = before.copy()
    np.sum(x * 3.0).backward()
    assert x.grad.tolist() == [5, 5, 5]
    assert before is x.grad or before.tolist() == copy.tolist()


@pytest.mark.parametrize("package", ["tinypt_core", "tinypt_ops_basic", "tinypt_ops_trig"])
def test_ownership_is_known_and_not_counted(package):
    """Reference counts change with the interpreter."""
    root = Path(pytest.importorskip(package).__file__).parent
    counting = [path.name for path in root.rglob("*.py") if "getrefcount" in path.read_text()]
    assert counting == []


def test_a_seed_may_be_reused():
    seed = np.ones(3)
    for _ in range(2):
        x = Variable(np.ones(3))
        y = PassesOn()(x)
        y.grad = seed
        y.backward()
        x.grad *= 7.0
        assert seed.tolist() == [1, 1, 1]


def test_a_rule_that_returns_gy_itself_to_an_output_that_is_retained():
    x = Variable(np.ones(3))
    a = PassesOn()(x)
    b = PassesOn()(a)
    np.sum(b).backward(retain_grad=True)
    named = arrays("gradient", [x.grad, a.grad, b.grad])
    separate(named)


# -- a large gradient that a rule did not make is copied -------------------------------------------

N = 20_000
TABLE = np.full(N, 3.0)
CACHE = {"slope": np.full(N, 3.0)}


def from_a_cache():
    return CACHE["slope"]


@functools.cache
def remembered(n):
    return np.full(n, 3.0)


class Tripled(Function):
    """3 Σ x, by a rule that hands out an array which somebody else has."""

    def forward(self, x):
        return 3 * np.sum(x)


class OfTheModule(Tripled):
    def backward(self, gy):
        return TABLE


class OfTheClass(Tripled):
    slope = np.full(N, 3.0)

    def backward(self, gy):
        return self.slope


class ByName(Tripled):
    slope = np.full(N, 3.0)

    def backward(self, gy):
        return getattr(self, "slope")  # noqa: B009


class OfAHelper(Tripled):
    def backward(self, gy):
        return from_a_cache()


class Remembered(Tripled):
    def backward(self, gy, x):
        return remembered(x.size)


class OfAMethod(Tripled):
    kept = (np.full(N, 3.0),)

    def slope(self):
        return self.kept[0]

    def backward(self, gy):
        return self.slope()


class OfAParameter(Tripled):
    def __init__(self, slopes):
        self.slopes = slopes

    def backward(self, gy):
        return self.slopes[0]


class OfTheConstructor(Tripled):
    def __init__(self, slope):
        self.slope = slope
        self.slopes = {"x": np.full(N, slope)}

    def backward(self, gy):
        return self.slopes["x"]


def closed_over():
    slope = np.full(N, 3.0)

    class OfAClosure(Tripled):
        def backward(self, gy):
            return slope

    return OfAClosure


HOLDERS = {
    "module": OfTheModule,
    "class": OfTheClass,
    "name": ByName,
    "helper": OfAHelper,
    "cache": Remembered,
    "method": OfAMethod,
    "closure": closed_over(),
    "parameter": functools.partial(OfAParameter, [np.full(N, 3.0)]),
    "constructor": functools.partial(OfTheConstructor, 3.0),
}


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_large_gradient_that_somebody_else_has_is_copied(holder):
    make, x = HOLDERS[holder], Variable(np.ones(N))
    f = make()
    f(x).backward()
    x.grad *= 100  # as an optimiser does that clips or scales in place
    x.cleargrad()
    f(x).backward()
    np.testing.assert_array_equal(x.grad, 3.0)
    other = Variable(np.ones(N))
    make()(other).backward()
    np.testing.assert_array_equal(other.grad, 3.0)


@pytest.mark.parametrize("holder", HOLDERS)
def test_nor_is_anything_added_into_it(holder):
    """Where it comes first, and where it comes to a gradient that is there."""
    make = HOLDERS[holder]
    for _ in range(2):
        for terms in ((lambda f, x: f(x) + 2 * np.sum(x)), (lambda f, x: 2 * np.sum(x) + f(x))):
            x = Variable(np.ones(N))
            mid = 1.0 * x
            terms(make(), mid).backward()
            np.testing.assert_array_equal(x.grad, 5.0)


class OneForBoth(Function):
    elementwise = True

    def forward(self, x, w):
        return 2 * x + 2 * w

    def backward(self, gy):
        gx = 2 * gy
        return gx, gx


class AViewForOne(OneForBoth):
    def backward(self, gy):
        gx = 2 * gy
        return gx, gx[::-1]


@pytest.mark.parametrize("kind", [OneForBoth, AViewForOne])
@pytest.mark.parametrize("turned", [False, True])
def test_a_large_gradient_of_two_inputs_is_not_shared(kind, turned):
    x, w = Variable(np.ones(N)), Variable(np.ones(N))
    np.sum(kind()(w, x) if turned else kind()(x, w)).backward()
    x.grad *= 7.0
    np.testing.assert_array_equal(w.grad, 2.0)
    w.grad *= 11.0
    np.testing.assert_array_equal(x.grad, 14.0)


class ReturnsItsInput(Function):
    elementwise = True

    def forward(self, x):
        return x * x / 2

    def backward(self, gy, x):
        return x


class ReturnsOneOfTwo(ReturnsItsInput):
    def backward(self, gy, x, y):
        return x


class ReturnsItsOutput(Function):
    elementwise = True

    def forward(self, x):
        return np.exp(x)

    def backward(self, gy, y):
        return y


class InTheTextbooksStyle(ReturnsItsInput):
    def backward(self, gy):
        return self.inputs[0].data


@pytest.mark.parametrize(
    "kind", [ReturnsItsInput, ReturnsOneOfTwo, ReturnsItsOutput, InTheTextbooksStyle]
)
@pytest.mark.parametrize("bound_anew", [False, True])
def test_a_large_array_that_a_node_kept_is_copied(kind, bound_anew):
    x = Variable(np.ones(N))
    y = kind()(x)
    if bound_anew:
        x.data = np.full(N, 1.0)
    np.sum(y).backward()
    before, value = x.data.copy(), y.data.copy()
    x.grad *= 7.0
    np.testing.assert_array_equal(x.data, before)
    np.testing.assert_array_equal(y.data, value)


def peak_of_backward(y, x):
    """Bytes that a pass takes at most, beside what is imported or noted once."""
    y.backward()
    x.cleargrad()
    tracemalloc.start()
    try:
        y.backward()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_gradient_is_added_into_one_that_a_rule_has_just_made():
    x = Variable(np.ones((500, 500)))  # not as large as what tinypt-compile takes over
    mid = 1.0 * x
    y = np.sum(mid * 3.0) + np.sum(mid * 2.0)
    peak = peak_of_backward(y, x)
    np.testing.assert_array_equal(x.grad, 5.0)
    assert peak < 2.5 * x.grad.nbytes  # of the two gradients, and no third for their sum


def test_what_an_observer_keeps_of_a_large_gradient_is_its_own():
    """Neither the rest of the pass nor the owner of the leaf changes it."""
    kept = []

    class Keeps:
        def after_backward(self, function, outputs, inputs):
            kept.extend((gx, np.array(gx)) for gx in inputs if gx is not None)

    x, w = Variable(np.ones((200, 200))), Variable(np.ones((200, 200)))
    mid = x * w
    y = np.sum(mid * w) + np.sum(mid * 3.0)
    with observe(Keeps()):
        y.backward()
    x.grad *= 7.0
    w.grad *= 7.0
    assert len(kept) > 4
    for now, then in kept:
        np.testing.assert_array_equal(now, then)


def test_a_rule_that_remembers_what_it_returned_keeps_an_array_of_its_own():
    class Remembers(Tripled):
        def backward(self, gy, x):
            self.last = 3 * np.ones_like(x)
            return self.last

    x, f = Variable(np.ones(N)), Remembers()
    y = f(x)
    y.backward()
    x.grad *= 100
    np.testing.assert_array_equal(y.creator.last, 3.0)


def test_a_large_gradient_that_a_product_made_is_not_copied():
    x, w = Variable(np.ones((1000, 1000))), Variable(np.ones((1000, 2)))
    y = np.sum(x @ w)
    peak = peak_of_backward(y, x)
    np.testing.assert_array_equal(x.grad, 2.0)
    assert peak < 1.5 * x.grad.nbytes


def test_two_large_gradients_of_which_one_is_a_view_of_the_other():
    class Both(Function):
        """Σ a + Σ b, where b is a in one row."""

        def forward(self, a, b):
            return np.sum(a) + np.sum(b)

        def backward(self, gy, a):
            g = gy * np.ones_like(a)
            return g, g.reshape(1, -1)

    a, b = Variable(np.ones(N)), Variable(np.ones((1, N)))
    y = np.sum(a) + Both()(a, b)  # to the gradient of a something is added afterwards
    y.backward()
    np.testing.assert_array_equal(a.grad, 2.0)
    np.testing.assert_array_equal(b.grad, 1.0)


def test_a_sum_of_gradients_lies_in_memory_as_numpys_sum_of_them_does():
    """Else what is computed from it would round otherwise than in a compiled program."""
    x = Variable(np.ones((100, 300)))
    mid = 1.0 * x
    rows, columns = np.full((100, 300), 2.0), np.full((300, 100), 3.0).T
    for first, second in ((rows, columns), (columns, rows)):
        y = np.sum(mid * first) + np.sum(mid * second)
        y.backward(retain_grad=True)
        assert mid.grad.strides == (second + first).strides  # the youngest comes first
        np.testing.assert_array_equal(mid.grad, 5.0)
        x.cleargrad()
        mid.cleargrad()

"""Batched arrays: alignment, indexing, what is refused, what loops; each against a loop."""

import operator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from tinypt_core._batch import table
from tinypt_core._batch.whole import (
    Batched,
    NeedsLoop,
    add_rule,
    has_rule,
    summed,
    what_loops,
)

from tinypt_core import anywhere

BINARY = [np.add, np.subtract, np.multiply, np.arctan2, np.maximum, np.less, np.hypot]


def rng():
    return np.random.default_rng(0)


@settings(max_examples=60, deadline=None)
@given(
    mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=3),
    st.lists(st.sampled_from(["no", "outer", "inner", "both"]), min_size=3, max_size=3),
    st.sampled_from(BINARY),
)
def test_ufuncs_align(shapes, levels, ufunc):
    """Any mixture of operands at no, one or two levels gives what a double loop gives."""
    arrays, batched = [], []
    for shape, level in zip(shapes.input_shapes, levels, strict=True):
        lead = {"no": (), "outer": (2,), "inner": (3,), "both": (3, 2)}[level]
        a = rng().normal(size=lead + shape)
        arrays.append(a)
        batched.append({
            "no": a, "outer": Batched(a, 2), "inner": Batched(a, 1),
            "both": Batched(Batched(a, 1), 2),
        }[level])  # fmt: skip
    found = ufunc(ufunc(batched[0], batched[1]), batched[2])
    for i, j in np.ndindex(3, 2):
        pick = {"no": (), "outer": (j,), "inner": (i,), "both": (i, j)}
        xs = [a[(*pick[level], ...)] for a, level in zip(arrays, levels, strict=True)]
        expected = ufunc(ufunc(xs[0], xs[1]), xs[2])
        y = one(found, i, j)
        np.testing.assert_array_equal(y, expected)
        assert y.dtype == expected.dtype


def one(x, i, j):
    while isinstance(x, Batched):
        x = x.data[j if x.level == 2 else i, ...]
    return x


def test_python_numbers_stay_weak_and_results_keep_their_dtype():
    x = Batched(np.ones((2, 3), np.float32), 1)
    for y in (
        x * 2.0,
        2 * x,
        x**2,
        x / 3,
        -x,
        abs(x),
        x.astype(np.float32),
        x.mean(),
        x.sum(axis=0),
    ):
        assert y.dtype == np.float32
    assert (x > 0).dtype == bool
    assert np.add(x, np.float64(1)).dtype == np.float64


INDICES = [
    0, -1, slice(None, None, -1), (0, 1), (slice(None), 0), (..., 1), None, (None, 0, ..., None),
    [0, 1, 1], ([0, 1], [1, 2]), (slice(None), [0, 0]), (0, slice(None), [1, 2, 3]),
    ([0, 1], slice(None), [1, 2]), ([1], ..., 0), np.array([[0, 1], [1, 0]]), np.int64(1),
    np.arange(24).reshape(2, 3, 4) > 5, ([True, False], 0), np.array(1),
]  # fmt: skip


@pytest.mark.parametrize("index", INDICES, ids=str)
def test_indexing(index):
    a = rng().normal(size=(2, 2, 3, 4))
    found = Batched(a, 1)[index]
    np.testing.assert_array_equal(found.data, [x[index] for x in a])
    nested = Batched(Batched(np.stack([a, -a]), 1), 2)[index]
    for i, j in np.ndindex(2, 2):
        np.testing.assert_array_equal(one(nested, i, j), [a, -a][i][j][index])


@pytest.mark.parametrize("index", INDICES, ids=str)
@pytest.mark.parametrize("write", [operator.setitem, np.add.at], ids=["set", "add.at"])
def test_writing_into_an_array_of_its_own(index, write):
    a = rng().normal(size=(2, 2, 3, 4))
    value = a[0][index] * 0 + rng().normal(size=(2, *a[0][index].shape))
    x = Batched(a, 1)
    for nested in (False, True):
        x = Batched(Batched(np.stack([a, a]), 1), 2) if nested else Batched(a, 1)
        v = Batched(Batched(np.stack([value, -value]), 1), 2) if nested else Batched(value, 1)
        found = np.zeros_like(x)
        write(found, index, v)
        for i, j in np.ndindex(2, 2):
            expected = np.zeros((2, 3, 4))
            write(expected, index, (value, -value)[i][j] if nested else value[j])
            np.testing.assert_array_equal(one(found, i, j) if nested else found.data[j], expected)


BATCHED_INDICES = [
    lambda i: i, lambda i: (slice(None), i), lambda i: (i, 0), lambda i: (i, slice(None), i),
    lambda i: (..., i), lambda i: (i, ..., i), lambda i: (i, [0, 1]), lambda i: (None, i, None, 0),
    lambda i: (slice(None), i, i), lambda i: (slice(None), 0, i), lambda i: (0, slice(None), i),
]  # fmt: skip


@pytest.mark.parametrize("key", range(len(BATCHED_INDICES)))
@pytest.mark.parametrize("shape", [(), (2,), (3, 2)], ids=str)
def test_a_batched_index(key, shape):
    index = BATCHED_INDICES[key]
    i = rng().integers(0, 2, (3, *shape))
    a = rng().normal(size=(3, 2, 2, 2))
    found = Batched(a, 1)[index(Batched(i, 1))]
    expected = [a[k][index(i[k, ...])] for k in range(3)]
    np.testing.assert_array_equal(found.data, expected)
    if shape == ():
        return
    for write in (operator.setitem, np.add.at):
        value = rng().normal(size=(3, *expected[0].shape))
        new = np.zeros_like(Batched(a, 1))
        if write is operator.setitem:  # what is written twice is NumPy's choice
            value = value * 0 + 1
        write(new, index(Batched(i, 1)), Batched(value, 1))
        for k in range(3):
            plain = np.zeros((2, 2, 2))
            write(plain, index(i[k]), value[k])
            np.testing.assert_array_equal(new.data[k], plain)


def test_a_shared_array_at_a_batched_index():
    w, i = rng().normal(size=(4, 3)), np.array([3, 0, 1])
    b = Batched(i, 1)
    np.testing.assert_array_equal(np.take(np.asarray(w, like=b), b, axis=0).data, w[i])
    np.testing.assert_array_equal(np.asarray(w, like=b)[b].data, w[i])
    with pytest.raises(NeedsLoop, match=r"np\.take\(np\.asarray\(W, like=i\), i, axis=0\)"):
        w[b]
    with pytest.raises(NeedsLoop, match=r"np\.take"):
        [1, 2, 3][b]


def test_an_array_that_may_be_seen_elsewhere_is_not_written_into():
    a = np.zeros((2, 3))
    with pytest.raises(NeedsLoop):
        Batched(a[:], 1)[0] = 1.0
    with pytest.raises(NeedsLoop):
        np.add.at(np.zeros(3), [0], Batched(np.ones((2, 1)), 1))
    assert not a.any()


def test_a_mask_that_differs_loops_and_must_keep_the_shape():
    a = np.array([[1.0, -1.0, 2.0], [-1.0, 3.0, 4.0]])
    x = Batched(a, 1)
    with what_loops() as loops:
        np.testing.assert_array_equal(x[x > 0].data, [[1, 2], [3, 4]])
    assert loops
    with pytest.raises(TypeError, match=r"np\.where"):
        x[x > 1.5]


@pytest.mark.parametrize("cut", [bool, float, int, complex, np.array, len, iter, operator.index])
def test_nothing_turns_it_into_one_number(cut):
    with pytest.raises((NeedsLoop, TypeError)):
        cut(Batched(np.ones(3), 1))
    assert not issubclass(NeedsLoop, Exception)


def test_what_no_rule_knows_loops_and_is_told():
    a = rng().normal(size=(3, 4))
    with what_loops() as loops:
        found = np.convolve(Batched(a, 1), [1.0, 2.0])
    np.testing.assert_array_equal(found.data, [np.convolve(x, [1.0, 2.0]) for x in a])
    assert loops == {"np.convolve": 3}
    with what_loops() as loops:  # a rule does not see that `where` is batched
        found = np.sum(Batched(a, 1), where=Batched(a > 0, 1))
    np.testing.assert_allclose(found.data, [x[x > 0].sum() for x in a])
    assert loops == {"np.sum": 3}
    with pytest.raises(ValueError, match="empty batch"):
        np.convolve(Batched(a[:0], 1), [1.0])


def test_a_plugin_adds_a_rule(monkeypatch):
    monkeypatch.setattr(table, "_RULES", dict(table._RULES))
    assert not has_rule(np.convolve)
    add_rule(np.convolve, lambda batch, f, a, v: np.stack([f(x, v) for x in batch.front(a)]))
    with what_loops() as loops:
        assert np.convolve(Batched(np.ones((2, 3)), 1), [1.0]).shape == (3,)
    assert has_rule(np.convolve)
    assert not loops


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("reduce", {}), ("reduce", {"axis": 1, "keepdims": True}), ("reduce", {"axis": None}),
        ("reduce", {"axis": (0, -1)}), ("accumulate", {}), ("accumulate", {"axis": -1}),
        ("reduceat", {"indices": [0, 1]}), ("reduceat", {"indices": [0, 2], "axis": -1}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ufunc", [np.add, np.multiply, np.maximum])
def test_methods_of_ufuncs(ufunc, method, args):
    a = rng().normal(size=(3, 2, 4))
    found = getattr(ufunc, method)(Batched(a, 1), **args)
    np.testing.assert_allclose(found.data, [getattr(ufunc, method)(x, **args) for x in a])


def test_outer_where_and_out():
    a, b = rng().normal(size=(3, 2)), rng().normal(size=(3, 2, 2))
    found = np.subtract.outer(Batched(a, 1), Batched(b, 1))
    np.testing.assert_array_equal(
        found.data, [np.subtract.outer(x, y) for x, y in zip(a, b, strict=True)]
    )
    found = np.add.reduce(Batched(b, 1), axis=0, where=Batched(b > 0, 1))
    np.testing.assert_allclose(found.data, [np.add.reduce(y, 0, where=y > 0) for y in b])
    with pytest.raises(NeedsLoop, match="out="):
        np.add(Batched(a, 1), 1, out=a)
    for fractional, whole in [np.modf(Batched(a, 1)), np.divmod(Batched(a, 1), 0.5)[::-1]]:
        assert fractional.shape == whole.shape == (2,)


def test_methods_and_properties_are_those_of_an_array():
    a = rng().normal(size=(3, 2, 4))
    x = Batched(a, 1)
    assert (x.shape, x.ndim, x.size, x.nbytes, len(x)) == ((2, 4), 2, 8, 64, 2)
    for name, args in {
        "sum": (0,), "reshape": (4, 2), "transpose": (1, 0), "swapaxes": (0, 1), "ravel": (),
        "flatten": (), "max": (), "mean": (1,), "cumsum": (0,), "argsort": (), "clip": (0, 1),
        "round": (1,), "repeat": (2, 0), "take": ([0, 1],), "astype": (np.float32,), "copy": (),
        "any": (0,), "all": (), "std": (), "diagonal": (), "trace": (), "squeeze": (),
        "view": (np.int64,), "dot": (np.ones(4),), "prod": (1,), "var": (0,), "argmax": (),
    }.items():  # fmt: skip
        expected = [getattr(y, name)(*args) for y in a]
        np.testing.assert_allclose(getattr(x, name)(*args).data, expected, err_msg=name)
    np.testing.assert_array_equal(x.T.data, [y.T for y in a])
    np.testing.assert_array_equal(x.mT.data, [y.mT for y in a])
    np.testing.assert_array_equal(np.stack(list(x)).data, a)
    assert x.shape.levels == (1,)
    assert Batched(x, 2).shape.levels == (2, 1)


def test_anywhere_looks_over_the_whole_batch():
    mask = np.array([[False, False], [True, False]])
    assert anywhere(Batched(mask, 1))
    assert anywhere(Batched(Batched(mask[..., None], 1), 2))
    assert not anywhere(Batched(mask[:1], 1))
    assert anywhere(mask)
    assert not anywhere(False)


def test_a_returning_product_is_summed_without_being_built():
    x, g = rng().normal(size=(5, 3)), rng().normal(size=(5, 4))
    made = np.expand_dims(Batched(x, 1), -1) * np.expand_dims(Batched(g, 1, returning=True), -2)
    assert made._array is None
    assert (made.shape, made.dtype, made.shape.levels) == ((3, 4), np.float64, (1,))
    np.testing.assert_allclose(summed(made, 1), x.T @ g)
    assert made._array is None
    np.testing.assert_allclose(made.data, x[:, :, None] * g[:, None, :])
    np.testing.assert_allclose((made + 1).data, x[:, :, None] * g[:, None, :] + 1)


def test_a_returning_product_of_matrices_waits_too():
    a, g = rng().normal(size=(5, 3, 2)), rng().normal(size=(5, 2, 4))
    made = Batched(a, 1) @ Batched(g, 1, returning=True)
    assert made._array is None
    assert (made.shape, made.dtype) == ((3, 4), np.float64)
    np.testing.assert_allclose(summed(made, 1), (a @ g).sum(0))
    assert made._array is None
    np.testing.assert_allclose((made * 2).data, a @ g * 2)


def test_summed_takes_one_level_off():
    a = rng().normal(size=(2, 3, 4))
    x = Batched(Batched(a, 1), 2)  # level 1 is the first axis
    np.testing.assert_allclose(summed(x, 1).data, a.sum(0))
    np.testing.assert_allclose(summed(x, 2).data, a.sum(1))
    assert summed(a, 1) is a

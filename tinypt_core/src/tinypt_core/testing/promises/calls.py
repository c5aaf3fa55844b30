"""Ways of calling: constants among Variables, one instance twice, an output dropped."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np

from tinypt_core._engine.gradients import gradients
from tinypt_core._links import OPS
from tinypt_core._variable import Variable
from tinypt_core.testing.promises._promise import differing, promise, raised, smooth_cases
from tinypt_core.testing.report import Broken
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import flat, to_array, variables_of


@promise(
    "constants",
    "an input's gradient is the same whether the others are Variables or constants",
    "the rule reads something that is only there for Variables, or returns gradients for "
    "self.needs in the wrong places",
)
def constants(subject: Subject) -> Iterator[Broken]:
    """Every choice of constant inputs, as arrays; all of them too."""
    for case in smooth_cases(subject, "gradient", "broadcasting", "zero-d")[:12]:
        n = len(case.xs)
        gys = subject.cotangents(case, subject.rng(50))
        expected, values = subject.gradient(case, gys), subject.value(case)
        yield from _twice(subject, case, gys)
        for variable in _choices(n):
            try:
                ys, gxs = _mixed(subject, case, variable, gys)
            except Exception as error:
                yield raised(error, case, f"with Variables only as inputs {variable}")
                break
            wanted = [expected[i] for i in variable]
            yield from differing(values, ys, 1e-12, case, "the value depends on which inputs are "
                                 f"Variables (here {variable})", "output")  # fmt: skip
            yield from differing(wanted, gxs, 1e-10, case, "the gradient depends on which inputs "
                                 f"are Variables (here {variable})", "input")  # fmt: skip


def _twice(subject: Subject, case: Case, gys: Any) -> Iterator[Broken]:
    """One Variable in every place: its gradient is the sum of those of the places."""
    if len(case.xs) < 2 or len({x.shape for x in case.xs}) > 1:
        return
    same = case.like([case.xs[0]] * len(case.xs))
    try:
        expected = sum(subject.gradient(same, gys))
    except Exception:
        return  # equal inputs need not be in the domain
    x = Variable(case.xs[0].copy())
    got = gradients(subject.floats(subject.run(case, [x] * len(case.xs))), x, gys)
    yield from differing([expected], list(got), 1e-10, same,
                         "one Variable in every place", "input")  # fmt: skip


def _choices(n: int) -> list[tuple[int, ...]]:
    sizes = range(n) if n <= 4 else (0, 1, n - 1)
    return [c for size in sizes for c in combinations(range(n), size)]


def _mixed(subject: Subject, case: Case, variable: tuple[int, ...], gys: Any) -> tuple[Any, Any]:
    mixed = [Variable(x) if i in variable else x for i, x in enumerate(case.fresh())]
    outs = subject.run(case, mixed)
    values = [to_array(y) for y in outs]
    if not variable:
        return values, []
    xs: Any = [mixed[i] for i in variable]
    plain = gradients(subject.floats(outs), xs, gys)
    if subject.order > 1 and len(variable) == 1:
        gradients(subject.floats(outs), xs, gys, create_graph=True)
    return values, list(plain)


@promise(
    "instance-reuse",
    "one instance can be called again, on other inputs, and each call keeps its own gradient",
    "state that the first call left on self: a counter, a cached shape, a buffer",
)
def instance_reuse(subject: Subject) -> Iterator[Broken]:
    """Call a node again on the inputs of other cases with the same parameters."""
    cases = [c for c in smooth_cases(subject) if c.kind != "read-only"]
    for case in cases[:3]:
        variables = variables_of(case.fresh())
        outs = subject.run(case, variables)
        gys = subject.cotangents(case, subject.rng(51))
        for other in [c for c in cases if _same_parameters(c, case)][:12]:
            inputs = call_inputs(subject, other)
            for node in subject.nodes(outs) if inputs is not None else ():
                if repr(node.params) == repr(inputs[2]):  # type: ignore[index]
                    yield from _again(subject, node, other, inputs)
        yield from differing(
            subject.gradient(case, gys), list(gradients(subject.floats(outs), variables, gys)),
            1e-12, case, "later calls of the instance changed its first gradient", "input",
        )  # fmt: skip


def _again(subject: Subject, node: Any, other: Case, inputs: Any) -> Iterator[Broken]:
    variables, args, _ = inputs
    gys = subject.cotangents(other, subject.rng(52))
    try:
        outs = flat(node(*args))
        values = [to_array(y) for y in outs]
        gxs = list(gradients(subject.floats(outs), variables, gys))
    except Exception as error:
        yield raised(error, other, "a second call of the same instance")
        return
    yield from differing(subject.value(other), values, 1e-12, other,
                         "a second call of the same instance gives another value",
                         "output")  # fmt: skip
    yield from differing(subject.gradient(other, gys), gxs, 1e-10, other,
                         "a second call of the same instance gives another gradient",
                         "input")  # fmt: skip


def _same_parameters(a: Case, b: Case) -> bool:
    return a.slots == b.slots and repr(a.parameters) == repr(b.parameters)


def call_inputs(subject: Subject, case: Case) -> tuple[list[Any], list[Any], Any] | None:
    """Variables for a case, what its instance is called with, and its parameters; None if unknown.

    An `apply` of its own may rearrange its arguments: then the node tells what it was called on.
    """
    variables = variables_of(case.fresh())
    nodes = subject.nodes(subject.run(case, variables))
    if len(nodes) != 1 or type(nodes[0]) is not subject.cls:
        return None
    if subject.first_class:
        where = {id(x._edge): x for x in variables}
        args = [where.get(id(edge)) for edge in nodes[0]._edges]
        return None if any(a is None for a in args) else (variables, args, nodes[0].params)
    args, kwargs = case.fill(variables)
    names, arity = subject.cls._signature.names, subject.cls._signature.arity
    inputs = args[:arity] if arity >= 0 else args
    inputs += [kwargs[name] for name in names[len(inputs) :] if name in kwargs]
    return variables, inputs, nodes[0].params


@promise(
    "dropped-output",
    "an output that nobody keeps or uses counts as a zero gradient",
    "the rule reads an output through a reference of its own, or expects every gy to be nonzero",
)
def dropped_output(subject: Subject) -> Iterator[Broken]:
    """Each output alone, the others dropped; and an output known only to the graph."""
    for case in smooth_cases(subject)[:6]:
        gys = subject.cotangents(case, subject.rng(53))
        for i in range(len(gys)):
            try:
                got = _only(subject, case, i, gys[i])
            except Exception as error:
                yield raised(error, case, f"with every output dropped but number {i}")
                continue
            lonely = [gy if i == j else np.zeros_like(gy) for j, gy in enumerate(gys)]
            yield from differing(subject.gradient(case, lonely), got, 1e-10, case,
                                 f"the gradient differs when only output {i} is kept",
                                 "input")  # fmt: skip


def _only(subject: Subject, case: Case, i: int, gy: np.ndarray) -> list[Any]:
    variables = variables_of(case.fresh())
    last = OPS["positive"](subject.floats(subject.run(case, variables))[i])
    return list(gradients(last, variables, gy))

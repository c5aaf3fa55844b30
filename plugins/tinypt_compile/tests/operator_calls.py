"""Every operator of the packages: a call that it answers, and its rules to second order."""

import numpy as np
from tinypt_compile import compile

from tinypt_core import Variable, registry, vjp


def calls():
    """By name: the operator, a call that works eagerly, and the places of its arrays."""
    found = {}
    for name in sorted(registry.names()):
        op = registry.get(name)
        if op.provider.startswith("tinypt-ops-"):
            found[name] = _call(op)
    return {name: call for name, call in found.items() if call}


def _call(op):
    for sample in _samples(op):
        args = sample if isinstance(sample, tuple) else (sample,)
        places = [i for i, a in enumerate(args) if _is_float(a)]
        if places and _works(op, args, places):
            return op, args, places
    return None


def _samples(op):
    """Its own samples, or positive draws."""
    rng = np.random.default_rng(0)
    own = getattr(op.function, "samples", None)
    if own is not None:
        return list(own(rng))[:3]
    n = getattr(op.function, "_signature", None)
    arity = max(1, n.arity if n is not None else 1)
    matrix = rng.uniform(0.1, 0.9, (3, 3)) + np.eye(3)
    return [(rng.uniform(0.1, 0.9, 3),) * arity, (matrix,) * arity]


def _is_float(value):
    return isinstance(value, np.ndarray) and value.dtype.kind in "fc"


def _works(op, args, places):
    xs = [Variable(args[i]) for i in places]
    try:
        with np.errstate(all="ignore"):
            return isinstance(op(*_filled(args, places, xs)), Variable)
    except Exception:
        return False


def _filled(args, places, values):
    given = list(args)
    for i, value in zip(places, values, strict=True):
        given[i] = value
    return given


def orders(op, args, places):
    """(value and gradient, second derivative where there is one), and the arrays."""

    def first(*xs):
        y, pull = vjp(lambda *xs: op(*_filled(args, places, xs)), *xs)
        return y, pull(y)

    def second(*xs):
        return vjp(lambda *xs: first(*xs)[1], *xs)[1](tuple(xs))

    xs = [args[i] for i in places]
    return [f for f in (first, second) if _runs(f, xs)], xs


def _runs(f, xs):
    try:
        f(*xs)
    except Exception:
        return False
    return True


def kind(program):
    """What a program makes of an operator: "inline", "opaque: ...", or why it runs eagerly."""
    for reason in program._reasons:
        return f"eagerly: {reason}"
    cases = [c for s in program._states.known.values() for cs in s.cases.values() for c in cs]
    opaque = dict.fromkeys(word for case in cases for word in _opaque(case))
    return f"opaque: {', '.join(opaque)}" if opaque else "inline"


def _opaque(case):
    _ = case.text.lines
    return case.text.opaque


def kinds(op, args, places):
    """The kind of each order."""
    functions, xs = orders(op, args, places)
    found = []
    for f in functions:
        program = compile(f)
        with np.errstate(all="ignore"):
            program(*xs)
        found.append(kind(program))
    return found

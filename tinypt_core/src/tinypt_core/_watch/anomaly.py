"""Never silently wrong: where the first NaN or Inf arose, and which saved array was changed."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import ref

import numpy as np

from tinypt_core._errors import AnomalyError
from tinypt_core._modes import Mode, using_mode
from tinypt_core._names import describe, packages

#: what a node's saved arrays added up to when forward had run
_checksums: dict[int, tuple[Any, list[int]]] = {}


@contextmanager
def detect_anomaly() -> Iterator[None]:
    """Inside a `with` block, raise AnomalyError at the first NaN or Inf, forward or backward.

    The error names the operator, its package, and the line of your code that called it. It also
    finds an array that a rule needs and that was changed in place between forward and backward.
    Both passes must run inside the block, in one thread or task. Slow: for finding bugs.

    >>> import numpy as np
    >>> from tinypt_core import AnomalyError, Variable
    >>> from tinypt_core.ops import log
    >>> with detect_anomaly():
    ...     try:
    ...         y = log(Variable(np.array([1.0, 0.0])))
    ...     except AnomalyError as error:
    ...         print(str(error)[:58])
    Log (tinypt-ops-basic 0.1.0) computed -inf at [1] (1 of 2)
    """
    with using_mode(anomaly=True):
        yield


def checked_forward(node: Any, inputs: tuple[Any, ...], mode: Mode) -> Any:
    """`node._run`; raises if an output is not finite."""
    site = call_site()
    with np.errstate(all="ignore"):  # the error says more than NumPy's warning
        result = node._run(inputs, mode)
    outputs = result if isinstance(result, tuple) else (result,)
    for y in outputs:
        what = _first_bad(y)
        if what:
            names = node._signature.names
            bad = [(i, text) for i, x in enumerate(inputs) if (text := _first_bad(x))]
            origin = "; its inputs were finite, so it arose here"
            if bad:
                i, text = bad[0]
                name = f" ({names[i]})" if i < len(names) else ""
                origin = f"; it came in from outside: input {i}{name} holds {text}"
            raise AnomalyError(f"{describe(node)} computed {what}, called at {site}{origin}")
    if getattr(node, "_edges", ()):  # it is part of a graph
        node.info["site"] = site
        _file(node, [_checksum(a) for _, a, _ in node._keeps.items(node)])
    return result


def checked_pull(pull: Callable[..., Any]) -> Callable[..., Any]:
    """A step of the backward loop that raises if anything is not finite, or was changed."""
    site = call_site()

    def step(node: Any, gy: Any) -> Any:
        _require_unchanged(node, site)
        for g in gy if isinstance(gy, list) else [gy]:
            what = _first_bad(g)
            if what:
                raise AnomalyError(
                    f"the gradient that arrives at the output of {describe(node)} holds {what}, in "
                    f"the backward pass called at {site}; no rule computed it: it came in from "
                    f"outside, as the gradient to start with, or the sum of gradients overflowed; "
                    f"forward was called at {_forward_site(node)}"
                )
        try:
            with np.errstate(all="ignore"):
                gxs = pull(node, gy)
        except AnomalyError as error:  # under create_graph a rule is made of operators
            raise AnomalyError(
                f"in the gradient rule of {describe(node)}, whose forward was called at "
                f"{_forward_site(node)}: {error}"
            ) from error
        for i, gx in enumerate(gxs if isinstance(gxs, (tuple, list)) else [gxs]):
            what = _first_bad(gx)
            if what:
                where = node._keeps.input(i)
                raise AnomalyError(
                    f"the gradient rule of {describe(node)} computed {what} for {where}, "
                    f"in the backward pass called at {site}; forward was called at "
                    f"{_forward_site(node)}"
                )
        return gxs

    return step


def _file(node: Any, checksums: list[int]) -> None:
    """By identity: an operator may define an equality of its own."""
    key = id(node)
    _checksums[key] = (ref(node, lambda _: _checksums.pop(key, None)), checksums)


def _require_unchanged(node: Any, site: str) -> None:
    _, before = _checksums.get(id(node), (None, []))
    for (_, array, what), checksum in zip(node._keeps.items(node), before, strict=False):
        if _checksum(array) != checksum:
            raise AnomalyError(
                f"{what} that {describe(node)} kept for its gradient was changed in place between "
                f"forward, called at {_forward_site(node)}, and backward, called at {site}; "
                f"change a copy instead, as x.data = x.data + 1, or call backward() first"
            )


def _forward_site(node: Any) -> str:
    return node.info.get("site", "a place outside detect_anomaly()")  # type: ignore[no-any-return]


def _checksum(value: Any) -> int:
    if not isinstance(value, (np.ndarray, np.generic)):
        return hash(value) if isinstance(value, (int, float)) else 0
    return zlib.crc32(np.ascontiguousarray(value).view(np.uint8).data)


def _first_bad(value: Any) -> str:
    """The first NaN or Inf of an array or Variable, and where: "nan at [0, 3] (2 of 6)"; or ""."""
    data = getattr(value, "_array", value)
    if not isinstance(data, (np.ndarray, np.inexact, float, complex)):
        return ""
    array = np.asarray(data)
    if array.dtype.kind not in "fc" or np.isfinite(array).all():
        return ""
    where = np.argwhere(~np.isfinite(array))
    index = tuple(map(int, where[0]))
    if not index:
        return str(array[()])
    return f"{array[index]} at {list(index)} ({len(where)} of {array.size})"


def call_site() -> str:
    """File and line of the user's code: the innermost frame outside tinypt, NumPy and plugins."""
    frame: Any = sys._getframe(1)
    ours = {"tinypt_core", "numpy", "contextlib"}
    plugins = packages()
    fallback = ""
    while frame is not None:
        top = frame.f_globals.get("__name__", "").partition(".")[0]
        if top not in ours:
            here = f"{frame.f_code.co_filename}:{frame.f_lineno}"
            if top not in plugins:
                return here
            fallback = fallback or here
        frame = frame.f_back
    return fallback or "an unknown place"

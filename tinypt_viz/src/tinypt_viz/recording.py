"""Values and gradients of everything that runs inside a `with` block, for pictures to show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from tinypt_core import Variable
from tinypt_viz._core import Measure, measured, observing


@contextmanager
def record() -> Iterator[None]:
    """Note how large values and gradients are, for what runs inside a `with` block.

    Each operator notes its operands and results, the gradients of these, and what it hands back to
    each of its operands, so that a picture in the style "gradient" shows them all, also those of
    arrays that are gone. Numbers are kept, arrays are not. Of several backward passes the last one
    counts.

    >>> import numpy as np
    >>> from tinypt_core import Variable, graph
    >>> x = Variable(np.array(3.0), name="x")
    >>> with record():
    ...     y = x * x
    ...     y.backward()
    >>> [edge.slope.rms for edge in graph(y).edges if edge.slope]
    [3.0, 3.0]
    """
    with observing(_Recorder()):
        yield


class _Recorder:
    """An observer (see `tinypt_core` on `tinypt_observe`)."""

    def after_forward(
        self, function: Any, inputs: tuple[Any, ...], outputs: tuple[Any, ...]
    ) -> None:
        """What went in, which may be gone by the time somebody draws, and what came out."""
        function.info["operands"] = tuple(map(_measure, inputs))
        function.info["values"] = tuple(map(_measure, outputs))

    def after_backward(
        self, function: Any, gradients_out: tuple[Any, ...], gradients_in: tuple[Any, ...]
    ) -> None:
        """What came back, and what was handed on, summed as it is where operands were broadcast."""
        function.info["gradients"] = tuple(map(_measure, gradients_out))
        shapes = function.shapes
        function.info["shares"] = tuple(
            _measure(_fitted(g, shape)) for g, shape in zip(gradients_in, shapes, strict=False)
        )


def _array(value: Any) -> Any:
    return value.data if isinstance(value, Variable) else value


def _measure(value: Any) -> Measure | None:
    return measured(_array(value))


def _fitted(gradient: Any, shape: tuple[int, ...]) -> Any:
    """A gradient of the broadcast shape as one of the operand's."""
    g = _array(gradient)
    if g is None or np.shape(g) == tuple(shape):
        return g
    g = np.asarray(g)
    if g.ndim < len(shape) or not g.ndim:
        return np.broadcast_to(g, shape)
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    ones = tuple(i for i, n in enumerate(shape) if n == 1 and g.shape[i] != 1)
    return g.sum(axis=ones, keepdims=True) if ones else g

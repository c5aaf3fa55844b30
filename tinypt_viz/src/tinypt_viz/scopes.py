"""Names for parts of a computation: pictures frame them, and fold them when they are large."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tinypt_viz._core import in_scope


@contextmanager
def scope(name: str) -> Iterator[None]:
    """Put what is computed inside a `with` block into a part of the picture; scopes nest.

    >>> import numpy as np
    >>> from tinypt_core import Variable, graph
    >>> from tinypt_core.ops import sin
    >>> with scope("layer1"):
    ...     y = sin(Variable(np.array(0.0)))
    >>> graph(y).nodes[0].scope
    ('layer1',)
    """
    with in_scope(str(name)):
        yield

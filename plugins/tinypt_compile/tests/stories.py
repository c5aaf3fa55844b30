"""Runs a story twice, with the function as it is and compiled: all that it yields must be equal."""

import numpy as np
from tinypt_compile import compile


def tells_the_same(story):
    """story: a generator function of what wraps a function. Returns why something ran eagerly."""
    made = []

    def compiled(f, **options):
        made.append(compile(f, **options))
        return made[-1]

    expected, found = list(story(lambda f, **options: f)), list(story(compiled))
    assert len(found) == len(expected)
    for a, b in zip(found, expected, strict=True):
        _equal(a, b)
    return [reason for f in made for reason in f._reasons]


def _equal(a, b):
    assert type(a) is type(b), (a, b)
    if isinstance(a, (tuple, list)):
        assert len(a) == len(b)
        for x, y in zip(a, b, strict=True):
            _equal(x, y)
    elif isinstance(a, (np.ndarray, np.generic, float)):
        a, b = np.asarray(a), np.asarray(b)
        assert (a.dtype, a.shape) == (b.dtype, b.shape)
        np.testing.assert_array_equal(a, b)
    else:
        assert a == b

"""Arrays as sets: np.unique and its relatives. Values are differentiable, indices are constant."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinypt_ops_basic._composites import array
from tinypt_ops_basic._samples import normal, tried_on
from tinypt_ops_basic.constants import plain

#: small integers, which every dtype of floating point takes in
_OTHERS = np.array([7, 8], np.int8)
#: two elements that become equal are one
_alone = tried_on((normal(1),))


@_alone
def unique(
    ar: Any,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: int | None = None,
    **options: Any,
) -> Any:
    """The different elements of ar, sorted; the gradient goes to the first that has the value.

    With return_index and so on also plain arrays, as np.unique gives them.

    >>> from tinypt_core import Variable
    >>> np.unique(Variable(np.array([3.0, 1.0, 3.0])))
    variable([1. 3.])
    """
    ar = array(ar)
    find: Any = np.unique
    _, first, *others = find(plain(ar), True, return_inverse, return_counts, axis, **options)
    values = np.take(ar, first, axis=axis)
    others = [first, *others] if return_index else others
    return (values, *others) if others else values


@_alone
def unique_values(x: Any) -> Any:
    """The different elements of x, sorted.

    >>> from tinypt_core import Variable
    >>> np.unique_values(Variable(np.array([3.0, 1.0, 3.0])))
    variable([1. 3.])
    """
    return unique(x, equal_nan=False)


@_alone
def unique_counts(x: Any) -> Any:
    """The different elements of x, and how often each is there."""
    found = np.unique_counts(plain(x))
    return found._replace(values=unique_values(x))


@_alone
def unique_inverse(x: Any) -> Any:
    """The different elements of x, and which of them each element is."""
    found = np.unique_inverse(plain(x))
    return found._replace(values=unique_values(x))


@_alone
def unique_all(x: Any) -> Any:
    """The different elements of x, where each is first, which each element is, and counts."""
    found = np.unique_all(plain(x))
    return found._replace(values=unique_values(x))


@tried_on((normal(1), _OTHERS))
def union1d(ar1: Any, ar2: Any) -> Any:
    """The different elements of both arrays, sorted.

    >>> from tinypt_core import Variable
    >>> np.union1d(Variable(np.array([3.0, 1.0])), [2.0])
    variable([1. 2. 3.])
    """
    return unique(np.concatenate([np.ravel(array(ar1)), np.ravel(array(ar2))]))


@tried_on((normal(1), _OTHERS))
def setdiff1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """The elements of ar1 that ar2 does not have, sorted unless assume_unique.

    >>> from tinypt_core import Variable
    >>> np.setdiff1d(Variable(np.array([3.0, 1.0])), [1.0, 2.0])
    variable([3.])
    """
    values = np.ravel(array(ar1)) if assume_unique else unique(ar1)
    return values[~np.isin(values, ar2)]


@tried_on((normal(1), _OTHERS))
def setxor1d(ar1: Any, ar2: Any, assume_unique: bool = False) -> Any:
    """The elements that one of both arrays has, sorted.

    >>> from tinypt_core import Variable
    >>> np.setxor1d(Variable(np.array([3.0, 1.0])), [1.0, 2.0])
    variable([2. 3.])
    """
    values = union1d(ar1, ar2)
    return values[np.isin(values, ar1) ^ np.isin(values, ar2)]

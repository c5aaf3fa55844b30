"""The room put together: the class, its operators and methods, and the table, filled.

The floors below the transforms know `batched` alone, which is quick to import; whoever makes a
batched array imports it from here.
"""

from tinypt_core._batch import joining, picking, products, reducing, shaping  # noqa: F401 (fill the table)
from tinypt_core._batch.batched import Batched, NeedsLoop, Shape, above, levels_of, needs_loop
from tinypt_core._batch.entering import collect, element, enter, leave, length_along, next_level
from tinypt_core._batch.indexing import getitem, setitem
from tinypt_core._batch.levels import inside, is_at, surplus, top
from tinypt_core._batch.looping import looped, what_loops
from tinypt_core._batch.methods import equip
from tinypt_core._batch.table import add_rule, array_function, has_rule, rule
from tinypt_core._batch.ufuncs import array_ufunc
from tinypt_core._batch.waiting import summed

equip(Batched)
Batched.__array_ufunc__ = array_ufunc
Batched.__array_function__ = array_function
Batched.__getitem__ = getitem  # type: ignore[method-assign]
Batched.__setitem__ = setitem  # type: ignore[method-assign]

__all__ = [
    "Batched",
    "NeedsLoop",
    "Shape",
    "above",
    "add_rule",
    "collect",
    "element",
    "enter",
    "has_rule",
    "inside",
    "is_at",
    "leave",
    "length_along",
    "levels_of",
    "looped",
    "needs_loop",
    "next_level",
    "rule",
    "summed",
    "surplus",
    "top",
    "what_loops",
]  # fmt: skip

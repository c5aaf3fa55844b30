"""tinypt-ops-basic: NumPy's differentiable surface.

Every operator of this distribution can be imported from here: the registered callable under the
operator's name, the class under its own.

>>> from tinypt_ops_basic import Add, add
>>> add.function is Add
True
"""

from __future__ import annotations

from tinypt_core.registry import exports

__version__ = "0.1.0"

__getattr__, __dir__ = exports(__name__, "tinypt-ops-basic")

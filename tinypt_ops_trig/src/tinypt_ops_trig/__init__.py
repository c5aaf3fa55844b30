"""tinypt-ops-trig: circular and hyperbolic functions.

Every operator of this distribution can be imported from here: the registered callable under the
operator's name, the class under its own.

>>> from tinypt_ops_trig import Sin, sin
>>> sin.function is Sin
True
"""

from __future__ import annotations

from tinypt_core.registry import exports

__version__ = "0.1.0"

__getattr__, __dir__ = exports(__name__, "tinypt-ops-trig")

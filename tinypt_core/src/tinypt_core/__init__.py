"""tinypt-core: Variables, Functions and the backward loop. Operators come from plugins."""

from typing import Any

from tinypt_core import _numpy as _numpy
from tinypt_core import ops, registry
from tinypt_core._anomaly import detect_anomaly
from tinypt_core._backward import gradients
from tinypt_core._checkpoint import checkpoint
from tinypt_core._errors import (
    AnomalyError,
    ConformanceError,
    GradientError,
    OpConflictError,
    OpNotFoundError,
    PluginLoadError,
    TinyptError,
)
from tinypt_core._function import Function
from tinypt_core._graph import Graph, graph
from tinypt_core._modes import Config, no_grad, using_config
from tinypt_core._profile import profile
from tinypt_core._transforms import (
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    numerical_diff,
    value_and_grad,
    vjp,
)
from tinypt_core._variable import Variable

__version__ = "0.1.0"

__all__ = [
    "AnomalyError",
    "Config",
    "ConformanceError",
    "Function",
    "GradientError",
    "Graph",
    "OpConflictError",
    "OpNotFoundError",
    "PluginLoadError",
    "TinyptError",
    "Variable",
    "checkpoint",
    "detect_anomaly",
    "grad",
    "gradients",
    "graph",
    "hessian",
    "hookimpl",
    "hvp",
    "jacobian",
    "jvp",
    "no_grad",
    "numerical_diff",
    "ops",
    "profile",
    "registry",
    "using_config",
    "value_and_grad",
    "vjp",
]


def __getattr__(name: str) -> Any:
    if name == "hookimpl":  # plugins import pluggy, not everybody
        from tinypt_core._hookspecs import hookimpl

        return hookimpl
    raise AttributeError(f"module 'tinypt_core' has no attribute {name!r}")

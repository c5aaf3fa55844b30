"""tinypt-core: Variables, Functions and the backward loop. Operators come from plugins."""

from typing import TYPE_CHECKING, Any

from tinypt_core import _links, ops, registry
from tinypt_core._errors import (
    AnomalyError,
    ConformanceError,
    GradientError,
    OpConflictError,
    OpNotFoundError,
    PluginLoadError,
    TinyptError,
)
from tinypt_core._names import VERSION

if TYPE_CHECKING:
    from tinypt_core._arrays import anywhere
    from tinypt_core._engine.gradients import gradients
    from tinypt_core._function import Function
    from tinypt_core._modes import Config, no_grad, scope, using_config
    from tinypt_core._plugins.hookspecs import hookimpl
    from tinypt_core._snapshot import Edge, Graph, Node, graph
    from tinypt_core._transforms.api import (
        grad,
        hessian,
        hvp,
        jacobian,
        jvp,
        value_and_grad,
        vjp,
    )
    from tinypt_core._transforms.checkpoint import checkpoint
    from tinypt_core._transforms.differences import numerical_diff
    from tinypt_core._transforms.vmap import vmap
    from tinypt_core._variable import Variable
    from tinypt_core._watch.anomaly import detect_anomaly
    from tinypt_core._watch.observers import observe
    from tinypt_core._watch.profile import profile

__version__ = VERSION

__all__ = [
    "AnomalyError",
    "Config",
    "ConformanceError",
    "Edge",
    "Function",
    "GradientError",
    "Graph",
    "Node",
    "OpConflictError",
    "OpNotFoundError",
    "PluginLoadError",
    "TinyptError",
    "Variable",
    "anywhere",
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
    "observe",
    "ops",
    "profile",
    "registry",
    "scope",
    "using_config",
    "value_and_grad",
    "vjp",
    "vmap",
]


#: imported on first use, so that `import tinypt_core` costs little more than NumPy
_LATER = {
    "_arrays": "anywhere",
    "_engine.gradients": "gradients",
    "_function": "Function",
    "_modes": "Config no_grad scope using_config",
    "_plugins.hookspecs": "hookimpl",
    "_snapshot": "Edge Graph Node graph",
    "_transforms.api": "grad hessian hvp jacobian jvp value_and_grad vjp",
    "_transforms.checkpoint": "checkpoint",
    "_transforms.differences": "numerical_diff",
    "_transforms.vmap": "vmap",
    "_variable": "Variable",
    "_watch.anomaly": "detect_anomaly",
    "_watch.observers": "observe",
    "_watch.profile": "profile",
}


def _imported(module: str) -> Any:
    """A module, imported when it is asked for; no thread forks meanwhile."""
    from importlib import import_module

    from tinypt_core._registry import forks

    with forks.busy():
        return import_module(f"tinypt_core.{module}")


def _late(slot: str, module: str, name: str) -> None:
    """What an upper floor does for a lower one: imported when it is first asked for, and from
    then on the slot itself."""

    def call(*args: Any) -> Any:
        found = getattr(_imported(module), name)
        setattr(_links, slot, found)
        return found(*args)

    setattr(_links, slot, call)


def _faster(nodes: Any, wanted: Any) -> Any:
    """The first plan that a plugin has for a backward pass."""
    from tinypt_core.registry import call_plugins

    return next(iter(call_plugins("tinypt_plan", nodes=nodes, wanted=wanted)), None)


_links.faster = _faster
_links.dispatch = lambda: _imported("_numpy")
_late("backward", "_engine.gradients", "backward")
_late("puller", "_engine.step", "puller")
_late("watched_run", "_watch.observers", "watched_forward")
_late("watched_pull", "_watch.observers", "watched_pull")
_late("one_by_one", "_transforms.one_by_one", "one_by_one")
_late("rule_one_by_one", "_transforms.one_by_one", "rule_one_by_one")
_late("call_one_by_one", "_transforms.one_by_one", "call_one_by_one")
_late("unshare", "_transforms.sharing", "unshared")
_late("resolve", "_registry.table", "resolve")
_links.array_namespace = lambda: _imported("array_api")
_late("make_plugins", "_plugins.manager", "Plugins")
_late("mimebundle", "_plugins.notebook", "mimebundle")


def __getattr__(name: str) -> Any:
    for module, names in _LATER.items():
        if name in names.split():
            value = getattr(_imported(module), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'tinypt_core' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])

"""Names -> operators: the public face of the registry."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tinypt_core._exports import exports
    from tinypt_core._names import provider
    from tinypt_core._registry.by_hand import register_op, temporary_op
    from tinypt_core._registry.listing import Plugin, Row
    from tinypt_core._registry.table import get, is_available, names, refresh

__all__ = [
    "Plugin",
    "Row",
    "call_plugins",
    "candidates",
    "exports",
    "get",
    "is_available",
    "names",
    "plugins",
    "problems",
    "provider",
    "refresh",
    "register_op",
    "temporary_op",
]

#: imported on first use, so that `import tinypt_core` loads no registry
_LATER = {
    "_exports": ("exports",),
    "_names": ("provider",),
    "_registry.by_hand": ("register_op", "temporary_op"),
    "_registry.listing": ("Plugin", "Row"),
    "_registry.table": ("get", "is_available", "names", "refresh"),
}


def candidates(pattern: str = "*", load: bool = False) -> "list[Row]":
    """Every operator that any distribution declares, by name, then by distribution.

    pattern: a name, or several with wildcards, "log*". load: import each one, to find the broken.

    >>> [(row.name, row.distribution, row.winner) for row in candidates("sin")]
    [('sin', 'tinypt-ops-trig', True)]
    """
    from tinypt_core._registry import listing, table

    return listing.candidates(table.ready(), pattern, load)


def plugins() -> "list[Plugin]":
    """Every entry of the group tinypt.plugins, by distribution, then by name."""
    from tinypt_core._registry import listing, table

    return listing.plugins(table.ready())


def problems() -> list[str]:
    """What is wrong with metadata and environment variables, where no operator is to blame."""
    from tinypt_core._registry import listing, table

    return listing.problems(table.ready())


def call_plugins(hook: str, **arguments: Any) -> list[Any]:
    """Call a hook of every plugin that has it: what each returned, but None.

    A plugin that fails is put out of the game with a warning; the others go on.

    >>> call_plugins("tinypt_draw", output=None, to_file="picture.unheard-of", options={})
    []
    """
    from tinypt_core._registry import table

    found = table.ready().plugins
    return [] if found is None else found.call(hook, **arguments)


def __getattr__(name: str) -> Any:
    for module, later in _LATER.items():
        if name in later:
            from importlib import import_module

            from tinypt_core._registry import forks

            with forks.busy():
                value = getattr(import_module(f"tinypt_core.{module}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

"""The operators of a distribution as attributes of its package, imported on first use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinypt_core import ops
from tinypt_core._registry.candidate import load_target
from tinypt_core._registry.table import get, scanned


def exports(
    package: str, distribution: str
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` for the `__init__` of a package of operators.

    Then each operator can be imported from the package, the registered callable under its name
    and the class under its own, and importing the package imports no operator.

    package: its `__name__`. distribution: the name it is installed by.

    >>> __getattr__, __dir__ = exports("tinypt_ops_trig", "tinypt-ops-trig")
    >>> __getattr__("sin").function is __getattr__("Sin")
    True
    """
    found = _Exports(package, distribution)
    return found.attribute, found.names


class _Exports:
    def __init__(self, package: str, distribution: str) -> None:
        self.package, self.distribution = package, distribution

    @property
    def declared(self) -> dict[str, str]:
        """Name -> target, whatever the environment rules out."""
        found = scanned().distribution(self.distribution)
        return found.ops if found else {}

    def attribute(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.package!r} has no attribute {name!r}")
        declared = self.declared
        if name in declared:
            return get(f"{self.distribution}:{name}")
        if any(dotted.startswith(name + ".") for dotted in declared):
            return getattr(ops, name)  # linalg
        for target in declared.values():
            module, _, written = target.partition(":")
            if written == name and module != self.package:
                return load_target(target)
        missing = f": {self.distribution} is not installed, or declares none" * (not declared)
        raise AttributeError(f"{self.package} has no operator and no class {name!r}{missing}")

    def names(self) -> list[str]:
        declared = self.declared
        classes = {target.partition(":")[2] for target in declared.values()}
        return sorted({*declared, *classes, "__version__"})

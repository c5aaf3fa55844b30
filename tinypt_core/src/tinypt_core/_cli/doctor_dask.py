"""`tinypt doctor --dask ADDRESS`: what the workers of a Dask cluster lack."""

from __future__ import annotations

import sys

from tinypt_core._cli.doctor import Finding

#: distribution -> its version, and the operators it declares
Inventory = dict[str, tuple[str, list[str]]]


def inventory() -> Inventory:
    """What is installed here of Python, NumPy, tinypt and its plugins.

    It is sent to the workers as it stands here, where tinypt may be missing: it imports nothing
    of it.
    """
    import platform
    from importlib.metadata import distributions

    found: Inventory = {"Python": (platform.python_version(), [])}
    for dist in distributions():
        name = dist.metadata["Name"]
        entries = [e for e in dist.entry_points if e.group in ("tinypt.ops", "tinypt.plugins")]
        if name and (entries or name.lower() in ("numpy", "tinypt-core")):
            names = sorted({e.name for e in entries if e.group == "tinypt.ops"})
            found.setdefault(name, (dist.version, names))
    return found


def diagnose(address: str) -> tuple[list[Finding], str]:
    """Ask every worker of the cluster at this address; the findings, and what was looked at.

    Raises ImportError without the package distributed, OSError if nobody answers.
    """
    import cloudpickle  # type: ignore[import-untyped]
    from distributed import Client

    module = sys.modules[__name__]
    cloudpickle.register_pickle_by_value(module)
    try:
        with Client(address, timeout=10) as client:
            workers = client.run(inventory)
    finally:
        cloudpickle.unregister_pickle_by_value(module)
    n = len(workers)
    return compare(inventory(), workers), f"{n} worker{'s' * (n != 1)} of {address}"


def compare(here: Inventory, workers: dict[str, Inventory]) -> list[Finding]:
    """What is missing on workers or has another version there; workers alike in one finding."""
    found: dict[tuple[str, str, str], list[str]] = {}
    for worker, there in sorted(workers.items()):
        for name, (version, operators) in here.items():
            if name not in there:
                found.setdefault(("missing", f"{name} {version}", _lost(operators)), []).append(
                    worker
                )
            elif there[name][0] != version:
                text = f"{there[name][0]} there, {version} here: install the same on both"
                found.setdefault(("version", name, text), []).append(worker)
    return [
        Finding(status, subject, f"on {' and '.join(addresses)}: {text}")
        for (status, subject, text), addresses in found.items()
    ]


def _lost(operators: list[str]) -> str:
    if not operators:
        return "not installed: install it there"
    few = ", ".join(operators[:5]) + (f" and {len(operators) - 5} more" if operators[5:] else "")
    return f"not installed, and so no {few}: install it there"

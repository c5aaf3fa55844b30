"""`pytest --tinypt-check=all`: one test per operator and promise, over what is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --tinypt-check."""
    parser.getgroup("tinypt").addoption(
        "--tinypt-check",
        metavar="all|DISTRIBUTION|OP",
        help="hold installed operators to the contract, one test per operator and promise; "
        "alone, it runs no other tests",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Without a path on the command line, run nothing but the operators."""
    if config.getoption("tinypt_check") and config.args_source is not config.ArgsSource.ARGS:
        config.args = []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add a test for each promise of each chosen operator."""
    choice = config.getoption("tinypt_check")
    if choice:
        items += collected(session, choice)


def collected(session: pytest.Session, choice: str) -> Iterator[pytest.Item]:
    """The tests of the chosen operators, name by name."""
    from tinypt_core.testing.promises import PROMISES

    for name, op in chosen(choice):
        group = OperatorGroup.from_parent(session, name=name, op=op)
        names = PROMISES if not isinstance(op, Exception) else ["load"]
        for promise in names:
            yield PromiseItem.from_parent(group, name=f"{name}-{promise}", promise=promise)


def chosen(choice: str) -> list[tuple[str, Any]]:
    """Names and operators (or the error that loading one raised), each operator once.

    Raises pytest.UsageError if the choice is neither "all" nor a distribution nor an operator.
    """
    from tinypt_core import registry

    names = registry.names()
    if choice != "all" and (choice in names or ":" in choice):  # "all" is everything, not np.all
        names = [choice]
    found: dict[Any, tuple[str, Any]] = {}
    for name in names:
        op = _loaded(name)
        key = name if isinstance(op, Exception) else op.function
        if choice in ("all", name) or _normal(_distribution(op)) == _normal(choice):
            known = found.get(key)
            if known is None or name == getattr(op.function, "__name__", "").lower():
                found[key] = name, op
    if not found:
        raise pytest.UsageError(
            f"--tinypt-check={choice}: no operator and no distribution of that name; "
            f"`tinypt ops` lists the operators"
        )
    return sorted(found.values(), key=lambda pair: pair[0])


def _loaded(name: str) -> Any:
    from tinypt_core import registry

    try:
        return registry.get(name)
    except Exception as error:
        return error


def _distribution(op: Any) -> str:
    return str(getattr(op, "provider", "")).split(" ")[0]


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


class OperatorGroup(pytest.Collector):
    """The promises of one operator; what they have in common is computed once."""

    def __init__(self, *, op: Any, **kwargs: Any) -> None:
        provider = _distribution(op) or "tinypt"
        name = kwargs["name"]
        super().__init__(path=Path(f"{provider}::{name}"), nodeid=provider, **kwargs)
        self.op = op
        self._subject: Any = None

    def collect(self) -> list[pytest.Item]:
        """Nothing: the items are made together."""
        return []

    @property
    def subject(self) -> Any:
        """The operator under test, made when the first of its promises is checked."""
        from tinypt_core.testing.subject import Subject

        if self._subject is None:
            self._subject = Subject(self.op)
        return self._subject


class PromiseItem(pytest.Item):
    """One promise of one operator."""

    parent: OperatorGroup

    def __init__(self, *, promise: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.promise = promise
        self.user_properties.append(("tinypt-operator", self.parent.name))

    def runtest(self) -> None:
        """Check the promise."""
        from tinypt_core.testing.check import broken_promises
        from tinypt_core.testing.report import error_for

        if isinstance(self.parent.op, Exception):
            raise self.parent.op
        subject = self.parent.subject
        broken = broken_promises(subject, self.promise)
        if broken:
            raise error_for(subject.name, subject.package, broken, 1)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        """The report of the kit; a traceback would only show the kit."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it is shown: under the operator's name."""
        return self.parent.path, None, self.name


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """One line: how many operators, promises, failures."""
    if not config.getoption("tinypt_check"):
        return
    reports = [r for key in ("passed", "failed", "error") for r in _reports(terminalreporter, key)]
    names = {key for r in reports for key in r.user_properties if key[0] == "tinypt-operator"}
    failed = sum(r.failed for r in reports)
    terminalreporter.write_line(
        f"tinypt: {len(names)} operators, {len(reports)} promises, {failed} failures"
    )


def _reports(terminalreporter: Any, key: str) -> list[Any]:
    return [
        r
        for r in terminalreporter.stats.get(key, ())
        if any(k == "tinypt-operator" for k, _ in getattr(r, "user_properties", ()))
    ]

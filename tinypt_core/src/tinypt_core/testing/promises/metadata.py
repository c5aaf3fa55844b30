"""What an operator says about itself: name, package, documentation, parameters."""

from __future__ import annotations

import inspect
import io
import pickle
from collections.abc import Iterator
from typing import Any

from tinypt_core._operator.signature import public_signature
from tinypt_core.testing.promises._promise import close, promise, raised, running
from tinypt_core.testing.promises.calls import call_inputs
from tinypt_core.testing.report import Broken, show
from tinypt_core.testing.samples import Case
from tinypt_core.testing.subject import Subject
from tinypt_core.testing.values import flat, to_array, variables_of


@promise(
    "picklable",
    "a node survives pickling with its parameters, and computes the same",
    "a lambda, lock or open file on self, or a __getstate__ that forgets a parameter",
)
def picklable(subject: Subject) -> Iterator[Broken]:
    """Pickle a node, unpickle it, and call it again."""
    for case in running(subject)[:4]:
        outs = subject.run(case, variables_of(case.fresh()))
        if not case.xs or not subject.nodes(outs) or not _can_pickle(case.parameters):
            continue
        for node in subject.nodes(outs):
            if type(node) is subject.cls:
                yield from _round_trip(subject, case, node)


def _round_trip(subject: Subject, case: Case, node: Any) -> Iterator[Broken]:
    inputs = call_inputs(subject, case)
    try:
        twin = _Unpickler(io.BytesIO(_dumped(node)), subject.cls).load()
        if inputs is None:
            return
        got = [to_array(y) for y in flat(twin(*inputs[1]))]
    except Exception as error:
        yield raised(error, case, "a pickled instance does not come back")
        return
    expected = subject.value(case)
    for a, b in zip(expected, got, strict=True) if len(got) == len(expected) else ():
        if not close(a, b, 1e-12):
            yield Broken("", "an unpickled instance computes something else", str(case), "",
                         show(a), show(b))  # fmt: skip


def _can_pickle(value: Any) -> bool:
    try:
        pickle.dumps(value)
        return True
    except Exception:
        return False


class _Pickler(pickle.Pickler):
    """The class by reference even where it has no importable name, as in a test."""

    def __init__(self, file: Any, cls: Any) -> None:
        super().__init__(file)
        self._cls = cls

    def persistent_id(self, obj: Any) -> Any:
        return "op" if obj is self._cls else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file: Any, cls: Any) -> None:
        super().__init__(file)
        self._cls = cls

    def persistent_load(self, pid: Any) -> Any:
        return self._cls


def _dumped(node: Any) -> bytes:
    file = io.BytesIO()
    _Pickler(file, type(node)).dump(node)
    return file.getvalue()


@promise(
    "metadata",
    "the docstring is there, the signature can be read, and the distribution defines what it "
    "declares",
    "a class without a docstring, an apply(*args, **kwargs), or an entry point that was renamed "
    "(reinstall the package after editing its pyproject.toml)",
)
def metadata(subject: Subject) -> Iterator[Broken]:
    """Documentation, signature, entry point."""
    doc = (subject.op if subject.cls is None else subject.cls).__doc__
    if not (doc and doc.strip()):
        yield Broken("", "no docstring", expected="what it computes, in a sentence", got=repr(doc))
    yield from _signature(subject)
    if subject.registered:
        yield from _declared(subject)


def _signature(subject: Subject) -> Iterator[Broken]:
    try:
        signature = (
            inspect.signature(subject.op) if subject.registered else public_signature(subject.cls)
        )
    except Exception as error:
        yield raised(error, "", "the signature cannot be read")
        return
    kinds = {p.kind for p in signature.parameters.values()}
    if kinds == {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}:
        yield Broken("", "the signature names no argument", expected="apply(cls, x, axis=None)",
                     got=str(signature))  # fmt: skip
    written = getattr(subject.cls, "_signature", None)
    if written is not None and written.problem:
        yield Broken("", "the rule cannot be called", got=written.problem)


def _declared(subject: Subject) -> Iterator[Broken]:
    name = getattr(subject.op, "__name__", "")
    if name != subject.name.rpartition(".")[2]:
        yield Broken("", "__name__ is not its name", "", "", subject.name, name)
    provider = subject.package
    entries = _entries(provider.split(" ")[0])
    if entries is None:
        return  # registered by hand
    targets = [e.load() for e in entries if e.name == subject.name]
    if targets and subject.target not in targets:
        yield Broken("", "the registry has another class than the distribution declares", "",
                     "", repr(targets[0]), repr(subject.target))  # fmt: skip


def _entries(distribution: str) -> Any:
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import distribution as find

    try:
        return [e for e in find(distribution).entry_points if e.group == "tinypt.ops"]
    except (PackageNotFoundError, ValueError):
        return None

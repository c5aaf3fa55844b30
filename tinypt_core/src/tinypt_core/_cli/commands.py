"""The commands of `tinypt`. Each prints text, or JSON; exit codes: 0 fine, 1 findings, 2 misuse."""

from __future__ import annotations

from glob import escape
from pathlib import Path
from typing import Any

import click

from tinypt_core import registry
from tinypt_core._cli import completion, words
from tinypt_core._cli import new as _new
from tinypt_core._cli import printing as _print
from tinypt_core._cli.group import Group
from tinypt_core._names import VERSION

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="tinypt")
def cli() -> None:
    """See, check and make tinypt's operators."""


@cli.command()
@click.argument("pattern", default="*", shell_complete=completion.operators)
@as_json
def ops(pattern: str, as_json: bool) -> None:
    """List the installed operators, and what each does.

    PATTERN: only those whose name matches, such as "log*". Those are imported, for the first line
    of their docstrings. Exit code 1 if no operator matches.
    """
    with _print.no_output():
        rows = [(row, words.summary(row)) for row in registry.candidates(pattern, load=True)]
    if as_json:
        _print.json([{**row._asdict(), "summary": line} for row, line in rows])
    else:
        _print.table([(r.name, words.who(r), line, words.status(r)) for r, line in rows])
    if not rows:
        _print.error(f"no operator matches {pattern!r}" + words.near(pattern))
        raise SystemExit(1)


@cli.command()
@as_json
def plugins(as_json: bool) -> None:
    """List the distributions and their plugins.

    Who provides how many operators, and which plugins implement which hooks.
    """
    with _print.no_output():
        rows = registry.plugins()
        counts = words.counts()
    if as_json:
        found = [{"distribution": d, "version": v, "operators": n} for (d, v), n in counts]
        _print.json({"distributions": found, "plugins": [row._asdict() for row in rows]})
        return
    _print.table([(f"{d} {v}", f"{n} operator{'s' * (n != 1)}") for (d, v), n in counts])
    if rows:
        _print.text("")
        _print.table(
            [
                (words.who(r), f"{r.name} = {r.target}", ", ".join(r.hooks), words.status(r))
                for r in rows
            ]
        )


@cli.command()
@click.argument("name", shell_complete=completion.operators)
@as_json
def why(name: str, as_json: bool) -> None:
    """Say who provides an operator, and why.

    Who else could, which rule decided, and how long importing each took. NAME may be qualified,
    as my-ops:sin. Exit code 1 if NAME gives no operator.
    """
    provider, _, bare = name.rpartition(":")
    with _print.no_output():
        problem = words.problem(name)
        rows = [
            row for row in registry.candidates(escape(bare), load=True)
            if words.is_of(provider, row.distribution)
        ]  # fmt: skip
    if as_json:
        winner = next((row._asdict() for row in rows if row.winner and not problem), None)
        _print.json({
            "name": name,
            "winner": winner,
            "candidates": [row._asdict() for row in rows],
            "problem": problem,
        })  # fmt: skip
    else:
        for row in rows:
            _explain(row, len(rows))
        _print.error(problem)
    raise SystemExit(1 if problem else 0)


def _explain(row: Any, rivals: int) -> None:
    chosen = f"chosen: {row.rule}" if row.winner else "not chosen"
    seconds = "" if row.seconds is None else f", imported in {row.seconds * 1e3:.1f} ms"
    _print.text(f"{row.name} from {words.who(row)}: {row.target}")
    _print.text(f"  {row.status}{seconds}; {chosen}{f' of {rivals}' * (rivals > 1)}")


@cli.command()
@click.option(
    "--dask", "address", metavar="ADDRESS",
    help="Compare with the workers of a Dask cluster, as tcp://127.0.0.1:8786: versions, plugins.",
)  # fmt: skip
@as_json
def doctor(address: str | None, as_json: bool) -> None:
    """Import every plugin and list what is wrong.

    Exit code 1 if anything is.

    Broken, conflicting and incompatible operators, stale entry points, operators that are declared
    but not defined, plugins with misspelt hooks, damaged metadata, variables that name nothing.
    """
    from tinypt_core._cli.doctor import diagnose

    with _print.no_output():
        findings, checked = diagnose() if address is None else _workers(address)
    if as_json:
        _print.json([finding._asdict() for finding in findings])
    for finding in findings * (not as_json):
        _print.text(f"{finding.status}: {finding.subject}")
        _print.text(f"  {finding.problem}")
    if not findings and not as_json:
        _print.text(f"{checked}: no problem found")
    raise SystemExit(1 if findings else 0)


def _workers(address: str) -> Any:
    """What the workers of a cluster lack."""
    from tinypt_core._cli.doctor_dask import diagnose

    try:
        return diagnose(address)
    except ImportError:
        raise click.UsageError('--dask needs Dask: pip install "dask[array]" distributed') from None
    except (OSError, ValueError) as error:
        raise click.UsageError(f"no Dask scheduler answers at {address}: {error}") from None


@cli.command()
@click.argument(
    "targets", nargs=-1, metavar="[NAME|DISTRIBUTION]...", shell_complete=completion.targets
)
@click.option(
    "--all", "everything", is_flag=True, help="Check every installed operator; so does no name."
)
@as_json
def check(targets: tuple[str, ...], everything: bool, as_json: bool) -> None:
    """Hold operators to the contract.

    Values, gradients to the third order, shapes, dtypes, and what else tinypt_core.testing asks.
    Those named, by operator or distribution; else all. Exit code 1 if any breaks a promise.
    How long it will take, and how far it is, stands on standard error.
    """
    from tinypt_core._cli.check import check_all, select

    if targets and everything:
        raise click.UsageError("give names of operators or distributions, or --all, not both")
    rows = [row for row in registry.candidates() if row.status != "disabled"]
    unknown = [t for t in targets if not select(rows, [t])]
    if unknown:
        raise click.UsageError(
            f"no operator or distribution is called {unknown[0]!r}{words.near(unknown[0])}"
        )
    with _print.no_output():
        results = check_all(select(rows, targets) if targets else rows)
    failed = [result for result in results if result.problem]
    if as_json:
        _print.json([result._asdict() for result in results])
    else:
        for result in failed:
            _print.text(f"FAILED {result.name} ({result.provider})\n{result.problem}\n")
        n = len(results)
        _print.text(f"{n} operator{'s' * (n != 1)} checked, {len(failed)} failed")
    raise SystemExit(1 if failed else 0)


@cli.command()
@click.argument("name")
@click.option(
    "--license", type=click.Choice(_new.LICENSES), default="MIT", show_default=True,
    help="The licence to put in.",
)  # fmt: skip
@as_json
def new(name: str, license: str, as_json: bool) -> None:
    """Write a new distribution, ready to install.

    A folder NAME with one operator, its test, and all it takes to publish it.
    """
    try:
        written = _new.write_project(name, Path.cwd(), license)
    except FileExistsError:
        raise click.UsageError(f"{name} exists already; nothing was changed") from None
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except OSError as error:
        raise click.UsageError(f"{name} cannot be written: {error.strerror}") from None
    if as_json:
        _print.json([path.relative_to(Path.cwd()).as_posix() for path in written])
        return
    for path in written:
        _print.text(path.relative_to(Path.cwd()).as_posix())
    _print.text(f'\nNow write: cd {name} && pip install -e ".[test]" && pytest')


@cli.command()
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path),
    help="The folder for tinypt_core-stubs; else where mypy and pyright look by themselves, "
    "beside the installed packages. mypy finds it elsewhere if PYTHONPATH has the folder.",
)  # fmt: skip
@as_json
def stubs(output: Path | None, as_json: bool) -> None:
    """Write type stubs for mypy and pyright.

    They know the operators installed now. Write them again after installing or removing operators.
    """
    from tinypt_core._cli.stubs import site_packages, write_stubs

    output = output or site_packages()
    try:
        with _print.no_output():
            folder, left_out = write_stubs(output)
    except OSError as error:
        raise click.UsageError(
            f"{error.filename or output} cannot be written: {error.strerror}; use --output FOLDER"
        ) from None
    if as_json:
        _print.json({"folder": folder.as_posix(), "left_out": left_out})
    else:
        _print.text(f"Wrote {folder}")
    for name, problem in left_out.items():
        _print.error(f"warning: left out {name}: {problem}")

"""The command line among other people's plugins: broken ones cost their own names only."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

HOOK = """
import click
from tinypt_core import hookimpl

@hookimpl
def tinypt_add_commands(cli):
    @cli.command("{name}")
    def command():
        \"\"\"Say hello.\"\"\"
        click.echo("hello from {name}")
"""

BROKEN_HOOKS = {
    "import-error": "import no_such_module",
    "syntax-error": "def (:",
    "sys-exit": "import sys; sys.exit(7)",
    "hook-raises": HOOK.format(name="half").replace("    @cli", "    1 / 0\n    @cli"),
    "hook-exits": HOOK.format(name="half").replace("    @cli", "    raise SystemExit(9)\n    @cli"),
    "misspelt-hook": HOOK.format(name="half").replace("add_commands", "add_comands"),
    "steals-ours": HOOK.format(name="doctor"),
    "not-a-command": HOOK.format(name="half").replace(
        "    @cli", "    cli.add_command(3)\n    @cli"
    ),
    "prints": "print('{noise}')\nraise ValueError('noisy')",
}

Cli = Callable[..., Any]


@pytest.fixture
def cli(run_python: Callable[..., Any], tmp_path: Path) -> Cli:
    """`cli("ops", "--json")`: the command in a fresh interpreter that sees the fakes."""

    def run(*args: str, env: dict[str, str] | None = None) -> Any:
        code = f"from tinypt_core.cli import main; main({list(args)!r}, prog_name='tinypt')"
        return run_python(code, tmp_path / "site", env=env, check=False)

    return run


def test_a_plugin_adds_a_command(fake_distribution: Any, cli: Cli) -> None:
    fake_distribution("hi-there", plugins={"hi": "hi_there"}, code=HOOK.format(name="hello"))
    help = cli("--help")
    assert "\n  hello    Say hello." in help.stdout
    assert help.stderr == ""
    done = cli("hello")
    assert (done.returncode, done.stdout) == (0, "hello from hello\n")
    assert "tinypt_add_commands" in cli("plugins").stdout


@pytest.mark.parametrize("kind", BROKEN_HOOKS)
def test_a_broken_plugin_costs_its_own_commands_only(
    kind: str, fake_distribution: Any, cli: Cli
) -> None:
    fake_distribution("hi-there", plugins={"hi": "hi_there"}, code=HOOK.format(name="hello"))
    fake_distribution("bad-one", plugins={"bad": "bad_one"}, code=BROKEN_HOOKS[kind])
    for args, words in {
        ("--help",): ["doctor", "hello", "Import every plugin"],
        ("hello",): ["hello from hello"],
        ("ops", "sin"): ["tinypt-ops-trig"],
        ("doctor", "--help"): ["Import every plugin"],
    }.items():
        done = cli(*args)
        assert done.returncode == 0, done.stderr
        assert all(word in done.stdout for word in words)
        assert "Traceback" not in done.stderr
    assert "bad-one" in cli("--help").stderr


def _broken_kinds() -> Any:
    """The kinds of broken distributions that the registry is tested with."""
    path = Path(__file__).with_name("test_registry_broken.py")
    spec = importlib.util.spec_from_file_location("broken_kinds", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.BROKEN


def test_doctor_lists_every_broken_kind_and_the_rest_works(
    fake_distribution: Any, cli: Cli
) -> None:
    kinds = _broken_kinds()
    assert len(kinds) >= 12
    for kind, (parts, _, _) in kinds.items():
        name = kind.replace("-", "_")
        fake_distribution(kind, **{"ops": {name: f"{name}:Op"}, **parts})
    fake_distribution("good-ops", ops={"good": "good_ops:Cube"})
    done = cli("doctor", "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    for kind, (_, word, status) in kinds.items():
        (row,) = [r for r in found if r["subject"].endswith(f" from {kind} 1.0")]
        assert row["status"] == status
        assert word in row["problem"]
    assert len(found) == len(kinds)
    assert cli("doctor").returncode == 1
    assert cli("--help").returncode == 0
    ops = cli("ops")
    assert ops.returncode == 0
    assert "good-ops 1.0" in ops.stdout
    assert ops.stderr == ""
    assert cli("why", "good").returncode == 0
    assert cli("check", "sin").returncode == 0


def test_a_plugin_in_a_zip_and_one_installed_twice(
    fake_distribution: Any, run_python: Any, tmp_path: Path
) -> None:
    zipped = fake_distribution("zip-ops", ops={"z": "zip_ops:Cube"}, folder=tmp_path / "zipped")
    archive = shutil.make_archive(str(tmp_path / "archive"), "zip", zipped)
    one = fake_distribution("twice-ops", ops={"t": "twice_ops:Cube"}, folder=tmp_path / "one")
    two = fake_distribution("twice-ops", ops={"t": "twice_ops:Cube"}, folder=tmp_path / "two")
    code = "from tinypt_core.cli import main; main({!r})"
    folders = [Path(archive), one, two]
    assert "no problem found" in run_python(code.format(["doctor"]), *folders).stdout
    listed = run_python(code.format(["ops", "[zt]"]), *folders).stdout.splitlines()
    assert [line.split()[:2] for line in listed] == [["t", "twice-ops"], ["z", "zip-ops"]]


def test_noise_of_plugins_does_not_spoil_json(fake_distribution: Any, cli: Cli) -> None:
    fake_distribution("bad-one", ops={"bad": "bad_one:Bad"}, code=BROKEN_HOOKS["prints"])
    for args in (["ops"], ["plugins"], ["doctor"], ["why", "bad"], ["check", "bad"], ["stubs"]):
        output = ["--output", "out"] if args == ["stubs"] else []
        json.loads(cli(*args, *output, "--json").stdout)


def test_doctor_names_every_kind_of_trouble(fake_distribution: Any, cli: Cli) -> None:
    add = fake_distribution
    add("broken-ops", ops={"b1": "broken_ops:B", "b2": "broken_ops:C"}, code="1 / 0")
    add("one-ops", ops={"same": "one_ops:Cube"})
    add("two-ops", ops={"same": "two_ops:Cube"})
    add("old-ops", ops={"old": "old_ops:Cube"}, requires=("tinypt-core>=7,<8",))
    add("gone-ops", ops={"gone": "gone_ops:Cube"}, code={})
    add("empty-ops", ops={"undefined": "empty_ops:Cube"}, code="")
    add("hook-ops", plugins={"h": "hook_ops"}, code=BROKEN_HOOKS["misspelt-hook"])
    add("line-ops", entry_points="[tinypt.ops]\nthis is no entry\n")
    done = cli("doctor", "--json", env={"TINYPT_DISABLE": "nobody-has-this"})
    assert done.returncode == 1
    found = [(row["status"], row["subject"], row["problem"]) for row in json.loads(done.stdout)]
    for status, subject, words in [
        ("broken", "b1, b2 from broken-ops 1.0", "division by zero"),
        ("conflict", "same from one-ops 1.0 and two-ops 1.0", "TINYPT_PREFER"),
        ("incompatible", "old from old-ops 1.0", "tinypt-core>=7,<8"),
        ("stale", "gone from gone-ops 1.0", "stale"),
        ("broken", "undefined from empty-ops 1.0", "does not define it"),
        ("broken", "h from hook-ops 1.0", "tinypt_add_comands"),
        ("problem", "the installation", "this is no entry"),
        ("problem", "the installation", "nobody-has-this"),
    ]:
        assert any(s == status and who == subject and words in p for s, who, p in found), subject
    text = cli("doctor")
    assert text.returncode == 1
    assert "conflict: same from one-ops 1.0 and two-ops 1.0\n" in text.stdout


def test_why_explains_a_conflict_and_a_preference(fake_distribution: Any, cli: Cli) -> None:
    fake_distribution("one-ops", ops={"same": "one_ops:Cube"})
    fake_distribution("two-ops", ops={"same": "two_ops:Cube"})
    done = cli("why", "same")
    assert done.returncode == 1
    assert "same from one-ops 1.0" in done.stdout
    assert "same from two-ops 1.0" in done.stdout
    assert "TINYPT_PREFER" in done.stderr
    done = cli("why", "same", env={"TINYPT_PREFER": "same=two-ops"})
    assert done.returncode == 0
    assert "chosen: TINYPT_PREFER of 2" in done.stdout
    assert cli("why", "one-ops:same").returncode == 0


def test_check_of_a_broken_operator_is_a_finding(fake_distribution: Any, cli: Cli) -> None:
    fake_distribution("bad-ops", ops={"bad": "bad_ops:Bad"}, code="1 / 0")
    done = cli("check", "bad-ops")
    assert done.returncode == 1
    assert "FAILED bad (bad-ops 1.0)" in done.stdout
    assert "division by zero" in done.stdout


def test_check_takes_a_distribution_and_qualified_names_of_rivals(
    fake_distribution: Any, cli: Cli
) -> None:
    fake_distribution("one-ops", ops={"same": "one_ops:Cube"})
    fake_distribution("two-ops", ops={"same": "two_ops:Cube"})
    assert [r["provider"] for r in json.loads(cli("check", "same", "--json").stdout)] == [
        "one-ops 1.0",
        "two-ops 1.0",
    ]
    one = json.loads(cli("check", "One_Ops", "--json").stdout)
    assert [r["provider"] for r in one] == ["one-ops 1.0"]


def test_strict_does_not_take_help_down(fake_distribution: Any, cli: Cli) -> None:
    fake_distribution("bad-ops", ops={"bad": "bad_ops:Bad"}, code="1 / 0")
    strict = {"TINYPT_STRICT": "1"}
    assert cli("--help", env=strict).returncode == 0
    for command in (["ops"], ["doctor"], ["why", "sin"]):
        done = cli(*command, env=strict)
        assert done.returncode in (0, 1)
        assert "Traceback" not in done.stderr
    assert cli("doctor", env=strict).returncode == 1


def test_stubs_leave_out_what_cannot_be_loaded(
    fake_distribution: Any, cli: Cli, tmp_path: Path
) -> None:
    fake_distribution("bad-ops", ops={"bad": "bad_ops:Bad", "lambda": "bad_ops:L"}, code="1 / 0")
    fake_distribution("good-ops", ops={"deep.er.cube": "good_ops:Cube"})
    done = cli("stubs", "--output", "out")
    assert done.returncode == 0
    assert "left out bad: " in done.stderr
    assert "Traceback" not in done.stderr
    ops = tmp_path / "out/tinypt_core-stubs/ops"
    assert "bad" not in (ops / "__init__.pyi").read_text()
    assert "class _cube" in (ops / "deep/er/__init__.pyi").read_text()
    assert "from . import er" in (ops / "deep/__init__.pyi").read_text()


def test_doctor_misses_the_operators_that_the_core_needs(fake_distribution: Any, cli: Cli) -> None:
    fake_distribution("my-ops", ops={"cube": "my_ops:Cube"})
    done = cli("doctor", "--json", env={"TINYPT_DISABLE": "tinypt-ops-basic,tinypt-ops-trig"})
    (row,) = json.loads(done.stdout)
    assert done.returncode == 1
    assert row["status"] == "missing"
    assert {"add", "astype", "sum_to"} <= set(row["subject"].split(", "))
    assert "ruled out by the environment variable TINYPT_DISABLE" in row["problem"]

"""The command `tinypt` on what is installed: text, JSON, exit codes, narrow terminals."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import tinypt_core.testing
from click.testing import CliRunner
from tinypt_core._cli import check, printing
from tinypt_core.cli import main

from tinypt_core import Function, __version__, registry


def run(*args: str) -> Any:
    return CliRunner().invoke(main, args, catch_exceptions=False)


def rows(*args: str) -> Any:
    return json.loads(run(*args, "--json").stdout)


def test_the_entry_point_is_the_command() -> None:
    (script,) = entry_points(group="console_scripts", name="tinypt")
    assert script.load() is main


def test_version() -> None:
    result = run("--version")
    assert (result.exit_code, result.output) == (0, f"tinypt, version {__version__}\n")


def test_help_lists_every_command() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in ["check", "doctor", "new", "ops", "plugins", "stubs", "why"]:
        assert f"\n  {command} " in result.output
    assert run("-h").output == result.output


@pytest.mark.parametrize("command", ["check", "doctor", "new", "ops", "plugins", "stubs", "why"])
def test_help_of_each_command(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "--json" in result.output


def test_ops_lists_names_and_who_provides_them() -> None:
    result = run("ops")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    names = [line.split()[0] for line in lines]
    assert names == sorted(names)
    assert set(names) == set(registry.names())
    (sin,) = [line for line in lines if line.startswith("sin ")]
    assert "tinypt-ops-trig 0.1.0" in sin
    assert not any(line != line.rstrip() for line in lines)


def test_ops_with_a_pattern() -> None:
    names = [row["name"] for row in rows("ops", "sin*")]
    assert "sin" in names
    assert "sinh" in names
    assert all(name.startswith("sin") for name in names)
    assert [row["name"] for row in rows("ops", "cos")] == ["cos"]


def test_ops_json_has_what_candidates_has() -> None:
    (row,) = rows("ops", "sin")
    assert row["distribution"] == "tinypt-ops-trig"
    assert row["status"] == "ok"
    assert row["winner"] is True
    assert set(row) == {*registry.Row._fields, "summary"}


def test_ops_says_what_each_does() -> None:
    (row,) = rows("ops", "sin")
    assert row["summary"] == registry.get("sin").__doc__.splitlines()[0]
    assert row["summary"] in run("ops", "sin").output
    with registry.temporary_op("wrong_sign", Wrong):
        assert "  Its rule has the wrong sign." in run("ops", "wrong_sign").output


def test_no_match_is_a_finding_with_near_names() -> None:
    result = run("ops", "sinn")
    assert result.exit_code == 1
    assert "no operator matches 'sinn'; did you mean sin" in result.output
    assert json.loads(run("ops", "zzz*", "--json").output.partition("\nno operator")[0]) == []


def test_plugins_counts_operators_of_each_distribution() -> None:
    result = run("plugins")
    assert result.exit_code == 0
    (line,) = [line for line in result.output.splitlines() if "tinypt-ops-trig" in line]
    count = sum(row.distribution == "tinypt-ops-trig" for row in registry.candidates())
    assert line.split() == ["tinypt-ops-trig", "0.1.0", str(count), "operators"]
    found = {row["distribution"]: row["operators"] for row in rows("plugins")["distributions"]}
    assert found["tinypt-ops-trig"] == count


def test_why() -> None:
    result = run("why", "sin")
    assert result.exit_code == 0
    assert "sin from tinypt-ops-trig 0.1.0: tinypt_ops_trig" in result.output
    assert "ms; chosen: the only candidate" in result.output
    found = rows("why", "sin")
    assert found["winner"]["rule"] == "the only candidate"
    assert found["winner"]["seconds"] > 0
    assert found["problem"] == ""


def test_why_takes_a_qualified_name() -> None:
    assert rows("why", "tinypt_ops_trig:sin")["winner"]["distribution"] == "tinypt-ops-trig"
    other = run("why", "tinypt-ops-basic:sin")
    assert other.exit_code == 1
    assert "provides no operator 'sin'" in other.output


@pytest.mark.parametrize("name", ["sinn", "", "a:b:c", "[", "*", ":"])
def test_why_of_an_unknown_name(name: str) -> None:
    result = run("why", name)
    assert result.exit_code == 1
    assert result.output.strip()
    assert "Traceback" not in result.output
    assert json.loads(run("why", name, "--json").stdout)["winner"] is None


def test_doctor_is_content_with_what_is_installed() -> None:
    result = run("doctor")
    assert (result.exit_code, result.output.endswith("no problem found\n")) == (0, True)
    assert rows("doctor") == []


class Wrong(Function):
    """Its rule has the wrong sign."""

    elementwise = True

    def forward(self, x: Any) -> Any:
        return x + 1

    def backward(self, gy: Any) -> Any:
        return -gy


def test_check_passes_and_fails() -> None:
    fine = run("check", "sin", "tinypt-ops-trig:cos")
    assert (fine.exit_code, fine.stdout) == (0, "2 operators checked, 0 failed\n")
    with registry.temporary_op("wrong_sign", Wrong):
        result = run("check", "wrong_sign")
        assert result.exit_code == 1
        assert "FAILED wrong_sign (registered by hand)" in result.output
        assert "gradient" in result.output
        assert "1 operator checked, 1 failed" in result.output
        (row,) = rows("check", "wrong_sign")
        assert row["problem"]


def test_check_tells_how_far_it_is_where_no_bar_can_be_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter(range(0, 1000, 3))
    monkeypatch.setattr(check, "monotonic", lambda: next(clock))
    monkeypatch.setattr(tinypt_core.testing, "check_op", lambda op: None)
    result = run("check", "tinypt-ops-trig", "--json")
    n = sum(row.distribution == "tinypt-ops-trig" for row in registry.candidates())
    first, second, *_ = result.stderr.splitlines()
    assert first == f"checked 1 of {n}, about 2 min to go"  # 6 s for one, by that clock
    assert second.startswith("checked 5 of ")
    assert len(json.loads(result.stdout)) <= n


def test_a_long_time_is_told_in_minutes() -> None:
    assert [check._length(s) for s in (0.4, 12, 89, 100, 3600)] == [
        "0 s", "12 s", "89 s", "2 min", "60 min",
    ]  # fmt: skip


def completed(*words: str) -> list[str]:
    """What Tab offers in bash after these words."""
    line = {"COMP_WORDS": " ".join(["tinypt", *words]), "COMP_CWORD": str(len(words))}
    result = CliRunner().invoke(
        main, [], env={"_TINYPT_COMPLETE": "bash_complete", **line}, prog_name="tinypt"
    )
    return [item.partition(",")[2] for item in result.output.split()]


@pytest.mark.parametrize("command", ["ops", "why", "check"])
def test_tab_completes_names_of_operators(command: str) -> None:
    found = completed(command, "arcs")
    assert found == [name for name in registry.names() if name.startswith("arcs")]
    assert "arcsin" in found


def test_tab_completes_distributions_commands_and_no_nonsense() -> None:
    assert "tinypt-ops-trig" in completed("check", "tinypt-")
    assert completed("why", "tinypt-") == []
    assert "doctor" in completed("do")


def test_tab_imports_no_operator(run_python: Any) -> None:
    code = """
import os, sys
os.environ |= {"_TINYPT_COMPLETE": "zsh_complete", "COMP_WORDS": "tinypt why co", "COMP_CWORD": "2"}
from tinypt_core.cli import main
try:
    main(prog_name="tinypt")
except SystemExit:
    pass
assert "tinypt_ops_trig.circular" not in sys.modules
"""
    assert "\ncos\n" in run_python(code).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_page_says_what_each_shell_needs(shell: str) -> None:
    page = Path(__file__).parents[2] / "docs/reference/command.md"
    assert f"_TINYPT_COMPLETE={shell}_source tinypt" in page.read_text(encoding="utf-8")
    result = CliRunner().invoke(
        main, [], env={"_TINYPT_COMPLETE": f"{shell}_source"}, prog_name="tinypt"
    )
    assert f"{shell}_complete" in result.output


def test_check_knows_distributions_and_checks_a_class_once() -> None:
    with registry.temporary_op("add_again", registry.get("add").function):
        found = rows("check", "add", "add_again")
    assert len(found) == 1


@pytest.mark.parametrize("args", [(), ("--all",)])
def test_check_everything(args: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tinypt_core.testing, "check_op", lambda op: None)
    result = run("check", *args)
    classes = {registry.get(name).function for name in registry.names()}
    assert (result.exit_code, result.stdout) == (0, f"{len(classes)} operators checked, 0 failed\n")


def test_check_refuses_what_it_cannot_mean() -> None:
    result = run("check", "--all", "sin")
    assert result.exit_code == 2
    assert "--all" in result.output
    result = run("check", "sinn")
    assert result.exit_code == 2
    assert "no operator or distribution is called 'sinn'; did you mean sin" in result.output


@pytest.mark.parametrize("args", [("nonsense",), ("ops", "a", "b"), ("why",), ("--frobnicate",)])
def test_misuse_exits_2(args: tuple[str, ...]) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert "Error:" in result.output


def test_output_is_the_same_every_time_and_whatever_the_hash_seed() -> None:
    code = "from tinypt_core.cli import main; main(['ops'])"
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(texts) == 1


@pytest.mark.parametrize("columns", [20, 40, 80])
def test_a_narrow_terminal_cuts_nothing_off(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(printing, "_width", lambda: columns)
    cells = ["linalg.matrix_power", "tinypt-ops-basic 0.1.0", "tinypt_ops_basic.linalg:MatrixPower"]
    printing.table([cells, ["sin", "tinypt-ops-trig 0.1.0", "tinypt_ops_trig.circular:Sin"]])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= columns
    shown = "".join(sorted("".join(lines).replace(" ", "")))
    texts = [*cells, "sin", "tinypt-ops-trig 0.1.0", "tinypt_ops_trig.circular:Sin"]
    assert shown == "".join(sorted("".join(texts).replace(" ", "")))


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_the_extra_it_says_what_to_install(missing: str) -> None:
    code = f"""
import sys
sys.modules[{missing!r}] = None
from tinypt_core.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"tinypt needs {missing}" in done.stderr
    assert 'pip install "tinypt-core[cli]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_the_script_and_the_module_run(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("tinypt")
    commands = [[sys.executable, "-m", "tinypt_core.cli"], *([[str(script)]] * script.exists())]
    for command in commands:
        done = subprocess.run(
            [*command, "ops", "sin"], capture_output=True, text=True, check=True, cwd=tmp_path
        )
        assert done.stdout.startswith("sin ")

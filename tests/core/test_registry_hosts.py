"""Odd installations, each a real folder on the path: whatever lies there, the rest works."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ASK = """
import json
from tinypt_core import ops, registry
names = [row.name for row in registry.candidates() if "tinypt" not in row.distribution]
print(json.dumps({name: registry.get(name).provider for name in names if ":" not in name}))
print(json.dumps(registry.problems()))
"""


def ask(run_python, *folders: Path) -> tuple[dict[str, str], list[str]]:
    """Who provides what, and the problems, in a fresh interpreter."""
    providers, problems = run_python(ASK, *folders).stdout.splitlines()
    return json.loads(providers), json.loads(problems)


def folder(parent: Path, base: str, **files: str) -> Path:
    """A metadata folder, file by file."""
    path = parent / base
    path.mkdir(parents=True)
    for name, text in files.items():
        (path / {"ep": "entry_points.txt"}.get(name, name)).write_bytes(text.encode())
    return parent


HEAD = "Metadata-Version: 2.1\nName: my-ops\nVersion: {}\n\n"


@pytest.mark.parametrize(
    ("base", "files"),
    [
        ("my_ops.egg-info", {"PKG-INFO": HEAD.format("0.9")}),
        ("my_ops.egg-info", {}),
        ("my_ops-2.0.dist-info", {}),
        ("my_ops-2.0.dist-info", {"METADATA": HEAD.format("2.0"), "ep": ""}),
        ("my_ops.egg-info", {"PKG-INFO": HEAD.format("0.9"), "ep": "[tinypt.ops]\nold=my_ops:Old"}),
        ("my_ops-1.0.egg-info", {"ep": "[tinypt.ops]\ncube = my_ops:Gone\n"}),
    ],
)
def test_stale_metadata_earlier_on_the_path_hides_nothing(
    fake_distribution, run_python, tmp_path, base, files
):
    stale = folder(tmp_path / "stale", base, **files)
    site = fake_distribution("my-ops", "1.1", ops={"cube": "my_ops:Cube"})
    providers, problems = ask(run_python, stale, site)
    assert providers == {"cube": "my-ops 1.1"}
    (problem,) = problems
    assert str(stale / base) in problem
    assert "stale or empty; my-ops 1.1" in problem
    assert "delete that folder" in problem
    assert ask(run_python, site, stale) == (providers, [])


def test_an_empty_folder_beside_the_real_one_is_told(fake_distribution, run_python, tmp_path):
    site = fake_distribution("my-ops", "1.1", ops={"cube": "my_ops:Cube"})
    folder(site, "my_ops-2.0.dist-info")
    providers, (problem,) = ask(run_python, site)
    assert providers == {"cube": "my-ops 1.1"}
    assert "my_ops-2.0.dist-info" in problem


def test_what_pip_left_over_is_no_distribution(fake_distribution, run_python):
    site = fake_distribution("my-ops", "1.0", ops={"cube": "my_ops:Cube"})
    text = "[tinypt.ops]\ncube = my_ops:Cube\nother = my_ops:Cube\n"
    folder(site, "~y_ops-0.9.dist-info", METADATA=HEAD.format("0.9"), ep=text)
    folder(site, "~-thing-0.9.dist-info", METADATA=HEAD.format("0.9"))
    providers, (problem,) = ask(run_python, site)
    assert providers == {"cube": "my-ops 1.0"}
    assert "~y_ops-0.9.dist-info was left over by pip" in problem


def test_folders_named_in_another_way(fake_distribution, run_python, tmp_path):
    site = tmp_path / "site"
    for i, base in enumerate(
        ["my-first-ops-1.0.dist-info", "My.Second-1.0.dist-info", "my_third-1.0-py3.11.egg-info",
         "my-fourth.egg-info", "my_fifth-1.0+local.1.dist-info"]
    ):  # fmt: skip
        name = base.partition("-1.0")[0].removesuffix(".egg-info")
        text = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n\n"
        file = "PKG-INFO" if base.endswith("egg-info") else "METADATA"
        folder(site, base, **{file: text, "ep": f"[tinypt.ops]\nop{i} = my_code:Cube\n"})
    fake_distribution("my-code", ops={})
    done = run_python(
        """
        from tinypt_core import registry
        assert registry.get("my-first-ops:op0")(2.0).data == 8
        print([row.name for row in registry.candidates("op?") if row.status == "ok"])
        """,
        site,
        env={"TINYPT_DISABLE": "my-second,my-fourth"},
    )
    assert done.stdout == "['op0', 'op2', 'op4']\n"
    assert done.stderr == ""


def test_crlf_and_folded_lines(fake_distribution, run_python):
    metadata = (
        "Metadata-Version: 2.1\r\nname: Crlf-Ops\r\nVERSION: 3.0\r\n"
        "Requires-Dist: tinypt-core[cli,\r\n  more] >=0.1,\r\n\t<0.2\r\n\r\n"
        "Requires-Dist: tinypt-core>=7\r\nName: nonsense\r\n"
    )
    entry_points = (
        "[tinypt.ops]\r\n# ours\r\n  one = crlf_ops:Cube [fast,\r\n    slow]\r\n"
        "  two = crlf_ops:Cube\r\n\r\n[console_scripts]\r\nx = y\r\n"
    )
    site = fake_distribution("crlf-ops", "3.0", metadata=metadata, entry_points=entry_points)
    providers, problems = ask(run_python, site)
    assert providers == {"one": "Crlf-Ops 3.0", "two": "Crlf-Ops 3.0"}
    assert problems == []


#: what a plugin may require of this core, 0.1.0
FITS = """
    tinypt-core
    tinypt-core>=0.1,<0.2
    tinypt_core (>=0.1, <0.2)
    Tinypt.Core[cli,more] ~=0.1.0
    tinypt-core ~=0.1
    tinypt-core ==0.1.*,!=0.1.1
    tinypt-core==0.1.0.0
    tinypt-core>=0.1.0rc1
    tinypt-core>0.1.0.dev3
    tinypt-core<0.1.0.post1
    tinypt-core===0.1.0
    tinypt-core<1!0.0
    tinypt-core anything goes
    tinypt-core @ file:///x
    tinypt-core>=7 ; extra == 'test'
    tinypt-core>=7 ; python_version < "3" and os_name != ""
    tinypt-core>=7 ; (python_version < "3" or sys_platform == 'none') and os_name != ''
    tinypt-core>=7 ; python_full_version not in "2.7, 3.0" and platform_system == "None"
    tinypt-core>=7 ; nonsense ~~ "x"
    tinypt-core-extra>=7
"""
DIFFERS = """
    tinypt-core>=0.1.post1
    tinypt-core==0.1.0+local
    tinypt-core<0.1
    tinypt-core>0.1
    tinypt-core~=0.2
    tinypt-core~=0.1.1
    tinypt-core==0.2.*
    tinypt-core!=0.1.*
    tinypt-core==0.1.0.dev1
    tinypt-core<=0.1rc2
    tinypt-core===0.1
    tinypt-core>=1!0.1
    tinypt-core [cli] (>=7, <8)
    tinypt-core>=7 ; python_version >= "3.8"
    tinypt-core>=7;python_version>='3.8' and (extra == "x" or sys_platform != "none")
    tinypt-core>=7 ; "3" in python_full_version
    tinypt-core>=7 ; implementation_name != "none" or extra == "x"
"""


def test_requirements_are_read_as_pip_reads_them(fake_distribution, run_python):
    lines = [(line.strip(), fits) for text, fits in ((FITS, True), (DIFFERS, False))
             for line in text.strip().splitlines()]  # fmt: skip
    for i, (line, _) in enumerate(lines):
        site = fake_distribution(f"a{i}-ops", ops={f"op{i}": "shared:Cube"}, requires=(line,))
    done = run_python(
        """
        import json
        from tinypt_core import registry
        print(json.dumps({row.name: row.status for row in registry.candidates("op*")}))
        """,
        site,
    )
    statuses = json.loads(done.stdout)
    found = [(line, statuses[f"op{i}"] == "ok") for i, (line, _) in enumerate(lines)]
    assert found == lines


HOSTILE = """
import sys
class Raises:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return None
    @staticmethod
    def find_distributions(context=None):
        raise RuntimeError("no finder of mine")
class Trap(Raises):
    def __getattribute__(self, name):
        if name == "find_spec":
            return lambda *a, **k: None
        raise SystemError("trap")
class Odd:
    name = property(lambda self: 1 / 0)
    def read_text(self, file): raise OSError
class Yields(Raises):
    @staticmethod
    def find_distributions(context=None):
        yield Odd()
sys.meta_path[:0] = [Raises, Trap(), Yields]
sys.meta_path.append(Raises())
sys.path[:0] = [b"/tmp", 3, None, "/no/such/folder", __import__("pathlib").Path("/tmp")]
"""


def test_finders_that_raise_and_odd_things_on_the_path(fake_distribution, run_python, tmp_path):
    site = fake_distribution("my-ops", ops={"cube": "my_ops:Cube"})
    archive = tmp_path / "damaged.zip"
    archive.write_bytes(b"PK\x03\x04 not an archive")
    done = run_python(HOSTILE + ASK, site, archive)
    providers, problems = map(json.loads, done.stdout.splitlines())
    assert providers == {"cube": "my-ops 1.0"}
    told = "\n".join(problems)
    assert "no finder of mine" in told
    assert "trap" in told
    assert "ZeroDivisionError" in told

"""Operators on Dask workers: with the plugin, without it, and what the doctor says of it."""

from __future__ import annotations

from typing import Any

import pytest
from tinypt_core._cli.doctor_dask import compare, inventory

pytest.importorskip("distributed")

HERE = {"numpy": ("2.4", []), "my-ops": ("1.0", ["cube", "quart"]), "my-plot": ("1.0", [])}


def test_alike() -> None:
    assert compare(HERE, {"tcp://a:1": dict(HERE), "tcp://b:1": {**HERE, "more": ("1", [])}}) == []


def test_missing_and_other_versions() -> None:
    less = {"numpy": ("2.3", [])}
    found = compare(HERE, {"tcp://b:1": less, "tcp://a:1": less, "tcp://c:1": HERE})
    assert [f.subject for f in found] == ["numpy", "my-ops 1.0", "my-plot 1.0"]
    assert all("on tcp://a:1 and tcp://b:1: " in f.problem for f in found)
    assert "2.3 there, 2.4 here" in found[0].problem
    assert "no cube, quart: install it there" in found[1].problem


def test_the_inventory_is_what_is_installed() -> None:
    found = inventory()
    assert "sin" in found["tinypt-ops-trig"][1]
    assert {"numpy", "tinypt-core", "Python"} <= set(found)


SESSION = """
    import os, subprocess, sys
    from distributed import Client, LocalCluster

    def task(x):
        from tinypt_core.ops import cube
        return float(cube(x).data)

    if __name__ == "__main__":
        from tinypt_core.ops import cube, sin
        from tinypt_core.cli import main
        command = [sys.executable, "-m", "distributed.cli.dask_worker", "--no-nanny",
                   "--no-dashboard", "--nthreads", "1"]
        bare = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        with LocalCluster(n_workers=0, dashboard_address=None) as cluster:
            address = cluster.scheduler_address
            worker = subprocess.Popen(command + [address], env=bare, stderr=subprocess.DEVNULL)
            try:
                with Client(cluster) as client:
                    client.wait_for_workers(1, timeout=30)
                    print(client.submit(sin, 0.0).result(30).data)
                    for ask in (task, cube):
                        try:
                            client.submit(ask, 2.0).result(30)
                        except Exception as error:
                            print(type(error).__name__, error)
                    sys.argv = ["tinypt", "doctor", "--dask", address]
                    try:
                        main()
                    except SystemExit as exit:
                        print("exit", exit.code)
            finally:
                worker.terminate()
                worker.wait()
"""


@pytest.mark.slow
def test_a_worker_without_the_plugin(fake_distribution: Any, run_python: Any) -> None:
    folder = fake_distribution("my-ops", ops={"cube": "my_ops:Cube"})
    said = run_python(SESSION, folder).stdout
    first, *errors = said.splitlines()
    assert float(first) == 0
    assert len([e for e in errors if e.startswith("PluginLoadError")]) == 2, said
    assert all("on the Dask worker tcp://127.0.0.1:" in e for e in errors[:2])
    assert "`pip install my-ops` there" in errors[1]
    assert "missing: my-ops 1.0" in said
    assert "no cube: install it there" in said
    assert "exit 1" in said

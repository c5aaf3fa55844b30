"""Names that nothing provides, names that are public, and processes that fork meanwhile."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sigmoid", "write expit(x)"),
        ("relu", "write maximum(x, 0)"),
        ("softplus", "write logaddexp(x, 0)"),
        ("gelu", "write x * ndtr(x)"),
        ("norm", "its name is linalg.norm"),
        ("erf", "pip install tinypt-ops-special"),
        ("softmax", "pip install tinypt-ops-special"),
        ("log_softmax", "pip install tinypt-ops-special"),
        ("arctn", "did you mean arctan"),
        ("splt", "did you mean split"),
    ],
)
def test_an_unknown_name_says_where_it_is(name, words):
    from tinypt_core import OpNotFoundError, registry

    if registry.is_available(name):
        pytest.skip("installed here")
    with pytest.raises(OpNotFoundError) as info:
        registry.get(name)
    assert words in str(info.value)


@pytest.mark.parametrize("name", ["qwertz", "zzz"])
def test_far_fetched_guesses_are_left_out(name):
    from tinypt_core import OpNotFoundError, registry

    with pytest.raises(OpNotFoundError) as info:
        registry.get(name)
    assert "did you mean" not in str(info.value)


FORKS = """
import os, random, threading, time, warnings
import numpy as np
warnings.simplefilter("ignore")
from tinypt_core import Variable, ops, registry
stop = threading.Event()
def use():
    for i in iter(lambda: stop.wait(0.001), True):
        if random.random() < 0.1:
            registry.refresh()
        ops.add, ops.multiply, registry.get("my-ops:cube")
        registry.names()
        with registry.temporary_op(f"t{threading.get_ident()}", ops.sin):
            pass
threads = [threading.Thread(target=use, daemon=True) for _ in range(2)]
for thread in threads: thread.start()
started, slow = time.monotonic(), 0
for i in range(200):
    child = os.fork()
    if not child:
        if i % 20 == 0:
            registry.refresh()
        x = Variable(np.array(2.0))
        ops.cube(x).backward()
        os._exit(0 if x.grad == 12 and np.sin(x * x).data == np.sin(4.0) else 1)
    end = time.monotonic() + 20
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            assert status == 0, status
            break
        assert time.monotonic() < end, f"child {i} hangs"
        time.sleep(0.002)
stop.set()
for thread in threads: thread.join(20)
"""


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="no forks here")
def test_children_forked_while_others_use_the_registry_do_not_hang(fake_distribution, run_python):
    site = fake_distribution("my-ops", ops={"cube": "my_ops:Cube"})
    run_python(FORKS, site)


def test_a_fork_during_an_import_waits_for_it(fake_distribution, run_python):
    code = "import time\ntime.sleep(0.5)\n"
    site = fake_distribution("slow-ops", ops={"slow": "slow_ops:Cube"}, code=code + CUBE)
    run_python(
        """
        import os, threading, time
        from tinypt_core import ops, registry
        thread = threading.Thread(target=lambda: ops.slow)
        thread.start()
        time.sleep(0.2)
        child = os.fork()
        if not child:
            os._exit(0 if ops.slow(2.0).data == 8 else 1)
        end = time.monotonic() + 20
        while not (done := os.waitpid(child, os.WNOHANG))[0]:
            assert time.monotonic() < end, "the child hangs"
            time.sleep(0.01)
        assert done[1] == 0
        """,
        site,
    )


CUBE = """
from tinypt_core import Function
class Cube(Function):
    def forward(self, x):
        return x ** 3
    def backward(self, gy, x):
        return 3 * gy * x ** 2
"""


def test_stars_and_dir_give_what_is_public(fake_distribution, run_python):
    fake_distribution("bad-ops", ops={"bad": "bad_ops:Bad"}, code="1 / 0")
    site = fake_distribution("my-ops", ops={"cube": "my_ops:Cube", "deep.cube": "my_ops:Cube"})
    run_python(
        """
        import tinypt_core
        assert dir(tinypt_core) == sorted([*tinypt_core.__all__, "__version__"])
        assert dir(tinypt_core.registry) == sorted(tinypt_core.registry.__all__)
        space = {}
        exec("from tinypt_core.ops import *", space)
        del space["__builtins__"]
        assert sorted(space) == ["cube", "deep"], sorted(space)
        assert space["cube"](2.0).data == space["deep"].cube(2.0).data == 8
        """,
        site,
        env={"TINYPT_ALLOW": "my-ops,bad-ops"},
    )

"""What the scan sees, with real metadata folders in fresh interpreters."""

from __future__ import annotations


def test_an_installed_operator_is_found_by_name(fake_distribution, run_python):
    site = fake_distribution(
        "my-ops", "1.2", ops={"cube": "my_ops:Cube", "a.b.cube": "my_ops:Cube"}
    )
    run_python(
        """
        import pickle, sys
        import numpy as np
        from tinypt_core import Variable, ops, registry
        assert "my_ops" not in sys.modules and "cube" in dir(ops)
        from tinypt_core.ops import cube
        from tinypt_core.ops.a.b import cube as nested
        assert cube.provider == "my-ops 1.2"
        assert registry.get("my-ops:cube") is registry.get("cube") is cube
        assert ops.a.b.cube is nested and nested.function is cube.function
        assert pickle.loads(pickle.dumps([cube, nested])) == [cube, nested]
        x = Variable(np.array(2.0))
        cube(x).backward()
        assert x.grad == 12
        """,
        site,
    )

"""A picture by hand: walk from the output to the inputs, and write down boxes and arrows."""

from typing import Any

import numpy as np
from tinypt_core.ops import exp, square

from tinypt_core import Variable


def dot(y: Variable) -> str:
    lines: list[str] = []
    numbers: dict[Any, int] = {}  # of functions, and of variables that no function made
    todo = [y]
    while todo:
        v = todo.pop()
        f: Any = v.creator
        n = numbers.setdefault(f or v, len(numbers))
        lines.append(f'v{n} [label="{v.name or ""}", color=orange, style=filled]')
        if f is not None:
            lines.append(f'f{n} [label="{type(f).__name__}", shape=box]')
            lines.append(f"f{n} -> v{n}")
            for x in f.inputs:
                if (x.creator or x) not in numbers:
                    todo.append(x)
                lines.append(f"v{numbers.setdefault(x.creator or x, len(numbers))} -> f{n}")
    return "\n".join(["digraph g {", *lines, "}"])


x = Variable(np.array(0.5), name="x")
y = square(exp(square(x)))
y.name = "y"
print(dot(y))

"""What a Variable was computed by, as a formula: to read, for LaTeX, or as Python that runs."""

from __future__ import annotations

from collections.abc import Iterable

from tinypt_core import Graph, Variable, graph
from tinypt_viz.expression.latex import Latex
from tinypt_viz.expression.lines import Formula
from tinypt_viz.expression.python import Python
from tinypt_viz.expression.signs import Signs
from tinypt_viz.seeds import fold_seeds

FORMS = ("text", "latex", "python")


def formula(output: Variable | Iterable[Variable] | Graph, form: str = "text") -> str:
    """The expression behind a Variable (or several, or a Graph), one assignment a line.

    What is used twice, or would make a line longer than about 40 characters, gets a letter; what
    has a name keeps it. The last line is the output's. Gradient seeds, which multiply by 1, are
    left out.
    form: "text", to read: real signs, four digits; "latex", the same for LaTeX; "python", code
    with the exact numbers that runs as it stands, with `np` and the named leaves in scope, and
    whose last line assigns the output's value.

    Raises ValueError for another form, and for "python" where something cannot be written: a
    large array without a name, two leaves of one name, an operator without a registered name.

    >>> import numpy as np
    >>> x, y = Variable(np.array(1.0), name="x"), Variable(np.array(2.0), name="y")
    >>> z = (x + y) ** 2 / 3
    >>> z.name = "z"
    >>> print(formula(z))
    z = (x + y)²/3
    >>> print(formula(z, form="python"))
    z = (x + y)**2 / 3
    """
    if form not in FORMS:
        raise ValueError(f"form={form!r}; write one of {', '.join(map(repr, FORMS))}")
    g = fold_seeds(output if isinstance(output, Graph) else graph(output))
    lines = Formula(g)
    if form == "python":
        return lines.program(Python())
    if form == "latex":
        found = list(lines.assignments(Latex()))
        equals = " = " if len(found) == 1 else " &= "
        rows = [name + equals * bool(name) + text for name, text in found]
        if len(rows) == 1:
            return rows[0]
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"
    return "\n".join(name + " = " * bool(name) + text for name, text in lines.assignments(Signs()))

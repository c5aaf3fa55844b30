"""Pictures without a program: the same graph in three styles."""

import numpy as np

from tinypt_core import Variable
from tinypt_viz import formula, plot_dot_graph, record

w, x, b = (Variable(np.array(v), name=n) for v, n in ((2.0, "w"), (-1.0, "x"), (0.5, "b")))
with record():  # keeps values and gradients for the pictures
    y = 1 / (1 + np.exp(-(w * x + b)))
    y.name = "y"
    y.backward()

print(formula(y))
for style in ("textbook", "formula", "gradient"):
    plot_dot_graph(y, verbose=False, style=style, to_file=f"step15_{style}.svg")

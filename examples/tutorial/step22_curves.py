"""sin, cos and tanh: their derivatives as curves, and as graphs."""

import matplotlib.pyplot as plt
import numpy as np

from tinypt_core import Variable, gradients, graph
from tinypt_viz import plot_dot_graph

figure, panels = plt.subplots(1, 3, figsize=(9, 3), layout="constrained")
for f, axes in zip((np.sin, np.cos, np.tanh), panels, strict=True):
    x = Variable(np.linspace(-4, 4, 60))
    y = f(x)
    for order in range(4):
        axes.plot(x.data, y.data, label=f"order {order}")
        (y,) = gradients(y, x, create_graph=True)
    axes.set_title(f.__name__)
panels[2].legend(fontsize="small")
figure.savefig("step22_curves.svg")

x = Variable(np.array(1.0), name="x")
y = np.tanh(x)
for order in range(1, 7):
    (y,) = gradients(y, x, create_graph=True)
    y.name = f"gx{order}"
    operators = sum(node.id.startswith("f") for node in graph(y).nodes)
    print(f"order {order}: {y.item():>17.12f} from {operators} operators")
    if order in (1, 2):
        plot_dot_graph(y, verbose=False, to_file=f"step22_tanh_{order}.svg")

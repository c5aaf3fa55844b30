"""A page that plays both passes, step by step."""

import numpy as np

from tinypt_core import Variable
from tinypt_viz import record, to_html

x = Variable(np.array(0.5), name="x")
with record():
    y = np.exp(x**2) ** 2
    y.name = "y"
    y.backward()

to_html(y, "step16_steps.html", steps=True)
print(x.grad)

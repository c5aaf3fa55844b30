"""A variable is a box that holds an array."""

import numpy as np


class Variable:
    def __init__(self, data: np.ndarray) -> None:
        self.data = data


x = Variable(np.array(1.0))
print(x.data)

x.data = np.array([1.0, 2.0, 3.0])
print(x.data, x.data.ndim, x.data.shape)

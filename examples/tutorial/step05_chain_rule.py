"""The chain rule is a product of matrices, and the order decides what it costs."""

from typing import Any

import numpy as np

n = 500
rng = np.random.default_rng(0)
da_dx = rng.normal(size=(n, n)) / n  # x, a and b are arrays of n numbers
db_da = rng.normal(size=(n, n)) / n
dy_db = rng.normal(size=(1, n))  # y is one number

count = 0


def times(left: np.ndarray, right: np.ndarray) -> Any:
    global count
    count += left.shape[0] * left.shape[1] * right.shape[1]
    return left @ right


forward = times(dy_db, times(db_da, da_dx))
print(f"from the input on:  {count:>11,} multiplications")
count = 0
backward = times(times(dy_db, db_da), da_dx)
print(f"from the output on: {count:>11,} multiplications")
print("the same gradient: ", np.allclose(forward, backward))

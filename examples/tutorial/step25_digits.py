"""A network that learns to read digits."""

from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from tinypt_core.ops import logsumexp

from tinypt_core import Variable, no_grad

rng = np.random.default_rng(0)
digits: Any = load_digits()  # 1797 pictures of 8 x 8 points
order = rng.permutation(1797)
pictures, labels = digits.data[order] / 16, digits.target[order]

w0, b0 = Variable(rng.normal(size=(64, 32)) / 8), Variable(np.zeros(32))
w1, b1 = Variable(rng.normal(size=(32, 10)) / 6), Variable(np.zeros(10))
parameters = [w0, b0, w1, b1]


def scores(x: np.ndarray) -> Any:
    return np.tanh(x @ w0 + b0) @ w1 + b1


def cross_entropy(s: Variable, right: np.ndarray) -> Any:
    return np.mean(logsumexp(s, axis=1) - s[np.arange(len(right)), right])


for epoch in range(10):
    for batch in np.array_split(rng.permutation(1400), 20):
        loss = cross_entropy(scores(pictures[batch]), labels[batch])
        for p in parameters:
            p.cleargrad()
        loss.backward()
        for p in parameters:
            p.data -= 0.5 * p.grad
    if epoch in (0, 4, 9):
        with no_grad():
            guesses = scores(pictures[1400:]).argmax(axis=1)
        share = np.mean(guesses == labels[1400:])
        print(f"epoch {epoch + 1:>2}: {share:.0%} of the digits it has not seen")

"""Each framework behind the same two words: `value_and_grad` and its namespace of functions."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

import tinypt_core
from tinypt_core import Variable

Run = Callable[[], Any]


class Tinypt:
    """This project: `y.backward()` and `.grad`, as in a training loop."""

    name = "tinypt"
    ops: Any = tinypt_core.ops

    def value_and_grad(self, f: Callable[..., Any], *arrays: np.ndarray) -> Run:
        xs = [Variable(a.copy()) for a in arrays]

        def run() -> Any:
            y = f(self.ops, *xs)
            y.backward()
            grads = [x.grad for x in xs]
            for x in xs:
                x.cleargrad()
            return y, grads

        return run


class Torch:
    """PyTorch eager, one thread."""

    name = "PyTorch"

    def __init__(self) -> None:
        self.ops = import_module("torch")
        self.ops.set_num_threads(1)

    def value_and_grad(self, f: Callable[..., Any], *arrays: np.ndarray) -> Run:
        xs = [self.ops.tensor(a, requires_grad=True) for a in arrays]

        def run() -> Any:
            y = f(self.ops, *xs)
            y.backward(self.ops.ones_like(y) if y.ndim else None)
            grads = [x.grad for x in xs]
            for x in xs:
                x.grad = None
            return y, grads

        return run


class Autograd:
    """HIPS autograd."""

    name = "autograd"

    def __init__(self) -> None:
        self.ops = import_module("autograd.numpy")
        self.autograd = import_module("autograd")

    def value_and_grad(self, f: Callable[..., Any], *arrays: np.ndarray) -> Run:
        argnum = tuple(range(len(arrays)))
        both = self.autograd.value_and_grad(lambda *xs: f(self.ops, *xs), argnum)
        return lambda: both(*arrays)


class MyGrad:
    """MyGrad."""

    name = "MyGrad"

    def __init__(self) -> None:
        self.ops = import_module("mygrad")

    def value_and_grad(self, f: Callable[..., Any], *arrays: np.ndarray) -> Run:
        xs = [self.ops.tensor(a) for a in arrays]

        def run() -> Any:
            y = f(self.ops, *xs)
            y.backward()
            grads = [x.grad for x in xs]
            for x in xs:
                x.null_grad()
            return y, grads

        return run


def installed() -> dict[str, Any]:
    """The frameworks that are there, by name."""
    found: dict[str, Any] = {"tinypt": Tinypt()}
    for framework in (Torch, Autograd, MyGrad):
        try:
            found[framework.name] = framework()
        except ImportError:
            print(f"{framework.name} is not installed: left out")
    return found

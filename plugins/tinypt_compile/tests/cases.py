"""A hundred functions of every family of operators, with draws of their arguments."""

import numpy as np

from tinypt_core import grad, hessian, hvp, jacobian, jvp, value_and_grad, vjp


def scalar(low=0.2, high=2.0):
    return lambda rng: float(rng.uniform(low, high))


def zero_d(rng):
    return np.array(rng.uniform(0.2, 2.0))


def array(*shape, low=0.2, high=2.0):
    return lambda rng: rng.uniform(low, high, shape)


def normal(*shape):
    return lambda rng: rng.normal(size=shape)


def rosenbrock(x, y):
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def goldstein_price(x, y):
    a = 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
    b = 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
    return (1 + (x + y + 1) ** 2 * a) * (30 + (2 * x - 3 * y) ** 2 * b)


def long_rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def mixed(x):
    return np.sum(np.tanh(np.sin(x) * np.cos(x) + x**2))


def softmax_loss(w, x):
    z = x @ w
    z = z - np.max(z, axis=1, keepdims=True)
    log_p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.mean(log_p[:, 0])


def mlp(params, x):
    h = x
    for layer in params:
        h = np.tanh(h @ layer["w"] + layer["b"])
    return np.mean(h**2)


def layers(rng):
    return [{"w": rng.normal(size=(3, 3)), "b": rng.normal(size=3)} for _ in range(2)]


def newton(x):
    y = x
    for _ in range(4):
        y = 0.5 * (y + x / y)
    return y


def piecewise(x):
    return x**2 if x > 1 else 3 * x


def conv(x, k):
    return np.sum(np.convolve(x, k) ** 2)


ELEMENTWISE = {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "tanh": np.tanh, "sinh": np.sinh, "cosh": np.cosh,
    "arctan": np.arctan, "arcsinh": np.arcsinh, "exp": np.exp, "log": np.log, "sqrt": np.sqrt,
    "cbrt": np.cbrt, "expm1": np.expm1, "log1p": np.log1p, "log2": np.log2, "log10": np.log10,
    "exp2": np.exp2, "square": np.square, "reciprocal": np.reciprocal, "abs": np.abs,
    "sinc": np.sinc, "negative": np.negative, "deg2rad": np.deg2rad,
    "power": lambda x: x**3 + x**2.5 + x**-1 + x**0.5 + 2.0**x,
    "quotient": lambda x: (x + 1) / (x * x + 3) - 2 / x,
    "remainder": lambda x: np.mod(x, 0.7) * x,
    "minimum": lambda x: np.minimum(x, 1.1) * np.maximum(x, 0.3),
    "where": lambda x: np.where(x > 1, x**2, np.sin(x)),
    "clip": lambda x: np.clip(x, 0.5, 1.5) * x,
    "softplus": lambda x: np.logaddexp(0.0, x),
    "newton": newton,
    "hypot": lambda x: np.hypot(x, 2.0),
    "arctan2": lambda x: np.arctan2(x, 0.3) * x,
    "heaviside": lambda x: np.heaviside(x - 1, 0.5) * x,
    "float32": lambda x: x.astype(np.float32) * 2.5 if hasattr(x, "astype") else x,
}  # fmt: skip

REDUCED = {
    "sum": (lambda x: np.sum(x**2), normal(3, 4)),
    "mean": (lambda x: np.mean(np.exp(x)), normal(3, 4)),
    "var": (lambda x: np.var(x), normal(3, 4)),
    "std": (lambda x: np.std(x, axis=0).sum(), normal(3, 4)),
    "prod": (lambda x: np.prod(x), array(4)),
    "max": (lambda x: np.max(x, axis=1).sum(), normal(3, 4)),
    "min": (lambda x: np.min(x), normal(3, 4)),
    "cumsum": (lambda x: np.sum(np.cumsum(x) ** 2), normal(5)),
    "cumprod": (lambda x: np.sum(np.cumprod(x) ** 2), array(5)),
    "norm": (lambda x: np.linalg.norm(x), normal(5)),
    "matmul": (lambda x: np.sum((x @ x.T) ** 2), normal(3, 4)),
    "dot": (lambda x: np.dot(x, x) * x[0], normal(4)),
    "outer": (lambda x: np.sum(np.outer(x, x) ** 3), normal(4)),
    "einsum": (lambda x: np.einsum("ij,ij->", x, x * 2), normal(3, 4)),
    "tensordot": (lambda x: np.sum(np.tensordot(x, x, 2) ** 2), normal(3, 3)),
    "trace": (lambda x: np.trace(x @ x), normal(3, 3)),
    "det": (lambda x: np.linalg.det(x), normal(3, 3)),
    "inv": (lambda x: np.sum(np.linalg.inv(x + 5 * np.eye(3)) ** 2), normal(3, 3)),
    "solve": (lambda x: np.sum(np.linalg.solve(x + 5 * np.eye(3), np.ones(3))), normal(3, 3)),
    "reshape": (lambda x: np.sum(x.reshape(4, 3)[1] ** 2), normal(3, 4)),
    "transpose": (lambda x: np.sum(np.transpose(x) @ np.ones(3)), normal(3, 4)),
    "index": (lambda x: np.sum(x[[0, 2, 0]] ** 2), normal(3, 4)),
    "slices": (lambda x: np.sum(x[::-1, 1:] ** 3), normal(3, 4)),
    "mask": (lambda x: np.sum(x[x > 0] ** 2), normal(3, 4)),
    "concatenate": (lambda x: np.sum(np.concatenate([x, 2 * x]) ** 2), normal(3)),
    "stack": (lambda x: np.sum(np.stack([x, x**2]) ** 2), normal(3)),
    "split": (lambda x: np.sum(np.split(x, 2)[1] ** 2), normal(4)),
    "flip": (lambda x: np.sum(np.flip(x) * x), normal(4)),
    "roll": (lambda x: np.sum(np.roll(x, 1) * x), normal(4)),
    "tile": (lambda x: np.sum(np.tile(x, 2) ** 2), normal(4)),
    "repeat": (lambda x: np.sum(np.repeat(x, 2) ** 2), normal(4)),
    "pad": (lambda x: np.sum(np.pad(x, 1) ** 2), normal(4)),
    "sort": (lambda x: np.sum(np.sort(x) * np.arange(4.0)), normal(4)),
    "take": (lambda x: np.sum(np.take(x, [1, 1, 2]) ** 2), normal(4)),
    "diag": (lambda x: np.sum(np.diag(x) @ x), normal(3)),
    "tril": (lambda x: np.sum(np.tril(x) ** 2), normal(3, 3)),
    "broadcast": (lambda x: np.sum((x[:, None] - x) ** 2), normal(4)),
    "diff": (lambda x: np.sum(np.diff(x) ** 2), normal(5)),
    "average": (lambda x: np.average(x, weights=[1.0, 2, 3, 4]), normal(4)),
    "squeeze": (lambda x: np.sum(np.squeeze(x[None]) ** 2), normal(4)),
    "swapaxes": (lambda x: np.sum(np.swapaxes(x, 0, 1)[0] ** 2), normal(3, 4)),
    "long rosenbrock": (long_rosenbrock, normal(6)),
    "mixed": (mixed, normal(6)),
    "cholesky": (lambda x: np.sum(np.linalg.cholesky(x @ x.T + 5 * np.eye(3))), normal(3, 3)),
    "eigh": (lambda x: np.sum(np.linalg.eigh(x + x.T)[0] ** 3), normal(3, 3)),
    "svd": (lambda x: np.sum(np.linalg.svd(x)[1] ** 3), normal(3, 3)),
    "logsumexp": (lambda x: np.log(np.sum(np.exp(x - np.max(x)))) + np.max(x), normal(5)),
}

#: name -> function of arrays, draws of its arguments
CASES = {}
for name, f in ELEMENTWISE.items():
    CASES[f"{name} of a float"] = (f, [scalar()])
    CASES[f"{name}, its gradient"] = (value_and_grad(f), [scalar()])
    CASES[f"{name}, its Jacobian"] = (jacobian(f), [array(3)])
    CASES[f"{name}, twice, 0-d"] = (grad(grad(f)), [zero_d])
for name, (f, draw) in REDUCED.items():
    CASES[name] = (f, [draw])
    CASES[f"{name}, its gradient"] = (value_and_grad(f), [draw])
    if name not in ("svd",):
        CASES[f"{name}, its Hessian"] = (hessian(f), [draw])
CASES |= {
    "rosenbrock": (value_and_grad(rosenbrock, (0, 1)), [scalar(), scalar()]),
    "rosenbrock, hessian": (hessian(rosenbrock), [scalar(), scalar()]),
    "goldstein-price": (value_and_grad(goldstein_price, (0, 1)), [scalar(), scalar()]),
    "goldstein-price of arrays": (value_and_grad(goldstein_price, (0, 1)), [zero_d, zero_d]),
    "softmax": (value_and_grad(softmax_loss), [normal(3, 2), normal(5, 3)]),
    "softmax, Hessian": (hessian(softmax_loss), [normal(3, 2), normal(5, 3)]),
    "mlp": (value_and_grad(mlp), [layers, normal(4, 3)]),
    "mlp, by data": (grad(mlp, 1), [layers, normal(4, 3)]),
    "piecewise": (value_and_grad(piecewise), [scalar()]),
    "jvp": (lambda x, v: jvp(mixed, (x,), (v,)), [normal(4), normal(4)]),
    "hvp": (lambda x, v: hvp(mixed, x, v), [normal(4), normal(4)]),
    "vjp": (lambda x, g: vjp(np.sin, x)[1](g), [normal(4), normal(4)]),
    "tanh, third": (grad(grad(grad(np.tanh))), [scalar()]),
    "mixed dtypes": (
        value_and_grad(lambda x, y: np.sum(x * y + x)),
        [lambda rng: rng.normal(size=3).astype(np.float32), normal(3)],
    ),
    "complex": (lambda z: np.exp(z) * np.conj(z), [lambda rng: rng.normal(size=3) + 1j]),
    "python's arithmetic": (lambda x: x // 0.3 + x % 0.3 - abs(x) + round(x, 2), [scalar()]),
    "structure": (
        lambda p: {"sum": p[0] + p[1], "both": (p, None, 3)},
        [lambda r: [1.0, r.normal()]],
    ),
}

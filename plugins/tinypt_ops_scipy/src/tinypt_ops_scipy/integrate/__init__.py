"""scipy.integrate: ordinary differential equations, integrals of functions and of samples."""

from tinypt_ops_scipy._lazy import lazy

__getattr__, __dir__ = lazy(
    __name__,
    equations="odeint solve_ivp",
    quadrature="quad",
    samples="trapezoid cumulative_trapezoid simpson",
)

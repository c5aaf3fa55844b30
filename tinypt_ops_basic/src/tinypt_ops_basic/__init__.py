"""tinypt-ops-basic: NumPy's differentiable surface."""

"""tinypt-ops-trig: circular and hyperbolic functions."""

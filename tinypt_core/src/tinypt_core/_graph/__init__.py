"""The graph: places where values sit, and the calls of operators between them."""

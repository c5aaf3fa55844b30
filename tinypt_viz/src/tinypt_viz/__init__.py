"""tinypt-viz: the graph in pictures."""

"""scipy.spatial: distances are in `tinypt_ops_scipy.spatial.distance`."""

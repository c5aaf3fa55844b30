"""Many at once: an array with a hidden leading axis, and what NumPy's functions do to it."""

"""Functions of arrays -> their derivatives, as functions of arrays."""

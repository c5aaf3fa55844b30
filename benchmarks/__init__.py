"""Side by side with peers: `python -m benchmarks`. What is not installed is left out.

One thread for everybody: the libraries read these before they are imported.
"""

import os

for _variable in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")

"""tinypt-ops-scipy: SciPy's functions as tinypt operators.

One subpackage per subpackage of SciPy, under the same names: where SciPy has
`from scipy.linalg import expm`, write `from tinypt_ops_scipy.linalg import expm`. Importing this
package imports nothing of SciPy; the first use of a function imports the module it is in.
"""

__version__ = "0.1.0"

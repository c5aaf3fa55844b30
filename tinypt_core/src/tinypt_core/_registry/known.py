"""Which first-party package provides which names; written by docs/generate_homes.py."""

NAMES = {
    "tinypt-ops-basic": """
        abs absolute add all allclose amax amin any argmax argmin argpartition argsort argwhere
        around array2string array_equal array_equiv array_repr array_split array_str astype
        atleast_1d atleast_2d atleast_3d average bincount broadcast_arrays broadcast_to can_cast
        cbrt ceil clip column_stack compress concat concatenate copy copysign count_nonzero cross
        cumprod cumsum diag diagonal diff digitize div divide dot dsplit dstack ediff1d einsum
        empty_like equal exp exp2 expand_dims expm1 fabs flatnonzero flip fliplr flipud float_power
        floor floor_divide fmax fmin fmod full_like getitem gradient greater greater_equal
        heaviside histogram hsplit hstack hypot inner isclose iscomplex iscomplexobj isfinite isin
        isinf isnan isneginf isposinf isreal isrealobj kron less less_equal linalg.cholesky
        linalg.cross linalg.det linalg.diagonal linalg.eigh linalg.inv linalg.matmul
        linalg.matrix_power linalg.matrix_rank linalg.matrix_transpose linalg.norm linalg.outer
        linalg.pinv linalg.qr linalg.slogdet linalg.solve linalg.svd linalg.tensordot linalg.trace
        log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor
        logsumexp matmul matrix_transpose max maximum may_share_memory mean median min minimum mod
        moveaxis mul multiply nan_to_num nanargmax nanargmin nansum ndim neg negative nonzero
        not_equal ones_like outer pad partition permute_dims positive pow power prod ptp ravel
        reciprocal remainder repeat reshape result_type rint roll rollaxis rot90 round searchsorted
        select shape shares_memory sign signbit size sort split sqrt square squeeze stack std sub
        subtract sum sum_to swapaxes take take_along_axis tensordot tile trace transpose trapezoid
        tril triu true_divide trunc unstack var vdot vsplit vstack where zeros_like
    """,
    "tinypt-ops-trig": """
        acos acosh arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin asinh atan atan2 atanh
        cos cosh deg2rad degrees rad2deg radians sin sinc sinh tan tanh unwrap
    """,
    "tinypt-ops-special": """
        betaln digamma entr erf erfc expit gammaln i0 i1 iv kl_div log_ndtr log_softmax logit ndtr
        polygamma psi softmax xlogy
    """,
}

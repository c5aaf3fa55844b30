"""Which first-party package provides a name: for the hint in "no such operator"."""

from __future__ import annotations

NAMES = {
    "tinypt-ops-basic": """
        abs absolute add all allclose amax amin any argmax argmin argpartition argsort
        argwhere around array2string array_equal array_equiv array_repr array_split
        array_str astype atleast_1d atleast_2d atleast_3d average bincount broadcast_arrays
        broadcast_to can_cast cbrt ceil clip column_stack compress concat concatenate copy
        copysign count_nonzero cross cumprod cumsum diag diagonal diff digitize div divide
        dot dsplit dstack ediff1d einsum empty_like equal exp exp2 expand_dims expm1 fabs
        flatnonzero flip fliplr flipud float_power floor floor_divide fmax fmin fmod
        full_like getitem gradient greater greater_equal heaviside histogram hsplit hstack
        hypot inner isclose iscomplex iscomplexobj isfinite isin isinf isnan isneginf
        isposinf isreal isrealobj kron less less_equal linalg.cholesky linalg.cross
        linalg.det linalg.diagonal linalg.eigh linalg.inv linalg.matmul linalg.matrix_power
        linalg.matrix_rank linalg.matrix_transpose linalg.norm linalg.outer linalg.pinv
        linalg.qr linalg.slogdet linalg.solve linalg.svd linalg.tensordot linalg.trace log
        log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor
        logsumexp matmul matrix_transpose max maximum may_share_memory mean median min
        minimum mod moveaxis mul multiply nan_to_num nanargmax nanargmin nansum ndim neg
        negative nonzero not_equal ones_like outer pad partition permute_dims positive pow
        power prod ptp ravel reciprocal remainder repeat reshape result_type rint roll
        rollaxis rot90 round searchsorted select shape shares_memory sign signbit size sort
        split sqrt square squeeze stack std sub subtract sum sum_to swapaxes take
        take_along_axis tensordot tile trace transpose trapezoid tril triu true_divide trunc
        unstack var vdot vsplit vstack where zeros_like
    """,
    "tinypt-ops-trig": """
        acos acosh arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin asinh atan
        atan2 atanh cos cosh deg2rad degrees rad2deg radians sin sinc sinh tan tanh unwrap
    """,
    "tinypt-ops-scipy": """
        airy beta betainc betaincc betaincinv betaln binom boxcox boxcox1p cosm1 dawsn
        digamma ellipe ellipk ellipkm1 entr erf erfc erfcinv erfcx erfi erfinv exp1
        exp10 expi expit expn exprel fresnel gamma gammainc gammaincc gammainccinv
        gammaincinv gammaln huber hyp0f1 hyp1f1 hyp2f1 hyperu i0 i0e i1 i1e iv ive j0 j1
        jv jve k0 k0e k1 k1e kl_div kn kv kve log_expit log_ndtr log_softmax loggamma
        logit ndtr ndtri ndtri_exp poch polygamma pseudo_huber psi rel_entr rgamma
        scipy.fft.real_transform scipy.linalg.cholesky scipy.linalg.expm
        scipy.linalg.logm scipy.linalg.lu scipy.linalg.polar scipy.linalg.solve
        scipy.linalg.solve_banded scipy.linalg.solve_discrete_lyapunov
        scipy.linalg.solve_sylvester scipy.linalg.solve_triangular
        scipy.linalg.solveh_banded scipy.linalg.sqrtm scipy.signal.full_convolve
        scipy.signal.lfilter scipy.sparse.linalg.solve scipy.sparse.matmul
        scipy.special.airy scipy.special.beta scipy.special.betainc
        scipy.special.betaincc scipy.special.betaincinv scipy.special.betaln
        scipy.special.binom scipy.special.boxcox scipy.special.boxcox1p
        scipy.special.cosm1 scipy.special.dawsn scipy.special.digamma
        scipy.special.ellipe scipy.special.ellipk scipy.special.ellipkm1
        scipy.special.entr scipy.special.erf scipy.special.erfc scipy.special.erfcinv
        scipy.special.erfcx scipy.special.erfi scipy.special.erfinv scipy.special.exp1
        scipy.special.exp10 scipy.special.expi scipy.special.expit scipy.special.expn
        scipy.special.exprel scipy.special.fresnel scipy.special.gamma
        scipy.special.gammainc scipy.special.gammaincc scipy.special.gammainccinv
        scipy.special.gammaincinv scipy.special.gammaln scipy.special.huber
        scipy.special.hyp0f1 scipy.special.hyp1f1 scipy.special.hyp2f1
        scipy.special.hyperu scipy.special.i0 scipy.special.i0e scipy.special.i1
        scipy.special.i1e scipy.special.iv scipy.special.ive scipy.special.j0
        scipy.special.j1 scipy.special.jn scipy.special.jv scipy.special.jve
        scipy.special.k0 scipy.special.k0e scipy.special.k1 scipy.special.k1e
        scipy.special.kl_div scipy.special.kn scipy.special.kv scipy.special.kve
        scipy.special.lambertw scipy.special.log_expit scipy.special.log_ndtr
        scipy.special.log_softmax scipy.special.loggamma scipy.special.logit
        scipy.special.logsumexp scipy.special.multigammaln scipy.special.ndtr
        scipy.special.ndtri scipy.special.ndtri_exp scipy.special.poch
        scipy.special.polygamma scipy.special.pseudo_huber scipy.special.psi
        scipy.special.rel_entr scipy.special.rgamma scipy.special.shichi
        scipy.special.sici scipy.special.softmax scipy.special.stdtr
        scipy.special.stdtrit scipy.special.xlog1py scipy.special.xlogy scipy.special.y0
        scipy.special.y1 scipy.special.yn scipy.special.yv scipy.special.yve
        scipy.special.zeta shichi sici softmax stdtr stdtrit xlog1py xlogy y0 y1 yn yv
        yve
    """,
}


def home(name: str) -> str:
    """The package to install for an operator, or "".

    >>> home("sin")
    'tinypt-ops-trig'
    """
    return next((package for package, names in NAMES.items() if name in names.split()), "")

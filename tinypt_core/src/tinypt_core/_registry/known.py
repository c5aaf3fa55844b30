"""Which first-party package provides which names; written by docs/generate_homes.py."""

NAMES = {
    "tinypt-ops-basic": """
        abs absolute add add.at add.outer add.reduceat all allclose amax amin angle any append
        apply_along_axis apply_over_axes argmax argmin argpartition argsort argwhere around
        array2string array_equal array_equiv array_repr array_split array_str astype atleast_1d
        atleast_2d atleast_3d average bincount bitwise_and bitwise_count bitwise_or bitwise_xor
        block broadcast_arrays broadcast_to c_ can_cast cbrt ceil choose clip column_stack
        common_type compress concat concatenate conj conjugate convolve copy copysign copyto
        corrcoef correlate count_nonzero cov cross cumprod cumsum cumulative_prod cumulative_sum
        delete diag diag_indices_from diagflat diagonal diff digitize div divide divide.accumulate
        divide.outer divmod dot dsplit dstack ediff1d einsum einsum_path empty_like equal exp exp2
        expand_dims expm1 extract fabs fill_diagonal fix flatnonzero flip fliplr flipud float_power
        floor floor_divide fmax fmin fmod frexp full full_like gcd geomspace getitem gradient
        greater greater_equal heaviside histogram histogram_bin_edges hsplit hstack hypot
        hypot.outer imag inner insert interp intersect1d invert isclose iscomplex iscomplexobj
        isfinite isin isinf isnan isneginf isposinf isreal isrealobj ix_ kron lcm ldexp left_shift
        less less_equal lexsort linalg.cholesky linalg.cond linalg.cross linalg.det linalg.diagonal
        linalg.eig linalg.eigh linalg.eigvals linalg.eigvalsh linalg.inv linalg.lstsq linalg.matmul
        linalg.matrix_norm linalg.matrix_power linalg.matrix_rank linalg.matrix_transpose
        linalg.multi_dot linalg.norm linalg.outer linalg.pinv linalg.qr linalg.slogdet linalg.solve
        linalg.svd linalg.svdvals linalg.tensordot linalg.tensorinv linalg.tensorsolve linalg.trace
        linalg.vecdot linalg.vector_norm linspace log log10 log1p log2 logaddexp
        logaddexp.accumulate logaddexp.outer logaddexp2 logical_and logical_not logical_or
        logical_xor logspace logsumexp matmul matrix_transpose matvec max maximum
        maximum.accumulate maximum.outer maximum.reduceat may_share_memory mean median meshgrid min
        min_scalar_type minimum minimum.accumulate minimum.outer minimum.reduceat mod modf moveaxis
        mul multiply multiply.outer multiply.reduceat nan_to_num nanargmax nanargmin nancumprod
        nancumsum nanmax nanmean nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum
        nanvar ndim neg negative nextafter nonzero not_equal ones_like outer pad partition
        percentile permute_dims piecewise place poly polyadd polyder polydiv polyfit polyint
        polymul polysub polyval positive pow power power.outer prod ptp put put_along_axis putmask
        quantile r_ ravel ravel_multi_index real real_if_close reciprocal remainder repeat reshape
        resize result_type right_shift rint roll rollaxis roots rot90 round searchsorted select
        setdiff1d setitem setxor1d shape shares_memory sign signbit size sort split sqrt square
        squeeze stack std sub subtract subtract.accumulate subtract.at subtract.outer sum sum_to
        swapaxes take take_along_axis tensordot tile trace transpose trapezoid tril
        tril_indices_from trim_zeros triu triu_indices_from true_divide trunc union1d unique
        unique_all unique_counts unique_inverse unique_values unravel_index unstack vander var vdot
        vecdot vecmat vsplit vstack where zeros_like
    """,
    "tinypt-ops-trig": """
        acos acosh arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin asinh atan atan2 atanh
        cos cosh deg2rad degrees rad2deg radians sin sinc sinh tan tanh unwrap
    """,
    "tinypt-ops-fft": """
        fft.fft fft.fft2 fft.fftfreq fft.fftn fft.fftshift fft.hfft fft.ifft fft.ifft2 fft.ifftn
        fft.ifftshift fft.ihfft fft.irfft fft.irfft2 fft.irfftn fft.rfft fft.rfft2 fft.rfftfreq
        fft.rfftn
    """,
    "tinypt-ops-scipy": """
        airy beta betainc betaincc betaincinv betaln binom boxcox boxcox1p cosm1 dawsn digamma
        ellipe ellipk ellipkm1 entr erf erfc erfcinv erfcx erfi erfinv exp1 exp10 expi expit expn
        exprel fresnel gamma gammainc gammaincc gammainccinv gammaincinv gammaln gammasgn huber
        hyp0f1 hyp1f1 hyp2f1 hyperu i0 i0e i1 i1e iv ive j0 j1 jv jve k0 k0e k1 k1e kl_div kn kv
        kve log_expit log_ndtr log_softmax loggamma logit ndtr ndtri ndtri_exp poch polygamma
        pseudo_huber psi rel_entr rgamma scipy.fft.real_transform scipy.linalg.cholesky
        scipy.linalg.expm scipy.linalg.logm scipy.linalg.lu scipy.linalg.polar scipy.linalg.solve
        scipy.linalg.solve_banded scipy.linalg.solve_discrete_lyapunov scipy.linalg.solve_sylvester
        scipy.linalg.solve_triangular scipy.linalg.solveh_banded scipy.linalg.sqrtm
        scipy.signal.full_convolve scipy.signal.lfilter scipy.sparse.linalg.solve
        scipy.sparse.matmul scipy.special.airy scipy.special.beta scipy.special.betainc
        scipy.special.betaincc scipy.special.betaincinv scipy.special.betaln scipy.special.binom
        scipy.special.boxcox scipy.special.boxcox1p scipy.special.cosm1 scipy.special.dawsn
        scipy.special.digamma scipy.special.ellipe scipy.special.ellipk scipy.special.ellipkm1
        scipy.special.entr scipy.special.erf scipy.special.erfc scipy.special.erfcinv
        scipy.special.erfcx scipy.special.erfi scipy.special.erfinv scipy.special.exp1
        scipy.special.exp10 scipy.special.expi scipy.special.expit scipy.special.expn
        scipy.special.exprel scipy.special.fresnel scipy.special.gamma scipy.special.gammainc
        scipy.special.gammaincc scipy.special.gammainccinv scipy.special.gammaincinv
        scipy.special.gammaln scipy.special.gammasgn scipy.special.huber scipy.special.hyp0f1
        scipy.special.hyp1f1 scipy.special.hyp2f1 scipy.special.hyperu scipy.special.i0
        scipy.special.i0e scipy.special.i1 scipy.special.i1e scipy.special.iv scipy.special.ive
        scipy.special.j0 scipy.special.j1 scipy.special.jn scipy.special.jv scipy.special.jve
        scipy.special.k0 scipy.special.k0e scipy.special.k1 scipy.special.k1e scipy.special.kl_div
        scipy.special.kn scipy.special.kv scipy.special.kve scipy.special.lambertw
        scipy.special.log_expit scipy.special.log_ndtr scipy.special.log_softmax
        scipy.special.loggamma scipy.special.logit scipy.special.logsumexp
        scipy.special.multigammaln scipy.special.ndtr scipy.special.ndtri scipy.special.ndtri_exp
        scipy.special.poch scipy.special.polygamma scipy.special.pseudo_huber scipy.special.psi
        scipy.special.rel_entr scipy.special.rgamma scipy.special.shichi scipy.special.sici
        scipy.special.softmax scipy.special.stdtr scipy.special.stdtrit scipy.special.xlog1py
        scipy.special.xlogy scipy.special.y0 scipy.special.y1 scipy.special.yn scipy.special.yv
        scipy.special.yve scipy.special.zeta shichi sici softmax stdtr stdtrit xlog1py xlogy y0 y1
        yn yv yve
    """,
}

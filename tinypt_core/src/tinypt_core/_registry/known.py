"""Which first-party package provides which names; written by docs/generate_homes.py."""

NAMES = {
    "tinypt-ops-basic": """
        abs absolute add add.at add.outer add.reduceat all allclose amax amin angle any append
        apply_along_axis apply_over_axes argmax argmin argpartition argsort argwhere around
        array2string array_equal array_equiv array_repr array_split array_str astype atleast_1d
        atleast_2d atleast_3d average bincount bitwise_and bitwise_count bitwise_or bitwise_xor
        block broadcast_arrays broadcast_to can_cast cbrt ceil choose clip column_stack common_type
        compress concat concatenate conj conjugate convolve copy copysign copyto corrcoef correlate
        count_nonzero cov cross cumprod cumsum cumulative_prod cumulative_sum delete diag
        diag_indices_from diagflat diagonal diff digitize div divide divide.accumulate divide.outer
        divmod dot dsplit dstack ediff1d einsum einsum_path empty_like equal exp exp2 expand_dims
        expm1 extract fabs fill_diagonal fix flatnonzero flip fliplr flipud float_power floor
        floor_divide fmax fmin fmod frexp full full_like gcd geomspace getitem gradient greater
        greater_equal heaviside histogram histogram_bin_edges hsplit hstack hypot hypot.outer imag
        inner insert interp intersect1d invert isclose iscomplex iscomplexobj isfinite isin isinf
        isnan isneginf isposinf isreal isrealobj ix_ kron lcm ldexp left_shift less less_equal
        lexsort linalg.cholesky linalg.cond linalg.cross linalg.det linalg.diagonal linalg.eig
        linalg.eigh linalg.eigvals linalg.eigvalsh linalg.inv linalg.lstsq linalg.matmul
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
        quantile ravel ravel_multi_index real real_if_close reciprocal remainder repeat reshape
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
    "tinypt-ops-special": """
        betaln digamma entr erf erfc expit gammaln i0 i1 iv kl_div log_ndtr log_softmax logit ndtr
        polygamma psi softmax xlogy
    """,
}

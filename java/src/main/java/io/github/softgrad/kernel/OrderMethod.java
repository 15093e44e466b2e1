package io.github.softgrad.kernel;

/// How an order of a row is made soft; each has kernels that sort a row once and work in its sorted frame.
public enum OrderMethod {
    /// Prillo and Eisenschlos, ICML 2020, equation 7.
    SOFT_SORT,
    /// Grover et al., ICLR 2019, equation 5.
    NEURAL_SORT,
    /// Blondel et al., ICML 2020, equations 5 and 6; has no index.
    FAST_SOFT_SORT
}

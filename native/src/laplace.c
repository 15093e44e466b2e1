/*
 * Sums over the points of a row of exponentials of the distance, exp(-|t - x_i| / softness), for one tier: what soft
 * sorting by Laplace distribution functions is made of (Struski et al., LapSum, arXiv 2503.06242).
 *
 * Rows are sorted, so the sum over the points on one side of t follows from that of the neighbouring point by one
 * multiplication, and everything is linear in the number of points. The factor from one point to the next is applied as
 * s - s * (1 - factor), with 1 - factor computed without cancellation: equal small gaps then accumulate no systematic
 * error. All terms of a sum have the sign of their weights; nothing overflows.
 */
#include "arguments.h"
#include "elementary.h"
#include "kernels.h"
#include "vector.h"

/* 1 - exp(-d) for d >= 0, without cancellation: below 1/2 by 16 terms of the series, in nested form. */
INLINE Vector one_minus_exponential(Vector d) {
    Vector series = broadcast(1.0);
    for (int term = 16; term >= 2; term--) {
        series = 1.0 - d * (1.0 / term) * series;
    }
    return select((Mask)(d < 0.5), d * series, 1.0 - exponential(-d));
}

/* lost[i] = 1 - exp(-(x[i + 1] - x[i]) / softness) for the n - 1 gaps. */
static void lost_between(softgrad_count n, const double *x, double scale, double *lost) {
    for (softgrad_count i = 0; i < n - 1; i += LANES) {
        softgrad_count count = n - 1 - i;
        Vector gap = count >= LANES ? load_f64(x + i + 1) - load_f64(x + i)
                                    : load_first_f64(x + i + 1, count, 0) - load_first_f64(x + i, count, 0);
        Vector part = one_minus_exponential(gap * scale);
        if (count >= LANES) {
            store_f64(lost + i, part);
        } else {
            store_first_f64(lost + i, count, part);
        }
    }
}

/* left[i] = sum over j <= i and right[i] = sum over j >= i of v[j] exp(-|x[i] - x[j]| / softness); v null means ones. */
static void sides_at_points(softgrad_count n, const double *v, const double *lost, double *left, double *right) {
    double sum = 0;
    for (softgrad_count i = 0; i < n; i++) {
        sum = (i > 0 ? sum - sum * lost[i - 1] : 0) + (v ? v[i] : 1.0);
        left[i] = sum;
    }
    for (softgrad_count i = n - 1; i >= 0; i--) {
        sum = (i < n - 1 ? sum - sum * lost[i] : 0) + (v ? v[i] : 1.0);
        right[i] = sum;
    }
}

static void exponentials_in_place(softgrad_count n, double *exponents) {
    for (softgrad_count i = 0; i < n; i += LANES) {
        if (n - i >= LANES) {
            store_f64(exponents + i, exponential(load_f64(exponents + i)));
        } else {
            store_first_f64(exponents + i, n - i, exponential(load_first_f64(exponents + i, n - i, 0)));
        }
    }
}

/*
 * The places t_k with sum_i F((t_k - x_i) / softness) = k, F the Laplace distribution function. Between the neighbouring
 * points x_j and x_(j+1), counted from 1, the sum is
 *
 *     j - A exp(-(t - x_j) / softness) / 2 + B exp(-(x_(j+1) - t) / softness) / 2
 *
 * with A and B the sums over the points to the left of t and to the right, seen from the neighbours. That is a quadratic
 * equation in exp(t / softness), solved so that nothing cancels, as the distance from the neighbour that is closer.
 * `factor` receives what the logarithm is taken of, `share` how much of it counts.
 */
static void place_of(softgrad_count k, softgrad_count j, softgrad_count n, const double *x, const double *lost,
                     const double *left, const double *right, double *base, double *factor, double *share) {
    *share = 1.0;
    if (j == 0) {
        *base = x[0];
        *factor = 2.0 * (double)k / right[0];
        return;
    }
    if (j == n) {
        *base = x[n - 1];
        *factor = left[n - 1] / (2.0 * (double)(n - k));
        return;
    }
    const double a = left[j - 1], b = right[j];
    const double excess = (double)(k - j);
    const double root = square_root(broadcast(excess * excess + a * b * (1.0 - lost[j - 1])))[0];
    if (excess > 0) {
        *base = x[j];
        *factor = (excess + root) / b;
    } else if (excess < 0) {
        *base = x[j - 1];
        *factor = a / (root - excess);
    } else {
        *base = x[j - 1] + (x[j] - x[j - 1]) * 0.5;
        *factor = a / b;
        *share = 0.5;
    }
}

/* The sum of distribution functions at point j, counted from 0. */
static double sum_at_point(softgrad_count j, const double *left, const double *right) {
    return (double)j + 0.5 * (1.0 - left[j]) + 0.5 * right[j];
}

static void thresholds_of_row(softgrad_count n, const double *x, double softness, double *b, double *scratch) {
    double *lost = scratch, *left = scratch + n, *right = scratch + 2 * n, *factor = scratch + 3 * n,
           *share = scratch + 4 * n;
    lost_between(n, x, reciprocal_of(softness), lost);
    sides_at_points(n, 0, lost, left, right);
    softgrad_count j = 0;
    for (softgrad_count k = 1; k < n; k++) {
        while (j < n && sum_at_point(j, left, right) <= (double)k) {
            j++;
        }
        place_of(k, j, n, x, lost, left, right, b + k - 1, factor + k - 1, share + k - 1);
    }
    for (softgrad_count i = 0; i < n - 1; i += LANES) {
        softgrad_count count = n - 1 - i;
        if (count >= LANES) {
            Vector step = softness * load_f64(share + i) * logarithm(load_f64(factor + i));
            store_f64(b + i, load_f64(b + i) + step);
        } else {
            Vector step = softness * load_first_f64(share + i, count, 0) * logarithm(load_first_f64(factor + i, count, 1));
            store_first_f64(b + i, count, load_first_f64(b + i, count, 0) + step);
        }
    }
}

static int is_finite_row(softgrad_count n, const double *x) {
    double sum = 0;
    for (softgrad_count i = 0; i < n; i++) {
        sum += x[i] - x[i];
    }
    return sum == 0;
}

int SOFTGRAD_IN_TIER(laplace_thresholds_f64)(softgrad_count rows, softgrad_count n, const double *x, double softness,
                                             double *b, double *scratch) {
    int status = check_rows(rows, n, sizeof(double));
    status = status != SOFTGRAD_OK ? status : check_softness(softness);
    if (status != SOFTGRAD_OK || rows == 0 || n == 1) {
        return status;
    }
    if (!x || !b || !scratch) {
        return SOFTGRAD_BAD_POINTER;
    }
    for (softgrad_count row = 0; row < rows; row++, x += n, b += n - 1) {
        if (is_finite_row(n, x)) {
            thresholds_of_row(n, x, softness, b, scratch);
        } else {
            for (softgrad_count k = 0; k < n - 1; k++) {
                b[k] = __builtin_nan("");
            }
        }
    }
    return SOFTGRAD_OK;
}

static void sums_of_row(softgrad_count n, softgrad_count m, const double *x, const double *v, const double *at,
                        double scale, double *below, double *left, double *right, double *scratch) {
    double *lost = scratch, *left_of = scratch + n, *right_of = scratch + 2 * n;
    lost_between(n, x, scale, lost);
    sides_at_points(n, v, lost, left_of, right_of);
    softgrad_count j = 0;
    double weight = 0;
    for (softgrad_count k = 0; k < m; k++) {
        for (; j < n && !(x[j] > at[k]); j++) {
            weight += v[j];
        }
        below[k] = weight;
        left[k] = j > 0 ? (x[j - 1] - at[k]) * scale : 0;
        right[k] = j < n ? (at[k] - x[j]) * scale : 0;
    }
    exponentials_in_place(m, left);
    exponentials_in_place(m, right);
    j = 0;
    for (softgrad_count k = 0; k < m; k++) {
        for (; j < n && !(x[j] > at[k]); j++) {
        }
        left[k] *= j > 0 ? left_of[j - 1] : 0;
        right[k] *= j < n ? right_of[j] : 0;
    }
}

int SOFTGRAD_IN_TIER(laplace_sums_f64)(softgrad_count rows, softgrad_count n, softgrad_count m, const double *x,
                                       const double *v, const double *at, double softness, double *below, double *left,
                                       double *right, double *scratch) {
    int status = check_rows(rows, n, sizeof(double));
    status = status != SOFTGRAD_OK ? status : m == 0 ? SOFTGRAD_OK : check_rows(rows, m, sizeof(double));
    status = status != SOFTGRAD_OK ? status : check_softness(softness);
    if (status != SOFTGRAD_OK || rows == 0 || m == 0) {
        return status;
    }
    if (!x || !v || !at || !below || !left || !right || !scratch) {
        return SOFTGRAD_BAD_POINTER;
    }
    const double scale = reciprocal_of(softness);
    for (softgrad_count row = 0; row < rows; row++) {
        sums_of_row(n, m, x, v, at, scale, below, left, right, scratch);
        x += n;
        v += n;
        at += m;
        below += m;
        left += m;
        right += m;
    }
    return SOFTGRAD_OK;
}

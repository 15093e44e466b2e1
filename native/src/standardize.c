/* Standardized rows and their vector-Jacobian product, for one tier. */
#include "standardize.h"
#include "arguments.h"

/* --- the row ----------------------------------------------------------------------------------------------------- */

/* What the rounding of a mean leaves of the variance of a constant row, amply. */
#define ROUNDING_VARIANCE 1e-30

struct extent {
    double largest; /* of |x| */
    double surplus; /* sum of x - x[0] */
};

/* In units of 1 / scale. */
static struct extent extent_of(softgrad_count n, const double *x, double scale) {
    double origin = x[0] * scale;
    Vector largest[UNROLLED] = {{0}}, surplus[UNROLLED] = {{0}};
    softgrad_count i = 0;
    for (; i + UNROLLED * LANES <= n; i += UNROLLED * LANES) {
        for (int k = 0; k < UNROLLED; k++) {
            Vector a = load_f64(x + i + k * LANES) * scale;
            largest[k] = larger(magnitude(a), largest[k]);
            surplus[k] += a - origin;
        }
    }
    for (; i < n; i += LANES) {
        Vector a = load_up_to(x + i, n - i, x[0]) * scale;
        largest[0] = larger(magnitude(a), largest[0]);
        surplus[0] += a - origin;
    }
    return (struct extent){largest_lane(larger(larger(largest[0], largest[1]), larger(largest[2], largest[3]))),
                           sum_of_lanes((surplus[0] + surplus[1]) + (surplus[2] + surplus[3]))};
}

static double sum_of_squares(softgrad_count n, const double *x, const struct squash *squash) {
    Vector sums[UNROLLED] = {{0}};
    softgrad_count i = 0;
    for (; i + UNROLLED * LANES <= n; i += UNROLLED * LANES) {
        for (int k = 0; k < UNROLLED; k++) {
            Vector distance = centred(squash, load_f64(x + i + k * LANES));
            sums[k] += distance * distance;
        }
    }
    for (; i < n; i += LANES) {
        Vector distance = centred(squash, load_up_to(x + i, n - i, 0));
        distance = n - i >= LANES ? distance : select(among_first(n - i), distance, broadcast(0));
        sums[0] += distance * distance;
    }
    return sum_of_lanes((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

/* The power of two above a number larger than 1. */
static double unit_above(double largest) {
    union {
        double value;
        unsigned long long bits;
    } power = {largest};
    if (!(largest > 1)) {
        return 1;
    }
    power.bits = (power.bits & 0x7ff0000000000000) + 0x0010000000000000;
    return power.bits == 0x7ff0000000000000 ? 0x1p+1023 : power.value;
}

/* A huge constant row has the root of the floor for its deviation, as a constant. */
static double deviation_of(double variance, double unit) {
    double floor = VARIANCE_FLOOR * (1 / unit) * (1 / unit), least = LEAST_DEVIATION * LEAST_DEVIATION;
    if (floor <= least) {
        floor = least;
        if (variance <= ROUNDING_VARIANCE) {
            return LEAST_DEVIATION;
        }
    }
    return square_root(broadcast(variance + floor))[0];
}

struct squash SOFTGRAD_IN_TIER(squash_of)(softgrad_count n, const double *x) {
    struct extent extent = extent_of(n, x, 1);
    double unit = unit_above(extent.largest), inverse = 1 / unit;
    double surplus = extent.largest < 0x1p+900 ? extent.surplus * inverse : extent_of(n, x, inverse).surplus;
    struct squash squash = {.inverse = inverse, .origin = x[0] * inverse, .offset = surplus / (double)n};
    double deviation = deviation_of(sum_of_squares(n, x, &squash) / (double)n, unit);
    squash.scale = (struct scale){unit, squash.origin + squash.offset, deviation};
    squash.steepness = 1 / deviation;
    return squash;
}

struct scale SOFTGRAD_IN_TIER(squash_row)(softgrad_count n, const double *x, double *s) {
    const struct squash squash = SOFTGRAD_IN_TIER(squash_of)(n, x);
    for (softgrad_count i = 0; i < n; i += LANES) {
        store_up_to(s + i, n - i, squashed(&squash, load_up_to(x + i, n - i, 0)));
    }
    return squash.scale;
}

/* --- the vector-Jacobian product --------------------------------------------------------------------------------- */

INLINE void pull_row(softgrad_count n, struct scale scale, const double *x, const double *s, double mean_bar,
                     double deviation_bar, const double *g, double *dx) {
    Vector sums = broadcast(0), products = broadcast(0);
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector share = load_up_to(s + i, n - i, 0);
        Vector u_bar = share * (1.0 - share) * load_up_to(g + i, n - i, 0);
        sums += u_bar;
        products += u_bar * deviations_of(load_up_to(x + i, n - i, 0), &scale);
    }
    const struct squash_pull pull =
        squash_pull_of(n, scale, sum_of_lanes(sums), sum_of_lanes(products), mean_bar, deviation_bar);
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector share = load_up_to(s + i, n - i, 0);
        Vector u_bar = share * (1.0 - share) * load_up_to(g + i, n - i, 0);
        Vector u = deviations_of(load_up_to(x + i, n - i, 0), &scale);
        store_up_to(dx + i, n - i, pull_squashed(pull, u_bar, u));
    }
}

void SOFTGRAD_IN_TIER(squash_pull_at)(softgrad_count n, struct scale scale, const double *x, const double *s,
                                      double mean_bar, double deviation_bar, double *g) {
    pull_row(n, scale, x, s, mean_bar, deviation_bar, g, g);
}

/* --- exported ---------------------------------------------------------------------------------------------------- */

int SOFTGRAD_IN_TIER(squash_f64)(softgrad_count rows, softgrad_count n, const double *x, double *s, double *scale) {
    int status = check_rows(rows, n, sizeof(double));
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!x || !s || !scale) {
        return SOFTGRAD_BAD_POINTER;
    }
    for (softgrad_count row = 0; row < rows; row++, x += n, s += n, scale += 3) {
        if (is_finite_row(n, x)) {
            struct scale found = SOFTGRAD_IN_TIER(squash_row)(n, x, s);
            scale[0] = found.unit;
            scale[1] = found.mean;
            scale[2] = found.deviation;
            continue;
        }
        for (softgrad_count i = 0; i < n; i++) {
            s[i] = __builtin_nan("");
        }
        scale[0] = scale[1] = scale[2] = __builtin_nan("");
    }
    return SOFTGRAD_OK;
}

int SOFTGRAD_IN_TIER(squash_vjp_f64)(softgrad_count rows, softgrad_count n, const double *x, const double *scale,
                                     const double *s, const double *g, double *dx) {
    int status = check_rows(rows, n, sizeof(double));
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!x || !scale || !s || !g || !dx) {
        return SOFTGRAD_BAD_POINTER;
    }
    for (softgrad_count row = 0; row < rows; row++) {
        softgrad_count at = row * n;
        struct scale found = {scale[3 * row], scale[3 * row + 1], scale[3 * row + 2]};
        pull_row(n, found, x + at, s + at, 0, 0, g + at, dx + at);
    }
    return SOFTGRAD_OK;
}

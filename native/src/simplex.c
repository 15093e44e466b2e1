/*
 * Projection of rows onto the probability simplex and its vector-Jacobian product, for one tier.
 *
 * With d = x - max x and u = d / softness, the projection is softmax(u) for the entropy, and for R(y) = (1/p) sum y^p
 * it is y_j = [u_j - t]+^a with a = q - 1 in {1, 2, 3} and t such that the row sums to one (Blondel, Martins and
 * Niculae, "Learning with Fenchel-Young losses", JMLR 21, 2020, section 4; p = 2 is Martins and Astudillo's sparsemax).
 *
 * Since max u = 0, t lies in [-1, 0), so only elements with u > -1 can be in the support. Those are packed together, in
 * the output row, which serves as scratch. S_a(t) = sum [u_j - t]+^a is a norm to the power a, and S_a(t)^(1/a) is
 * convex and decreasing in t, so Newton's method on S_a^(1/a) = 1 from t = -1 approaches the root from the left and
 * never passes it:
 *
 *     t += (S_a - S_a^((a-1)/a)) / S_(a-1)
 *
 * For a = 1 this is Michelot's algorithm (JOTA 50, 1986), which is finite. Elements that fall to t or below are out for
 * good, so the packed set is packed again as it shrinks.
 *
 * The float form differs only in how it loads and stores: the packed elements are those of x themselves, exact in
 * either type, and everything derived from them is double.
 */
#include "arguments.h"
#include "elementary.h"
#include "kernels.h"
#include "powers.h"

enum {
    UNROLL = 4,             /* independent accumulators hide the latency of additions */
    WORTH_PACKING = 64,     /* below this many elements a pass costs less than packing them */
    ITERATION_BOUND = 100,  /* 3 to 6 are usual; the most ever seen, on adversarial rows, is 17 */
};

/* One row's way from an element to u: (x - maximum) * scale. */
struct scaling {
    double maximum;
    double scale;
};

INLINE Vector scaled(Vector x, struct scaling by) {
    return (x - by.maximum) * by.scale;
}

/* power^a for the supported a, a constant wherever this is inlined. */
struct power_sums {
    double of_a;         /* S_a */
    double of_a_minus_1; /* S_(a-1); for a = 1 the number of elements above t */
};

/* The step of Newton's method above; at the root it is rounding noise of either sign. */
INLINE double newton_step(struct power_sums sums, int a) {
    Vector s = broadcast(sums.of_a);
    Vector root = a == 1 ? broadcast(1.0) : a == 2 ? square_root(s) : two_thirds_power(s);
    return (sums.of_a - root[0]) / sums.of_a_minus_1;
}

/* Also true for NaN, so that a row with a NaN ends at once. */
INLINE int is_negligible(double step, double t) {
    return !(__builtin_fabs(step) > -t * 0x1p-51);
}

/* dy / d(u - t) as a function of y, without its constant factor, which cancels inside the brackets of the product. */
INLINE Vector jacobian_weight(Vector y, int regularizer) {
    switch (regularizer) {
        case SOFTGRAD_SQUARED_EUCLIDEAN: return select((Mask)(y > 0), broadcast(1.0), y);
        case SOFTGRAD_NORM_3_2: return square_root(y);
        case SOFTGRAD_NORM_4_3: return two_thirds_power(y);
        default: return y;
    }
}

INLINE double jacobian_factor(int regularizer) {
    switch (regularizer) {
        case SOFTGRAD_NORM_3_2: return 2.0;
        case SOFTGRAD_NORM_4_3: return 3.0;
        default: return 1.0;
    }
}

static inline int check_simplex(int regularizer, softgrad_count rows, softgrad_count n, softgrad_count element_size,
                                double softness) {
    if (regularizer < SOFTGRAD_ENTROPY || regularizer > SOFTGRAD_NORM_4_3) {
        return SOFTGRAD_BAD_REGULARIZER;
    }
    int status = check_rows(rows, n, element_size);
    return status != SOFTGRAD_OK ? status : check_softness(softness);
}

#define ELEMENT double
#define SUFFIX f64
#include "simplex_rows.h"
#undef ELEMENT
#undef SUFFIX

#define ELEMENT float
#define SUFFIX f32
#include "simplex_rows.h"
#undef ELEMENT
#undef SUFFIX

/*
 * The smooth majorization problem of one row and its adjoint, for majorization.c.
 *
 * With a = z / softness and bounds b, and in terms of the increments c_k = b_k - b_(k-1), of slacks s_k = b_k - (y_1 +
 * .. + y_k) and distances d_k = y_k - y_(k+1), all for k < n, the solution is
 *
 *     y = c - D' s,   D y = d,   s = exp(-(D a + L beta)),   d = exp(-beta),
 *
 * where D takes first differences v_k - v_(k+1), D' is its transpose and L = D D' = tridiag(-1, 2, -1). The dual beta
 * is the minimum of the convex function <beta, D c> + sum s + sum d, whose gradient is D c - L s - d and whose
 * Hessian L diag(s) L + diag(d) has five diagonals.
 *
 * Everything is solved in units of the mean of D c: beta is shifted by the logarithm of the unit, which L sees at the
 * two ends only.
 */
#ifndef SOFTGRAD_MAJORIZATION_SOLVER_H
#define SOFTGRAD_MAJORIZATION_SOLVER_H

#include "elementary.h"
#include "vector.h"

enum { STEP_BOUND = 500 }; /* 5 to 15 are usual */

static const double ROUNDING = 0x1p-53;
static const double SETTLED = 0.125;    /* steps smaller than this converge quadratically */
static const double LARGEST_LOG = 700;  /* of a slack or distance, in units of the mean distance */
static const double HARD_GAP = 4096;    /* beyond it a slack is zero whatever beta is */

/* Vectors of m = n - 1 numbers that have a zero before and behind them. */
struct banded {
    softgrad_count m;
    const double *slack;
    const double *distance;
    double *inverse_pivot;
    double *first_factor;
    double *second_factor;
};

INLINE double second_difference(const double *padded, softgrad_count i) {
    return 2 * padded[i] - padded[i - 1] - padded[i + 1];
}

/* Factors L diag(s) L + diag(d) = U' diag(pivots) U. No exact pivot is smaller than its d. */
static void factor_banded(struct banded h) {
    const double *s = h.slack;
    double previous_first = 0;
    for (softgrad_count i = 0; i < h.m; i++) {
        double diagonal = 4 * s[i] + s[i - 1] + s[i + 1] + h.distance[i];
        double first = 0, second = 0;
        if (i > 1) {
            second = s[i - 1] * h.inverse_pivot[i - 2];
            diagonal -= second * s[i - 1];
        }
        if (i > 0) {
            double below = -2 * (s[i - 1] + s[i]) - (i > 1 ? s[i - 1] * previous_first : 0);
            first = below * h.inverse_pivot[i - 1];
            diagonal -= first * below;
        }
        const double least = h.distance[i] > 0x1p-1000 ? h.distance[i] : 0x1p-1000;
        h.inverse_pivot[i] = 1 / (diagonal > least ? diagonal : least);
        h.first_factor[i] = previous_first = first;
        h.second_factor[i] = second;
    }
}

/* Replaces the right-hand side x by the solution. */
static void solve_banded(struct banded h, double *x) {
    for (softgrad_count i = 1; i < h.m; i++) {
        x[i] -= h.first_factor[i] * x[i - 1] + (i > 1 ? h.second_factor[i] * x[i - 2] : 0);
    }
    for (softgrad_count i = 0; i < h.m; i++) {
        x[i] *= h.inverse_pivot[i];
    }
    for (softgrad_count i = h.m - 2; i >= 0; i--) {
        x[i] -= h.first_factor[i + 1] * x[i + 1] + (i + 2 < h.m ? h.second_factor[i + 2] * x[i + 2] : 0);
    }
}

static void exponentials(softgrad_count count, double *x) {
    const Vector largest = broadcast(-LARGEST_LOG);
    for (softgrad_count i = 0; i < count; i += LANES) {
        if (count - i >= LANES) {
            store_f64(x + i, exponential(-larger(largest, -load_f64(x + i))));
        } else {
            store_first_f64(x + i, count - i, exponential(-larger(largest, -load_first_f64(x + i, count - i, 0))));
        }
    }
}

/* What Newton's method works on; slack, beta and step are padded. */
struct majorization {
    softgrad_count m;
    double *gap;      /* D a, and the shift of beta by the unit */
    double *fall;     /* D c in units */
    double *beta;
    double *alpha;    /* gap + L beta */
    double *slack;
    double *distance;
    double *step;
    double *inverse_pivot;
    double *first_factor;
    double *second_factor;
};

struct certificate {
    softgrad_count steps;
    double residual; /* the largest entry of D c - L s - d beside the largest D c, s or d */
};

INLINE struct banded hessian(struct majorization at) {
    return (struct banded){at.m, at.slack, at.distance, at.inverse_pivot, at.first_factor, at.second_factor};
}

/* Slacks and distances of beta, and minus the gradient as the step; returns the residual. */
static double evaluate(struct majorization at) {
    for (softgrad_count i = 0; i < at.m; i++) {
        at.slack[i] = -at.alpha[i];
        at.distance[i] = -at.beta[i];
    }
    exponentials(at.m, at.slack);
    exponentials(at.m, at.distance);
    double error = 0, size = 0;
    for (softgrad_count i = 0; i < at.m; i++) {
        const double descent = (second_difference(at.slack, i) + at.distance[i]) - at.fall[i];
        const double size_here = at.slack[i] > at.distance[i] ? at.slack[i] : at.distance[i];
        at.step[i] = descent;
        error = __builtin_fabs(descent) <= error ? error : __builtin_fabs(descent);
        size = size_here > size ? size_here : size;
        size = at.fall[i] > size ? at.fall[i] : size;
    }
    return error / size;
}

/*
 * The length of a Newton step that cannot go past the minimum along it. Along a step p no term of the function grows
 * faster than exp(t growth) with growth the largest entry of -p and -L p, so the directional derivative stays at most
 * zero up to t = log(1 + growth) / growth (Sun and Tran-Dinh, "Generalized self-concordant functions: a recipe for
 * Newton-type methods", Mathematical Programming 178, 2019, for nu = 2).
 */
static double safe_length(double growth) {
    if (growth < SETTLED) {
        return growth > 0 ? 2 / (2 + growth) : 1;
    }
    return logarithm(broadcast(1 + growth))[0] / growth;
}

/* Along a step whose rounding would show in alpha, alpha follows beta; small steps at the end are added to both. */
static void move(struct majorization at, double length, int small) {
    for (softgrad_count i = 0; i < at.m; i++) {
        at.beta[i] += length * at.step[i];
    }
    for (softgrad_count i = 0; i < at.m; i++) {
        at.alpha[i] = small ? at.alpha[i] + length * second_difference(at.step, i)
                            : at.gap[i] + second_difference(at.beta, i);
    }
}

struct extent {
    double growth; /* the largest entry of -p and -L p, at least zero */
    double fall;   /* the largest entry of p and L p, at least zero */
};

static struct extent extent_of(softgrad_count m, const double *step) {
    struct extent extent = {0, 0};
    for (softgrad_count i = 0; i < m; i++) {
        const double bend = second_difference(step, i);
        const double least = bend < step[i] ? bend : step[i], most = bend > step[i] ? bend : step[i];
        extent.growth = -least > extent.growth ? -least : extent.growth;
        extent.fall = most > extent.fall ? most : extent.fall;
    }
    return extent;
}

/* Damped Newton from the given beta until the residual is no longer halved in its quadratic phase. */
static struct certificate minimize(struct majorization at) {
    move(at, 0, 0);
    struct certificate now = {.steps = 0, .residual = evaluate(at)};
    int settled = 0;
    while (now.residual > ROUNDING && now.steps < STEP_BOUND) {
        factor_banded(hessian(at));
        solve_banded(hessian(at), at.step);
        const struct extent extent = extent_of(at.m, at.step);
        const int last_phase = extent.growth < SETTLED && extent.fall < SETTLED;
        move(at, safe_length(extent.growth), last_phase);
        const double before = now.residual;
        now.residual = evaluate(at);
        now.steps++;
        if (settled && !(now.residual < before / 2)) {
            break;
        }
        settled = last_phase;
    }
    return now;
}

#endif

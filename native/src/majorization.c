/*
 * The smooth majorization sort of rows and its vector-Jacobian product, for one tier.
 *
 * y maximises <z / softness, y> + sum H(slack_k) + sum H(distance_k), H(t) = t - t log t, over y with the sum of w,
 * where slack_k = b_k - (y_1 + .. + y_k) and distance_k = y_k - y_(k+1) for z sorted descending: sorting as linear
 * programming over the permutahedron (Rado 1952: y is majorized by w), with both kinds of constraints made smooth. The
 * bounds b_k = T log e_k(exp(w / T)), T = min(softness, 1), are smooth versions of the sums of the k largest w.
 *
 * majorization_bounds.h has the bounds, majorization_solver.h the dual Newton method and its linear systems.
 */
#include "arguments.h"
#include "kernels.h"
#include "majorization_bounds.h"
#include "majorization_solver.h"

INLINE double bounds_temperature(double softness) {
    return softness < 1 ? softness : 1;
}

static int is_finite_row(softgrad_count n, const double *x) {
    double sum = 0;
    for (softgrad_count i = 0; i < n; i++) {
        sum += x[i] - x[i];
    }
    return sum == 0;
}

static void fill(softgrad_count n, double *x, double value) {
    for (softgrad_count i = 0; i < n; i++) {
        x[i] = value;
    }
}

/* c_k - c_(k+1), from differences of w. */
INLINE double fall_of(const double *w, const double *excess, double temperature, softgrad_count k) {
    return (w[k] - w[k + 1]) + temperature * (excess[k] - excess[k + 1]);
}

/* The mean of D c, the unit of the solver. */
static double unit_of(softgrad_count n, const double *w, const double *excess, double temperature) {
    const double across = (w[0] / (double)(n - 1) - w[n - 1] / (double)(n - 1));
    const double unit = across + temperature * ((excess[0] - excess[n - 1]) / (double)(n - 1));
    return unit > 0x1p-1000 ? unit : 0x1p-1000;
}

/* A vector of n - 1 numbers between two zeros, from the front of the scratch memory. */
static double *padded(softgrad_count n, double **scratch) {
    double *vector = *scratch + 1;
    vector[-1] = vector[n - 1] = 0;
    *scratch += n + 1;
    return vector;
}

static struct majorization workspace(softgrad_count n, double *scratch) {
    return (struct majorization){
        .m = n - 1,
        .gap = padded(n, &scratch),
        .fall = padded(n, &scratch),
        .beta = padded(n, &scratch),
        .alpha = padded(n, &scratch),
        .slack = padded(n, &scratch),
        .distance = padded(n, &scratch),
        .step = padded(n, &scratch),
        .inverse_pivot = padded(n, &scratch),
        .first_factor = padded(n, &scratch),
        .second_factor = padded(n, &scratch),
    };
}

static struct certificate solve_row(softgrad_count n, const double *z, const double *w, double softness, double *y,
                                    double *excess, double *slack, double *distance, double *scratch) {
    const double temperature = bounds_temperature(softness), inverse = reciprocal_of(softness);
    bounds(n, w, temperature, excess, scratch, scratch + (n + 1), scratch + 2 * (n + 1));
    const double unit = unit_of(n, w, excess, temperature), inverse_unit = 1 / unit;
    const double shift = logarithm(broadcast(unit))[0];
    struct majorization at = workspace(n, scratch);
    for (softgrad_count k = 0; k < at.m; k++) {
        const double gap = (z[k] - z[k + 1]) * inverse;
        at.gap[k] = (gap < HARD_GAP ? gap : HARD_GAP) + shift * (1 - (k == 0) - (k == at.m - 1));
        at.fall[k] = fall_of(w, excess, temperature, k) * inverse_unit;
        at.beta[k] = at.step[k] = 0;
    }
    if (n == 2 && shift > 0) {
        at.beta[0] = shift / 2; /* both ends in one: a slack of the size of beta = 0 would be enormous */
    }
    const struct certificate solved = minimize(at);
    for (softgrad_count k = 0; k < n; k++) {
        y[k] = w[k] + (temperature * excess[k] - unit * (at.slack[k] - at.slack[k - 1]));
        slack[k] = at.slack[k];
        distance[k] = k < at.m ? at.distance[k] : 0;
    }
    return solved;
}

int SOFTGRAD_IN_TIER(majorization_f64)(softgrad_count rows, softgrad_count n, const double *z, const double *w,
                                       double softness, double *y, double *solution, softgrad_count *iterations,
                                       double *residual, double *scratch) {
    int status = check_rows(rows, n, 3 * sizeof(double));
    status = status != SOFTGRAD_OK ? status : check_softness(softness);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!z || !w || !y || !solution || !iterations || !residual || !scratch) {
        return SOFTGRAD_BAD_POINTER;
    }
    for (softgrad_count row = 0; row < rows; row++, z += n, w += n, y += n, solution += 3 * n) {
        struct certificate solved = {.steps = 0, .residual = 0};
        if (!is_finite_row(n, z) || !is_finite_row(n, w)) {
            fill(n, y, __builtin_nan(""));
            fill(3 * n, solution, __builtin_nan(""));
        } else if (n == 1) {
            y[0] = w[0];
            fill(3, solution, 0);
        } else {
            solved = solve_row(n, z, w, softness, y, solution, solution + n, solution + 2 * n, scratch);
        }
        iterations[row] = solved.steps;
        residual[row] = solved.residual;
    }
    return SOFTGRAD_OK;
}

/*
 * The cotangents of D a and of the increments c: with h = D g and H p = L diag(s) h, H the Hessian of the dual,
 *
 *     d(D a) = u = diag(s) (h - L p),   dc = g - D' p.
 *
 * L u = diag(d) p shows what is left of rounding, which one step of refinement takes away.
 */
static void adjoint(struct majorization at, const double *g, double *u, double *dc) {
    const softgrad_count m = at.m;
    double *p = at.beta, *correction = at.step;
    for (softgrad_count i = 0; i < m; i++) {
        p[i] = 0;
    }
    factor_banded(hessian(at));
    for (int pass = 0; pass < 2; pass++) {
        for (softgrad_count i = 0; i < m; i++) {
            u[i] = at.slack[i] * ((g[i] - g[i + 1]) - second_difference(p, i));
        }
        for (softgrad_count i = 0; i < m; i++) {
            correction[i] = second_difference(u, i) - at.distance[i] * p[i];
        }
        solve_banded(hessian(at), correction);
        for (softgrad_count i = 0; i < m; i++) {
            p[i] += correction[i];
        }
    }
    for (softgrad_count i = 0; i < m; i++) {
        u[i] = at.slack[i] * ((g[i] - g[i + 1]) - second_difference(p, i));
    }
    for (softgrad_count k = 0; k <= m; k++) {
        dc[k] = g[k] - (p[k] - p[k - 1]);
    }
}

/*
 * The bounds are homogeneous in w and T, so T dc_k/dT = c_k - sum_i w_i dc_k/dw_i, and the derivatives of c_k in w
 * sum to one: the mean of w may be taken off.
 */
static double temperature_cotangent(softgrad_count n, const double *w, double temperature, const double *excess,
                                    const double *dc, const double *dw) {
    double mean = 0, sum = 0, scaled = 0;
    for (softgrad_count k = 0; k < n; k++) {
        mean += w[k] / (double)n;
    }
    for (softgrad_count k = 0; k < n; k++) {
        sum += dc[k] * excess[k];
        scaled += (w[k] - mean) * (dc[k] - dw[k]);
    }
    return sum + scaled / temperature;
}

static double pull_row(softgrad_count n, const double *z, const double *w, double softness, const double *solution,
                       const double *g, double *dz, double *dw, double *scratch) {
    const double *excess = solution;
    const double temperature = bounds_temperature(softness), inverse = reciprocal_of(softness);
    const double unit = unit_of(n, w, excess, temperature);
    struct majorization at = workspace(n, scratch);
    double *u = at.gap, *dc = scratch + 10 * (n + 1);
    for (softgrad_count k = 0; k < n - 1; k++) {
        at.slack[k] = solution[n + k];
        at.distance[k] = solution[2 * n + k];
    }
    adjoint(at, g, u, dc);
    double of_softness = 0;
    for (softgrad_count k = 0; k < n; k++) {
        dz[k] = unit * (u[k] - u[k - 1]) * inverse;
        of_softness -= k < n - 1 ? unit * u[k] * ((z[k] - z[k + 1]) * inverse) * inverse : 0;
    }
    bounds_vjp(n, w, temperature, excess, dc, dw, scratch, scratch + (n + 1), scratch + 2 * (n + 1));
    const double of_temperature = temperature_cotangent(n, w, temperature, excess, dc, dw);
    return of_softness + of_temperature * (softness < 1 ? 1 : softness > 1 ? 0 : 0.5);
}

int SOFTGRAD_IN_TIER(majorization_vjp_f64)(softgrad_count rows, softgrad_count n, const double *z, const double *w,
                                           double softness, const double *solution, const double *g, double *dz,
                                           double *dw, double *dsoftness, double *scratch) {
    int status = check_rows(rows, n, 3 * sizeof(double));
    status = status != SOFTGRAD_OK ? status : check_softness(softness);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!z || !w || !solution || !g || !dz || !dw || !dsoftness || !scratch) {
        return SOFTGRAD_BAD_POINTER;
    }
    for (softgrad_count row = 0; row < rows; row++, z += n, w += n, g += n, dz += n, dw += n, solution += 3 * n) {
        if (!is_finite_row(n, solution) || !is_finite_row(n, g)) {
            fill(n, dz, __builtin_nan(""));
            fill(n, dw, __builtin_nan(""));
            dsoftness[row] = __builtin_nan("");
        } else if (n == 1) {
            dz[0] = 0;
            dw[0] = g[0];
            dsoftness[row] = 0;
        } else {
            dsoftness[row] = pull_row(n, z, w, softness, solution, g, dz, dw, scratch);
        }
    }
    return SOFTGRAD_OK;
}

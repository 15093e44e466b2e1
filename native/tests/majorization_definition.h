/*
 * The smooth majorization sort by its definition, in long double: polynomials by logarithms, the dual by Newton steps
 * with dense matrices, derivatives by differentiating the optimality conditions. For rows of at most SHORT numbers.
 */
#ifndef SOFTGRAD_MAJORIZATION_DEFINITION_H
#define SOFTGRAD_MAJORIZATION_DEFINITION_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SHORT = 24 };

/* log of the sum of exponentials of two numbers, of which the first may be minus infinity. */
static long double log_sum(long double a, long double b) {
    long double larger = a > b ? a : b, smaller = a > b ? b : a;
    return smaller == -INFINITY ? larger : larger + log1pl(expl(smaller - larger));
}

/* log e_k(exp(w / T)) for k = 0..n, leaving element `without` out. */
static void log_polynomials(int n, const double *w, long double temperature, int without, long double *log_e) {
    for (int k = 0; k <= n; k++) {
        log_e[k] = k == 0 ? 0 : -INFINITY;
    }
    for (int j = 0; j < n; j++) {
        for (int k = n; k >= 1 && j != without; k--) {
            if (log_e[k - 1] > -INFINITY) {
                log_e[k] = log_sum(log_e[k], log_e[k - 1] + w[j] / temperature);
            }
        }
    }
}

/* Gaussian elimination with partial pivoting; the solution replaces x. */
static void solve_dense(int size, long double matrix[2 * SHORT][2 * SHORT], long double *x) {
    for (int column = 0; column < size; column++) {
        int pivot = column;
        for (int row = column; row < size; row++) {
            pivot = fabsl(matrix[row][column]) > fabsl(matrix[pivot][column]) ? row : pivot;
        }
        for (int k = 0; k < size; k++) {
            long double kept = matrix[column][k];
            matrix[column][k] = matrix[pivot][k];
            matrix[pivot][k] = kept;
        }
        long double kept = x[column];
        x[column] = x[pivot];
        x[pivot] = kept;
        for (int row = 0; row < size; row++) {
            long double factor = row == column ? 0 : matrix[row][column] / matrix[column][column];
            for (int k = column; k < size && factor != 0; k++) {
                matrix[row][k] -= factor * matrix[column][k];
            }
            x[row] -= factor * x[column];
        }
    }
    for (int row = 0; row < size; row++) {
        x[row] /= matrix[row][row];
    }
}

struct problem {
    int n;
    double *z, *w;
    long double softness, temperature;
    long double bound[SHORT + 1]; /* b_0 = 0 .. b_n */
    long double slack[SHORT], distance[SHORT];
};

/* (L v)_i, v being zero outside. */
static long double bend(int m, const long double *v, int i) {
    return 2 * v[i] - (i > 0 ? v[i - 1] : 0) - (i + 1 < m ? v[i + 1] : 0);
}

/* The dual by damped Newton steps, as many as any row here needs. */
static void solve_dual(struct problem *at) {
    static long double hessian[2 * SHORT][2 * SHORT], beta[SHORT], step[SHORT];
    int m = at->n - 1;
    long double mean = 0;
    for (int i = 0; i < m; i++) {
        mean += (2 * at->bound[i + 1] - at->bound[i] - at->bound[i + 2]) / m;
    }
    for (int i = 0; i < m; i++) {
        beta[i] = -logl(mean);
    }
    for (int iteration = 0; iteration < 200; iteration++) {
        long double growth = 0, largest = 0;
        for (int i = 0; i < m; i++) {
            at->slack[i] = expl(-((at->z[i] - at->z[i + 1]) / at->softness + bend(m, beta, i)));
            at->distance[i] = expl(-beta[i]);
        }
        for (int i = 0; i < m; i++) {
            step[i] = bend(m, at->slack, i) + at->distance[i] -
                      (2 * at->bound[i + 1] - at->bound[i] - at->bound[i + 2]);
            for (int j = 0; j < m; j++) {
                hessian[i][j] = i == j ? at->distance[i] : 0;
                for (int k = 0; k < m; k++) {
                    long double to_i = k == i ? 2 : abs(k - i) == 1 ? -1 : 0;
                    long double to_j = k == j ? 2 : abs(k - j) == 1 ? -1 : 0;
                    hessian[i][j] += to_i * at->slack[k] * to_j;
                }
            }
        }
        solve_dense(m, hessian, step);
        for (int i = 0; i < m; i++) {
            growth = fmaxl(growth, fmaxl(-step[i], -bend(m, step, i)));
            largest = fmaxl(largest, fmaxl(fabsl(step[i]), fabsl(bend(m, step, i))));
        }
        for (int i = 0; i < m; i++) {
            beta[i] += step[i] * (growth > 0.1L ? log1pl(growth) / growth : 1);
        }
        if (largest < 1e-16L) {
            break;
        }
    }
}

static void pose(struct problem *at, int n, double *z, double *w, double softness) {
    *at = (struct problem){.n = n, .z = z, .w = w, .softness = softness, .temperature = fminl(softness, 1)};
    log_polynomials(n, w, at->temperature, -1, at->bound);
    for (int k = 0; k <= n; k++) {
        at->bound[k] *= at->temperature;
    }
    solve_dual(at);
}

/*
 * The derivatives by differentiating the optimality conditions A' (A x / slack) + D' (D x / distance) + mu = g, sum x
 * = 0, where A takes prefix sums and D first differences; da = x, db_k = (A x)_k / slack_k, db_n = mu. The unknowns
 * are v = A x / slack and p = D x / distance, which stay of the size of g: the equations become v + L p = D g and L
 * (slack v) = distance p, and x = D' (slack v), mu = g_n + p_(n-1).
 */
static void expected_cotangents(const struct problem *at, const double *g, long double *da, long double *db) {
    static long double matrix[2 * SHORT][2 * SHORT], unknown[2 * SHORT];
    int m = at->n - 1;
    memset(matrix, 0, sizeof matrix);
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < m; j++) {
            long double second_difference = i == j ? 2 : abs(i - j) == 1 ? -1 : 0;
            matrix[i][j] = i == j;
            matrix[i][m + j] = second_difference;
            matrix[m + i][j] = second_difference * at->slack[j];
            matrix[m + i][m + j] = i == j ? -at->distance[i] : 0;
        }
        unknown[i] = (long double)g[i] - g[i + 1];
        unknown[m + i] = 0;
    }
    solve_dense(2 * m, matrix, unknown);
    for (int k = 0; k <= m; k++) {
        da[k] = (k < m ? at->slack[k] * unknown[k] : 0) - (k > 0 ? at->slack[k - 1] * unknown[k - 1] : 0);
        db[k] = k < m ? unknown[k] : g[m] + unknown[2 * m - 1];
    }
}

/* Also the part of the softness' cotangent that comes from the bounds: T db_k/dT = b_k - sum_i w_i db_k/dw_i. */
static long double expected_bounds_cotangents(const struct problem *at, const long double *db, long double *dw) {
    static long double without[SHORT + 1];
    long double of_temperature = 0;
    for (int k = 1; k <= at->n; k++) {
        of_temperature += db[k - 1] * at->bound[k] / at->temperature;
    }
    for (int i = 0; i < at->n; i++) {
        log_polynomials(at->n, at->w, at->temperature, i, without);
        dw[i] = 0;
        for (int k = 1; k <= at->n; k++) {
            dw[i] += db[k - 1] * expl((at->w[i] - at->bound[k]) / at->temperature + without[k - 1]);
        }
        of_temperature -= at->w[i] * dw[i] / at->temperature;
    }
    return of_temperature;
}

/* The ratios e_k / e_(k-1), times exp(-w_k / T), by their own recurrence: log of them is the excess. */
static void expected_excess(int n, const double *w, long double temperature, long double *ratio) {
    long double *factor = malloc((size_t)n * sizeof *factor);
    for (int j = 0; j < n; j++) {
        ratio[j] = 0;
        for (int k = 0; k <= j; k++) {
            factor[k] = expl((w[j] - w[k]) / temperature);
        }
        for (int k = j; k > 0; k--) {
            ratio[k] = ratio[k - 1] * (ratio[k] + factor[k]) / (ratio[k - 1] + factor[k - 1]);
        }
        ratio[0] += factor[0];
    }
    for (int k = 0; k < n; k++) {
        ratio[k] = logl(ratio[k]);
    }
    free(factor);
}

#endif

/* The projections themselves: onto the simplex, permutahedra, and the transport polytope. */
#include "golden.h"

/* --- simplex ----------------------------------------------------------------------------------------------------- */

/* The numbers of a tensor with an axis moved to the end, and back. */
static void move_axis(const struct tensor *t, int axis, double *moved, int back, double *data) {
    count n = t->shape->items[axis].number > 0 ? (count)t->shape->items[axis].number : 0, inner = 1;
    for (int i = axis + 1; i < t->rank; i++) {
        inner *= (count)t->shape->items[i].number;
    }
    for (count at = 0; at < t->size; at++) {
        const count outer = at / (n * inner), entry = at / inner % n, within = at % inner;
        double *in_row = &moved[(outer * inner + within) * n + entry];
        if (back) {
            data[at] = *in_row;
        } else {
            *in_row = data[at];
        }
    }
}

/* -<dx, x - max x> / softness, as the projection depends on x / softness and not on shifts. */
double simplex_softness(count rows, count n, const double *x, const double *dx, double softness) {
    double sum = 0;
    for (count row = 0; row < rows; row++, x += n, dx += n) {
        double largest = x[0];
        for (count i = 0; i < n; i++) {
            largest = fmax(largest, x[i]);
        }
        for (count i = 0; i < n; i++) {
            sum += x[i] > -INFINITY ? dx[i] * (x[i] - largest) : 0;
        }
    }
    return -sum / softness;
}

static void run_simplex(struct golden *golden) {
    struct tensor x = input_of(golden, "x"), g = cotangent_of(golden, 0);
    const int given = (int)number_of(golden, "axis", -1), axis = given < 0 ? given + x.rank : given;
    if (flag_of(golden, "return_log_probs", 0) || x.rank == 0) {
        return;
    }
    const count n = (count)x.shape->items[axis].number, rows = x.size / n;
    double *in = numbers(x.size), *y = numbers(x.size), *out = numbers(x.size);
    move_axis(&x, axis, in, 0, x.data);
    require_ok(golden, "simplex_f64", softgrad_simplex_f64(golden->regularizer, rows, n, in, golden->softness, y));
    move_axis(&x, axis, y, 1, out);
    compare_output(golden, 0, x.size, out);
    if (g.data) {
        double *cotangent = numbers(x.size), *dx = numbers(x.size);
        move_axis(&x, axis, cotangent, 0, g.data);
        require_ok(golden, "simplex_vjp_f64",
                   softgrad_simplex_vjp_f64(golden->regularizer, rows, n, y, golden->softness, cotangent, dx));
        compare_softness(golden, simplex_softness(rows, n, in, dx, golden->softness));
        move_axis(&x, axis, dx, 1, out);
        compare_vjp(golden, "x", x.size, out);
    }
}

/* --- permutahedra ------------------------------------------------------------------------------------------------ */

static double *in_order(count rows, count n, const int *order, const double *from) {
    double *sorted = numbers(rows * n);
    for (count at = 0; at < rows * n; at++) {
        sorted[at] = from[at / n * n + order[at]];
    }
    return sorted;
}

static double *back(count rows, count n, const int *order, const double *sorted) {
    double *out = numbers(rows * n);
    for (count at = 0; at < rows * n; at++) {
        out[at / n * n + order[at]] = sorted[at];
    }
    return out;
}

struct sorted_pair {
    struct tensor z, w, g;
    count rows, n;
    int *z_order, *w_order;
    double *z_sorted, *w_sorted;
};

static struct sorted_pair sorted_pair_of(const struct golden *golden) {
    struct sorted_pair pair = {.z = input_of(golden, "z"), .w = input_of(golden, "w"), .g = cotangent_of(golden, 0)};
    pair.n = (count)pair.z.shape->items[pair.z.rank - 1].number;
    pair.rows = pair.z.size / pair.n;
    pair.z_order = places_of(pair.rows, pair.n, pair.z.data, 1);
    pair.w_order = places_of(pair.rows, pair.n, pair.w.data, 1);
    pair.z_sorted = in_order(pair.rows, pair.n, pair.z_order, pair.z.data);
    pair.w_sorted = in_order(pair.rows, pair.n, pair.w_order, pair.w.data);
    return pair;
}

/* -<dz, z> / softness, z from the first of its pool. */
static double isotonic_softness(const struct sorted_pair *pair, const double *dz, const count *first, double softness) {
    double sum = 0;
    for (count at = 0; at < pair->rows * pair->n; at++) {
        sum += dz[at] * (pair->z_sorted[at] - pair->z_sorted[at / pair->n * pair->n + first[at]]);
    }
    return -sum / softness;
}

static void run_permutahedron(struct golden *golden) {
    struct sorted_pair pair = sorted_pair_of(golden);
    if (pair.z.size != pair.w.size) {
        return;
    }
    const count rows = pair.rows, n = pair.n, size = rows * n;
    double *y = numbers(size), *dz = numbers(size), *dw = numbers(size);
    count *first = room(size * (count)sizeof *first);
    void *scratch = room(SOFTGRAD_ISOTONIC_SCRATCH * (n + 1));
    require_ok(golden, "isotonic_f64",
               softgrad_isotonic_f64(golden->regularizer, rows, n, pair.z_sorted, golden->softness, pair.w_sorted,
                                     scratch, y, first));
    compare_output(golden, 0, size, back(rows, n, pair.z_order, y));
    if (pair.g.data) {
        require_ok(golden, "isotonic_vjp_f64",
                   softgrad_isotonic_vjp_f64(golden->regularizer, rows, n, pair.w_sorted, golden->softness, y, first,
                                             in_order(rows, n, pair.z_order, pair.g.data), dz, dw));
        compare_vjp(golden, "z", size, back(rows, n, pair.z_order, dz));
        compare_vjp(golden, "w", size, back(rows, n, pair.w_order, dw));
        compare_softness(golden, isotonic_softness(&pair, dz, first, golden->softness));
    }
}

static void run_smooth_sort(struct golden *golden) {
    struct sorted_pair pair = sorted_pair_of(golden);
    const count rows = pair.rows, n = pair.n, size = rows * n;
    double *y = numbers(size), *solution = numbers(3 * size), *residual = numbers(rows),
           *scratch = numbers(12 * (n + 2));
    double *dz = numbers(size), *dw = numbers(size), *dsoftness = numbers(rows), sum = 0;
    count *iterations = room(rows * (count)sizeof *iterations);
    require_ok(golden, "majorization_f64",
               softgrad_majorization_f64(rows, n, pair.z_sorted, pair.w_sorted, golden->softness, y, solution,
                                         iterations, residual, scratch));
    compare_output(golden, 0, size, back(rows, n, pair.z_order, y));
    if (pair.g.data) {
        require_ok(golden, "majorization_vjp_f64",
                   softgrad_majorization_vjp_f64(rows, n, pair.z_sorted, pair.w_sorted, golden->softness, solution,
                                                 in_order(rows, n, pair.z_order, pair.g.data), dz, dw, dsoftness,
                                                 scratch));
        for (count row = 0; row < rows; row++) {
            sum += dsoftness[row];
        }
        compare_vjp(golden, "z", size, back(rows, n, pair.z_order, dz));
        compare_vjp(golden, "w", size, back(rows, n, pair.w_order, dw));
        compare_softness(golden, sum);
    }
}

/* --- transport --------------------------------------------------------------------------------------------------- */

/* -<dcost, cost> / softness, costs above the least of their row and then of their column, which plans do not see. */
static double transport_softness(count rows, count n, count m, const double *cost, const double *dcost,
                                 double softness) {
    double sum = 0, *reduced = copy_of(n * m, cost);
    for (count row = 0; row < rows; row++, cost += n * m, dcost += n * m) {
        for (count line = 0; line < n + m; line++) {
            const count length = line < n ? m : n, first = line < n ? line * m : line - n, step = line < n ? 1 : m;
            double least = INFINITY;
            for (count k = 0; k < length; k++) {
                reduced[first + k * step] = line < n ? cost[first + k * step] : reduced[first + k * step];
                least = fmin(least, reduced[first + k * step]);
            }
            for (count k = 0; k < length; k++) {
                reduced[first + k * step] -= least;
            }
        }
        for (count k = 0; k < n * m; k++) {
            sum += dcost[k] * reduced[k];
        }
    }
    return -sum / softness;
}

static int are_shares(struct tensor *masses) {
    double sum = 0;
    for (count i = 0; i < masses->size; i++) {
        sum += masses->data[i];
    }
    for (count i = 0; i < masses->size; i++) {
        if (!(masses->data[i] > 0)) {
            return 0; /* the kernel has masses above zero only */
        }
        masses->data[i] /= sum;
    }
    return 1;
}

static void scale(count size, double factor, double *x) {
    for (count i = 0; i < size; i++) {
        x[i] *= factor;
    }
}

static void run_transport(struct golden *golden) {
    struct tensor cost = input_of(golden, "cost"), mu = input_of(golden, "mu"), nu = input_of(golden, "nu");
    struct tensor g = cotangent_of(golden, 0);
    if (!are_shares(&mu) || !are_shares(&nu) || flag_of(golden, "return_log_probs", 0)) {
        return;
    }
    const count n = mu.size, m = nu.size, size = cost.size, rows = size / (n * m);
    double *plan = numbers(size), *out = numbers(size), *residual = numbers(rows), *dcost = numbers(size);
    double *scratch = numbers(2 * n * m + 40 * (n + m));
    count *iterations = room(rows * (count)sizeof *iterations);
    require_ok(golden, "transport_f64",
               softgrad_transport_f64(golden->regularizer, rows, n, m, cost.data, mu.data, nu.data, golden->softness,
                                      5e-13, 1000, 0, plan, iterations, residual, scratch));
    memcpy(out, plan, (size_t)size * sizeof *out);
    scale(size, (double)n, out);
    compare_output(golden, 0, size, out);
    if (g.data) {
        scale(size, (double)n, g.data);
        require_ok(golden, "transport_vjp_f64",
                   softgrad_transport_vjp_f64(golden->regularizer, rows, n, m, plan, golden->softness, g.data, 0, dcost,
                                              scratch));
        compare_vjp(golden, "cost", size, dcost);
        compare_softness(golden, transport_softness(rows, n, m, cost.data, dcost, golden->softness));
    }
}

void run_projection(struct golden *golden) {
    if (!strcmp(golden->function, "proj_simplex")) {
        run_simplex(golden);
    } else if (!strcmp(golden->function, "proj_permutahedron")) {
        run_permutahedron(golden);
    } else if (!strcmp(golden->function, "proj_permutahedron_smooth_sort")) {
        run_smooth_sort(golden);
    } else if (!strcmp(golden->function, "proj_transport_polytope")) {
        run_transport(golden);
    }
}

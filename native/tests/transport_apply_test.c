/*
 * Products of the transport plan on a line with vectors are checked against sums over the plan itself in long double,
 * and their cotangents against those of the plan, which transport_test.c checks.
 */
#include "check.h"

enum { LARGEST = 320, SIZE = LARGEST * LARGEST, REGULARIZERS = 4, KINDS = 5 };

static double scratch[2 * SIZE + 80 * LARGEST], plan[SIZE], cotangent[SIZE];

static double make_point(int kind, int i, uint64_t *state) {
    const double z = normal(state);
    switch (kind) {
        case 0: return 1 / (1 + exp(-z));
        case 1: return floor(4 * z) / 8;
        case 2: return 0.5;
        case 3: return i == 7 ? 1e8 : z;
        default: return 1000 + (i % 2) + 0.1 * z;
    }
}

struct line {
    int regularizer, n, m, to_points;
    double softness;
    double x[LARGEST], anchors[LARGEST], shares[LARGEST], v[LARGEST], g[LARGEST];
};

static void make_line(struct line *l, int regularizer, int n, int m, int kind, int to_points, double softness) {
    uint64_t state = (uint64_t)(n + 100 * kind + m);
    *l = (struct line){.regularizer = regularizer, .n = n, .m = m, .to_points = to_points, .softness = softness};
    for (int k = 0; k < LARGEST; k++) {
        l->x[k] = make_point(kind, k, &state);
        l->v[k] = 5 + normal(&state);
        l->g[k] = normal(&state);
    }
    for (int j = 0; j < m; j++) {
        l->anchors[j] = (kind % 2 ? m - 1.0 - j : j) / (m > 1 ? m - 1 : 1);
        l->shares[j] = 1;
    }
    l->shares[m / 2] += n - m;
}

static void name(const struct line *l, char *text, size_t size) {
    snprintf(text, size, "e=%d n=%d m=%d softness %g to %s", l->regularizer, l->n, l->m, l->softness,
             l->to_points ? "points" : "anchors");
}

static int apply(const struct line *l, double *y, double *state) {
    softgrad_count iterations;
    double residual = -1;
    int status = softgrad_transport_line_apply_f64(l->regularizer, 1, l->n, l->m, l->x, l->anchors, l->shares,
                                                   l->softness, 5e-13, 1000, l->to_points, l->v, y, state, &iterations,
                                                   &residual, scratch);
    CHECK(residual <= 5e-13, "e=%d n=%d m=%d softness %g: residual %g", l->regularizer, l->n, l->m, l->softness,
          residual);
    return status;
}

static void check_product(const struct line *l) {
    double y[LARGEST], state[LARGEST + 1], residual;
    char text[80];
    softgrad_count iterations;
    name(l, text, sizeof text);
    CHECK(apply(l, y, state) == SOFTGRAD_OK, "%s", text);
    softgrad_transport_line_f64(l->regularizer, 1, l->n, l->m, l->x, l->anchors, l->shares, l->softness, 5e-13, 1000, 0,
                                plan, &iterations, &residual, scratch);
    for (int k = 0; k < (l->to_points ? l->n : l->m); k++) {
        long double sum = 0, size = 0;
        for (int i = 0; i < (l->to_points ? l->m : l->n); i++) {
            const long double term = l->v[i] * (long double)plan[l->to_points ? i * l->n + k : k * l->n + i];
            sum += term;
            size += fabsl(term);
        }
        CHECK(fabsl(y[k] - sum) <= 1e-11L * size, "%s: y[%d] is %.17g, not %.17Lg", text, k, y[k], sum);
    }
}

static void check_cotangents(const struct line *l) {
    double y[LARGEST], state[LARGEST + 1], dx[LARGEST], dv[LARGEST], expected[LARGEST], unit = 0;
    char text[80];
    name(l, text, sizeof text);
    apply(l, y, state);
    softgrad_transport_line_apply_vjp_f64(l->regularizer, 1, l->n, l->m, l->x, l->anchors, l->shares, l->softness,
                                          l->to_points, l->v, state, l->g, dx, l->to_points ? NULL : dv, scratch);
    for (int k = 0; k < l->n * l->m; k++) {
        const int j = k / l->n, i = k % l->n;
        cotangent[k] = l->to_points ? l->v[j] * l->g[i] : l->g[j] * l->v[i];
        unit = fmax(unit, fabs(plan[k] * cotangent[k] / l->softness));
    }
    softgrad_transport_line_vjp_f64(l->regularizer, 1, l->n, l->m, l->anchors, plan, l->softness, cotangent, 0,
                                    expected, scratch);
    for (int i = 0; i < l->n; i++) {
        unit = fmax(unit, fabs(expected[i]));
    }
    const double allowed = l->regularizer == 0 ? 1e-10 : 1e-7;
    for (int i = 0; i < l->n; i++) {
        CHECK(fabs(dx[i] - expected[i]) <= allowed * unit, "%s: dx[%d] is %.17g, not %.17g", text, i, dx[i],
              expected[i]);
        long double sum = 0, size = 0;
        for (int j = 0; j < l->m; j++) {
            sum += plan[j * l->n + i] * (long double)l->g[j];
            size += fabsl(plan[j * l->n + i] * (long double)l->g[j]);
        }
        CHECK(l->to_points || fabsl(dv[i] - sum) <= 1e-11L * size, "%s: dv[%d] is %.17g, not %.17Lg", text, i, dv[i],
              sum);
    }
}

static void test_products(void) {
    static const int shapes[][2] = {{1, 1}, {2, 2}, {5, 3}, {33, 33}, {40, 9}, {67, 64}, {LARGEST, LARGEST}};
    static const double softnesses[] = {1e-3, 1e-2, 0.1, 1, 10};
    static struct line line;
    for (size_t shape = 0; shape < sizeof shapes / sizeof shapes[0]; shape++) {
        for (int variant = 0; variant < 5 * REGULARIZERS * KINDS * 2; variant++) {
            make_line(&line, variant % REGULARIZERS, shapes[shape][0], shapes[shape][1],
                      variant / REGULARIZERS % KINDS, variant / REGULARIZERS / KINDS % 2,
                      softnesses[variant / REGULARIZERS / KINDS / 2]);
            check_product(&line);
            check_cotangents(&line);
        }
    }
}

static void test_rows_do_not_mix(void) {
    double x[6] = {0.1, 0.5, 0.2, NAN, 0.3, 0.4}, anchors[3] = {0, 0.5, 1}, ones[3] = {1, 1, 1}, y[6], state[8];
    double dx[6], dv[6], residual[2];
    softgrad_count iterations[2];
    for (int e = 0; e < REGULARIZERS; e++) {
        softgrad_transport_line_apply_f64(e, 2, 3, 3, x, anchors, ones, 0.5, 5e-13, 100, 0, x, y, state, iterations,
                                          residual, scratch);
        softgrad_transport_line_apply_vjp_f64(e, 2, 3, 3, x, anchors, ones, 0.5, 0, x, state, anchors, dx, dv, scratch);
        for (int k = 0; k < 6; k++) {
            CHECK(isnan(y[k]) == (k >= 3), "e=%d: y[%d] is %g", e, k, y[k]);
        }
        CHECK(isfinite(dx[0]) && isfinite(dv[2]), "e=%d: dx %g, dv %g", e, dx[0], dv[2]);
        CHECK(residual[0] <= 5e-13 && residual[1] == 0, "residuals %g and %g", residual[0], residual[1]);
    }
}

static void test_bad_arguments_are_refused(void) {
    double a[4] = {0, 1, 0, 1}, y[4] = {7, 7, 7, 7}, r;
    softgrad_count it;
    CHECK(softgrad_transport_line_apply_f64(4, 1, 2, 2, a, a, a, 1, 1e-9, 9, 0, a, y, y, &it, &r, scratch) ==
              SOFTGRAD_BAD_REGULARIZER, "regularizer 4");
    CHECK(softgrad_transport_line_apply_f64(0, 1, 0, 2, a, a, a, 1, 1e-9, 9, 0, a, y, y, &it, &r, scratch) ==
              SOFTGRAD_BAD_SHAPE, "n 0");
    CHECK(softgrad_transport_line_apply_f64(0, 1, 2, 2, a, a, a, 0, 1e-9, 9, 0, a, y, y, &it, &r, scratch) ==
              SOFTGRAD_BAD_SOFTNESS, "softness 0");
    CHECK(softgrad_transport_line_apply_f64(0, 1, 2, 2, a, a, a, 1, 1e-9, 9, 2, a, y, y, &it, &r, scratch) ==
              SOFTGRAD_BAD_METHOD, "to neither side");
    CHECK(softgrad_transport_line_apply_f64(0, 1, 2, 2, a, a, a, 1, 1e-9, 9, 1, NULL, y, y, &it, &r, scratch) ==
              SOFTGRAD_BAD_POINTER, "no vector");
    CHECK(softgrad_transport_line_apply_vjp_f64(0, 1, 2, 2, a, a, a, 1, 0, a, a, a, y, NULL, scratch) ==
              SOFTGRAD_BAD_POINTER, "no dv");
    CHECK(y[0] == 7, "a refused call wrote to its output");
}

static void every_test(void) {
    test_products();
    test_rows_do_not_mix();
    test_bad_arguments_are_refused();
}

int main(void) {
    under_every_instruction_set(every_test);
    return failures != 0;
}

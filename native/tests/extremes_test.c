/* Finite numbers as large and as small as they get: every kernel comes back, and with numbers. */
#include "check.h"

enum { ROWS = 13, COLUMNS = 2, SIZE = ROWS * COLUMNS };

/* The softness at which everything is connected is beyond the largest number, and still comes down. */
static void test_costs_near_the_largest_number(void) {
    static double cost[SIZE], mu[ROWS], nu[COLUMNS], plan[SIZE], scratch[2 * SIZE + 40 * (ROWS + COLUMNS)], residual;
    softgrad_count iterations;
    for (int i = 0; i < SIZE; i++) {
        cost[i] = i % 2 == 0 ? 0 : 0x1.8p+1023;
        mu[i % ROWS] = 1.0 / ROWS;
        nu[i % COLUMNS] = 1.0 / COLUMNS;
    }
    for (int regularizer = SOFTGRAD_ENTROPY; regularizer <= SOFTGRAD_NORM_4_3; regularizer++) {
        int status = softgrad_transport_f64(regularizer, 1, ROWS, COLUMNS, cost, mu, nu, 10, 1e-6, 30, 0, plan,
                                            &iterations, &residual, scratch);
        CHECK(status == SOFTGRAD_OK, "regularizer %d returned %d", regularizer, status);
    }
}

/* Points so close that the power of two which brings them to a usual distance is none. */
static void test_points_closer_than_normal_numbers(void) {
    enum { POINTS = 7 };
    static double plan[POINTS * POINTS], scratch[2 * POINTS * POINTS + 80 * POINTS], anchors[POINTS], shares[POINTS];
    double x[POINTS], residual;
    softgrad_count iterations;
    for (int i = 0; i < POINTS; i++) {
        x[i] = i == 0 ? -0x1.2p-1022 : -0x1.4p-1022;
        anchors[i] = i / 6.0;
        shares[i] = 1;
    }
    for (int regularizer = SOFTGRAD_ENTROPY; regularizer <= SOFTGRAD_NORM_4_3; regularizer++) {
        int status = softgrad_transport_line_f64(regularizer, 1, POINTS, POINTS, x, anchors, shares, 1, 1e-12, 100, 0,
                                                 plan, &iterations, &residual, scratch);
        CHECK(status == SOFTGRAD_OK, "regularizer %d returned %d", regularizer, status);
        CHECK(residual <= 1e-12, "regularizer %d: residual %g", regularizer, residual);
        CHECK(fabs(plan[0] - 1.0 / POINTS) <= 1e-12, "regularizer %d: %.17g of the first point", regularizer, plan[0]);
    }
}

/* A demand far below the tolerance may be left out of a plan. */
static void test_plan_that_leaves_a_target_out(void) {
    enum { SOURCES = 3, TARGETS = 3, LEFT_OUT = 1, ENTRIES = SOURCES * TARGETS };
    static const double plan[ENTRIES] = {0.1, 0, 0.2, 0.2, 0, 0.1, 0.3, 0, 0.1};
    static const double g[ENTRIES] = {1, -2, 3, 4, -5, 6, -7, 8, 9};
    static double dcost[ENTRIES], scratch[2 * ENTRIES + 40 * (SOURCES + TARGETS)];
    for (int regularizer = SOFTGRAD_ENTROPY; regularizer <= SOFTGRAD_NORM_4_3; regularizer++) {
        int status = softgrad_transport_vjp_f64(regularizer, 1, SOURCES, TARGETS, plan, 0.1, g, 0, dcost, scratch);
        CHECK(status == SOFTGRAD_OK, "regularizer %d returned %d", regularizer, status);
        for (int i = 0; i < SOURCES; i++) {
            const double *row = dcost + i * TARGETS;
            CHECK(row[LEFT_OUT] == 0, "regularizer %d: dcost[%d] = %g", regularizer, i, row[LEFT_OUT]);
            CHECK(fabs(row[0] + row[2]) <= 1e-10, "regularizer %d: row %d: %g, %g", regularizer, i, row[0], row[2]);
            CHECK(row[0] != 0, "regularizer %d: row %d is zero", regularizer, i);
        }
    }
}

enum { LONG_ROW = 136 }; /* long enough for the distances of a row to be summed by moments */

static void index_by_neural_sort(int regularizer, const double *x, double *index) {
    static double scratch[16 * (LONG_ROW + 100)];
    CHECK(softgrad_order_scratch(SOFTGRAD_NEURAL_SORT, 0, LONG_ROW) * sizeof *scratch <= sizeof scratch, "no room");
    int status = softgrad_order_index_f64(SOFTGRAD_NEURAL_SORT, regularizer, 0, 1, LONG_ROW, 0, LONG_ROW, x, 0.03,
                                          index, NULL, NULL, scratch);
    CHECK(status == SOFTGRAD_OK, "regularizer %d returned %d", regularizer, status);
}

static void test_neural_sort_ends_for_infinite_entries(void) {
    static double x[LONG_ROW], index[LONG_ROW * LONG_ROW];
    for (int i = 0; i < LONG_ROW; i++) {
        x[i] = i % 3 == 0 ? -INFINITY : i;
    }
    for (int regularizer = SOFTGRAD_ENTROPY; regularizer <= SOFTGRAD_NORM_4_3; regularizer++) {
        index_by_neural_sort(regularizer, x, index);
        CHECK(isnan(index[0]), "regularizer %d: %g", regularizer, index[0]);
    }
}

/* The two ends are farther apart than the largest number. */
static void test_neural_sort_of_the_largest_numbers(void) {
    static double x[LONG_ROW], index[LONG_ROW * LONG_ROW];
    for (int i = 0; i < LONG_ROW; i++) {
        x[i] = i == 0 ? -0x1.8p+1023 : i == LONG_ROW - 1 ? 0x1.8p+1023 : i * 0x1p+1000;
    }
    for (int regularizer = SOFTGRAD_ENTROPY; regularizer <= SOFTGRAD_NORM_4_3; regularizer++) {
        index_by_neural_sort(regularizer, x, index);
        for (int i = 0; i < LONG_ROW; i++) {
            CHECK(index[i * LONG_ROW + i] == 1, "regularizer %d: entry %d is %g", regularizer, i,
                  index[i * LONG_ROW + i]);
        }
    }
}

/* The extreme of a row whose ends are farther apart than the largest number. */
static void test_soft_maximum_of_the_largest_numbers(void) {
    enum { N = 20 };
    static double scratch[100000], state[8 * N + 400];
    const double softnesses[] = {1e-300, 1, 1e308}, g = 1;
    double x[N], dx[N], y, dsoftness;
    int order[N];
    for (int i = 0; i < N; i++) {
        x[i] = (i % 3 - 1) * 1.7e308 * ((i + 1) / (double)N);
    }
    for (int variant = 0; variant < 4 * 3; variant++) {
        int regularizer = variant % 4;
        double softness = softnesses[variant / 4];
        CHECK(softgrad_order_f64(SOFTGRAD_SOFT_SORT, regularizer, 0, 1, N, N - 1, 1, x, softness, &y, order, state,
                                 scratch) == SOFTGRAD_OK, "status");
        CHECK(softgrad_order_vjp_f64(SOFTGRAD_SOFT_SORT, regularizer, 0, 1, N, N - 1, 1, x, softness, order, state, &g,
                                     dx, &dsoftness, scratch) == SOFTGRAD_OK, "status");
        CHECK(isfinite(y) && isfinite(dsoftness), "norm %d, softness %g: %g, %g", regularizer, softness, y, dsoftness);
        for (int i = 0; i < N; i++) {
            CHECK(isfinite(dx[i]), "norm %d, softness %g: dx[%d] = %g", regularizer, softness, i, dx[i]);
        }
    }
}

int main(void) {
    under_every_instruction_set(test_soft_maximum_of_the_largest_numbers);
    under_every_instruction_set(test_neural_sort_ends_for_infinite_entries);
    under_every_instruction_set(test_neural_sort_of_the_largest_numbers);
    under_every_instruction_set(test_plan_that_leaves_a_target_out);
    under_every_instruction_set(test_points_closer_than_normal_numbers);
    under_every_instruction_set(test_costs_near_the_largest_number);
    return failures != 0;
}

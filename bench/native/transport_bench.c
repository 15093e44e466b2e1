/*
 * Milliseconds of the transport kernels under the best instruction set: plans for costs between random points of a
 * square, to 1e-10, and soft sorting as a product with the plan on a line. Beside a plan stands how many passes over a
 * matrix of its size, at the speed that this machine reads one, take as long: no solver that looks at all the costs is
 * faster than some tens of them. Each number is the fastest of many samples, so that other processes disturb it little.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "softgrad.h"

enum { N = 1024, SAMPLES = 30, PARTS = 32 };

static double cost[N * N], plan[N * N], g[N * N], pulled[N * N], scratch[2 * N * N + 80 * N];
static double x[N], v[N], anchors[N], ones[N], shares[N], y[N], dx[N], dv[N], state[N + 1];

static double now(void) {
    struct timespec time;
    timespec_get(&time, TIME_UTC);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec * 1e-6;
}

static double least(double a, double b) {
    return a < b ? a : b;
}

static double uniform(void) {
    static uint64_t state_of_generator = 1;
    state_of_generator = state_of_generator * 6364136223846793005u + 1442695040888963407u;
    return (double)(state_of_generator >> 11) * 0x1p-53;
}

/* Squared distances between two sets of points, divided by the largest. */
static void make_costs(void) {
    static double points[4 * N];
    double largest = 0;
    for (int i = 0; i < 4 * N; i++) {
        points[i] = uniform();
    }
    for (int k = 0; k < N * N; k++) {
        const double *a = points + 2 * (k / N), *b = points + 2 * N + 2 * (k % N);
        cost[k] = (a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]);
        largest = cost[k] > largest ? cost[k] : largest;
        g[k] = uniform() - 0.5;
    }
    for (int k = 0; k < N * N; k++) {
        cost[k] /= largest;
    }
}

/* The least time in which the matrix is read once; the parts are independent sums, which compilers make vectors of. */
static double pass(void) {
    double best = 1e300;
    for (int sample = 0; sample < SAMPLES; sample++) {
        double sums[PARTS] = {0}, start = now();
        for (int k = 0; k < N * N; k += PARTS) {
            for (int part = 0; part < PARTS; part++) {
                sums[part] += cost[k + part];
            }
        }
        best = least(best, now() - start);
        for (int part = 0; part < PARTS; part++) {
            plan[part] = sums[part];
        }
    }
    return best;
}

static void report_plan(double softness, double of_a_pass) {
    double solve = 1e300, pull = 1e300, residual;
    softgrad_count iterations;
    for (int sample = 0; sample < SAMPLES; sample++) {
        double start = now();
        softgrad_transport_f64(SOFTGRAD_ENTROPY, 1, N, N, cost, shares, shares, softness, 1e-10, 1000, 0, plan,
                               &iterations, &residual, scratch);
        double middle = now();
        softgrad_transport_vjp_f64(SOFTGRAD_ENTROPY, 1, N, N, plan, softness, g, 0, pulled, scratch);
        solve = least(solve, middle - start);
        pull = least(pull, now() - middle);
    }
    printf("%s plan n=m=%d softness %-5g plan %.2f (%.0f passes)  vjp %.2f (%.0f passes)  residual %.0e\n",
           softgrad_instruction_set(), N, softness, solve, solve / of_a_pass, pull, pull / of_a_pass, residual);
}

static void report_sort(int regularizer, softgrad_count n, double softness) {
    double sort = 1e300, pull = 1e300, residual;
    softgrad_count iterations;
    for (softgrad_count i = 0; i < n; i++) {
        x[i] = v[i] = uniform();
        anchors[i] = (double)i / (double)(n - 1);
    }
    for (int sample = 0; sample < SAMPLES; sample++) {
        double start = now();
        softgrad_transport_line_apply_f64(regularizer, 1, n, n, x, anchors, ones, softness, 1e-12, 1000, 0, v, y, state,
                                          &iterations, &residual, scratch);
        double middle = now();
        softgrad_transport_line_apply_vjp_f64(regularizer, 1, n, n, x, anchors, ones, softness, 0, v, state, g, dx, dv,
                                              scratch);
        sort = least(sort, middle - start);
        pull = least(pull, now() - middle);
    }
    printf("%s sort n=%-5lld softness %-5g regularizer %d  sort %.3f  vjp %.3f  residual %.0e\n",
           softgrad_instruction_set(), n, softness, regularizer, sort, pull, residual);
}

int main(void) {
    for (int i = 0; i < N; i++) {
        ones[i] = 1;
        shares[i] = 1.0 / N;
    }
    make_costs();
    const double of_a_pass = pass();
    printf("milliseconds; a pass over %d x %d doubles: %.3f\n", N, N, of_a_pass);
    report_plan(0.1, of_a_pass);
    report_plan(0.01, of_a_pass);
    for (int regularizer = SOFTGRAD_ENTROPY; regularizer <= SOFTGRAD_NORM_4_3; regularizer++) {
        report_sort(regularizer, 64, 0.1);
        report_sort(regularizer, N, 0.1);
    }
    return 0;
}

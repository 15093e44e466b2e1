/* NeuralSort of sorted rows against its definition in long double, for every instruction set. */
#include "check.h"
#include "neural_sort_definition.h"

/* Ascending rows of several kinds. */
enum { RANDOM, TIED, CONSTANT, CLUSTERED, OVER_DECADES, SPACED, FAR_FROM_ZERO, KINDS };

static const double softnesses[] = {1e-3, 0.04, 0.1, 1, 10};

static struct definition truth;

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void make_row(int kind, int n, uint64_t *state, double *x) {
    for (int i = 0; i < n; i++) {
        switch (kind) {
            case TIED: x[i] = floor(2 * normal(state)) / 4; break;
            case CONSTANT: x[i] = 0.7; break;
            case CLUSTERED: x[i] = (i % 2) + 1e-9 * normal(state) + (i == 4 ? 3 : 0); break;
            case OVER_DECADES: x[i] = pow(10, -10 * uniform(state)); break;
            case SPACED: x[i] = (double)i / n; break;
            case FAR_FROM_ZERO: x[i] = 1e6 + normal(state); break;
            default: x[i] = 1 / (1 + exp(-normal(state)));
        }
    }
    qsort(x, (size_t)n, sizeof *x, ascending);
}

static double scratch[40 * (LARGEST + 100)], state_memory[20 * (LARGEST + 100)];
static int order[LARGEST];

static void run(int regularizer, int options, int n, int first, int count, const double *x, double softness,
                double *y) {
    int status = softgrad_order_f64(SOFTGRAD_NEURAL_SORT, regularizer, options, 1, n, first, count, x, softness, y,
                                    order, state_memory, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
}

static double pull(int regularizer, int options, int n, int first, int count, const double *x, double softness,
                   const double *g, double *dx) {
    double dsoftness = NAN;
    int status = softgrad_order_vjp_f64(SOFTGRAD_NEURAL_SORT, regularizer, options, 1, n, first, count, x, softness,
                                        order, state_memory, g, dx, &dsoftness, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    return dsoftness;
}

static void check_close(const char *what, int kind, int n, double softness, int count, const double *got,
                        const long double *expected, const long double *also, long double allowed) {
    for (int k = 0; k < count; k++) {
        long double right = expected[k] + (also ? also[k] : 0);
        CHECK(fabsl(got[k] - right) <= allowed,
              "%s, regularizer %d kind %d n %d softness %g: %d is %.17g, should be %.17Lg, off by %.2Lg of %.2Lg", what,
              truth.regularizer, kind, n, softness, k, got[k], right, fabsl(got[k] - right), allowed);
    }
}

/* Errors are those of the scores, of which a few units in the last place are lost, times what depends on them. */
static void check_row(int regularizer, int rank, int kind, int n, int first, int count, const double *x,
                      double softness, uint64_t *state) {
    static double y[LARGEST], g[LARGEST], dx[LARGEST];
    const int options = rank ? SOFTGRAD_RANK : 0;
    if (!rank) { /* else what it was for the values */
        define(&truth, regularizer, n, first, count, x, softness);
    }
    rank ? define_ranks(&truth) : define_values(&truth);
    const long double lost = 0x1p-50L * truth.scores + 0x1p-48L;
    const long double size = rank ? n : fmaxl(fabsl(truth.values[0]), fabsl(truth.values[n - 1]));
    run(regularizer, options, n, first, count, x, softness, y);
    check_close("result", kind, n, softness, count, y, truth.result, 0,
                lost * (rank ? 16 * n : 4 * fabsl(truth.values[n - 1] - truth.values[0])) + 0x1p-50L * size);
    for (int k = 0; k < count; k++) {
        g[k] = normal(state);
    }
    define_cotangents(&truth, rank, g);
    if (!rank) {
        pull(regularizer, SOFTGRAD_UNGATED, n, first, count, x, softness, g, dx);
        check_close("ungated", kind, n, softness, n, dx, truth.value_cotangent, 0, 8 * lost * sqrtl(count));
    }
    if (truth.at_a_jump) {
        return;
    }
    const long double allowed = 64 * lost * (truth.cotangent_size + 1);
    double dsoftness = pull(regularizer, options, n, first, count, x, softness, g, dx);
    check_close("dx", kind, n, softness, n, dx, truth.point_cotangent, truth.value_cotangent, allowed);
    check_close("dsoftness", kind, n, softness, 1, &dsoftness, &truth.softness_cotangent, 0,
                64 * lost * (truth.softness_size + 1));
}

static void check_extremes(void) {
    static const double rows[][4] = {{-1e300, -1e-300, 0, 1e300}, {0, 0, 0, 0}, {1e300, 1e300, 1e300, 1e300},
                                     {1e-300, 2e-300, 3e-300, 4e-300}, {-1e300, 0, 1, 2}};
    static const double extreme_softnesses[] = {1e-300, 1e-9, 1, 1e9, 1e300};
    for (int regularizer = 0; regularizer < 4; regularizer++) {
        for (int row = 0; row < 5; row++) {
            for (int s = 0; s < 5; s++) {
                for (int options = 0; options <= SOFTGRAD_RANK; options += SOFTGRAD_RANK) {
                    double y[4];
                    run(regularizer, options, 4, 0, 4, rows[row], extreme_softnesses[s], y);
                    for (int k = 0; k < 4; k++) {
                        double low = options ? 0 : rows[row][0], high = options ? 4 : rows[row][3];
                        double rounding = 1e-12 * (fabs(low) + fabs(high));
                        CHECK(y[k] >= low - rounding && y[k] <= high + rounding,
                              "regularizer %d row %d softness %g options %d: %d is %g", regularizer, row,
                              extreme_softnesses[s], options, k, y[k]);
                    }
                }
            }
        }
    }
}

static void check_everything(void) {
    static const int lengths[] = {1, 2, 3, 7, 8, 9, 16, 17, 33, 64, 131, 300};
    static double x[LARGEST];
    uint64_t state = 5;
    for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
        const int n = lengths[l];
        for (int kind = 0; kind < KINDS; kind++) {
            for (int trial = 0; trial < (n < 100 ? 5 : 1); trial++) {
                double softness = softnesses[n < 100 ? trial : (kind + (int)l) % 5];
                int first = (int)(n * uniform(&state)), count = 1 + (int)((n - first) * uniform(&state));
                make_row(kind, n, &state, x);
                for (int regularizer = 0; regularizer < 4; regularizer++) {
                    check_row(regularizer, 0, kind, n, first, count, x, softness, &state);
                    check_row(regularizer, 0, kind, n, 0, n, x, softness, &state);
                    check_row(regularizer, 1, kind, n, 0, n, x, softness, &state);
                }
            }
        }
    }
    check_extremes();
}

int main(void) {
    under_every_instruction_set(check_everything);
    return failures != 0;
}

/* Permutations against a plain stable sort, for every instruction set. */
#include "check.h"

enum { LARGEST = 5000, ROWS = 3 };

enum {
    RANDOM, TIED, CONSTANT, CLUSTERED, SINGLE_PRECISION, ASCENDING, DESCENDING, EXTREME, WITH_NAN, HEAVY_TAILED,
    ONE_OUTLIER, SMALLEST, KINDS
};

static double make_element(int kind, int i, uint64_t *state) {
    static const double extremes[] = {0.0, -0.0, INFINITY, -INFINITY, 5e-324, -5e-324, 1.7e308, -1.7e308};
    double a = normal(state);
    switch (kind) {
        case TIED: return floor(4 * a) / 4;
        case CONSTANT: return 0.7;
        case CLUSTERED: return (i % 2) * 1e6 + 1e-9 * a;
        case SINGLE_PRECISION: return (float)a;
        case ASCENDING: return i;
        case DESCENDING: return -i;
        case EXTREME: return extremes[(int)(8 * uniform(state))];
        case HEAVY_TAILED: return a * exp(10 * a);
        case ONE_OUTLIER: return i == 70 ? 1e300 : a;
        case SMALLEST: return floor(100 * a) * 5e-324;
        case WITH_NAN: return uniform(state) < 0.1 ? copysign(NAN, a) : a;
        default: return a;
    }
}

static int is_before(double a, double b) {
    return isnan(b) ? !isnan(a) : a < b;
}

/* Merging is stable by construction. */
static void expected_order(int n, const double *x, int *order) {
    static int spare[LARGEST];
    for (int i = 0; i < n; i++) {
        order[i] = i;
    }
    for (int width = 1; width < n; width *= 2) {
        for (int begin = 0; begin < n; begin += 2 * width) {
            int middle = begin + width < n ? begin + width : n, end = middle + width < n ? middle + width : n;
            for (int to = begin, left = begin, right = middle; to < end; to++) {
                int take_right = left == middle || (right < end && is_before(x[order[right]], x[order[left]]));
                spare[to] = order[take_right ? right++ : left++];
            }
        }
        memcpy(order, spare, (size_t)n * sizeof *order);
    }
}

static void check_rows(int kind, int n, uint64_t *state) {
    static double x[ROWS * LARGEST], scratch[4 * LARGEST + 1024];
    static int order[ROWS * LARGEST + 1], expected[LARGEST];
    for (int i = 0; i < ROWS * n; i++) {
        x[i] = make_element(kind, i % n, state);
    }
    order[ROWS * n] = -7;
    CHECK(softgrad_argsort_f64(ROWS, n, x, order, scratch) == SOFTGRAD_OK, "status");
    CHECK(order[ROWS * n] == -7, "wrote past the end, n = %d", n);
    for (int row = 0; row < ROWS; row++) {
        expected_order(n, x + row * n, expected);
        CHECK(!memcmp(expected, order + row * n, (size_t)n * sizeof *order), "kind %d n %d row %d", kind, n, row);
    }
}

static void every_test(void) {
    uint64_t state = 17;
    for (int kind = 0; kind < KINDS; kind++) {
        for (int n = 1; n <= 70; n++) {
            check_rows(kind, n, &state);
        }
        for (int n = 80; n < LARGEST; n += n / 4 + (int)(60 * uniform(&state))) {
            check_rows(kind, n, &state);
        }
        check_rows(kind, LARGEST, &state);
    }
    double x[2] = {2, 1}, scratch[1032];
    int order[2] = {5, 5};
    CHECK(softgrad_argsort_f64(1, 0, x, order, scratch) == SOFTGRAD_BAD_SHAPE, "n 0");
    CHECK(softgrad_argsort_f64(1, 1LL << 31, x, order, scratch) == SOFTGRAD_BAD_SHAPE, "more than int can count");
    CHECK(softgrad_argsort_f64(1, 2, x, order, NULL) == SOFTGRAD_BAD_POINTER, "no scratch");
    CHECK(softgrad_argsort_f64(0, 2, NULL, NULL, NULL) == SOFTGRAD_OK, "no rows need no buffers");
    CHECK(order[0] == 5, "a refused call wrote to its output");
}

int main(void) {
    under_every_instruction_set(every_test);
    return failures != 0;
}

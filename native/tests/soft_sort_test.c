/* SoftSort of rows that are not standardized, against its definition in long double, for every instruction set. */
#include "check.h"

enum { LARGEST = 600, SCRATCH = 1 << 18 };

static const int regularizers[] = {SOFTGRAD_ENTROPY, SOFTGRAD_SQUARED_EUCLIDEAN, SOFTGRAD_NORM_3_2, SOFTGRAD_NORM_4_3};
static const double softnesses[] = {1e-3, 1e-2, 0.1, 1, 10};

/* Relative to the sums of absolute values that results are made of; an exponential is as exact as its argument. */
static const double tolerances[] = {2e-14, 3e-13, 1e-12, 2e-12};

/* Ascending rows of several kinds; no distance is a multiple of a softness, where the derivative has a kink. */
enum { NORMAL, TIED, CONSTANT, CLUSTERED, OUTLYING, SPACED, DECADES, GEOMETRIC, OFFSET, KINDS };

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void make_row(int kind, int n, uint64_t *state, double *x, double *g) {
    for (int i = 0; i < n; i++) {
        double z = normal(state);
        switch (kind) {
            case TIED: x[i] = 0.437 * floor(2 * z); break;
            case CONSTANT: x[i] = 0.7; break;
            case CLUSTERED: x[i] = 1.37 * (i % 2) + 1e-9 * z; break;
            case OUTLYING: x[i] = 1.37 * (i == 0) + 1e-9 * z; break;
            case SPACED: x[i] = 1.37 * i / n; break;
            case DECADES: x[i] = exp(6 * z); break;
            case GEOMETRIC: x[i] = 1.37 * ldexp(1, -(i % 60)); break;
            case OFFSET: x[i] = 1e6 + z; break;
            default: x[i] = z;
        }
        g[i] = normal(state);
    }
    qsort(x, (size_t)n, sizeof *x, ascending);
}

/* What a sort or a rank should give: changes of v, and cotangents. The last of each is the size of what is added up. */
struct truth {
    long double change[LARGEST + 1], of_values[LARGEST + 1], of_positions[LARGEST + 1], of_softness, of_softness_size;
};

static long double powered(long double a, int power) {
    return power == 0 ? 1 : power == 1 ? a : power == 2 ? a * a : a * a * a;
}

/* A row of the index, and the derivatives of its entries by their own scores, sum of the others held. */
static void project(int regularizer, int n, int k, const double *x, double softness, long double *p, long double *w) {
    int power = regularizer;
    long double half_width = 1, sum = 0;
    for (int step = 0; step < 60 && power > 0; step++) {
        long double excess = -1, slope = 0;
        for (int j = 0; j < n; j++) {
            long double room = half_width - fabsl((long double)x[k] - x[j]) / softness;
            excess += room > 0 ? powered(room, power) : 0;
            slope += room > 0 ? power * powered(room, power - 1) : 0;
        }
        half_width -= excess / slope;
        if (fabsl(excess) < 1e-18L) {
            break;
        }
    }
    for (int j = 0; j < n; j++) {
        long double distance = fabsl((long double)x[k] - x[j]) / softness, room = half_width - distance;
        p[j] = power == 0 ? expl(-distance) : room > 0 ? powered(room, power) : 0;
        w[j] = power == 0 ? p[j] : room > 0 ? power * powered(room, power - 1) : 0;
        sum += p[j];
    }
    for (int j = 0; j < n; j++) {
        p[j] /= sum;
        w[j] /= sum;
    }
}

/* Adds row k of the index; ties have the derivatives of their order. */
static void add_row(int n, int k, const double *x, const double *v, const double *g, double softness,
                    const long double *p, const long double *w, struct truth *truth) {
    long double mean = 0, weight = 0, size = 0, pulled = 0;
    truth->change[k] = 0;
    for (int j = 0; j < n; j++) {
        long double rise = (long double)v[j] - v[k];
        truth->change[k] += p[j] * rise;
        truth->of_values[j] += p[j] * g[k];
        size += p[j] * fabsl(rise);
        mean += w[j] * rise;
        weight += w[j];
    }
    mean /= weight;
    for (int j = 0; j < n; j++) {
        long double score = w[j] * g[k] * ((long double)v[j] - v[k] - mean);
        long double by_position = score * ((j < k) - (j > k)) / softness;
        long double distance = fabsl((long double)x[k] - x[j]) / softness;
        long double by_softness = score * distance / softness;
        truth->of_positions[k] -= by_position;
        truth->of_positions[j] += by_position;
        truth->of_softness += by_softness;
        truth->of_softness_size += fabsl(by_softness) * (1 + distance);
        pulled += fabsl(w[j] * g[k] * ((long double)v[j] - v[k])) * (1 + distance) / softness;
    }
    truth->change[n] = fmaxl(truth->change[n], size);
    truth->of_positions[n] = fmaxl(truth->of_positions[n], pulled);
    truth->of_values[n] = fmaxl(truth->of_values[n], fabsl(g[k]));
}

struct instance {
    int regularizer, kind, n;
    double softness;
    const double *x, *g;
};

static double y[LARGEST], dx[LARGEST], scratch[SCRATCH], state[SCRATCH];
static int order[LARGEST];

/* dx and the cotangent of the softness go to the caller. */
static double run(struct instance in, int options) {
    double dsoftness = NAN;
    int status = softgrad_order_f64(SOFTGRAD_SOFT_SORT, in.regularizer, options, 1, in.n, 0, in.n, in.x, in.softness, y,
                                    order, state, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    status = softgrad_order_vjp_f64(SOFTGRAD_SOFT_SORT, in.regularizer, options, 1, in.n, 0, in.n, in.x, in.softness,
                                    order, state, in.g, dx, &dsoftness, scratch);
    CHECK(status == SOFTGRAD_OK, "status %d", status);
    return dsoftness;
}

static void compare(struct instance in, const char *what, const double *actual, const long double *expected,
                    long double size) {
    for (int i = 0; i < in.n; i++) {
        long double allowed = tolerances[in.regularizer] * size + 0x1p-52L * fabsl(expected[i]) + 1e-300L;
        CHECK(fabsl(actual[i] - expected[i]) <= allowed,
              "regularizer %d kind %d n %d softness %g: %s %d is %.17g, should be %.17Lg to %Lg", in.regularizer,
              in.kind, in.n, in.softness, what, i, actual[i], expected[i], allowed);
    }
}

static void compare_softness(struct instance in, double actual, const struct truth *truth) {
    compare((struct instance){in.regularizer, in.kind, 1, in.softness, in.x, in.g}, "softness", &actual,
            &truth->of_softness, truth->of_softness_size);
}

static void check_instance(struct instance in) {
    static struct truth sort, rank;
    static long double p[LARGEST], w[LARGEST], expected[LARGEST];
    static double places[LARGEST];
    memset(&sort, 0, sizeof sort);
    memset(&rank, 0, sizeof rank);
    for (int i = 0; i < in.n; i++) {
        places[i] = i + 1;
    }
    for (int k = 0; k < in.n; k++) {
        project(in.regularizer, in.n, k, in.x, in.softness, p, w);
        add_row(in.n, k, in.x, in.x, in.g, in.softness, p, w, &sort);
        add_row(in.n, k, in.x, places, in.g, in.softness, p, w, &rank);
    }
    double dsoftness = run(in, SOFTGRAD_UNGATED);
    for (int k = 0; k < in.n; k++) {
        expected[k] = in.x[k] + sort.change[k];
    }
    compare(in, "sorted value", y, expected, sort.change[in.n]);
    compare(in, "cotangent of value", dx, sort.of_values, sort.of_values[in.n]);
    CHECK(dsoftness == 0, "ungated, the softness has the cotangent %g", dsoftness);
    dsoftness = run(in, 0);
    for (int k = 0; k < in.n; k++) {
        expected[k] = sort.of_values[k] + sort.of_positions[k];
    }
    compare(in, "cotangent", dx, expected, sort.of_values[in.n] + sort.of_positions[in.n]);
    compare_softness(in, dsoftness, &sort);
    dsoftness = run(in, SOFTGRAD_RANK);
    for (int k = 0; k < in.n; k++) {
        expected[k] = k + 1 + rank.change[k];
    }
    compare(in, "rank", y, expected, rank.change[in.n]);
    compare(in, "cotangent of rank", dx, rank.of_positions, rank.of_positions[in.n]);
    compare_softness(in, dsoftness, &rank);
}

/* Where differences are many orders beyond the softness nothing but the derivatives may leave the range of numbers. */
static void check_extremes(int regularizer) {
    static const double extreme_softnesses[] = {5e-324, 1e-300, 1, 1e300};
    static const double g[] = {1, -1, 0.5, 2, -3, 1, 1, 1, -1, 2};
    static const double rows[][10] = {{-1e300, -1e300, -1, -1, -1e-300, 0, 0, 1, 1e299, 1e300},
                                      {1e300, 1e300, 1e300, 1e300, 1e300, 1e300, 1e300, 1e300, 1e300, 1e300},
                                      {0, 5e-324, 5e-324, 1e-323, 1e-300, 2e-300, 3e-300, 1, 2, 1e300}};
    for (size_t s = 0; s < sizeof extreme_softnesses / sizeof *extreme_softnesses; s++) {
        for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
            for (int n = 1; n <= 10; n++) {
                struct instance in = {regularizer, (int)r, n, extreme_softnesses[s], rows[r], g};
                double dsoftness = run(in, 0);
                int sound = !isnan(dsoftness);
                for (int i = 0; i < n; i++) {
                    sound = sound && isfinite(y[i]) && !isnan(dx[i]);
                }
                CHECK(sound, "regularizer %d row %d n %d softness %g", regularizer, (int)r, n, in.softness);
            }
        }
    }
}

static void check_everything(void) {
    static const int sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 30, 61, 125, 253};
    static double x[LARGEST], g[LARGEST];
    uint64_t random = 7;
    for (size_t r = 0; r < sizeof regularizers / sizeof *regularizers; r++) {
        for (int kind = 0; kind < KINDS; kind++) {
            for (size_t s = 0; s < sizeof softnesses / sizeof *softnesses; s++) {
                for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
                    make_row(kind, sizes[i], &random, x, g);
                    check_instance((struct instance){regularizers[r], kind, sizes[i], softnesses[s], x, g});
                }
            }
            make_row(kind, LARGEST, &random, x, g);
            check_instance((struct instance){regularizers[r], kind, LARGEST, softnesses[2 + kind % 3], x, g});
        }
        check_extremes(regularizers[r]);
    }
}

int main(void) {
    under_every_instruction_set(check_everything);
    return failures != 0;
}

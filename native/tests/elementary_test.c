/* The vector functions of one tier against long double, in units in the last place. */
#include "check.h"
#include "elementary.h"

enum { SKIPPED = 77, SAMPLES = 200000 };

static double in_units_in_the_last_place(double actual, long double expected) {
    if (actual == expected) {
        return 0;
    }
    double nearest = (double)expected;
    return (double)(fabsl(actual - expected) / (nextafter(fabs(nearest), INFINITY) - fabs(nearest)));
}

static double exponential_of(double a) {
    return exponential(broadcast(a))[LANES - 1];
}

static double two_thirds_power_of(double a) {
    return two_thirds_power(broadcast(a))[LANES - 1];
}

static void test_exponential(void) {
    double worst = 0;
    uint64_t state = 1;
    for (int i = 0; i < SAMPLES; i++) {
        double a = i % 2 ? -708 * uniform(&state) : 2 * uniform(&state) - 1.5;
        double error = in_units_in_the_last_place(exponential_of(a), expl(a));
        worst = error > worst ? error : worst;
        CHECK(error < 1.1, "exp(%.17g) is off by %g units", a, error);
    }
    printf("exponential: at most %.3f units in the last place\n", worst);
    CHECK(exponential_of(0) == 1, "exp(0) = %.17g", exponential_of(0));
    CHECK(exponential_of(-0.0) == 1, "exp(-0) = %.17g", exponential_of(-0.0));
    const double flushed[] = {-709, -709.5, -745, -1000, -1e300, -INFINITY};
    for (size_t i = 0; i < sizeof flushed / sizeof *flushed; i++) {
        CHECK(exponential_of(flushed[i]) == 0, "exp(%g) = %g", flushed[i], exponential_of(flushed[i]));
    }
    CHECK(isnan(exponential_of(NAN)), "exp(NaN) = %g", exponential_of(NAN));
}

static void test_two_thirds_power(void) {
    double worst = 0;
    uint64_t state = 2;
    for (int i = 0; i < SAMPLES; i++) {
        double a = i % 2 ? ldexp(1 + uniform(&state), (int)(600 * uniform(&state)) - 500) : 8 * uniform(&state);
        double error = in_units_in_the_last_place(two_thirds_power_of(a), powl(cbrtl(a), 2));
        worst = error > worst ? error : worst;
        CHECK(error < 2.2, "%.17g^(2/3) is off by %g units", a, error);
    }
    printf("two thirds power: at most %.3f units in the last place\n", worst);
    CHECK(two_thirds_power_of(0) == 0, "0^(2/3) = %g", two_thirds_power_of(0));
    CHECK(fabs(two_thirds_power_of(1) - 1) <= 0x1p-52, "1^(2/3) = %.17g", two_thirds_power_of(1));
    CHECK(isnan(two_thirds_power_of(NAN)), "NaN^(2/3) = %g", two_thirds_power_of(NAN));
}

static void test_cube_root(void) {
    double worst = 0;
    uint64_t state = 3;
    for (int i = 0; i < SAMPLES; i++) {
        double a = i % 2 ? ldexp(1 + uniform(&state), (int)(2000 * uniform(&state)) - 1000) : 8 * uniform(&state);
        double error = in_units_in_the_last_place(cube_root(broadcast(a))[LANES - 1], cbrtl(a));
        worst = error > worst ? error : worst;
        CHECK(error < 1.5, "cube root of %.17g is off by %g units", a, error);
    }
    printf("cube root: at most %.3f units in the last place\n", worst);
    CHECK(cube_root(broadcast(0))[LANES - 1] == 0, "cube root of 0");
    CHECK(isnan(cube_root(broadcast(NAN))[LANES - 1]), "cube root of NaN");
}

static void test_logarithm(void) {
    double worst = 0;
    uint64_t state = 4;
    for (int i = 0; i < SAMPLES; i++) {
        double a = i % 2 ? ldexp(1 + uniform(&state), (int)(2000 * uniform(&state)) - 1000) : 0.5 + uniform(&state);
        long double expected = logl(a), unit = fmaxl(fabsl(expected), 1) * 0x1p-52L;
        double error = (double)(fabsl(logarithm(broadcast(a))[LANES - 1] - expected) / unit);
        worst = error > worst ? error : worst;
        CHECK(error < 1, "log(%.17g) is off by %g units", a, error);
    }
    printf("logarithm: at most %.3f units of the larger of 1 and the result\n", worst);
    CHECK(logarithm(broadcast(1))[LANES - 1] == 0, "log(1)");
}

/* A lane may not look at its neighbours: the partial loads and stores of every length, and packing of every pattern. */
static void test_moving(void) {
    double from[LANES + 1], to[LANES + 1];
    for (int lane = 0; lane <= LANES; lane++) {
        from[lane] = lane + 1;
    }
    for (int count = 1; count < LANES; count++) {
        Vector loaded = load_first_f64(from, count, -7);
        memset(to, 0, sizeof to);
        store_first_f64(to, count, loaded);
        for (int lane = 0; lane < LANES; lane++) {
            CHECK(loaded[lane] == (lane < count ? from[lane] : -7), "load of %d, lane %d", count, lane);
            CHECK(to[lane] == (lane < count ? from[lane] : 0), "store of %d, lane %d", count, lane);
        }
    }
    for (unsigned bits = 1; bits <= ALL_LANES; bits++) {
        memset(to, 0, sizeof to);
        int packed = store_packed_f64(to, bits, load_f64(from)), expected = 0;
        for (int lane = 0; lane < LANES; lane++) {
            if (bits >> lane & 1) {
                CHECK(to[expected] == from[lane], "pattern %x, lane %d", bits, lane);
                expected++;
            }
        }
        CHECK(packed == expected, "pattern %x: %d packed", bits, packed);
    }
}

int main(void) {
    softgrad_cap_instruction_set(SOFTGRAD_BEST);
    const char *best = softgrad_instruction_set();
    int runs_here = !strcmp(SOFTGRAD_TIER_NAME, "baseline") || !strcmp(SOFTGRAD_TIER_NAME, best) ||
                    (!strcmp(SOFTGRAD_TIER_NAME, "avx2") && !strcmp(best, "avx512"));
    if (!runs_here) {
        printf("this machine has no %s\n", SOFTGRAD_TIER_NAME);
        return SKIPPED;
    }
    test_exponential();
    test_two_thirds_power();
    test_cube_root();
    test_logarithm();
    test_moving();
    return failures != 0;
}

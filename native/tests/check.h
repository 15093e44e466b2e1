/* What the C tests share: counting failures, running under every instruction set, and a small random generator. */
#ifndef SOFTGRAD_CHECK_H
#define SOFTGRAD_CHECK_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "softgrad.h"

/* C promises only that it is not 0 for a NaN, which is all that some Windows headers keep; the tests compare it with 1. */
#undef isnan
#define isnan(x) (__builtin_isnan(x) != 0)

static int failures = 0;

/* Counts a failure and prints the formatted message; the first few say enough. */
#define CHECK(condition, ...)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            if (++failures <= 20) {                                                                                    \
                printf("FAILED [%s] %s: ", softgrad_instruction_set(), #condition);                                    \
                printf(__VA_ARGS__);                                                                                   \
                printf("\n");                                                                                          \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)

/* Runs `test` once under every instruction set that this machine has, strongest last. */
static inline void under_every_instruction_set(void (*test)(void)) {
    static const int caps[] = {SOFTGRAD_BASELINE, SOFTGRAD_NEON, SOFTGRAD_AVX2, SOFTGRAD_AVX512};
    char previous[16] = "";
    for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++) {
        if (softgrad_cap_instruction_set(caps[i]) != SOFTGRAD_OK || !strcmp(previous, softgrad_instruction_set())) {
            continue;
        }
        snprintf(previous, sizeof previous, "%s", softgrad_instruction_set());
        test();
        printf("%s: %d failures so far\n", previous, failures);
    }
    softgrad_cap_instruction_set(SOFTGRAD_BEST);
}

/* Uniform on [0, 1): SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
static inline double uniform(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

/* About normal: the sum of twelve uniform numbers, centred. */
static inline double normal(uint64_t *state) {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        sum += uniform(state);
    }
    return sum;
}

#endif

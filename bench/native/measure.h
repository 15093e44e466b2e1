/* What the benchmarks share: a clock, and random rows. */
#ifndef SOFTGRAD_MEASURE_H
#define SOFTGRAD_MEASURE_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds since some fixed time. */
static inline double now(void) {
    struct timespec time;
    timespec_get(&time, TIME_UTC);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

/* Uniform on [0, 1). */
static inline double uniform(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (double)(*state >> 11) * 0x1p-53;
}

/* Nearly standard normal: the sum of twelve uniform numbers, less its mean. */
static inline double normal(uint64_t *state) {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
        sum += uniform(state);
    }
    return sum;
}

/*
 * The fastest of at least three runs, and of as many more as fit into a tenth of a second: other processes disturb it
 * little. A run is repeated within a sample until it takes some microseconds, as the clock has only so many digits.
 */
static inline double fastest(void (*run)(void *), void *context) {
    double begin = now(), least = 1e300;
    int repeats = 1;
    for (int sample = 0; sample < 3 || now() - begin < 1e8; sample++) {
        double start = now();
        for (int i = 0; i < repeats; i++) {
            run(context);
        }
        double elapsed = now() - start;
        least = elapsed / repeats < least ? elapsed / repeats : least;
        if (elapsed < 5e3) {
            repeats *= 2;
        }
    }
    return least;
}

#endif

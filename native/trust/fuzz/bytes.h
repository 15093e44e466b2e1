/*
 * The bytes that a fuzzer is given, read as what calls of kernels are made of. Where they end, pseudo-random ones
 * follow, so that a few bytes make a long row; the same bytes always make the same call.
 */
#ifndef SOFTGRAD_TRUST_BYTES_H
#define SOFTGRAD_TRUST_BYTES_H

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "softgrad.h"

struct bytes {
    const uint8_t *at;
    size_t left;
    uint64_t seed;
};

static inline struct bytes bytes_of(const uint8_t *data, size_t size) {
    struct bytes bytes = {data, size, 0xcbf29ce484222325u};
    for (size_t i = 0; i < size; i++) {
        bytes.seed = (bytes.seed ^ data[i]) * 0x100000001b3u; /* FNV-1a */
    }
    return bytes;
}

static inline unsigned take(struct bytes *bytes) {
    if (bytes->left > 0) {
        bytes->left--;
        return *bytes->at++;
    }
    bytes->seed = bytes->seed * 6364136223846793005u + 1442695040888963407u; /* Knuth, MMIX */
    return (unsigned)(bytes->seed >> 56);
}

/* From 0 to count - 1, count at most 256. */
static inline int take_one_of(struct bytes *bytes, int count) {
    return (int)take(bytes) % count;
}

static inline int one_in(struct bytes *bytes, int count) {
    return take_one_of(bytes, count) == count - 1;
}

/* Mostly what a few vectors hold, sometimes up to `largest`. */
static inline softgrad_count take_size(struct bytes *bytes, softgrad_count largest) {
    const softgrad_count few = largest < 36 ? largest : 36;
    const unsigned byte = take(bytes);
    if (byte < 208) {
        return 1 + byte % few;
    }
    return 1 + (softgrad_count)(byte << 8 | take(bytes)) % largest;
}

static inline double take_bits(struct bytes *bytes) {
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) {
        bits = bits << 8 | take(bytes);
    }
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Half of them are of the size that callers use. */
static inline double take_softness(struct bytes *bytes) {
    static const double edges[] = {DBL_TRUE_MIN, DBL_MIN, DBL_MAX,     1e-300,      1e300, 1e-150, 1e150,
                                   1e-20,        1e20,    1 - 0x1p-53, 1 + 0x1p-52, 1,     2,      0.5};
    static const double usual[] = {1e-3, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100};
    const unsigned byte = take(bytes);
    if (byte < 128) {
        return usual[byte % 9];
    }
    return byte < 192 ? edges[byte % 14] : ldexp(1 + byte / 256.0, (int)take(bytes) - 128);
}

static inline double take_special(struct bytes *bytes) {
    static const double specials[] = {NAN, INFINITY, -INFINITY, 0.0, -0.0, DBL_MAX, -DBL_MAX, DBL_MIN, DBL_TRUE_MIN};
    return specials[take_one_of(bytes, 9)];
}

enum style { GRID, USUAL, POWERS, BITS, OFFSET, CONSTANT, CLUSTERS, TINY, STYLES };

static inline double take_number(struct bytes *bytes, enum style style, double base) {
    const double byte = (double)take(bytes) - 128;
    switch (style) {
        case GRID: return byte / 16 - fmod(byte, 16) / 16;
        case POWERS: return ldexp(byte, 7 * ((int)take(bytes) - 128));
        case BITS: return take_bits(bytes);
        case OFFSET: return base * 1e6 + (byte + take(bytes) / 256.0) / 128;
        case CONSTANT: return base;
        case CLUSTERS: return fmod(byte, 4) * 8 + byte * 1e-9;
        case TINY: return byte * DBL_MIN * (1.0 / 64);
        default: return (byte + take(bytes) / 256.0) / 64;
    }
}

/* Numbers of one kind, among which there may be some of any: NaN and infinities too. */
static inline void take_numbers(struct bytes *bytes, softgrad_count count, double *numbers) {
    const unsigned byte = take(bytes);
    const enum style style = (byte & 15) < STYLES ? (enum style)(byte & 15) : USUAL;
    const int has_specials = (byte & 0xf0) == 0xf0;
    const double base = style == CONSTANT ? take_bits(bytes) : 1 + take(bytes);
    for (softgrad_count i = 0; i < count; i++) {
        numbers[i] = has_specials && one_in(bytes, 24) ? take_special(bytes) : take_number(bytes, style, base);
    }
}

/* The same without NaN and infinities. */
static inline void take_finite_numbers(struct bytes *bytes, softgrad_count count, double *numbers) {
    take_numbers(bytes, count, numbers);
    for (softgrad_count i = 0; i < count; i++) {
        numbers[i] = isfinite(numbers[i]) ? numbers[i] : 1;
    }
}

#endif

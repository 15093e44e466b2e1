/* Checks of scalar arguments that kernels share. */
#ifndef SOFTGRAD_ARGUMENTS_H
#define SOFTGRAD_ARGUMENTS_H

#include "softgrad.h"

/* Status of a batch of rows; `element_size` is in bytes. */
static inline int check_rows(softgrad_count rows, softgrad_count n, softgrad_count element_size) {
    const softgrad_count largest = (softgrad_count)(~0ULL >> 1) / element_size;
    return rows < 0 || n < 1 || rows > largest / n ? SOFTGRAD_BAD_SHAPE : SOFTGRAD_OK;
}

/* Written so that NaN fails both comparisons. */
static inline int check_softness(double softness) {
    return softness > 0 && softness <= 0x1.fffffffffffffp+1023 ? SOFTGRAD_OK : SOFTGRAD_BAD_SOFTNESS;
}

/* 1 / softness, kept finite for the smallest subnormal numbers. */
static inline double reciprocal_of(double softness) {
    return softness < 0x1p-1022 ? 0x1p+1022 : 1.0 / softness;
}

#endif

/*
 * Sums of powers (x + t_j)^k over a contiguous range of a row, for many x at once, from the moments of the t_j. A range
 * is moved by adding and removing elements; it is counted again from the start when its origin is moved, which happens
 * often enough that all t stay about as large as the sums' own arguments.
 */
#ifndef SOFTGRAD_SOFT_SORT_MOMENTS_H
#define SOFTGRAD_SOFT_SORT_MOMENTS_H

#include "vector.h"

/* Elements j with a point, a value and a weight. Without reach, offset and weight they are s, v and one. */
struct elements {
    const double *s, *v, *reach, *offset, *weight;
    double scale;
    double side; /* -1 or 1: the point is s - reach or s + reach, in units of the softness */
};

struct origin {
    double s, v;
};

struct moments {
    softgrad_count begin, end;
    double plain[4], valued[4];           /* sum of weight t^m and of weight value t^m */
    double largest_point, largest_value; /* that have been counted, removed since or not */
};

INLINE double point_of(struct elements elements, struct origin origin, softgrad_count j) {
    double point = (elements.s[j] - origin.s) * elements.scale;
    return elements.reach ? point + elements.side * elements.reach[j] : point;
}

INLINE double value_of(struct elements elements, struct origin origin, softgrad_count j) {
    double value = elements.v[j] - origin.v;
    return elements.offset ? value + elements.offset[j] : value;
}

INLINE double larger_size(double a, double b) {
    a = __builtin_fabs(a);
    b = __builtin_fabs(b);
    return a > b ? a : b;
}

INLINE void count_in(int power, struct elements elements, struct origin origin, softgrad_count j, double sign,
                     struct moments *moments) {
    const double point = point_of(elements, origin, j), value = value_of(elements, origin, j);
    double term = elements.weight ? sign * elements.weight[j] : sign;
    moments->largest_point = larger_size(moments->largest_point, point);
    moments->largest_value = larger_size(moments->largest_value, value);
#pragma GCC unroll 4
    for (int m = 0; m <= power; m++) {
        moments->plain[m] += term;
        moments->valued[m] += term * value;
        term *= point;
    }
}

INLINE void count_again(int power, struct elements elements, struct origin origin, softgrad_count begin,
                        softgrad_count end, struct moments *moments) {
    *moments = (struct moments){begin, end, {0}, {0}, 0, 0};
    for (softgrad_count j = begin; j < end; j++) {
        count_in(power, elements, origin, j, 1.0, moments);
    }
}

/* Whether what was removed was so much larger than what is left that its roundings matter. */
INLINE int is_stale(struct elements elements, struct origin origin, const struct moments *moments) {
    const softgrad_count first = moments->begin, last = moments->end - 1;
    const double point = larger_size(point_of(elements, origin, first), point_of(elements, origin, last));
    const double value = larger_size(value_of(elements, origin, first), value_of(elements, origin, last));
    return moments->largest_point > 16.0 * point || moments->largest_value > 16.0 * value;
}

/* Moves the range to begin <= j < end; the moments of an empty one are exactly zero. */
INLINE void cover(int power, struct elements elements, struct origin origin, softgrad_count begin, softgrad_count end,
                  struct moments *moments) {
    if (begin == moments->begin && end == moments->end) {
        return;
    }
    if (begin >= end || begin >= moments->end || end <= moments->begin) {
        count_again(power, elements, origin, begin, end > begin ? end : begin, moments);
        return;
    }
    for (; moments->end < end; moments->end++) {
        count_in(power, elements, origin, moments->end, 1.0, moments);
    }
    while (moments->begin > begin) {
        count_in(power, elements, origin, --moments->begin, 1.0, moments);
    }
    for (; moments->begin < begin; moments->begin++) {
        count_in(power, elements, origin, moments->begin, -1.0, moments);
    }
    while (moments->end > end) {
        count_in(power, elements, origin, --moments->end, -1.0, moments);
    }
    if (is_stale(elements, origin, moments)) {
        count_again(power, elements, origin, begin, end, moments);
    }
}

/* sum of weight (x + sign t)^power, from the moments m. */
INLINE Vector power_sum(int power, const double *m, double sign, Vector x) {
    switch (power) {
        case 0: return broadcast(m[0]);
        case 1: return x * m[0] + sign * m[1];
        case 2: return x * (x * m[0] + 2.0 * sign * m[1]) + m[2];
        default: return x * (x * (x * m[0] + 3.0 * sign * m[1]) + 3.0 * m[2]) + sign * m[3];
    }
}

#endif

/*
 * SoftSort with a norm, one row in the sorted frame: with p = s / softness and a = 1, 2, 3 for the norms,
 *
 *     P_kj = [h_k - |p_k - p_j|]+^a,    h_k in (0, 1] such that sum_j P_kj = 1.
 *
 * By the implicit function theorem |dh / dp| <= 1, so both ends p - h and p + h of the windows ascend along the row. A
 * vector holds the windows of neighbouring rows, which are about the same: what is inside all of them is summed by its
 * moments, what only some contain one by one, and Newton's method finds all h of the vector together. The cost is O(n)
 * where neighbouring windows end close together.
 *
 * Reference: Blondel, Martins and Niculae, Learning with Fenchel-Young losses, JMLR 21 (2020), for the projections.
 */
#ifndef SOFTGRAD_SOFT_SORT_SPARSE_H
#define SOFTGRAD_SOFT_SORT_SPARSE_H

#include "order_rows.h"
#include "powers.h"
#include "soft_sort_moments.h"
#include "soft_sort_scan.h"

/* Windows with fewer elements are summed one by one. */
enum { FEW_ELEMENTS = 40 };

/* A vector of rows, the last row repeated past the end of the data. */
struct group {
    softgrad_count first, end;
    Vector s, v, index;
};

/* The elements begin <= j < end are in some window of the group, core_begin <= j < core_end in all of them. */
struct windows {
    softgrad_count begin, core_begin, core_end, end;
    struct origin origin;
    struct moments left, right; /* of the core before and after the group */
};

/*
 * Sums over the windows: of P, of W = P^((a - 1) / a), of W with the sign of j - k, of W |p_j - p_k|, and of these
 * times v_j - v_k.
 */
struct window_sums {
    Vector p, w, signed_w, distant_w, p_rise, w_rise, signed_w_rise, distant_w_rise;
};

INLINE struct group group_of(softgrad_count n, const double *s, const double *v, softgrad_count first) {
    struct group group = {first, n - first < LANES ? n : first + LANES, {0}, {0}, {0}};
    if (n - first >= LANES) {
        group.s = load_f64(s + first);
        group.v = load_f64(v + first);
    } else {
        group.s = load_first_f64(s + first, n - first, s[n - 1]);
        group.v = load_first_f64(v + first, n - first, v[n - 1]);
    }
    for (int lane = 0; lane < LANES; lane++) {
        group.index[lane] = lane;
    }
    group.index += (double)first;
    return group;
}

INLINE Vector smaller(Vector a, Vector b) {
    return select((Mask)(a < b), a, b);
}

INLINE double highest(Vector a) {
#pragma GCC unroll 3
    for (int level = 0; level < LEVELS; level++) {
        a = larger(a, earlier(1 << level, a, a));
    }
    return a[0];
}

INLINE double lowest(Vector a) {
    return -highest(-a);
}

/* |p_k - s_j / softness| for the rows k of a group. */
INLINE Vector distances_from(struct group group, double s, double scale) {
    Vector distance = (group.s - s) * scale;
    return (Vector)((Mask)distance & 0x7fffffffffffffff);
}

/* The first j from low on, at most high, whose point is above the bound. */
INLINE softgrad_count first_above(struct elements elements, struct origin origin, double bound, softgrad_count low,
                                  softgrad_count high, softgrad_count j) {
    j = j < low ? low : j > high ? high : j;
    while (j > low && point_of(elements, origin, j - 1) > bound) {
        j--;
    }
    while (j < high && !(point_of(elements, origin, j) > bound)) {
        j++;
    }
    return j;
}

/* The same with "not below" for "above". */
INLINE softgrad_count first_from(struct elements elements, struct origin origin, double bound, softgrad_count low,
                                 softgrad_count high, softgrad_count j) {
    j = j < low ? low : j > high ? high : j;
    while (j > low && !(point_of(elements, origin, j - 1) < bound)) {
        j--;
    }
    while (j < high && point_of(elements, origin, j) < bound) {
        j++;
    }
    return j;
}

/*
 * Far above the rounding of points of this size, and of distances within a window. Windows are that much too wide and
 * cores too narrow, so whether an element counts is decided by its distance and h alone, the same way in sums over rows
 * and over columns: what has the weight W = 1 and the probability 1e-16 must not be in one of them only.
 */
INLINE double margin_at(double point) {
    return 0x1p-48 * (1.0 + __builtin_fabs(point));
}

/* Windows of the given half widths. */
INLINE void find_windows(int power, softgrad_count n, struct elements elements, struct group group, Vector h,
                         struct windows *windows) {
    const struct origin origin = windows->origin;
    const Vector point = (group.s - origin.s) * elements.scale;
    const Vector low = point - h, high = point + h;
    const double margin = margin_at(lowest(point)) + margin_at(highest(point));
    windows->begin = first_above(elements, origin, lowest(low) - margin, 0, group.first, windows->begin);
    windows->end = first_from(elements, origin, highest(high) + margin, group.end, n, windows->end);
    if (windows->end - windows->begin < FEW_ELEMENTS) {
        windows->core_begin = group.first;
        windows->core_end = group.end;
    } else {
        windows->core_begin =
            first_above(elements, origin, highest(low) + margin, windows->begin, group.first, windows->core_begin);
        windows->core_end =
            first_from(elements, origin, lowest(high) - margin, group.end, windows->end, windows->core_end);
    }
    cover(power, elements, origin, windows->core_begin, group.first, &windows->left);
    cover(power, elements, origin, group.end, windows->core_end, &windows->right);
}

/* Whether j is before (-1) or after (1) each row of the group: the same for all rows, or WITHIN if it is not. */
enum { BEFORE = -1, WITHIN = 0, AFTER = 1 };

INLINE Vector side_of(softgrad_count j, int side, struct group group) {
    const Mask one = (Mask)broadcast(1.0);
    return side != WITHIN ? broadcast((double)side)
                          : (Vector)((Mask)(group.index < (double)j) & one) -
                                (Vector)((Mask)(group.index > (double)j) & one);
}

/* Adds begin <= j < end, one by one. */
INLINE void add_elements(int power, int with_values, struct elements elements, struct group group, Vector h,
                         int side, softgrad_count begin, softgrad_count end, struct window_sums *sums) {
    for (softgrad_count j = begin; j < end; j++) {
        Vector distance = distances_from(group, elements.s[j], elements.scale);
        Vector room = larger((Vector){0}, h - distance);
        Vector w = power_of(room, power - 1);
        Vector p = w * room;
        sums->w += w;
        sums->p += p;
        if (with_values) {
            Vector rise = elements.v[j] - group.v;
            Vector signed_w = w * side_of(j, side, group), distant = w * smaller(distance, h);
            sums->signed_w += signed_w;
            sums->distant_w += distant;
            sums->p_rise += p * rise;
            sums->w_rise += w * rise;
            sums->signed_w_rise += signed_w * rise;
            sums->distant_w_rise += distant * rise;
        }
    }
}

/* Adds one side of the core: sums of (x + sign t)^power. */
INLINE void add_core(int power, int with_values, const struct moments *moments, double sign, Vector x, Vector point,
                     Vector value, struct window_sums *sums) {
    if (moments->begin == moments->end) {
        return;
    }
    Vector w = power_sum(power - 1, moments->plain, sign, x), p = power_sum(power, moments->plain, sign, x);
    sums->w += w;
    sums->p += p;
    if (with_values) {
        Vector w_rise = power_sum(power - 1, moments->valued, sign, x) - value * w;
        sums->signed_w -= sign * w;
        sums->p_rise += power_sum(power, moments->valued, sign, x) - value * p;
        sums->w_rise += w_rise;
        sums->signed_w_rise -= sign * w_rise;
        Vector distant = point * w - power_sum(power - 1, moments->plain + 1, sign, x);
        Vector distant_valued = point * power_sum(power - 1, moments->valued, sign, x) -
                                power_sum(power - 1, moments->valued + 1, sign, x);
        sums->distant_w += sign * distant;
        sums->distant_w_rise += sign * (distant_valued - value * distant);
    }
}

INLINE struct window_sums sum_windows(int power, int with_values, struct elements elements, struct group group,
                                      Vector h, const struct windows *windows) {
    struct window_sums sums = {{0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}};
    const Vector point = (group.s - windows->origin.s) * elements.scale;
    const Vector value = group.v - windows->origin.v;
    add_elements(power, with_values, elements, group, h, BEFORE, windows->begin, windows->core_begin, &sums);
    add_core(power, with_values, &windows->left, 1.0, h - point, point, value, &sums);
    add_elements(power, with_values, elements, group, h, WITHIN, group.first, group.end, &sums);
    add_core(power, with_values, &windows->right, -1.0, h + point, point, value, &sums);
    add_elements(power, with_values, elements, group, h, AFTER, windows->core_end, windows->end, &sums);
    return sums;
}

/* Where h can be, from that of the row before, and where it is likely to be. */
struct bracket {
    Vector low, high, guess;
};

INLINE int has_core(const struct windows *windows) {
    return windows->left.begin < windows->left.end || windows->right.begin < windows->right.end;
}

/*
 * Half widths to rounding: the sum of P is convex and ascends, so Newton's method descends after its first step, and
 * what is outside the windows stays there.
 */
INLINE Vector solve_windows(int power, softgrad_count n, struct elements elements, struct group group,
                            struct bracket bracket, struct windows *windows) {
    Vector h = bracket.guess, count = {0};
    for (int step = 0; step < 100; step++) {
        if (step < 2 || has_core(windows)) {
            find_windows(power, n, elements, group, h, windows);
        }
        struct window_sums sums = sum_windows(power, 0, elements, group, h, windows);
        Vector next = h - (sums.p - 1.0) / (sums.w * (double)power);
        next = smaller(larger(next, bracket.low), bracket.high);
        Vector change = larger(next - h, h - next);
        /* A step from the same elements is exact where the sum is linear; otherwise convergence is quadratic. */
        Mask moving = power == 1 ? (Mask)(change > 0x1p-51 * h) & (Mask)(sums.w != count)
                                 : (Mask)(change > 0x1p-28 * h);
        h = next;
        count = sums.w;
        if (!bits_of(moving)) {
            break;
        }
    }
    return h;
}

/*
 * state: h, the mean of v_j - v_k with the weights W, and with that mean m the sums of a W (v_j - v_k - m) times the
 * sign of j - k and times |p_j - p_k|: what p_k and the softness get from row k.
 */
INLINE void sparse_row(int power, softgrad_count n, const double *s, const double *v, double scale, double *shift,
                       double *state) {
    const softgrad_count size = n + ORDER_PADDING;
    const struct elements elements = {s, v, 0, 0, 0, scale, 0};
    struct windows windows = {0, 0, 0, 0, {s[0], v[0]}, {0, 0, {0}, {0}, 0, 0}, {0, 0, {0}, {0}, 0, 0}};
    double previous_s = s[0], previous_h = 1.0, slope = 0;
    for (softgrad_count first = 0; first < n; first += LANES) {
        const struct group group = group_of(n, s, v, first);
        Vector way = (group.s - previous_s) * scale;
        Vector least = broadcast(0.5 / (double)n), one = broadcast(1.0);
        struct bracket bracket = {first ? larger(previous_h - way, least) : least,
                                  first ? smaller(previous_h + way, one) : one, one};
        bracket.guess = smaller(larger(previous_h + slope * smaller(way, one), bracket.low), bracket.high);
        if ((s[first] - windows.origin.s) * scale > 0.25 * previous_h) {
            windows.origin = (struct origin){s[first], v[first]};
            windows.left = windows.right = (struct moments){0, 0, {0}, {0}, 0, 0};
        }
        Vector h = solve_windows(power, n, elements, group, bracket, &windows);
        if (has_core(&windows)) {
            find_windows(power, n, elements, group, h, &windows);
        }
        struct window_sums sums = sum_windows(power, 1, elements, group, h, &windows);
        Vector mean = sums.w_rise / sums.w;
        store_f64(state + first, h);
        store_f64(state + size + first, mean);
        store_f64(state + 2 * size + first, (sums.signed_w_rise - mean * sums.signed_w) * (double)power);
        store_f64(state + 3 * size + first, (sums.distant_w_rise - mean * sums.distant_w) * (double)power);
        Vector result = sums.p_rise / sums.p;
        if (n - first >= LANES) {
            store_f64(shift + first, result);
        } else {
            store_first_f64(shift + first, n - first, result);
        }
        previous_s = s[group.end - 1];
        previous_h = h[LANES - 1];
        slope = sums.signed_w[LANES - 1] / -sums.w[LANES - 1];
    }
}

/* The sums of a column over rows on one side: of g P, and of a g W (v_k - v_i - mean_i). */
struct column_sums {
    Vector p, pull;
};

INLINE void add_rows(int power, struct elements rows, struct group group, int side, softgrad_count begin,
                     softgrad_count end, struct column_sums *sums) {
    for (softgrad_count i = begin; i < end; i++) {
        Vector distance = distances_from(group, rows.s[i], rows.scale);
        Vector room = larger((Vector){0}, rows.reach[i] - distance);
        Vector w = power_of(room, power - 1) * rows.weight[i];
        sums->p += w * room;
        sums->pull += side_of(i, side, group) * w * ((group.v - rows.v[i]) - rows.offset[i]);
    }
}

INLINE void add_row_core(int power, const struct moments *moments, double sign, Vector x, Vector value,
                         struct column_sums *sums) {
    if (moments->begin == moments->end) {
        return;
    }
    Vector w = power_sum(power - 1, moments->plain, sign, x);
    sums->p += power_sum(power, moments->plain, sign, x);
    sums->pull -= sign * (value * w - power_sum(power - 1, moments->valued, sign, x));
}

/* The rows whose windows contain some column of the group, and those that contain all. */
INLINE void find_rows(int power, softgrad_count n, struct elements ups, struct elements downs, struct group group,
                      struct windows *windows) {
    const struct origin origin = windows->origin;
    const double low = (ups.s[group.first] - origin.s) * ups.scale;
    const double high = (ups.s[group.end - 1] - origin.s) * ups.scale;
    const double margin = margin_at(low) + margin_at(high);
    windows->begin = first_above(ups, origin, low - margin, 0, group.first, windows->begin);
    windows->end = first_from(downs, origin, high + margin, group.end, n, windows->end);
    if (windows->end - windows->begin < FEW_ELEMENTS) {
        windows->core_begin = group.first;
        windows->core_end = group.end;
    } else {
        windows->core_begin =
            first_above(ups, origin, high + margin, windows->begin, group.first, windows->core_begin);
        windows->core_end = first_from(downs, origin, low - margin, group.end, windows->end, windows->core_end);
    }
    cover(power, ups, origin, windows->core_begin, group.first, &windows->left);
    cover(power, downs, origin, group.end, windows->core_end, &windows->right);
}

INLINE struct column_sums sum_rows(int power, struct elements rows, struct group group,
                                   const struct windows *windows) {
    struct column_sums sums = {{0}, {0}};
    const Vector point = (group.s - windows->origin.s) * rows.scale, value = group.v - windows->origin.v;
    add_rows(power, rows, group, BEFORE, windows->begin, windows->core_begin, &sums);
    add_row_core(power, &windows->left, 1.0, -point, value, &sums);
    add_rows(power, rows, group, WITHIN, group.first, group.end, &sums);
    add_row_core(power, &windows->right, -1.0, point, value, &sums);
    add_rows(power, rows, group, AFTER, windows->core_end, windows->end, &sums);
    return sums;
}

/* The cotangent of -|p_i - p_j| is a W_ij g_i (v_j - v_i - mean_i), and its sums over j are in the state. */
INLINE double sparse_pull(int power, softgrad_count n, const double *s, const double *v, double scale,
                          const double *state, const double *g, double *v_bar, double *s_bar) {
    const softgrad_count size = n + ORDER_PADDING;
    const double *h = state, *mean = state + size, *own = state + 2 * size, *of_scale = state + 3 * size;
    const struct elements ups = {s, v, h, mean, g, scale, 1.0}, downs = {s, v, h, mean, g, scale, -1.0};
    struct windows windows = {0, 0, 0, 0, {s[0], v[0]}, {0, 0, {0}, {0}, 0, 0}, {0, 0, {0}, {0}, 0, 0}};
    Vector total = {0};
    for (softgrad_count first = 0; first < n; first += LANES) {
        const struct group group = group_of(n, s, v, first);
        if ((s[first] - windows.origin.s) * scale > 0.25 * h[first]) {
            windows.origin = (struct origin){s[first], v[first]};
            windows.left = windows.right = (struct moments){0, 0, {0}, {0}, 0, 0};
        }
        find_rows(power, n, ups, downs, group, &windows);
        struct column_sums sums = sum_rows(power, ups, group, &windows);
        const softgrad_count count = group.end - first;
        Vector g_here = load_first_f64(g + first, count, 0);
        if (v_bar) {
            store_first_f64(v_bar + first, count, sums.p);
        }
        if (s_bar) {
            Vector pull = (sums.pull * (double)power + g_here * load_f64(own + first)) * scale;
            store_first_f64(s_bar + first, count, pull);
            total += g_here * load_f64(of_scale + first);
        }
    }
    return s_bar ? sum_of_lanes(total) * scale : 0;
}

#endif

/*
 * The bounds of the smoothed majorization constraints and their vector-Jacobian product, for majorization.c.
 *
 * With X_i = exp(w_i / T), w descending, and e_k the elementary symmetric polynomials of the X_i, the bounds are
 * b_k = T log e_k. What is kept of them are the n numbers
 *
 *     excess_k = log(e_k / e_(k-1)) - w_k / T,   so that   b_k - b_(k-1) = w_k + T excess_k,
 *
 * which are of order log n whatever the w_k are.
 */
#ifndef SOFTGRAD_MAJORIZATION_BOUNDS_H
#define SOFTGRAD_MAJORIZATION_BOUNDS_H

#include "elementary.h"
#include "kernels.h"
#include "vector.h"

enum {
    ELEMENTS_AT_A_TIME = 32, /* that share their exponentials, at most */
    SHARED_EXPONENT = 64,    /* consecutive e_k that share a power of two */
    PRODUCTS_AT_A_TIME = 4,  /* vectors that hide each other's latency */
};

static const double SPAN = 300;  /* elements that share exponentials lie within this many T */
static const double REACH = 64;  /* exp(-64) times any possible n vanishes beside 1 */
static const double LARGE = 0x1p+200;
static const double LARGEST_ODDS = 400; /* times what lies within the span it is finite */

/* 2^power; no normal number's exponent is exceeded. */
INLINE double power_of_two(double power) {
    double within = power < -1022 ? -1022 : power > 1023 ? 1023 : power;
    union {
        unsigned long long bits;
        double value;
    } number = {.bits = (unsigned long long)((long long)within + 1023) << 52};
    return number.value;
}

/* The k with 2^k <= a < 2^(k+1), for normal a > 0. */
INLINE double exponent_of(double a) {
    union {
        double value;
        unsigned long long bits;
    } number = {.value = a};
    return (double)((long long)(number.bits >> 52 & 0x7ff) - 1023);
}

/* How many elements from `first` on share their exponentials. */
INLINE softgrad_count shared_from(softgrad_count first, softgrad_count most, softgrad_count n, const double *w,
                                  double temperature) {
    softgrad_count count = 1;
    while (count < most && first + count < n && w[first] - w[first + count] <= SPAN * temperature) {
        count++;
    }
    return count;
}

/* factor[k] = exp((reference - w_k) / T) for k in low..high, and what the shared exponents of e_k and e_(k-1) differ by. */
static void scaling_factors(softgrad_count low, softgrad_count high, const double *w, double reference,
                            double temperature, const double *exponents, double *factor) {
    for (softgrad_count k = low; k <= high; k += LANES) {
        const softgrad_count count = high - k + 1 < LANES ? high - k + 1 : LANES;
        Vector element = count == LANES ? load_f64(w + k - 1) : load_first_f64(w + k - 1, count, reference);
        Vector result = exponential((reference - element) / temperature);
        if (count == LANES) {
            store_f64(factor + k, result);
        } else {
            store_first_f64(factor + k, count, result);
        }
    }
    for (softgrad_count k = (low + SHARED_EXPONENT - 1) / SHARED_EXPONENT * SHARED_EXPONENT; k <= high;
         k += SHARED_EXPONENT) {
        const double *exponent = exponents + k / SHARED_EXPONENT;
        factor[k] *= power_of_two(exponent[-1] - exponent[0]);
    }
}

/* e_k += gain factor_k e_(k-1) for k in low..high, downwards, so that every e_(k-1) is still the old one. */
static void add_element(softgrad_count low, softgrad_count high, double gain, const double *factor, double *e) {
    softgrad_count k = high + 1 - LANES;
    for (; k >= low; k -= LANES) {
        store_f64(e + k, load_f64(e + k) + (load_f64(factor + k) * gain) * load_f64(e + k - 1));
    }
    for (k += LANES - 1; k >= low; k--) {
        e[k] += (factor[k] * gain) * e[k - 1];
    }
}

/* Moves the size of large numbers into the exponents that they share. */
static void normalize(softgrad_count low, softgrad_count high, double *e, double *exponents) {
    for (softgrad_count block = low / SHARED_EXPONENT; block <= high / SHARED_EXPONENT; block++) {
        const softgrad_count first = block * SHARED_EXPONENT;
        const softgrad_count last = first + SHARED_EXPONENT - 1 < high ? first + SHARED_EXPONENT - 1 : high;
        double largest = 0;
        for (softgrad_count k = first; k <= last; k++) {
            largest = e[k] > largest ? e[k] : largest;
        }
        if (largest > LARGE) {
            const double exponent = exponent_of(largest), scale = power_of_two(-exponent);
            for (softgrad_count k = first; k <= last; k++) {
                e[k] *= scale;
            }
            exponents[block] += exponent;
        }
    }
}

/* log(e_k / e_(k-1)), in the scaling of e. */
static void excess_of(softgrad_count n, const double *e, const double *exponents, double *ratio, double *excess) {
    for (softgrad_count k = 1; k <= n; k++) {
        ratio[k] = e[k] / e[k - 1];
    }
    for (softgrad_count k = 0; k < n; k += LANES) {
        const softgrad_count rest = n - k;
        if (rest >= LANES) {
            store_f64(excess + k, logarithm(load_f64(ratio + 1 + k)));
        } else {
            store_first_f64(excess + k, rest, logarithm(load_first_f64(ratio + 1 + k, rest, 1)));
        }
    }
    for (softgrad_count k = SHARED_EXPONENT; k <= n; k += SHARED_EXPONENT) {
        const double *exponent = exponents + k / SHARED_EXPONENT;
        excess[k - 1] += (exponent[0] - exponent[-1]) * 0x1.62e42fefa39efp-1;
    }
}

/*
 * Adds one element after the other to the polynomials: e_k += X_j e_(k-1) for k <= j. Stored as e_k exp(-(w_1 + .. +
 * w_k) / T), which is at least 1, the recurrence has the factors exp((w_j - w_k) / T) <= 1, a product of one number
 * of j and one of k for elements that lie close together. All terms are positive, so the relative error stays that of
 * a sum.
 *
 * `e` and `factor` hold n + 1 numbers, `exponents` n / 64 + 1.
 */
static void bounds(softgrad_count n, const double *w, double temperature, double *excess, double *e, double *factor,
                   double *exponents) {
    for (softgrad_count k = 0; k <= n; k++) {
        e[k] = k == 0;
    }
    for (softgrad_count block = 0; block <= n / SHARED_EXPONENT; block++) {
        exponents[block] = 0;
    }
    softgrad_count low = 1;
    for (softgrad_count first = 0, count; first < n; first += count) {
        count = shared_from(first, ELEMENTS_AT_A_TIME, n, w, temperature);
        const double reference = w[first + count - 1];
        while (w[low - 1] - w[first] > REACH * temperature) {
            low++;
        }
        normalize(low - 1, first, e, exponents);
        scaling_factors(low, first + count, w, reference, temperature, exponents, factor);
        for (softgrad_count j = first; j < first + count; j++) {
            const double gain = exponential(broadcast((w[j] - reference) / temperature))[0];
            add_element(low, j + 1, gain, factor, e);
        }
    }
    excess_of(n, e, exponents, factor, excess);
}

/* log(X_i e_(k-1) / e_k) of an element w_i = `of`, k from 1. */
INLINE double log_odds(double of, softgrad_count k, const double *w, double temperature, const double *excess) {
    return (of - w[k - 1]) / temperature - excess[k - 1];
}

/* The part of the sum of bounds_vjp over k up to and from the turn of each of a group of elements. */
struct turning {
    Vector sum[PRODUCTS_AT_A_TIME];
    Vector turn[PRODUCTS_AT_A_TIME];
};

/* Upwards while the probabilities are at most 1/2; `turn` becomes the first k where they are more. */
static void rise(softgrad_count start, softgrad_count stop, const double *up, const double *db, const Vector *gain,
                 struct turning *at) {
    Vector chosen[PRODUCTS_AT_A_TIME] = {{0}};
    for (softgrad_count k = start; k <= stop; k++) {
        Mask any = {0};
        for (int v = 0; v < PRODUCTS_AT_A_TIME; v++) {
            Vector next = (gain[v] * up[k]) * (1.0 - chosen[v]);
            Mask rising = (Mask)(next <= 0.5) & (Mask)(at->turn[v] == (double)k);
            at->sum[v] += select(rising, next * db[k - 1], broadcast(0));
            at->turn[v] += select(rising, broadcast(1.0), broadcast(0));
            chosen[v] = next;
            any |= rising;
        }
        if (bits_of(any) == 0) {
            break;
        }
    }
}

/* Downwards from the end to the turn, in complements 1 - probability, which are less than 1/2 there. */
static void descend(softgrad_count stop, const double *down, const double *db, const Vector *gain,
                    struct turning *at) {
    Vector left[PRODUCTS_AT_A_TIME] = {{0}};
    for (softgrad_count k = stop; k > 1; k--) {
        Mask any = {0};
        for (int v = 0; v < PRODUCTS_AT_A_TIME; v++) {
            left[v] = (gain[v] * down[k]) * (1.0 - left[v]);
            Mask beyond = (Mask)(at->turn[v] < (double)k);
            at->sum[v] -= select(beyond, left[v] * db[k - 2], broadcast(0));
            any |= beyond;
        }
        if (bits_of(any) == 0) {
            break;
        }
    }
}

/* up = X_i e_(k-1) / e_k and down = 1 / up for w_i = `of` and k in start..stop, bounded where they do not count. */
static void odds_of(softgrad_count start, softgrad_count stop, double of, const double *w, double temperature,
                    const double *excess, double *up, double *down) {
    for (softgrad_count k = start; k <= stop; k += LANES) {
        double odds[LANES] = {0};
        const softgrad_count rest = stop - k + 1 < LANES ? stop - k + 1 : LANES;
        for (softgrad_count lane = 0; lane < rest; lane++) {
            const double exact = log_odds(of, k + lane, w, temperature, excess);
            odds[lane] = exact > LARGEST_ODDS ? LARGEST_ODDS : exact < -LARGEST_ODDS ? -LARGEST_ODDS : exact;
        }
        store_first_f64(up + k, rest, exponential(load_f64(odds)));
        store_first_f64(down + k, rest, exponential(-load_f64(odds)));
    }
}

/*
 * The cotangent of w from that of the increments b_k - b_(k-1), dc.
 *
 * db_k / dw_i is the probability p_k that i belongs to a random subset of size k drawn with weight exp(sum w / T).
 * Subsets with and without i give p_k = odds_k (1 - p_(k-1)), odds_k = X_i e_(k-1) / e_k, p_0 = 0 and p_n = 1 (Chen,
 * Dempster and Liu, "Weighted finite population sampling to maximize entropy", Biometrika 81, 1994). An error
 * in p_(k-1) is multiplied by odds_k = p_k / (1 - p_(k-1)), at most 1 as long as p_k <= 1/2; from there on the same
 * holds for the recurrence of 1 - p_k from the other end. So nothing but the e_k / e_(k-1) themselves is needed, and
 * the sum over k of p_k (dc_k - dc_(k+1)) telescopes to dc at the turn plus two sums of small terms.
 *
 * `db`, `up` and `down` are scratch for n + 1 numbers each.
 */
static void bounds_vjp(softgrad_count n, const double *w, double temperature, const double *excess, const double *dc,
                       double *dw, double *db, double *up, double *down) {
    for (softgrad_count k = 0; k < n; k++) {
        db[k] = k + 1 < n ? dc[k] - dc[k + 1] : dc[k];
    }
    softgrad_count start = 1, stop = 1;
    for (softgrad_count first = 0, count; first < n; first += count) {
        count = shared_from(first, PRODUCTS_AT_A_TIME * LANES, n, w, temperature);
        const double reference = w[first + count - 1];
        while (start < n && log_odds(w[first], start, w, temperature, excess) < -REACH) {
            start++;
        }
        while (stop < n && log_odds(reference, stop + 1, w, temperature, excess) < REACH) {
            stop++;
        }
        odds_of(start, stop, reference, w, temperature, excess, up, down);
        struct turning at;
        Vector gain[PRODUCTS_AT_A_TIME], loss[PRODUCTS_AT_A_TIME];
        for (int v = 0; v < PRODUCTS_AT_A_TIME; v++) {
            const softgrad_count rest = count - v * LANES;
            Vector element = rest <= 0 ? broadcast(reference)
                                       : load_first_f64(w + first + v * LANES, rest < LANES ? rest : LANES, reference);
            gain[v] = exponential((element - reference) / temperature);
            loss[v] = exponential((reference - element) / temperature);
            at.sum[v] = broadcast(0);
            at.turn[v] = broadcast((double)start);
        }
        rise(start, stop, up, db, gain, &at);
        descend(stop, down, db, loss, &at);
        for (softgrad_count i = 0; i < count; i++) {
            const softgrad_count turn = (softgrad_count)at.turn[i / LANES][i % LANES];
            dw[first + i] = dc[(turn < n ? turn : n) - 1] + at.sum[i / LANES][i % LANES];
        }
    }
}

#endif

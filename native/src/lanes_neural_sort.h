/*
 * NeuralSort with the entropy, rows in lanes, by all pairs of elements. In the sorted frame, with t_k the positions in
 * softness, the score of element k for place i is c_i t_k - a_k, c_i = 2 i + 1 - n, and a_k the sum over j of
 * phi(t_k - t_j), phi(d) = d tanh(d / 2) (Grover et al., NeuralSort, ICLR 2019, equation 5).
 */
#ifndef SOFTGRAD_LANES_NEURAL_SORT_H
#define SOFTGRAD_LANES_NEURAL_SORT_H

#include "lanes_frame.h"

/* From the scores of one place to those of the next, exponentials change by the factor exp(2 t_k). */
enum { PLACES_TOGETHER = 8, FEW_TOGETHER = 2 };

struct neural_sort {
    int n;
    Lanes *t, *decay;          /* decay_k = exp(t_k - t_(k+1)) */
    Lanes *distances, *slopes; /* a_k and the sum over j of phi'(t_k - t_j) */
    int together;              /* PLACES_TOGETHER, FEW_TOGETHER or 1 */
    Lanes *growth;             /* exp(2 t_k), unless places go one by one */
    Lanes *terms;              /* of places worked on together: the exponentials of the first of them */
};

static struct neural_sort neural_sort_in(struct frame *frame) {
    const int n = frame->task.n;
    struct neural_sort out = {.n = n, .t = array_in(frame), .decay = array_in(frame), .terms = array_in(frame)};
    out.distances = array_in(frame);
    out.slopes = array_in(frame);
    const Lanes scale = position_scale(frame);
    /* Standardized positions are less than 1 apart. The factors of all places together stay within exp(300). */
    const int bounded = sizeof(Real) == sizeof(double) && has(frame, SOFTGRAD_STANDARDIZE);
    const double most = bounded ? 150 * frame->task.softness : 0;
    out.together = most >= (double)PLACES_TOGETHER ? PLACES_TOGETHER : most >= (double)FEW_TOGETHER ? FEW_TOGETHER : 1;
    out.growth = array_in(frame);
    for (int k = 0; k < n; k++) {
        out.t[k] = (frame->s[k] - frame->s[n / 2]) * scale;
        if (out.together > 1) {
            out.growth[k] = exponential_of(out.t[k] + out.t[k]);
        }
        if (k > 0) {
            out.decay[k - 1] = exponential_of((frame->s[k - 1] - frame->s[k]) * scale);
        }
    }
    return out;
}

INLINE Real coefficient(const struct neural_sort *sort, int place) {
    return (Real)(2 * place + 1 - sort->n);
}

/* --- distances ---------------------------------------------------------------------------------------------------- */

/* tanh(d / 2) and its slope times two, times d, from e = exp(-d). */
INLINE Lanes half_tangent(Lanes e, Lanes d, Lanes *bend) {
    Lanes inverse = 1 / (1 + e);
    *bend = (d + d) * e * (inverse * inverse);
    return (1 - e) * inverse;
}

static void sum_distances(const struct neural_sort *sort) {
    for (int i = 0; i < sort->n; i++) {
        Lanes e = lanes_of(1), sum = lanes_of(0), slope = lanes_of(0);
        for (int j = i - 1; j >= 0; j--) {
            Lanes d = sort->t[i] - sort->t[j], bend;
            e *= sort->decay[j];
            Lanes tangent = half_tangent(e, d, &bend);
            sum += d * tangent;
            slope += tangent + bend;
            sort->distances[j] += d * tangent;
            sort->slopes[j] -= tangent + bend;
        }
        sort->distances[i] = sum;
        sort->slopes[i] = slope;
    }
}

/* Takes from result_k the sum over j of weights_j phi'(t_k - t_j). */
static void subtract_slopes(const struct neural_sort *sort, const Lanes *weights, Lanes *result) {
    for (int i = 0; i < sort->n; i++) {
        Lanes e = lanes_of(1), sum = lanes_of(0), weight = weights[i];
        for (int j = i - 1; j >= 0; j--) {
            Lanes d = sort->t[i] - sort->t[j], bend;
            e *= sort->decay[j];
            Lanes slope = half_tangent(e, d, &bend) + bend;
            sum += weights[j] * slope;
            result[j] += weight * slope;
        }
        result[i] -= sum;
    }
}

/* --- rows of the soft permutation, `together` places at a time ---------------------------------------------------- */

/* The exponentials of the scores for a place, from the largest; zero where they cannot count, as a tiny softness may
   multiply them in the end. */
static void fill_terms(const struct neural_sort *sort, int place) {
    const Real c = coefficient(sort, place);
    Lanes largest = c * sort->t[0] - sort->distances[0];
    for (int k = 0; k < sort->n; k++) {
        sort->terms[k] = c * sort->t[k] - sort->distances[k];
        largest = greater(largest, sort->terms[k]);
    }
    for (int k = 0; k < sort->n; k++) {
        Lanes exponent = sort->terms[k] - largest;
        sort->terms[k] = where(below(lanes_of(LOWEST_EXPONENT), exponent), exponential_of(exponent));
    }
}

INLINE Lanes growth_at(const struct neural_sort *sort, int together, int k) {
    return together > 1 ? sort->growth[k] : lanes_of(1);
}

/* For each place the sum of its terms, inverted, and the mean of v - v_origin under them; v may be null. */
INLINE void sum_terms(const struct neural_sort *sort, int together, const Lanes *v, int origin, Lanes *shares,
                      Lanes *means) {
    Lanes sums[PLACES_TOGETHER], moments[PLACES_TOGETHER];
    for (int i = 0; i < together; i++) {
        sums[i] = moments[i] = lanes_of(0);
    }
    for (int k = 0; k < sort->n; k++) {
        Lanes term = sort->terms[k], growth = growth_at(sort, together, k);
        Lanes value = v ? v[k] - v[origin] : lanes_of(0);
#pragma GCC unroll 8
        for (int i = 0; i < together; i++) {
            sums[i] += term;
            moments[i] += term * value;
            term *= growth;
        }
    }
    for (int i = 0; i < together; i++) {
        shares[i] = 1 / sums[i];
        means[i] = moments[i] * shares[i];
    }
}

/* --- sorted values ------------------------------------------------------------------------------------------------ */

INLINE void sort_values(const struct neural_sort *sort, int together, const Lanes *v, Lanes *result) {
    for (int place = 0; place < sort->n; place += together) {
        Lanes shares[PLACES_TOGETHER], means[PLACES_TOGETHER];
        fill_terms(sort, place);
        sum_terms(sort, together, v, place, shares, means);
        for (int i = 0; i < together && place + i < sort->n; i++) {
            result[place + i] = v[place] + means[i];
        }
    }
}

/* What cotangents of scores add up to for each element. */
struct score_sums {
    Lanes *plain;    /* sum over places */
    Lanes *weighted; /* sum times the slope of the score in t_k */
};

/* Of the places together; `shares` are multiplied by the cotangents of the places, `means` counted from v_origin. */
INLINE void pull_values(const struct neural_sort *sort, int together, int place, const Lanes *v, const Lanes *shares,
                        const Lanes *means, struct score_sums sums, Lanes *v_bar) {
    for (int k = 0; k < sort->n; k++) {
        Lanes term = sort->terms[k], growth = growth_at(sort, together, k), value = v[k] - v[place];
        Lanes of_value = v_bar[k], plain = sums.plain[k], weighted = sums.weighted[k], slope = sort->slopes[k];
#pragma GCC unroll 8
        for (int i = 0; i < together; i++) {
            Lanes product = term * shares[i];
            Lanes score_bar = product * (value - means[i]);
            of_value += product;
            plain += score_bar;
            weighted += score_bar * (coefficient(sort, place + i) - slope);
            term *= growth;
        }
        v_bar[k] = of_value;
        sums.plain[k] = plain;
        sums.weighted[k] = weighted;
    }
}

INLINE void pull_all_values(const struct neural_sort *sort, int together, const Lanes *v, const Lanes *g,
                            struct score_sums sums, Lanes *v_bar) {
    for (int place = 0; place < sort->n; place += together) {
        Lanes shares[PLACES_TOGETHER], means[PLACES_TOGETHER];
        fill_terms(sort, place);
        sum_terms(sort, together, v, place, shares, means);
        for (int i = 0; i < together; i++) {
            shares[i] *= place + i < sort->n ? g[place + i] : lanes_of(0);
        }
        pull_values(sort, together, place, v, shares, means, sums, v_bar);
    }
}

/* --- ranks -------------------------------------------------------------------------------------------------------- */

/* Of each column the sum and the mean place, counted from 0; columns are divided by 1e-10 at least. */
INLINE void sum_columns(const struct neural_sort *sort, int together, Lanes *columns, Lanes *ranks) {
    const int n = sort->n;
    for (int k = 0; k < n; k++) {
        columns[k] = ranks[k] = lanes_of(0);
    }
    for (int place = 0; place < n; place += together) {
        Lanes shares[PLACES_TOGETHER], unused[PLACES_TOGETHER];
        fill_terms(sort, place);
        sum_terms(sort, together, 0, place, shares, unused);
        for (int i = n - place; i < together; i++) {
            shares[i] = lanes_of(0);
        }
        for (int k = 0; k < n; k++) {
            Lanes term = sort->terms[k], growth = growth_at(sort, together, k);
            Lanes column = columns[k], rank = ranks[k];
#pragma GCC unroll 8
            for (int i = 0; i < together; i++) {
                Lanes share = term * shares[i];
                column += share;
                rank += share * (Real)(place + i);
                term *= growth;
            }
            columns[k] = column;
            ranks[k] = rank;
        }
    }
}

/* At place i the entry of the matrix for element k has the cotangent factors_k (first + step i - ranks_k). */
struct rank_cotangent {
    Lanes *factors, *ranks;
    Real first, step;
};

INLINE void pull_ranks(const struct neural_sort *sort, int together, struct rank_cotangent bar,
                       struct score_sums sums) {
    const int n = sort->n;
    for (int place = 0; place < n; place += together) {
        Lanes shares[PLACES_TOGETHER], means[PLACES_TOGETHER];
        fill_terms(sort, place);
        sum_terms(sort, together, 0, place, shares, means);
        for (int k = 0; k < n; k++) {
            Lanes term = sort->terms[k], growth = growth_at(sort, together, k);
#pragma GCC unroll 8
            for (int i = 0; i < together; i++) {
                Real rank = bar.first + bar.step * (Real)(place + i);
                means[i] += term * shares[i] * (bar.factors[k] * (rank - bar.ranks[k]));
                term *= growth;
            }
        }
        for (int i = n - place; i < together; i++) {
            shares[i] = lanes_of(0);
        }
        for (int k = 0; k < n; k++) {
            Lanes term = sort->terms[k], growth = growth_at(sort, together, k);
            Lanes plain = sums.plain[k], weighted = sums.weighted[k], slope = sort->slopes[k];
#pragma GCC unroll 8
            for (int i = 0; i < together; i++) {
                Real rank = bar.first + bar.step * (Real)(place + i);
                Lanes score_bar = term * shares[i] * (bar.factors[k] * (rank - bar.ranks[k]) - means[i]);
                plain += score_bar;
                weighted += score_bar * (coefficient(sort, place + i) - slope);
                term *= growth;
            }
            sums.plain[k] = plain;
            sums.weighted[k] = weighted;
        }
    }
}

/* --- the row ------------------------------------------------------------------------------------------------------ */

static void sort_values_of(const struct frame *frame, const struct neural_sort *sort, Lanes *result) {
    switch (sort->together) {
        case PLACES_TOGETHER: sort_values(sort, PLACES_TOGETHER, frame->v, result); break;
        case FEW_TOGETHER: sort_values(sort, FEW_TOGETHER, frame->v, result); break;
        default: sort_values(sort, 1, frame->v, result);
    }
}

static void sum_columns_of(const struct neural_sort *sort, Lanes *columns, Lanes *ranks) {
    switch (sort->together) {
        case PLACES_TOGETHER: sum_columns(sort, PLACES_TOGETHER, columns, ranks); break;
        case FEW_TOGETHER: sum_columns(sort, FEW_TOGETHER, columns, ranks); break;
        default: sum_columns(sort, 1, columns, ranks);
    }
}

static const double smallest_column = 1e-10;

/* From sums of columns and of places in them to ranks counted from 1. */
INLINE Lanes rank_from(const struct frame *frame, Lanes column, Lanes sum) {
    Lanes ranks = has(frame, SOFTGRAD_DESCENDING) ? (Real)frame->task.n * column - sum : sum + column;
    return ranks / greater(column, lanes_of((Real)smallest_column));
}

static void neural_sort(struct frame *frame, Real *y, StoredReal *state) {
    const int n = frame->task.n;
    struct neural_sort sort = neural_sort_in(frame);
    Lanes *columns = array_in(frame), *result = array_in(frame);
    sum_distances(&sort);
    if (state) {
        state = keep_frame(frame, state);
        state = keep(frame->rows, n, sort.distances, state);
        keep(frame->rows, n, sort.slopes, state);
    }
    if (has(frame, SOFTGRAD_RANK)) {
        sum_columns_of(&sort, columns, result);
        for (int k = 0; k < n; k++) {
            result[k] = rank_from(frame, columns[k], result[k]) + frame->poison;
        }
        scatter(frame, result, y);
        return;
    }
    sort_values_of(frame, &sort, result);
    for (int k = 0; k < n; k++) {
        result[k] = result[k] * frame->unit + frame->poison;
    }
    write_places(frame, result, y);
}

static void pull_scores_of_values(struct frame *frame, const struct neural_sort *sort, const Real *g,
                                  struct score_sums sums, Lanes *v_bar) {
    Lanes *cotangent = array_in(frame);
    read_places(frame, g, cotangent);
    switch (sort->together) {
        case PLACES_TOGETHER: pull_all_values(sort, PLACES_TOGETHER, frame->v, cotangent, sums, v_bar); break;
        case FEW_TOGETHER: pull_all_values(sort, FEW_TOGETHER, frame->v, cotangent, sums, v_bar); break;
        default: pull_all_values(sort, 1, frame->v, cotangent, sums, v_bar);
    }
}

static void pull_scores_of_ranks(struct frame *frame, const struct neural_sort *sort, const Real *g,
                                 struct score_sums sums) {
    const int descending = has(frame, SOFTGRAD_DESCENDING);
    Lanes *factors = array_in(frame), *columns = array_in(frame), *ranks = array_in(frame);
    const Lanes smallest = lanes_of((Real)smallest_column);
    gather(frame, g, factors);
    sum_columns_of(sort, columns, ranks);
    for (int k = 0; k < frame->task.n; k++) {
        ranks[k] = where(below(smallest, columns[k]), rank_from(frame, columns[k], ranks[k]));
        factors[k] /= greater(columns[k], smallest);
    }
    struct rank_cotangent bar = {factors, ranks, descending ? (Real)frame->task.n : 1, descending ? -1 : 1};
    switch (sort->together) {
        case PLACES_TOGETHER: pull_ranks(sort, PLACES_TOGETHER, bar, sums); break;
        case FEW_TOGETHER: pull_ranks(sort, FEW_TOGETHER, bar, sums); break;
        default: pull_ranks(sort, 1, bar, sums);
    }
}

static void neural_sort_pull(struct frame *frame, const Real *g, const StoredReal *state, Real *dx,
                             double *dsoftness) {
    const int n = frame->task.n, ranks = has(frame, SOFTGRAD_RANK), ungated = has(frame, SOFTGRAD_UNGATED) && !ranks;
    struct neural_sort sort = neural_sort_in(frame);
    struct score_sums sums = {array_in(frame), array_in(frame)};
    Lanes *v_bar = array_in(frame), of_softness = lanes_of(0);
    const Lanes scale = position_scale(frame);
    recall(frame->rows, n, recall(frame->rows, n, state, sort.distances), sort.slopes);
    for (int k = 0; k < n; k++) {
        sums.plain[k] = sums.weighted[k] = v_bar[k] = lanes_of(0);
    }
    if (ranks) {
        pull_scores_of_ranks(frame, &sort, g, sums);
    } else {
        pull_scores_of_values(frame, &sort, g, sums, v_bar);
    }
    if (!ungated) {
        subtract_slopes(&sort, sums.plain, sums.weighted);
    }
    for (int k = 0; k < n; k++) {
        sums.weighted[k] = ungated ? lanes_of(0) : sums.weighted[k];
        of_softness -= sums.weighted[k] * sort.t[k]; /* everything depends on s / softness */
        sums.weighted[k] *= scale;
    }
    close_pull(frame, sums.weighted, ranks ? 0 : v_bar, dx);
    write_softness(frame, of_softness, reciprocal_of(frame->task.softness), dsoftness);
}

#endif

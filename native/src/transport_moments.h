/*
 * The plan of the entropy on a line without its entries. Sources and targets are cut into pieces so short that, within
 * a pair of pieces with the middles x', y',
 *
 *     P_ij = factor_i tilt_iJ share_Ij exp(kappa s_i t_j),   kappa <= 1,   s, t in [-1, 1],
 *
 * with s_i = (x_i - x') / (half length of I), t_j alike, and kappa = 2 / softness times both half lengths. The series
 * of the exponential function has reached full accuracy after TERMS powers. So a product with a vector takes TERMS
 * moments of each piece of one side and a polynomial at each point of the other: O((n + m) pieces), where the number of
 * pieces depends on the softness only. (The idea of the fast Gauss transform; Greengard and Strain, SIAM Journal on
 * Scientific and Statistical Computing 12, 1991.)
 */
#ifndef SOFTGRAD_TRANSPORT_MOMENTS_H
#define SOFTGRAD_TRANSPORT_MOMENTS_H

#include "transport_line.h"

enum { TERMS = 19, SHORTEST_PIECE = 32 }; /* 1 / 19! = 8e-18; shorter pieces are better done entry by entry */

/* What does not depend on the potentials. The shares are the rows of `roots`, one for each piece of the sources. */
struct moments {
    softgrad_count pieces; /* of the targets */
    softgrad_count *first; /* target of each of them, and their end */
    double *source_place;  /* s */
    double *target_place;  /* t */
    double *base;          /* logarithms of the shares without the potentials, times the softness */
    double *tilt;          /* pieces of the targets x sources */
    double *kappa;         /* pieces of the sources x those of the targets */
};

/* How many pieces each side is cut into, or 0 if there are too many for this to be worth it. */
static inline softgrad_count count_pieces(const struct problem *p) {
    const struct line *line = p->line;
    const double length = line->x[p->sources - 1] - line->x[0];
    const double squared = length * (line->anchors[p->targets - 1] - line->anchors[0]) / (2 * p->softness);
    const softgrad_count shorter = p->sources < p->targets ? p->sources : p->targets;
    const softgrad_count most = shorter / SHORTEST_PIECE;
    softgrad_count pieces = 1;
    while (pieces <= most && !((double)(pieces * pieces) >= squared)) {
        pieces++;
    }
    return p->exponent == 0 && pieces <= most ? pieces : 0;
}

/* Where the points from `from` on leave the piece that the first of them is in. */
static softgrad_count end_of_piece(softgrad_count n, const double *x, softgrad_count from, softgrad_count pieces) {
    const double length = (x[n - 1] - x[0]) / (double)pieces;
    softgrad_count end = from + 1;
    while (end < n && x[end] - x[from] <= length) {
        end++;
    }
    return end;
}

struct piece {
    double middle, half; /* of its length */
};

static struct piece piece_of(const double *x, softgrad_count first, softgrad_count end) {
    return (struct piece){.middle = 0.5 * (x[first] + x[end - 1]), .half = 0.5 * (x[end - 1] - x[first])};
}

/* Places in [-1, 1] within a piece. */
static void normalize(struct piece piece, softgrad_count n, const double *x, double *places) {
    for (softgrad_count i = 0; i < n; i++) {
        places[i] = piece.half > 0 ? (x[i] - piece.middle) / piece.half : 0;
    }
}

/* Cuts the targets, and the memory at the end of `roots`. At most one piece more than asked for comes out: greedy cuts
   from left to right are no shorter than even ones. */
static void cut_targets(const struct problem *p, softgrad_count pieces, struct moments *to) {
    const softgrad_count n = p->targets;
    double *free = p->roots + 2 * (pieces + 1) * n;
    to->base = p->roots + (pieces + 1) * n;
    to->first = (softgrad_count *)free;
    free += pieces + 2;
    to->kappa = free;
    free += (pieces + 1) * (pieces + 1);
    to->source_place = free;
    free += p->sources;
    to->target_place = free;
    to->tilt = free + n;
    to->pieces = 0;
    for (softgrad_count j = 0; j < n;) {
        const softgrad_count end = end_of_piece(n, p->line->anchors, j, pieces);
        normalize(piece_of(p->line->anchors, j, end), end - j, p->line->anchors + j, to->target_place + j);
        to->first[to->pieces++] = j;
        to->first[to->pieces] = j = end;
    }
}

/* What source piece b, seen from source c, has to do with target piece k. */
static void join_pieces(const struct problem *p, softgrad_count b, softgrad_count c, softgrad_count k,
                        const struct moments *to) {
    const struct line *line = p->line;
    const struct block *block = p->blocks + b;
    const softgrad_count first = to->first[k], end = to->first[k + 1], i0 = block->source;
    const struct piece here = piece_of(line->x, i0, i0 + block->sources), there = piece_of(line->anchors, first, end);
    const double slope = 2 * (here.middle - line->x[c]), distance = there.middle - line->anchors[line->target[c]];
    const double scale = 2 * distance / p->softness;
    for (softgrad_count j = first; j < end; j++) {
        to->base[b * p->targets + j] = line->scores[j] + slope * (line->anchors[j] - there.middle);
    }
    double *tilt = to->tilt + k * p->sources + i0;
    for (softgrad_count i = 0, left = block->sources; left > 0; i += LANES, left -= LANES) {
        store_up_to(tilt + i, left, exponential((load_up_to(line->x + i0 + i, left, line->x[c]) - line->x[c]) * scale));
    }
    to->kappa[b * to->pieces + k] = 2 * here.half * there.half / p->softness;
}

/* Prepares everything that the potentials do not change. */
static inline void cut(struct problem *p, softgrad_count pieces, struct moments *to) {
    const struct line *line = p->line;
    cut_targets(p, pieces, to);
    p->whole = 1;
    p->block_count = 0;
    for (softgrad_count i = 0; i < p->sources;) {
        const softgrad_count end = end_of_piece(p->sources, line->x, i, pieces), c = i + (end - i) / 2;
        const softgrad_count b = p->block_count++;
        p->blocks[b] = (struct block){.source = i, .sources = end - i, .targets = p->targets, .at = b * p->targets};
        normalize(piece_of(line->x, i, end), end - i, line->x + i, to->source_place + i);
        walk(line, p->targets, c, __builtin_inf());
        for (softgrad_count k = 0; k < to->pieces; k++) {
            join_pieces(p, b, c, k, to);
        }
        i = end;
    }
}

/* --- products ----------------------------------------------------------------------------------------------------- */

/* moments[k] = kappa^k / k! sum_i share_i v_i place_i^k. */
static void take_moments(softgrad_count n, const double *share, const double *v, const double *place, double kappa,
                         double *moments) {
    Vector sums[TERMS] = {{0}};
    for (softgrad_count i = 0, left = n; left > 0; i += LANES, left -= LANES) {
        Vector power = load_up_to(share + i, left, 0) * load_up_to(v + i, left, 0);
        const Vector at = load_up_to(place + i, left, 0);
        for (int k = 0; k < TERMS; k++) {
            sums[k] += power;
            power *= at;
        }
    }
    double coefficient = 1;
    for (int k = 0; k < TERMS; k++) {
        moments[k] = coefficient * sum_of_lanes(sums[k]);
        coefficient *= kappa / (k + 1);
    }
}

/* out_i += share_i sum_k moments[k] place_i^k. */
static void add_polynomial(softgrad_count n, const double *share, const double *moments, const double *place,
                           double *out) {
    for (softgrad_count i = 0, left = n; left > 0; i += LANES, left -= LANES) {
        const Vector at = load_up_to(place + i, left, 0);
        Vector value = broadcast(moments[TERMS - 1]);
        for (int k = TERMS - 2; k >= 0; k--) {
            value = value * at + moments[k];
        }
        add_to(out + i, left, value * load_up_to(share + i, left, 0));
    }
}

/* out_i = sum_j P_ij / factor_i v_j for the sources of piece b. */
static void weigh_piece(const struct problem *p, softgrad_count b, const double *v, double *out) {
    const struct moments *m = p->moments;
    const struct block *block = p->blocks + b;
    double moments[TERMS];
    fill(block->sources, out, 0);
    for (softgrad_count k = 0; k < m->pieces; k++) {
        const softgrad_count j = m->first[k];
        take_moments(m->first[k + 1] - j, p->roots + block->at + j, v + j, m->target_place + j,
                     m->kappa[b * m->pieces + k], moments);
        add_polynomial(block->sources, m->tilt + k * p->sources + block->source, moments,
                       m->source_place + block->source, out);
    }
}

/* out_j += sum_i P_ij / factor_i v_i over the sources of piece b. */
static void spread_piece(const struct problem *p, softgrad_count b, const double *v, double *out) {
    const struct moments *m = p->moments;
    const struct block *block = p->blocks + b;
    double moments[TERMS];
    for (softgrad_count k = 0; k < m->pieces; k++) {
        const softgrad_count j = m->first[k];
        take_moments(block->sources, m->tilt + k * p->sources + block->source, v, m->source_place + block->source,
                     m->kappa[b * m->pieces + k], moments);
        add_polynomial(m->first[k + 1] - j, p->roots + block->at + j, moments, m->target_place + j, out + j);
    }
}

/* The shares of a piece at the current potentials, divided by the largest of them. */
static void share_out(const struct problem *p, softgrad_count b) {
    const softgrad_count n = p->targets;
    const double *base = p->moments->base + b * n;
    const double scale = 1.0 / p->softness;
    double *shares = p->roots + p->blocks[b].at;
    for (softgrad_count j = 0; j < n; j += LANES) {
        store_up_to(shares + j, n - j, load_up_to(base + j, n - j, 0) + load_up_to(p->potential + j, n - j, 0));
    }
    const double largest = row_maximum(n, shares);
    for (softgrad_count j = 0; j < n; j += LANES) {
        store_up_to(shares + j, n - j, exponential((load_up_to(shares + j, n - j, 0) - largest) * scale));
    }
}

/* The masses at the current potentials. */
static void give_by_moments(struct problem *p) {
    double *ones = p->workspace;
    fill(p->targets, ones, 1);
    for (softgrad_count b = 0; b < p->block_count; b++) {
        const struct block *block = p->blocks + b;
        double *factor = p->factor + block->source;
        share_out(p, b);
        weigh_piece(p, b, ones, factor);
        for (softgrad_count i = 0; i < block->sources; i++) {
            factor[i] = p->supply[block->source + i] / factor[i];
            p->source_weight[block->source + i] = p->supply[block->source + i];
        }
        spread_piece(p, b, factor, p->mass);
    }
}

/* out = H v. */
static void multiply_by_moments(const struct problem *p, const double *v, double *out) {
    fill(p->targets, out, 0);
    for (softgrad_count b = 0; b < p->block_count; b++) {
        const struct block *block = p->blocks + b;
        double *mean = p->column + block->source;
        weigh_piece(p, b, v, mean);
        for (softgrad_count i = 0; i < block->sources; i++) {
            const double factor = p->factor[block->source + i];
            mean[i] *= factor * factor / p->supply[block->source + i];
        }
        spread_piece(p, b, mean, out);
    }
    for (softgrad_count j = 0; j < p->targets; j++) {
        out[j] = p->mass[j] * v[j] - out[j];
    }
}

#endif

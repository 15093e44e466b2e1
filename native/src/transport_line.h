/*
 * Transport from points to anchors on a line, both ascending, with the cost (x - y)^2 and n equal supplies. Demands are
 * whole multiples of the supply, so without regularization each point goes to one anchor: the first ones to the first
 * anchor and so on.
 *
 * The costs themselves are never formed. With the potentials of that hard plan taken off, the scores are
 *
 *     score_ij = -2 sum (y_(k+1) - y_k) |x_i - t_k|,   k from the anchor of x_i to j,
 *
 * where t_k is halfway between the last point of anchor k and the first one of anchor k + 1. All terms have one sign,
 * so scores near zero, the only ones that matter, are exact to the last digits, however small the softness.
 *
 * Scores have increasing differences, score_ij = score_cj + 2 (x_i - x_c) (y_j - y) up to a term of i alone, which the
 * level of i absorbs. So a block takes one walk along the anchors, and one multiplication for each entry.
 */
#ifndef SOFTGRAD_TRANSPORT_LINE_H
#define SOFTGRAD_TRANSPORT_LINE_H

#include "transport_problem.h"

/* How far below the best score of a source its mass ends, in units of the softness. */
static double depth(const struct problem *p) {
    return p->exponent == 0 ? 40 + log_of((double)p->targets) : root_of(p->supply[0], p->exponent) * (1 + 1e-9);
}

struct window {
    softgrad_count first, last; /* targets */
};

/* What it costs more that source c goes to target k + 1 and not to k: 2 (y_(k+1) - y_k) (t_k - x_c). Points are only
   subtracted from each other, so that no digit is lost where they are close together or far from zero. */
static double gap_cost(const struct line *line, softgrad_count k, softgrad_count c) {
    const double both = (line->last[k] - line->x[c]) + (line->next[k] - line->x[c]);
    return (line->anchors[k + 1] - line->anchors[k]) * both;
}

/* The scores of source c from its own target outwards, until they are below -reach. */
static struct window walk(const struct line *line, softgrad_count targets, softgrad_count c, double reach) {
    struct window w = {line->target[c], line->target[c]};
    double score = 0;
    line->scores[w.last] = 0;
    while (w.last + 1 < targets) {
        score -= gap_cost(line, w.last, c);
        if (score < -reach) {
            break;
        }
        line->scores[++w.last] = score;
    }
    score = 0;
    while (w.first > 0) {
        score += gap_cost(line, w.first - 1, c);
        if (score < -reach) {
            break;
        }
        line->scores[--w.first] = score;
    }
    return w;
}

/*
 * The block that starts with source c. Its window reaches 3/2 of `reach` below zero for c; sources are taken in as long
 * as they change no score up to the first one left out by more than half of it. Seen from a later source the scores are
 * concave in the anchors and not negative at its own, so what lies beyond is lower still.
 */
static struct block block_from(const struct problem *p, softgrad_count c, double reach, double range) {
    const struct line *line = p->line;
    const softgrad_count targets = p->targets;
    struct window w = walk(line, targets, c, 1.5 * reach);
    double low = line->anchors[w.first > 0 ? w.first - 1 : 0];
    double high = line->anchors[w.last + 1 < targets ? w.last + 1 : targets - 1];
    softgrad_count end = c + 1;
    while (end < p->sources && 2 * (line->x[end] - line->x[c]) * (high - low) <= range) {
        end++;
    }
    return (struct block){.source = c, .sources = end - c, .target = w.first, .targets = w.last - w.first + 1};
}

/* a_j + score_ij of one source of a block. */
static void line_row(const struct problem *p, const struct block *block, softgrad_count i, double *row) {
    const double *anchors = p->line->anchors + block->target, *scores = p->line->scores + block->target;
    const double *potential = p->potential + block->target;
    const double slope = 2 * (p->line->x[i] - p->line->x[block->source]);
    const double origin = p->line->anchors[p->line->target[block->source]];
    for (softgrad_count j = 0, left = block->targets; j < block->targets; j += LANES, left -= LANES) {
        Vector score = load_up_to(scores + j, left, 0) + slope * (load_up_to(anchors + j, left, 0) - origin);
        store_up_to(row + j, left, score + load_up_to(potential + j, left, 0));
    }
}

/* The same and what follows for the entropy where a row fits a few vectors: nothing between goes through memory. */
INLINE void give_short_rows(struct problem *p, const struct block *block, int vectors) {
    enum { MOST = 2 };
    const double origin = p->line->anchors[p->line->target[block->source]], scale = 1.0 / p->softness;
    Vector score[MOST], way[MOST], mass[MOST] = {{0}};
    for (int v = 0; v < vectors; v++) {
        const softgrad_count j = block->target + v * LANES, left = block->targets - v * LANES;
        score[v] = load_up_to(p->line->scores + j, left, -__builtin_inf()) + load_up_to(p->potential + j, left, 0);
        way[v] = load_up_to(p->line->anchors + j, left, origin) - origin;
    }
    double *row = p->roots + block->at;
    for (softgrad_count i = block->source; i < block->source + block->sources; i++, row += block->targets) {
        const double slope = 2 * (p->line->x[i] - p->line->x[block->source]);
        Vector z[MOST], largest = broadcast(-__builtin_inf()), sum = {0};
        for (int v = 0; v < vectors; v++) {
            z[v] = score[v] + slope * way[v];
            largest = larger(z[v], largest);
        }
        const double maximum = largest_lane(largest);
        for (int v = 0; v < vectors; v++) {
            z[v] = exponential((z[v] - maximum) * scale);
            sum += z[v];
        }
        const double factor = p->supply[i] / sum_of_lanes(sum);
        for (int v = 0; v < vectors; v++) {
            z[v] *= factor;
            mass[v] += z[v];
            store_up_to(row + v * LANES, block->targets - v * LANES, z[v]);
        }
        p->source_weight[i] = p->supply[i];
    }
    for (int v = 0; v < vectors; v++) {
        add_to(p->mass + block->target + v * LANES, block->targets - v * LANES, mass[v]);
    }
}

static void give_rows(struct problem *p, const struct block *block) {
    double *row = p->roots + block->at;
    for (softgrad_count i = block->source; i < block->source + block->sources; i++, row += block->targets) {
        line_row(p, block, i, row);
        give(p, i, block->target, block->targets, row);
    }
}

/* By how much mass may shift from the hard plan through the potentials. */
static double potential_range(const struct problem *p) {
    double lowest = p->potential[0], highest = lowest;
    for (softgrad_count j = 1; j < p->targets; j++) {
        lowest = p->potential[j] < lowest ? p->potential[j] : lowest;
        highest = p->potential[j] > highest ? p->potential[j] : highest;
    }
    return highest - lowest;
}

static void give_from_line(struct problem *p) {
    const double range = depth(p) * p->softness + potential_range(p);
    const double reach = p->logarithms ? 1e300 : range;
    softgrad_count at = 0;
    p->block_count = 0;
    p->whole = 1;
    for (softgrad_count c = 0; c < p->sources;) {
        struct block block = block_from(p, c, reach, 0.5 * range);
        block.at = at;
        p->whole = p->whole && block.targets == p->targets;
        p->blocks[p->block_count++] = block;
        if (p->exponent != 0 || p->logarithms || block.targets > 2 * LANES) {
            give_rows(p, &block);
        } else if (block.targets > LANES) {
            give_short_rows(p, &block, 2);
        } else {
            give_short_rows(p, &block, 1);
        }
        at += block.sources * block.targets;
        c += block.sources;
    }
}

#endif

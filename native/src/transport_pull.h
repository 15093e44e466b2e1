/*
 * The vector-Jacobian product of a transport plan by the implicit function theorem.
 *
 * A change of the score_ij by ds moves the plan by W_ij (da_j + db_i + ds_ij) / softness, where (da, db) keep its sums.
 * So the cotangent U = W * g of the scores loses W_ij (alpha_i + beta_j) with
 *
 *     [diag(W 1)  W; W^T  diag(W^T 1)] (alpha, beta) = (U 1, U^T 1).
 *
 * g is first centred for each source, which makes U 1 zero and changes nothing else; eliminating alpha leaves
 * H beta = U^T 1 with the H of transport_newton.h. Any solution will do: its kernel does not show in the result.
 */
#ifndef SOFTGRAD_TRANSPORT_PULL_H
#define SOFTGRAD_TRANSPORT_PULL_H

#include "transport_newton.h"

/* Where the plan of source i is not negligible; everywhere if the cotangent is that of logarithms. */
static void find_window(struct problem *p, softgrad_count i, int whole) {
    const softgrad_count n = p->targets;
    const double *row = p->roots + i * n;
    const double negligible = p->exponent == 0 ? 1e-19 * row_maximum(n, row) : 0;
    softgrad_count first = 0, last = n - 1;
    while (!whole && first < last && row[first] <= negligible) {
        first++;
    }
    while (!whole && last > first && row[last] <= negligible) {
        last--;
    }
    p->blocks[i] =
        (struct block){.source = i, .sources = 1, .target = first, .targets = last - first + 1, .at = i * n + first};
}

/* Finds the windows of all sources, or takes the whole matrix if they leave out less than half of it. */
static void find_windows(struct problem *p, int whole) {
    softgrad_count size = 0;
    for (softgrad_count i = 0; i < p->sources; i++) {
        find_window(p, i, whole);
        size += p->blocks[i].targets;
    }
    p->whole = 2 * size > p->sources * p->targets;
    p->block_count = p->whole ? 1 : p->sources;
    if (p->whole) {
        p->blocks[0] = (struct block){.sources = p->sources, .targets = p->targets};
    }
}

/* The window of one source. */
static struct block window_of(const struct problem *p, softgrad_count i) {
    const softgrad_count n = p->targets;
    return p->whole ? (struct block){.source = i, .sources = 1, .targets = n, .at = i * n} : p->blocks[i];
}

/* Turns the plan in `roots` (sources x targets, divided by `scale`) into roots and their sums of weights. */
static void weigh(struct problem *p, double scale, int whole) {
    fill(p->targets, p->target_weight, 0);
    find_windows(p, whole);
    for (softgrad_count i = 0; i < p->sources; i++) {
        const struct block window = window_of(p, i), *block = &window;
        double *row = p->roots + block->at;
        Vector sum = {0};
        for (softgrad_count j = 0, left = block->targets; left > 0; j += LANES, left -= LANES) {
            Vector root = mass_to_root(load_up_to(row + j, left, 0) * scale, p->exponent);
            Vector slope = weight(root, p->exponent);
            store_up_to(row + j, left, root);
            sum += slope;
            add_to(p->target_weight + block->target + j, left, slope);
        }
        p->source_weight[i] = sum_of_lanes(sum);
    }
    /* To a target of which the plan knows nothing, as its demand was below the tolerance, nothing comes back. */
    for (softgrad_count j = 0; j < p->targets; j++) {
        p->target_weight[j] = p->target_weight[j] > 0 ? p->target_weight[j] : 1;
    }
}

/* <W, g - shift> / <W, 1> of one source. */
static double weighted_mean(const struct problem *p, const struct block *block, const double *g, double shift) {
    const double *row = p->roots + block->at;
    Vector sum = {0};
    for (softgrad_count j = 0, left = block->targets; left > 0; j += LANES, left -= LANES) {
        sum += weight(load_up_to(row + j, left, 0), p->exponent) * (load_up_to(g + j, left, 0) - shift);
    }
    return sum_of_lanes(sum) / p->source_weight[block->source];
}

/* Turns g of one source into U and adds it to `sums`. */
static void centre_row(const struct problem *p, const struct block *block, int of_logarithms, double *g, double *sums) {
    const double *row = p->roots + block->at;
    double mean, rest = 0;
    if (of_logarithms) {
        Vector sum = {0};
        for (softgrad_count j = 0, left = block->targets; left > 0; j += LANES, left -= LANES) {
            sum += load_up_to(g + j, left, 0);
        }
        mean = sum_of_lanes(sum) / p->source_weight[block->source];
    } else {
        mean = weighted_mean(p, block, g, 0);
        rest = weighted_mean(p, block, g, mean);
    }
    for (softgrad_count j = 0, left = block->targets; left > 0; j += LANES, left -= LANES) {
        Vector slope = weight(load_up_to(row + j, left, 0), p->exponent), cotangent = load_up_to(g + j, left, 0);
        Vector pulled = of_logarithms ? cotangent - slope * mean : slope * ((cotangent - mean) - rest);
        store_up_to(g + j, left, pulled);
        add_to(sums + block->target + j, left, pulled);
    }
}

/* Turns U of one source into the cotangent of its costs: W (alpha + beta) - U over the softness. */
static void finish_row(const struct problem *p, const struct block *block, const double *beta, double scale,
                       double *u) {
    const double *row = p->roots + block->at, *b = beta + block->target;
    const double alpha = -weighted_mean(p, block, b, 0);
    for (softgrad_count j = 0, left = block->targets; left > 0; j += LANES, left -= LANES) {
        Vector slope = weight(load_up_to(row + j, left, 0), p->exponent);
        store_up_to(u + j, left, (slope * (load_up_to(b + j, left, 0) + alpha) - load_up_to(u + j, left, 0)) * scale);
    }
}

/* Takes the weighted mean of each target off g, which changes no result: values far from zero make it large, and what
   conjugate gradients leave is relative to it. */
static void centre_targets(const struct problem *p, double *g, double *means) {
    fill(p->targets, means, 0);
    for (softgrad_count i = 0; i < p->sources; i++) {
        const struct block window = window_of(p, i), *block = &window;
        for (softgrad_count j = 0, left = block->targets; left > 0; j += LANES, left -= LANES) {
            Vector slope = weight(load_up_to(p->roots + block->at + j, left, 0), p->exponent);
            add_to(means + block->target + j, left, slope * load_up_to(g + block->at + j, left, 0));
        }
    }
    for (softgrad_count j = 0; j < p->targets; j++) {
        means[j] /= p->target_weight[j];
    }
    for (softgrad_count i = 0; i < p->sources; i++) {
        const struct block window = window_of(p, i), *block = &window;
        for (softgrad_count j = 0, left = block->targets; left > 0; j += LANES, left -= LANES) {
            const Vector mean = load_up_to(means + block->target + j, left, 0);
            store_up_to(g + block->at + j, left, load_up_to(g + block->at + j, left, 0) - mean);
        }
    }
}

/*
 * Turns g (sources x targets), the cotangent of the plan in `roots` times `scale`, into that of the costs: inside the
 * windows; outside it is zero.
 */
static void pull(struct problem *p, double scale, int of_logarithms, double *g) {
    double *sums = workspace(p, 6), *beta = workspace(p, 7);
    const softgrad_count n = p->targets;
    weigh(p, scale, of_logarithms);
    if (!of_logarithms) {
        centre_targets(p, g, sums);
    }
    fill(n, sums, 0);
    for (softgrad_count i = 0; i < p->sources; i++) {
        const struct block block = window_of(p, i);
        centre_row(p, &block, of_logarithms, g + block.at, sums);
    }
    struct linear_system system = linearize(p, 1e-13);
    system.parts_are_balanced = !of_logarithms;
    conjugate_gradients(p, &system, sums, 1e-15, 1000, beta);
    const double factor = (of_logarithms ? 1.0 : 1.0 / scale) / p->softness;
    for (softgrad_count i = 0; i < p->sources; i++) {
        const struct block block = window_of(p, i);
        finish_row(p, &block, beta, factor, g + block.at);
    }
}

#endif

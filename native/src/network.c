/*
 * The soft bitonic network, for one tier: sorting rows, applying the soft permutation, and the derivatives.
 *
 * Batcher's bitonic sorter (AFIPS 1968) merges blocks of 2, 4, ... numbers: a phase. Each phase is a run of layers with
 * halving distances, each layer exchanges disjoint pairs. The soft exchange of x_low and x_high (by position) is
 *
 *     minimum = q x_high + (1 - q) x_low,   maximum = q x_low + (1 - q) x_high,   q = S((x_low - x_high) / softness)
 *
 * (Petersen et al., "Differentiable sorting networks for scalable sorting and ranking supervision", ICML 2021). Here
 * it is written with the smaller of q and 1 - q, w = S(-u) with u = |x_low - x_high| / softness:
 *
 *     minimum = smaller + w (larger - smaller),   maximum = larger - w (larger - smaller)
 *
 * Both are exact for equal numbers and for numbers far apart, and w keeps its relative accuracy when it is tiny. A pair
 * is *crossed* where its results change places. Then a layer maps positions (low, high) of any vector v to
 *
 *     (v_low + h, v_high - h), or (v_high - h, v_low + h) where crossed,   h = w (v_high - v_low),
 *
 * a symmetric matrix: the transposed layer is the layer itself, so the transposed network is the layers in reverse.
 * The weights of the layers of one phase are kept, with the sign bit set where crossed. Going back, the row before each
 * phase is kept and its layers are computed again.
 *
 * Pads are infinities: u is then beyond all limits, w = 0, and they move as in a hard network, however soft the others
 * are. No row has infinities of its own here; those, and rows with NaN, become NaN as a whole.
 */
#include "arguments.h"
#include "kernels.h"
#include "network_exchange.h"
#include "network_layout.h"

/* --- phases --------------------------------------------------------------------------------------------------- */

/* Layer `step` of a phase, for the pairs from `first` to `end`. */
INLINE struct layer layer_of(int phase, int step, softgrad_count first, softgrad_count end) {
    return (struct layer){(softgrad_count)1 << (phase - step), (softgrad_count)2 << phase, first, end};
}

static void run_phase(struct network network, int phase, struct comparison by, double *x, struct workspace *work) {
    const softgrad_count pairs = network.width / 2;
    for (int step = 0; step <= phase; step++) {
        struct layer layer = layer_of(phase, step, 0, pairs);
        double *weights = work->weights + step * pairs, *differences = work->differences + step * pairs;
        AT_DISTANCE_OF(layer, exchange_pairs, by, x, weights, differences);
    }
}

/* Pairs of a phase that can touch what is between two positions: those of whole blocks and whole vectors. */
struct reach {
    softgrad_count first, end;
};

static struct reach pairs_around(struct network network, int phase, struct reach positions) {
    softgrad_count block = (softgrad_count)2 << phase;
    block = block < 2 * LANES ? 2 * LANES : block;
    softgrad_count end = (positions.end + block - 1) / block * block;
    end = end < network.width ? end : network.width;
    return (struct reach){positions.first / block * block / 2, end / 2};
}

static void mix_forward(struct network network, int phase, struct reach pairs, const struct workspace *work,
                        double *v) {
    for (int step = 0; step <= phase; step++) {
        struct layer layer = layer_of(phase, step, pairs.first, pairs.end);
        AT_DISTANCE_OF(layer, mix_pairs, work->weights + step * (network.width / 2), v);
    }
}

static void mix_backward(struct network network, int phase, const struct workspace *work, double *v) {
    for (int step = phase; step >= 0; step--) {
        struct layer layer = layer_of(phase, step, 0, network.width / 2);
        AT_DISTANCE_OF(layer, mix_pairs, work->weights + step * (network.width / 2), v);
    }
}

/* --- rows and vectors ----------------------------------------------------------------------------------------- */

static void copy(softgrad_count count, const double *from, double *to) {
    for (softgrad_count i = 0; i < count; i++) {
        to[i] = from[i];
    }
}

static void fill(softgrad_count count, double value, double *to) {
    for (softgrad_count i = 0; i < count; i++) {
        to[i] = value;
    }
}

static void load_padded(struct network network, const double *from, double pad, double *to) {
    copy(network.n, from, to);
    fill(network.width - network.n, pad, to + network.n);
}

static int is_finite(softgrad_count n, const double *x) {
    double zero = 0;
    for (softgrad_count i = 0; i < n; i++) {
        zero += x[i] * 0.0;
    }
    return zero == 0;
}

/* The row before each phase, and sorted at the end. */
static void run_and_keep(struct network network, struct comparison by, const double *x, struct workspace *work) {
    double *row = work->starts;
    load_padded(network, x, __builtin_inf(), row);
    for (int phase = 0; phase < network.phases; phase++, row += network.width) {
        copy(network.width, row, row + network.width);
        run_phase(network, phase, by, row + network.width, work);
    }
}

/* Computes the weights of a phase again, from the row before it; the place of the sorted row serves. */
static void run_again(struct network network, int phase, struct comparison by, struct workspace *work) {
    double *row = work->starts + network.phases * network.width;
    copy(network.width, work->starts + phase * network.width, row);
    run_phase(network, phase, by, row, work);
}

/* The vectors of a call that are treated together, padded, in the workspace. */
struct tile {
    softgrad_count count;
    struct reach reach; /* the positions outside which all are zero */
};

static struct tile load_tile(struct network network, softgrad_count vectors, const double *v, double *to) {
    struct tile tile = {vectors < VECTOR_TILE ? vectors : VECTOR_TILE, {network.n, 0}};
    for (softgrad_count vector = 0; vector < tile.count; vector++) {
        load_padded(network, v + vector * network.n, 0, to + vector * network.width);
        for (softgrad_count i = 0; i < network.n; i++) {
            if (v[vector * network.n + i] != 0) {
                tile.reach.first = i < tile.reach.first ? i : tile.reach.first;
                tile.reach.end = i >= tile.reach.end ? i + 1 : tile.reach.end;
            }
        }
    }
    tile.reach.first = tile.reach.first < tile.reach.end ? tile.reach.first : tile.reach.end;
    return tile;
}

static void store_tile(struct network network, struct tile tile, const double *from, double *y) {
    for (softgrad_count vector = 0; vector < tile.count; vector++) {
        copy(network.n, from + vector * network.width, y + vector * network.n);
    }
}

/* The vectors of a tile through the network. What is zero before a phase is zero after it in all other blocks. */
static void apply_to_tile(struct network network, struct comparison by, const double *x, struct tile tile,
                          struct workspace *work) {
    load_padded(network, x, __builtin_inf(), work->starts);
    for (int phase = 0; phase < network.phases; phase++) {
        run_phase(network, phase, by, work->starts, work);
        struct reach pairs = pairs_around(network, phase, tile.reach);
        for (softgrad_count vector = 0; vector < tile.count; vector++) {
            mix_forward(network, phase, pairs, work, work->tile + vector * network.width);
        }
    }
}

static void apply_transposed_to_tile(struct network network, struct comparison by, struct tile tile,
                                     struct workspace *work) {
    for (int phase = network.phases - 1; phase >= 0; phase--) {
        run_again(network, phase, by, work);
        for (softgrad_count vector = 0; vector < tile.count; vector++) {
            mix_backward(network, phase, work, work->tile + vector * network.width);
        }
    }
}

/* --- derivatives ---------------------------------------------------------------------------------------------- */

/* Keeps the vectors of a tile, given in work->tile, before each phase. */
static void keep_vector_starts(struct network network, struct comparison by, struct tile tile,
                               struct workspace *work) {
    for (int phase = 0; phase < network.phases; phase++) {
        run_again(network, phase, by, work);
        struct reach pairs = pairs_around(network, phase, tile.reach);
        for (softgrad_count vector = 0; vector < tile.count; vector++) {
            double *v = work->tile + vector * network.width;
            copy(network.width, v, work->vector_starts + (vector * network.phases + phase) * network.width);
            mix_forward(network, phase, pairs, work, v);
        }
    }
}

/* One vector back through a phase: `start` is the vector before it, g the cotangent after it and then before it. */
static void pull_vector(struct network network, int phase, struct reach pairs, const double *start, double *g,
                        struct workspace *work) {
    const softgrad_count half = network.width / 2;
    double *before = work->layers;
    copy(network.width, start, before);
    for (int step = 0; step < phase; step++, before += network.width) {
        struct layer layer = layer_of(phase, step, pairs.first, pairs.end);
        copy(network.width, before, before + network.width);
        AT_DISTANCE_OF(layer, mix_pairs, work->weights + step * half, before + network.width);
    }
    for (int step = phase; step >= 0; step--, before -= network.width) {
        struct layer layer = layer_of(phase, step, pairs.first, pairs.end);
        AT_DISTANCE_OF(layer, pull_vector_pairs, work->weights + step * half, before, g,
                       work->weight_pulls + step * half);
    }
}

/* The row back through a phase; returns the cotangent of the softness. */
static double pull_row(struct network network, int phase, struct comparison by, double *g, struct workspace *work) {
    const softgrad_count half = network.width / 2;
    double softness_pull = 0;
    for (int step = phase; step >= 0; step--) {
        struct layer layer = layer_of(phase, step, 0, half);
        Vector sum = broadcast(0);
        AT_DISTANCE_OF(layer, pull_row_pairs, by, work, step * half, g, &sum);
        softness_pull += sum_of_lanes(sum);
    }
    return softness_pull;
}

/*
 * A tile of vectors, in work->tile the cotangents of their results, and the sorted row, with cotangent g, through the
 * whole network. Outside the blocks that a phase fills the vectors are zero, so no weight there matters to them.
 */
static double pull_tile(struct network network, struct comparison by, struct tile tile, double *g,
                        struct workspace *work) {
    double softness_pull = 0;
    for (int phase = network.phases - 1; phase >= 0; phase--) {
        run_again(network, phase, by, work);
        fill((phase + 1) * (network.width / 2), 0, work->weight_pulls);
        struct reach pairs = pairs_around(network, phase, tile.reach);
        for (softgrad_count vector = 0; vector < tile.count; vector++) {
            const double *start = work->vector_starts + (vector * network.phases + phase) * network.width;
            pull_vector(network, phase, pairs, start, work->tile + vector * network.width, work);
        }
        softness_pull += pull_row(network, phase, by, g, work);
    }
    return softness_pull;
}

/* The cotangents of one row and of its softness; the vectors tile by tile, whose contributions add up. */
static double pull(struct network network, struct comparison by, softgrad_count vectors, const double *forward,
                   const double *backward, const double *g, double *dx, struct workspace *work) {
    double softness_pull = 0;
    fill(network.n, 0, dx);
    do {
        const struct tile tile = load_tile(network, vectors, forward, work->tile);
        if (tile.count > 0) {
            keep_vector_starts(network, by, tile, work);
            load_tile(network, vectors, backward, work->tile);
            forward += tile.count * network.n;
            backward += tile.count * network.n;
        }
        fill(network.width, 0, work->cotangent);
        if (g) {
            copy(network.n, g, work->cotangent);
        }
        softness_pull += pull_tile(network, by, tile, work->cotangent, work);
        for (softgrad_count i = 0; i < network.n; i++) {
            dx[i] += work->cotangent[i];
        }
        g = 0;
        vectors -= tile.count;
    } while (vectors > 0);
    return softness_pull;
}

/* --- exported ------------------------------------------------------------------------------------------------- */

static int check_network(int curve, softgrad_count rows, softgrad_count n, double softness, softgrad_count vectors,
                         softgrad_count stride) {
    if (curve < SOFTGRAD_LOGISTIC || curve > SOFTGRAD_QUINTIC) {
        return SOFTGRAD_BAD_CURVE;
    }
    if (vectors < 0 || scratch_for(n, vectors) < 0 || (stride != 0 && stride != vectors * n)) {
        return SOFTGRAD_BAD_SHAPE;
    }
    int status = check_rows(rows, n, (softgrad_count)sizeof(double) * (vectors > 0 ? vectors : 1));
    return status != SOFTGRAD_OK ? status : check_softness(softness);
}

int SOFTGRAD_IN_TIER(network_sort_f64)(int curve, softgrad_count rows, softgrad_count n, const double *x,
                                       double softness, double *y, double *scratch) {
    int status = check_network(curve, rows, n, softness, 0, 0);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!x || !y || !scratch) {
        return SOFTGRAD_BAD_POINTER;
    }
    const struct network network = network_of(n);
    const struct comparison by = comparison_of(curve, softness);
    struct workspace work;
    lay_out(network, 0, scratch, &work);
    for (softgrad_count row = 0; row < rows; row++, x += n, y += n) {
        if (!is_finite(n, x)) {
            fill(n, __builtin_nan(""), y);
            continue;
        }
        load_padded(network, x, __builtin_inf(), work.starts);
        for (int phase = 0; phase < network.phases; phase++) {
            run_phase(network, phase, by, work.starts, &work);
        }
        copy(n, work.starts, y);
    }
    return SOFTGRAD_OK;
}

/* Both directions of one row, tile by tile. */
static void apply(struct network network, struct comparison by, int transposed, const double *x,
                  softgrad_count vectors, const double *v, double *y, struct workspace *work) {
    if (transposed) {
        run_and_keep(network, by, x, work);
    }
    while (vectors > 0) {
        struct tile tile = load_tile(network, vectors, v, work->tile);
        if (transposed) {
            apply_transposed_to_tile(network, by, tile, work);
        } else {
            apply_to_tile(network, by, x, tile, work);
        }
        store_tile(network, tile, work->tile, y);
        vectors -= tile.count;
        v += tile.count * network.n;
        y += tile.count * network.n;
    }
}

static int apply_to_rows(int curve, softgrad_count rows, softgrad_count n, const double *x, double softness,
                         softgrad_count vectors, softgrad_count stride, const double *v, int transposed, double *y,
                         double *scratch) {
    int status = check_network(curve, rows, n, softness, vectors, stride);
    if (status != SOFTGRAD_OK || rows == 0 || vectors == 0) {
        return status;
    }
    if (!x || !v || !y || !scratch) {
        return SOFTGRAD_BAD_POINTER;
    }
    const struct network network = network_of(n);
    struct workspace work;
    lay_out(network, vectors, scratch, &work);
    for (softgrad_count row = 0; row < rows; row++, x += n, v += stride, y += vectors * n) {
        if (is_finite(n, x)) {
            apply(network, comparison_of(curve, softness), transposed, x, vectors, v, y, &work);
        } else {
            fill(vectors * n, __builtin_nan(""), y);
        }
    }
    return SOFTGRAD_OK;
}

int SOFTGRAD_IN_TIER(network_apply_f64)(int curve, softgrad_count rows, softgrad_count n, const double *x,
                                        double softness, softgrad_count vectors, softgrad_count stride,
                                        const double *v, double *y, double *scratch) {
    return apply_to_rows(curve, rows, n, x, softness, vectors, stride, v, 0, y, scratch);
}

int SOFTGRAD_IN_TIER(network_apply_transposed_f64)(int curve, softgrad_count rows, softgrad_count n, const double *x,
                                                   double softness, softgrad_count vectors, softgrad_count stride,
                                                   const double *v, double *y, double *scratch) {
    return apply_to_rows(curve, rows, n, x, softness, vectors, stride, v, 1, y, scratch);
}

int SOFTGRAD_IN_TIER(network_vjp_f64)(int curve, softgrad_count rows, softgrad_count n, const double *x,
                                      double softness, softgrad_count vectors, softgrad_count forward_stride,
                                      const double *forward, softgrad_count backward_stride, const double *backward,
                                      const double *g, double *dx, double *dsoftness, double *scratch) {
    int status = check_network(curve, rows, n, softness, vectors, forward_stride);
    status = status != SOFTGRAD_OK ? status : check_network(curve, rows, n, softness, vectors, backward_stride);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!x || (vectors > 0 && (!forward || !backward)) || !dx || !dsoftness || !scratch) {
        return SOFTGRAD_BAD_POINTER;
    }
    const struct network network = network_of(n);
    const struct comparison by = comparison_of(curve, softness);
    struct workspace work;
    lay_out(network, vectors, scratch, &work);
    for (softgrad_count row = 0; row < rows; row++) {
        if (is_finite(n, x)) {
            run_and_keep(network, by, x, &work);
            dsoftness[row] = pull(network, by, vectors, forward, backward, g, dx, &work);
        } else {
            fill(n, __builtin_nan(""), dx);
            dsoftness[row] = __builtin_nan("");
        }
        x += n;
        dx += n;
        g = g ? g + n : g;
        if (vectors > 0) { /* else both may be null */
            forward += forward_stride;
            backward += backward_stride;
        }
    }
    return SOFTGRAD_OK;
}

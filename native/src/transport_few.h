/*
 * A line with few targets. Sources lie side by side in vectors, and `roots` holds one target after the other (targets x
 * sources), all entries of it. With so few unknowns the Laplacian of transport_newton.h is formed as a matrix.
 *
 * The score of a source is zero at the best target and falls towards both ends: with u_k what it gains by going from
 * target k to k + 1, which decreases in k,
 *
 *     score_j = sum_(k < j) min(u_k, 0) - sum_(k >= j) max(u_k, 0).
 */
#ifndef SOFTGRAD_TRANSPORT_FEW_H
#define SOFTGRAD_TRANSPORT_FEW_H

#include "transport_problem.h"

enum { FEW = 16 };

struct few {
    double shared[FEW][FEW]; /* sum_i W_ij W_ik / (W 1)_i, zero where j = k */
};

/* A row of `roots`: those of one target. */
INLINE double *roots_of(const struct problem *p, softgrad_count j) {
    return p->roots + j * p->sources;
}

/* --- the plan ----------------------------------------------------------------------------------------------------- */

/* a_j + score_ij, for the vector of sources at x. */
INLINE void score_sources(const struct problem *p, Vector x, Vector *score) {
    const struct line *line = p->line;
    const softgrad_count end = p->targets - 1;
    Vector gain[FEW], sum = {0};
    score[end] = broadcast(p->potential[end]);
    for (softgrad_count k = end - 1; k >= 0; k--) {
        gain[k] = (line->anchors[k + 1] - line->anchors[k]) * ((x - line->last[k]) + (x - line->next[k]));
        sum -= larger(gain[k], broadcast(0));
        score[k] = sum + p->potential[k];
    }
    sum = broadcast(0);
    for (softgrad_count k = 0; k < end; k++) {
        sum -= larger(-gain[k], broadcast(0));
        score[k + 1] += sum;
    }
}

/* Takes the largest score off all of them, in units of the softness. */
INLINE void normalize_scores(const struct problem *p, Vector *score) {
    const double scale = 1.0 / p->softness;
    Vector largest = score[0];
    for (softgrad_count j = 1; j < p->targets; j++) {
        largest = larger(score[j], largest);
    }
    for (softgrad_count j = 0; j < p->targets; j++) {
        score[j] = (score[j] - largest) * scale;
    }
}

/* The root of each mass from its score, which it replaces; returned are the sums of weights. */
INLINE Vector exponentials_of(const struct problem *p, Vector supply, Vector *score) {
    Vector sum = {0};
    for (softgrad_count j = 0; j < p->targets; j++) {
        score[j] = exponential(score[j]);
        sum += score[j];
    }
    const Vector factor = supply / sum;
    for (softgrad_count j = 0; j < p->targets; j++) {
        score[j] *= factor;
    }
    return supply;
}

INLINE Vector logarithms_of(const struct problem *p, Vector supply, Vector *score) {
    Vector sum = {0};
    for (softgrad_count j = 0; j < p->targets; j++) {
        sum += exponential(score[j]);
    }
    const Vector shift = logarithm(supply / sum);
    for (softgrad_count j = 0; j < p->targets; j++) {
        score[j] += shift;
    }
    return supply;
}

/* The threshold of each source, as that of transport_problem.h. */
INLINE Vector thresholds_of(const struct problem *p, int e, const Vector *score) {
    enum { ITERATION_BOUND = 60 };
    const double supply = p->supply[0], root = p->root_of_supply;
    Vector t = broadcast(-root);
    for (int iteration = 0; iteration < ITERATION_BOUND; iteration++) {
        Vector sum = {0}, slope = {0};
        for (softgrad_count j = 0; j < p->targets; j++) {
            const Vector excess = larger(broadcast(0), score[j] - t);
            sum += root_to_mass(excess, e);
            slope += weight(excess, e);
        }
        const Vector rest = e == 1 ? broadcast(supply) : root * (e == 2 ? square_root(sum) : two_thirds_power(sum));
        const Vector step = (sum - rest) * (double)e / slope, next = larger(broadcast(-root), t + step);
        t = select((Mask)(next < 0), next, 0.5 * t);
        if (bits_of((Mask)(magnitude(step) > -0x1p-51 * t)) == 0) {
            break;
        }
    }
    return t;
}

INLINE Vector powers_of(const struct problem *p, int e, Vector supply, Vector *score) {
    const Mask some_source = (Mask)(supply > 0);
    const Vector t = thresholds_of(p, e, score);
    Vector weights = {0};
    for (softgrad_count j = 0; j < p->targets; j++) {
        score[j] = select(some_source, larger(broadcast(0), score[j] - t), broadcast(0));
        weights += weight(score[j], e);
    }
    return weights;
}

/* The roots and weights of all sources, and what targets get. e is -1 for logarithms. */
INLINE void give_side_by_side(struct problem *p, int e) {
    Vector mass[FEW] = {{0}}, weights[FEW] = {{0}};
    for (softgrad_count i = 0, left = p->sources; left > 0; i += LANES, left -= LANES) {
        const Vector x = load_up_to(p->line->x + i, left, p->line->x[i]), supply = load_up_to(p->supply + i, left, 0);
        Vector root[FEW];
        score_sources(p, x, root);
        normalize_scores(p, root);
        const Vector weight_of_sources = e < 0    ? logarithms_of(p, supply, root)
                                         : e == 0 ? exponentials_of(p, supply, root)
                                                  : powers_of(p, e, supply, root);
        store_up_to(p->source_weight + i, left, weight_of_sources);
        for (softgrad_count j = 0; j < p->targets; j++) {
            store_up_to(roots_of(p, j) + i, left, root[j]);
            mass[j] += root_to_mass(root[j], e);
            weights[j] += weight(root[j], e);
        }
    }
    for (softgrad_count j = 0; j < p->targets; j++) {
        p->mass[j] = sum_of_lanes(mass[j]);
        p->target_weight[j] = sum_of_lanes(weights[j]);
    }
}

static void give_to_few(struct problem *p) {
    switch (p->logarithms ? -1 : p->exponent) {
        case -1: give_side_by_side(p, -1); break;
        case 1: give_side_by_side(p, 1); break;
        case 2: give_side_by_side(p, 2); break;
        case 3: give_side_by_side(p, 3); break;
        default: give_side_by_side(p, 0);
    }
}

/* --- the Laplacian ------------------------------------------------------------------------------------------------ */

/* sum_i W_ij W_ik scale_i */
INLINE double shared_weight(const struct problem *p, int e, softgrad_count j, softgrad_count k,
                            const double *scale) {
    const double *one = roots_of(p, j), *other = roots_of(p, k);
    Vector sum = {0};
    for (softgrad_count i = 0, left = p->sources; left > 0; i += LANES, left -= LANES) {
        const Vector share = weight(load_up_to(one + i, left, 0), e) * load_up_to(scale + i, left, 0);
        sum += share * weight(load_up_to(other + i, left, 0), e);
    }
    return sum_of_lanes(sum);
}

/* Forms the matrix. */
static void share_few(const struct problem *p) {
    double *scale = p->column;
    for (softgrad_count i = 0, left = p->sources; left > 0; i += LANES, left -= LANES) {
        store_up_to(scale + i, left, 1.0 / load_up_to(p->source_weight + i, left, 1));
    }
    for (softgrad_count j = 0; j < p->targets; j++) {
        p->few->shared[j][j] = 0;
        for (softgrad_count k = j + 1; k < p->targets; k++) {
            const double shared = p->exponent == 0   ? shared_weight(p, 0, j, k, scale)
                                  : p->exponent == 1 ? shared_weight(p, 1, j, k, scale)
                                  : p->exponent == 2 ? shared_weight(p, 2, j, k, scale)
                                                     : shared_weight(p, 3, j, k, scale);
            p->few->shared[j][k] = p->few->shared[k][j] = shared;
        }
    }
}

/*
 * solution = (H + added path)^+ right but for a constant, by elimination of one target after another. What is left of a
 * Laplacian is a Laplacian: only weights are stored, and nothing is ever subtracted from them, so that the weakest
 * connection keeps its digits (Grassmann, Taksar and Heyman, Operations Research 33, 1985). A target that nothing
 * connects stays where it is.
 */
static void solve_few(const struct problem *p, const double *ridge, const double *right, double *solution) {
    const softgrad_count m = p->targets;
    double shared[FEW][FEW], rest[FEW], total[FEW];
    for (softgrad_count j = 0; j < m; j++) {
        rest[j] = right[j];
        for (softgrad_count k = 0; k < m; k++) {
            shared[j][k] = p->few->shared[j][k] + (k == j + 1 ? ridge[j] : k == j - 1 ? ridge[k] : 0);
        }
    }
    for (softgrad_count i = m - 1; i > 0; i--) {
        total[i] = 0;
        for (softgrad_count j = 0; j < i; j++) {
            total[i] += shared[i][j];
        }
        for (softgrad_count j = 0; total[i] > 0 && j < i; j++) {
            const double part = shared[i][j] / total[i];
            rest[j] += rest[i] * part;
            for (softgrad_count k = 0; k < i; k++) {
                shared[j][k] += k == j ? 0 : shared[i][k] * part;
            }
        }
    }
    solution[0] = 0;
    for (softgrad_count i = 1; i < m; i++) {
        double sum = rest[i];
        for (softgrad_count j = 0; j < i; j++) {
            sum += shared[i][j] * solution[j];
        }
        solution[i] = total[i] > 0 ? sum / total[i] : 0;
    }
}

#endif

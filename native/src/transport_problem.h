/*
 * A regularized transport problem as the solver sees it: sources whose mass goes to targets.
 *
 * The plan is P_ij = phi((a_j + b_i + score_ij) / softness), phi(u) = exp(u) for the entropy and [u]+^e for the norms,
 * with potentials a, b such that every source gives its supply and every target gets its demand. For any a the level
 * b_i of a source is found exactly, by itself: that leaves a concave problem in a alone (the semi-dual; Cuturi and
 * Peyre, "Semidual regularized optimal transport", SIAM Review 60, 2018).
 *
 * Only the targets in a window can get mass of a source. Consecutive sources with one window form a block, a dense
 * matrix of what the solver needs of the plan: P_ij itself for the entropy, its e-th root for a norm. The entropy has
 * two forms that are cheaper: transport_scaling.h for a matrix of scores, transport_moments.h for a line. A line with
 * few targets has a form of its own, transport_few.h.
 */
#ifndef SOFTGRAD_TRANSPORT_PROBLEM_H
#define SOFTGRAD_TRANSPORT_PROBLEM_H

#include "elementary.h"
#include "row_vectors.h"

struct block {
    softgrad_count source, sources; /* first of them and their number */
    softgrad_count target, targets;
    softgrad_count at; /* where its first row is in `roots` */
};

/* Scores of a transport from points to anchors on a line; see transport_line.h. */
struct line {
    const double *x;              /* of the sources, ascending */
    const double *anchors;        /* of the targets, ascending */
    const double *last;           /* source of each target where the softness is zero */
    const double *next;           /* source after it */
    const softgrad_count *target; /* of each source where the softness is zero */
    double *scores;               /* one row of scratch */
};

struct problem {
    int exponent;   /* e; 0 for the entropy */
    int logarithms; /* whether `roots` shall hold logarithms of the plan, of all targets; entropy only */
    softgrad_count sources, targets;
    const double *supply; /* above zero, with the same sum as demand */
    const double *demand; /* above zero; NULL where a plan is given */
    double root_of_supply; /* the largest supply^(1/e) */
    double least_demand;   /* errors of smaller demands count as if it were theirs */
    double softness;
    const struct line *line; /* or NULL: the scores are a matrix */
    const struct moments *moments; /* or NULL: the roots are formed */
    struct few *few;               /* or NULL: the roots lie in blocks; see transport_few.h */
    double *scores;          /* sources x targets, no more than the costs negated and shifted */
    struct block *blocks;
    softgrad_count block_count;
    int whole;             /* whether the blocks are the rows of a matrix without gaps */
    double *roots;
    double *potential;     /* a */
    double *level;         /* b, for a matrix of scores */
    double *threshold;     /* of each source relative to its best target, to start the next search from */
    double *source_weight; /* sums of weight(root) over targets */
    double *target_weight; /* over sources */
    double *mass;          /* of each target */
    double *factor, *gain; /* weight(root) times those of source and target is W; 1 where neither form needs them */
    double *column;        /* scratch, as long as the sources */
    double *workspace;     /* WORKSPACE_ROWS rows of the targets */
};

enum { WORKSPACE_ROWS = 12 };

INLINE void add_to(double *to, softgrad_count left, Vector a) {
    store_up_to(to, left, load_up_to(to, left, 0) + a);
}

static inline void fill(softgrad_count n, double *row, double value) {
    for (softgrad_count j = 0; j < n; j++) {
        row[j] = value;
    }
}

INLINE Vector root_to_mass(Vector root, int exponent) {
    switch (exponent) {
        case 2: return root * root;
        case 3: return root * root * root;
        default: return root;
    }
}

/* The derivative of the mass in u. */
INLINE Vector weight(Vector root, int exponent) {
    switch (exponent) {
        case 1: return (Vector)((Integers)(root > 0) & (Integers)broadcast(1.0));
        case 2: return root + root;
        case 3: return root * root * 3.0;
        default: return root;
    }
}

/* The inverse of root_to_mass. */
INLINE Vector mass_to_root(Vector mass, int exponent) {
    switch (exponent) {
        case 2: return square_root(mass);
        case 3: return square_root(two_thirds_power(mass));
        default: return mass;
    }
}

static inline double log_of(double a) {
    return logarithm(broadcast(a))[0];
}

/* --- one source --------------------------------------------------------------------------------------------------- */

static double row_maximum(softgrad_count n, const double *row) {
    Vector largest = broadcast(-__builtin_inf());
    for (softgrad_count j = 0; j < n; j += LANES) {
        largest = larger(load_up_to(row + j, n - j, -__builtin_inf()), largest);
    }
    return largest_lane(largest);
}

struct power_sums {
    double of_e;         /* sum [u_j - t]+^e */
    double of_e_minus_1; /* for e = 1 the number of u above t */
};

INLINE struct power_sums power_sums(int e, double t, softgrad_count n, const double *u) {
    Vector of_e = {0}, slope = {0};
    for (softgrad_count j = 0; j < n; j += LANES) {
        Vector excess = larger(broadcast(0), load_up_to(u + j, n - j, -__builtin_inf()) - t);
        of_e += root_to_mass(excess, e);
        slope += weight(excess, e);
    }
    return (struct power_sums){.of_e = sum_of_lanes(of_e), .of_e_minus_1 = sum_of_lanes(slope) / e};
}

/* supply^(1/e). */
static double root_of(double supply, int exponent) {
    return exponent == 0 ? 1 : mass_to_root(broadcast(supply), exponent)[0];
}

/*
 * The t with sum [u_j - t]+^e = supply where max u = 0, by Newton's method on the e-th root of the sum, which is convex
 * and decreasing: from the right of the solution the first step goes to the left of it, and all others approach it from
 * there (as in simplex.c).
 */
INLINE double threshold(int e, double supply, double start, softgrad_count n, const double *u) {
    enum { ITERATION_BOUND = 60 };
    const double root = root_of(supply, e), lowest = -root;
    double t = start < lowest || !(start < 0) ? lowest : start;
    for (int iteration = 0; iteration < ITERATION_BOUND; iteration++) {
        struct power_sums sums = power_sums(e, t, n, u);
        Vector s = broadcast(sums.of_e);
        double rest = e == 1 ? supply : root * (e == 2 ? square_root(s) : two_thirds_power(s))[0];
        double step = (sums.of_e - rest) / sums.of_e_minus_1;
        t = t + step < lowest ? lowest : t + step < 0 ? t + step : 0.5 * t;
        if (__builtin_fabs(step) <= -t * 0x1p-51) {
            break;
        }
    }
    return t;
}

INLINE void give_powers(struct problem *p, int e, softgrad_count i, softgrad_count first, softgrad_count n,
                        double *row) {
    const double maximum = row_maximum(n, row), scale = 1.0 / p->softness;
    for (softgrad_count j = 0; j < n; j += LANES) {
        store_up_to(row + j, n - j, (load_up_to(row + j, n - j, 0) - maximum) * scale);
    }
    const double t = threshold(e, p->supply[i], p->threshold[i], n, row);
    Vector weights = {0};
    for (softgrad_count j = 0; j < n; j += LANES) {
        Vector root = larger(broadcast(0), load_up_to(row + j, n - j, -__builtin_inf()) - t);
        Vector slope = weight(root, e);
        weights += slope;
        store_up_to(row + j, n - j, root);
        add_to(p->mass + first + j, n - j, root_to_mass(root, e));
        add_to(p->target_weight + first + j, n - j, slope);
    }
    p->threshold[i] = t;
    p->level[i] = -(maximum + t * p->softness);
    p->source_weight[i] = sum_of_lanes(weights);
}

static void give_exponentials(struct problem *p, softgrad_count i, softgrad_count first, softgrad_count n,
                              double *row) {
    const double maximum = row_maximum(n, row), scale = 1.0 / p->softness;
    Vector sum = {0};
    for (softgrad_count j = 0; j < n; j += LANES) {
        Vector e = exponential((load_up_to(row + j, n - j, -__builtin_inf()) - maximum) * scale);
        sum += e;
        store_up_to(row + j, n - j, e);
    }
    const double factor = p->supply[i] / sum_of_lanes(sum);
    for (softgrad_count j = 0; j < n; j += LANES) {
        Vector mass = load_up_to(row + j, n - j, 0) * factor;
        store_up_to(row + j, n - j, mass);
        add_to(p->mass + first + j, n - j, mass);
    }
    p->source_weight[i] = p->supply[i];
}

static void give_logarithms(struct problem *p, softgrad_count i, softgrad_count n, double *row) {
    const double maximum = row_maximum(n, row), scale = 1.0 / p->softness;
    Vector sum = {0};
    for (softgrad_count j = 0; j < n; j += LANES) {
        sum += exponential((load_up_to(row + j, n - j, -__builtin_inf()) - maximum) * scale);
    }
    const double shift = log_of(p->supply[i] / sum_of_lanes(sum));
    for (softgrad_count j = 0; j < n; j += LANES) {
        store_up_to(row + j, n - j, (load_up_to(row + j, n - j, 0) - maximum) * scale + shift);
    }
}

/* Finds what source i gives from a_j + score_ij in `row`, turns the row into roots, and adds up what targets get. */
static void give(struct problem *p, softgrad_count i, softgrad_count first, softgrad_count n, double *row) {
    if (p->logarithms) {
        give_logarithms(p, i, n, row);
        return;
    }
    switch (p->exponent) {
        case 1: give_powers(p, 1, i, first, n, row); break;
        case 2: give_powers(p, 2, i, first, n, row); break;
        case 3: give_powers(p, 3, i, first, n, row); break;
        default: give_exponentials(p, i, first, n, row);
    }
}

#endif

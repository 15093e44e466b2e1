/*
 * Newton's method for the semi-dual of a transport problem.
 *
 * With W_ij the derivative of P_ij in (a_j + b_i) / softness, the derivative of the mass of the targets in the
 * potential is the graph Laplacian H = diag(W^T 1) - W^T diag(1 / W 1) W. Its kernel holds the constant vectors, and
 * one more vector for every part of the plan that is not connected to the others.
 *
 * Steps are found by conjugate gradients with the preconditioner diag(H)^-1 + T^+. T is the Laplacian of the path
 * through the targets whose conductance between k and k + 1 is the sum over sources of sum_(j <= k) W_ij (m_i - j), m_i
 * the mean target of source i: by the Cauchy-Schwarz inequality H <= T. Where the plan is a band H is diffusion over
 * long distances and local over short ones, and the sum follows both. A weak path of the same kind is added to H itself
 * and connects what is not connected.
 */
#ifndef SOFTGRAD_TRANSPORT_NEWTON_H
#define SOFTGRAD_TRANSPORT_NEWTON_H

#include "transport_product.h"
#include "transport_sinkhorn.h"

/* Rows of the workspace, each as long as the targets. */
struct linear_system {
    double *diagonal;
    double *conductance; /* of the path, the added one included */
    double *ridge;       /* conductance of the added path */
    double *residual, *direction, *image, *smoothed;
    int parts_are_balanced; /* the right side adds up to nothing in each part that hardly connects to the others */
};

static struct linear_system linear_system(const struct problem *p) {
    return (struct linear_system){
        .diagonal = workspace(p, 0),
        .conductance = workspace(p, 1),
        .residual = workspace(p, 2),
        .direction = workspace(p, 3),
        .image = workspace(p, 4),
        .smoothed = workspace(p, 5),
        .ridge = workspace(p, 9),
    };
}

/* --- the system --------------------------------------------------------------------------------------------------- */

/* out = (H + added path) v. */
static void multiply(const struct problem *p, const double *ridge, const double *v, double *out) {
    multiply_plan(p, v, workspace(p, 11), out);
    for (softgrad_count j = 0; j + 1 < p->targets; j++) {
        double flow = ridge[j] * (v[j] - v[j + 1]);
        out[j] += flow;
        out[j + 1] -= flow;
    }
}

/* What one source adds to the diagonal and to the conductances, summed from the nearer end of its row: so small
   conductances have full relative accuracy. */
static void add_row(int e, softgrad_count n, const double *root, double source_weight, double *weights,
                    struct linear_system *to, softgrad_count first) {
    const double scale = 1.0 / source_weight;
    Vector moment = {0}, at = {0};
    for (int lane = 0; lane < LANES; lane++) {
        at[lane] = lane;
    }
    for (softgrad_count j = 0; j < n; j += LANES, at += LANES) {
        const Vector w = weight(load_up_to(root + j, n - j, 0), e);
        moment += w * at;
        store_up_to(weights + j, n - j, w);
        add_to(to->diagonal + first + j, n - j, -(w * w) * scale);
    }
    const double mean = sum_of_lanes(moment) * scale;
    double flow = 0;
    softgrad_count k = 0;
    for (; k + 1 < n && (double)k < mean; k++) {
        flow += weights[k] * (mean - (double)k);
        to->conductance[first + k] += flow;
    }
    flow = 0;
    for (softgrad_count j = n - 1; j > k; j--) {
        flow += weights[j] * ((double)j - mean);
        to->conductance[first + j - 1] += flow;
    }
}

/* The same for windows of a line. */
static void add_rows(const struct problem *p, struct linear_system *to) {
    for (softgrad_count b = 0; b < p->block_count; b++) {
        const struct block *block = p->blocks + b;
        const double *row = p->roots + block->at;
        for (softgrad_count k = 0; k < block->sources; k++, row += block->targets) {
            add_row(p->exponent, block->targets, row, p->source_weight[block->source + k], to->smoothed, to,
                    block->target);
        }
    }
}

/* The same for a whole matrix: the conductances are sums of H (0, 1, 2, ...) from the first target on. */
static void add_matrix(const struct problem *p, struct linear_system *to) {
    const softgrad_count n = p->targets;
    for (softgrad_count j = 0; j < n; j++) {
        to->direction[j] = (double)j;
    }
    fill(n, to->image, 0);
    if (!p->moments) {
        square_plan(p, to->image);
    }
    multiply_plan(p, to->direction, to->smoothed, to->residual);
    double flow = 0;
    for (softgrad_count j = 0; j < n; j++) {
        flow -= to->residual[j];
        to->diagonal[j] -= to->image[j];
        to->conductance[j] = flow > 0 ? flow : 0;
    }
}

/* The weight of a target, or if it is larger what it would be if one source met the demand, where that is known. */
static double typical_weight(const struct problem *p, softgrad_count j) {
    if (!p->demand) {
        return p->target_weight[j];
    }
    const double alone = weight(mass_to_root(broadcast(p->demand[j]), p->exponent), p->exponent)[0];
    return p->target_weight[j] > alone ? p->target_weight[j] : alone;
}

/* The added path has `ridge` times the smaller weight of its ends. */
static struct linear_system linearize(const struct problem *p, double ridge) {
    struct linear_system s = linear_system(p);
    for (softgrad_count j = 0; j < p->targets; j++) {
        s.diagonal[j] = p->target_weight[j];
        s.conductance[j] = 0;
    }
    if (p->few) {
        share_few(p);
    } else if (p->whole) {
        add_matrix(p, &s);
    } else {
        add_rows(p, &s);
    }
    for (softgrad_count j = 0; j < p->targets; j++) {
        const double least = 0.05 * typical_weight(p, j);
        s.diagonal[j] = s.diagonal[j] > least ? s.diagonal[j] : least;
    }
    for (softgrad_count j = 0; j + 1 < p->targets; j++) {
        const double here = typical_weight(p, j), next = typical_weight(p, j + 1);
        s.ridge[j] = ridge * (here < next ? here : next);
        s.conductance[j] += s.ridge[j];
    }
    return s;
}

/* --- conjugate gradients ------------------------------------------------------------------------------------------ */

static double dot(softgrad_count n, const double *a, const double *b) {
    Vector sum = {0};
    for (softgrad_count j = 0; j < n; j += LANES) {
        sum += load_up_to(a + j, n - j, 0) * load_up_to(b + j, n - j, 0);
    }
    return sum_of_lanes(sum);
}

/* Whether nothing need pass from target j to the next one. */
static int is_cut(const struct linear_system *s, softgrad_count j) {
    return s->parts_are_balanced && !(s->conductance[j] > 2 * s->ridge[j]);
}

static void centre(softgrad_count n, double *a) {
    double mean = 0;
    for (softgrad_count j = 0; j < n; j++) {
        mean += a[j];
    }
    mean /= (double)n;
    for (softgrad_count j = 0; j < n; j++) {
        a[j] -= mean;
    }
}

/* Rounding must not reach other parts: the weak path would make it large there. */
static void centre_parts(softgrad_count n, const struct linear_system *s, double *a) {
    for (softgrad_count first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n && !is_cut(s, end - 1); end++) {
        }
        centre(end - first, a + first);
    }
}

/* out = (diag^-1 + T^+) r: the flow between neighbours is a prefix sum of r, their difference its quotient. */
static void precondition(softgrad_count n, const struct linear_system *s, const double *r, double *out) {
    double flow = 0, height = 0, mean = 0;
    out[0] = 0;
    for (softgrad_count j = 1; j < n; j++) {
        flow = is_cut(s, j - 1) ? 0 : flow + r[j - 1];
        height -= flow / s->conductance[j - 1];
        out[j] = height;
        mean += height;
    }
    mean /= (double)n;
    for (softgrad_count j = 0; j < n; j++) {
        out[j] = (out[j] - mean) + r[j] / s->diagonal[j];
    }
}

/* solution = H^+ right, to `tolerance` in the norm of the preconditioner, or as far as rounding lets it. */
static void conjugate_gradients(const struct problem *p, struct linear_system *s, const double *right,
                                double tolerance, int bound, double *solution) {
    const softgrad_count n = p->targets;
    if (p->few) {
        solve_few(p, s->ridge, right, solution);
        return;
    }
    fill(n, solution, 0);
    fill(n, s->direction, 0);
    for (softgrad_count j = 0; j < n; j++) {
        s->residual[j] = right[j];
    }
    centre_parts(n, s, s->residual);
    double before = 0, enough = 0;
    for (int step = 0; step < bound; step++) {
        precondition(n, s, s->residual, s->smoothed);
        const double now = dot(n, s->residual, s->smoothed);
        enough = step == 0 ? tolerance * tolerance * now : enough;
        if (!(now > enough)) {
            break;
        }
        const double turn = step == 0 ? 0 : now / before;
        before = now;
        for (softgrad_count j = 0; j < n; j++) {
            s->direction[j] = s->smoothed[j] + turn * s->direction[j];
        }
        multiply(p, s->ridge, s->direction, s->image);
        const double curvature = dot(n, s->direction, s->image);
        if (!(curvature > 0)) {
            break;
        }
        const double length = now / curvature;
        for (softgrad_count j = 0; j < n; j++) {
            solution[j] += length * s->direction[j];
            s->residual[j] -= length * s->image[j];
        }
        centre_parts(n, s, s->residual);
    }
}

/* --- steps -------------------------------------------------------------------------------------------------------- */

struct search {
    double *step;      /* in units of the softness */
    double *missing;   /* demand - mass */
    double *start;     /* the potential before the step */
    double *least;     /* the mass below which a target counts as cut off */
    double slope;      /* missing . step at the start */
    double square;     /* of the shortfall at the start */
};

static struct search new_search(const struct problem *p) {
    return (struct search){
        .step = workspace(p, 6),
        .missing = workspace(p, 7),
        .start = workspace(p, 8),
        .least = workspace(p, 10),
    };
}

static void move(struct problem *p, const struct search *search, double length) {
    for (softgrad_count j = 0; j < p->targets; j++) {
        p->potential[j] = search->start[j] + length * p->softness * search->step[j];
    }
    evaluate(p);
}

enum { TRIALS = 14 };

/* A target that gets next to nothing hardly feels the potential any more, so no step may go there. */
static int cuts_off(const struct problem *p, const struct search *search) {
    for (softgrad_count j = 0; j < p->targets; j++) {
        if (p->mass[j] < search->least[j]) {
            return 1;
        }
    }
    return 0;
}

/*
 * Moves along the step until the derivative of the semi-dual along it has fallen to half, or the shortfall has; a
 * secant where it changed sign. The semi-dual is concave, so where nothing is found the last point before the change of
 * sign is no worse than the start. Returns the number of trials beyond the first.
 */
static int line_search(struct problem *p, struct search *search, double length, double tolerance) {
    double low = 0, low_slope = search->slope, high = -1;
    for (int trial = 0; trial < TRIALS; trial++) {
        move(p, search, length);
        const struct shortfall shortfall = measure(p, search->missing);
        const double slope = dot(p->targets, search->missing, search->step);
        const double half = 0.5 * search->slope;
        const int too_far = cuts_off(p, search);
        if (!too_far && ((slope >= -half && slope <= half) || shortfall.square < 0.25 * search->square ||
            shortfall.largest <= tolerance)) {
            return trial;
        }
        if (slope > 0 && !too_far) {
            low = length;
            low_slope = slope;
            length = high < 0 ? 2 * length : 0.5 * (low + high);
        } else {
            high = length;
            double part = low_slope / (low_slope - slope);
            part = part < 0.1 ? 0.1 : part > 0.8 ? 0.8 : part;
            length = low + (high - low) * (slope < 0 ? part : 0.5);
        }
    }
    move(p, search, low);
    return TRIALS;
}

/* Solves for the step. Where it would be long beyond reason, along what hardly connects, or where rounding hides that
   it connects at all and no step is found, a stronger added path helps. Returns the ridge taken. */
static double find_step(struct problem *p, struct search *search, double ridge, double forcing) {
    const double longest = p->exponent == 0 ? 20 : 8 * p->root_of_supply;
    for (;; ridge *= 10) {
        double largest = 0;
        struct linear_system system = linearize(p, ridge);
        conjugate_gradients(p, &system, search->missing, forcing, 500, search->step);
        for (softgrad_count j = 0; j < p->targets; j++) {
            const double size = __builtin_fabs(search->step[j]);
            largest = size > largest ? size : largest;
        }
        if ((largest > 0 && !(largest > longest)) || ridge >= 0.1) {
            return ridge;
        }
    }
}

struct progress {
    softgrad_count iterations;
    double error;
};

/* How exact a step is worth being: Newton's method squares an error below one, and needs no more than the tolerance.
   The plans of norms, whose supports change, want better steps, and smaller errors for the sake of their roots. */
static double forcing_term(const struct problem *p, double error, double tolerance) {
    const double most = p->exponent == 0 ? 0.1 : 0.01, enough = p->exponent == 0 ? 0.3 * tolerance / error : 0;
    const double forcing = 0.1 * error > enough ? 0.1 * error : enough;
    return forcing > most ? most : forcing < 1e-9 ? 1e-9 : forcing;
}

/* Newton's method at one softness, from the current potential. */
static void newton(struct problem *p, double tolerance, softgrad_count bound, struct progress *progress) {
    struct search search = new_search(p);
    double ridge = p->exponent == 0 ? 1e-13 : 1e-7;
    struct shortfall shortfall = measure(p, search.missing);
    while (shortfall.largest > tolerance && progress->iterations < bound) {
        const double forcing = forcing_term(p, shortfall.largest, tolerance);
        ridge = find_step(p, &search, ridge, forcing);
        for (softgrad_count j = 0; j < p->targets; j++) {
            search.start[j] = p->potential[j];
            search.least[j] = p->mass[j] < 0.1 * p->demand[j] ? 0.5 * p->mass[j] : 0.05 * p->demand[j];
        }
        search.slope = dot(p->targets, search.missing, search.step);
        search.square = shortfall.square;
        const int trials = line_search(p, &search, 1, tolerance);
        if (trials == TRIALS && !p->line) {
            sweep(p);
        } else if (is_scaled(p) && is_far(p)) {
            form(p);
        }
        ridge = trials == 0 ? ridge * 0.01 : trials > 2 ? ridge * 10 : ridge;
        ridge = ridge < 1e-13 ? 1e-13 : ridge > 0.1 ? 0.1 : ridge;
        shortfall = measure(p, search.missing);
        progress->iterations++;
    }
    progress->error = shortfall.largest;
}

/*
 * Full steps as long as they help. The root of a small mass, on which the weights of a norm depend, is far less exact
 * than the mass: an error of 1e-13 in a sum may be one of 1e-6 in a root. Convergence is linear where a root vanishes.
 */
static void polish(struct problem *p, struct progress *progress) {
    enum { STEPS = 40 };
    struct search search = new_search(p);
    struct shortfall shortfall = measure(p, search.missing);
    for (int step = 0; step < STEPS && shortfall.largest > 0x1p-52; step++) {
        find_step(p, &search, 1e-13, 1e-2);
        for (softgrad_count j = 0; j < p->targets; j++) {
            search.start[j] = p->potential[j];
        }
        move(p, &search, 1);
        const struct shortfall next = measure(p, search.missing);
        if (!(next.largest < shortfall.largest)) {
            move(p, &search, 0);
            break;
        }
        progress->iterations++;
        const int helped = next.largest < 0.5 * shortfall.largest;
        shortfall = next;
        if (!helped) {
            break;
        }
    }
    progress->error = shortfall.largest;
}

/* The whole way to the accuracy that the caller gets. */
static void converge(struct problem *p, double tolerance, softgrad_count bound, struct progress *progress) {
    newton(p, tolerance, bound, progress);
    if (p->exponent >= 2 && progress->error <= tolerance) {
        polish(p, progress);
    }
}

#endif

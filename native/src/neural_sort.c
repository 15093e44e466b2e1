/*
 * NeuralSort (Grover et al., ICLR 2019, equation 5) with soft distances, of sorted rows, for one tier. Row i of the
 * soft permutation is the projection onto the simplex of the scores
 *
 *     z_ik = -(coefficient_i p_k + A_k),   coefficient_i = n - 1 - 2 i,   A_k = sum_j phi(p_k - p_j),
 *
 * with p = s / softness.
 *
 * Weights matter in a window of each row only (neural_sort_windows.h), of about sqrt(n softness) elements on even data.
 */
#include "neural_distances.h"
#include "neural_sort_pull.h"

/* The arrays of a state, and of the scratch; the soft distances use those from BASE on. */
enum { DISTANCES, SLOPES, LEVELS, COLUMN_MASS = LEVELS };
enum { POINTS, PLAIN, SLOPED, TILT, BASE, X, WINDOWS, Y, MEAN_PLACE, FORWARD_MASS = PLAIN, FORWARD_PLACE = SLOPED };

/* How far below the largest score a weight can matter. */
static const double smooth_depth = 40, smooth_rank_depth = 62, power_depth = 1;
static const double smallest_column = 1e-10;

#define WITH_CONSTANT_REGULARIZER(function, ...)                                                                       \
    do {                                                                                                               \
        switch (regularizer) {                                                                                         \
            case SOFTGRAD_SQUARED_EUCLIDEAN: function(SOFTGRAD_SQUARED_EUCLIDEAN, __VA_ARGS__); break;                 \
            case SOFTGRAD_NORM_3_2: function(SOFTGRAD_NORM_3_2, __VA_ARGS__); break;                                   \
            case SOFTGRAD_NORM_4_3: function(SOFTGRAD_NORM_4_3, __VA_ARGS__); break;                                   \
            default: function(SOFTGRAD_ENTROPY, __VA_ARGS__);                                                          \
        }                                                                                                              \
    } while (0)

static double depth_of(int regularizer, int rank) {
    return regularizer != SOFTGRAD_ENTROPY ? power_depth : rank ? smooth_rank_depth : smooth_depth;
}

/* Points and soft distances of a row, for the rows from `first` on. */
static struct rows prepare_rows(int regularizer, softgrad_count n, softgrad_count first, softgrad_count count,
                                const double *s, double softness, double widest, double *state, double *scratch) {
    double *p = array_of(scratch, n, POINTS);
    double *sums = array_of(state, n, DISTANCES), *slopes = array_of(state, n, SLOPES);
    points_of(n, s, softness, p);
    distances(regularizer, n, p, 0, sums, slopes, array_of(scratch, n, BASE));
    pad(n, sums);
    pad(n, slopes);
    return (struct rows){n, first, count, p, sums, widest};
}

static struct walk walk_of(int regularizer, int rank, const struct rows *rows, double *scratch) {
    return walk_through(rows, depth_of(regularizer, rank), array_of(scratch, rows->n, WINDOWS),
                        array_of(scratch, rows->n, BASE), array_of(scratch, rows->n, TILT));
}

/* x = v - the value in the middle of the window, which is returned. */
static double shift_values(softgrad_count n, const struct group *group, const double *v, double *x) {
    const double middle = v[group->from + group->width / 2];
    for (softgrad_count k = 0; k < group->width; k += LANES) {
        store_f64(x + k, load_at_most(v + group->from + k, n - group->from - k) - middle);
    }
    return middle;
}

/* Finds the levels of a group and keeps those of the rows that exist. */
INLINE void find_group_levels(int power, const struct group *group, Vector *heights, double *own, double *kept) {
    for (int row = 0; row < GROUP; row += LANES) {
        Vector offset = load_f64(group->offsets + row);
        store_f64(own + row, find_levels(power, group, offset, heights + row / LANES));
    }
    for (int row = 0; row < group->count; row++) {
        kept[row] = own[row];
    }
}

INLINE void sort_groups(int regularizer, struct walk *walk, const double *v, double *x, double *levels, double *y) {
    const struct rows *rows = walk->rows;
    const struct group *group = &walk->group;
    Vector heights[GROUP / LANES];
    for (int k = 0; k < GROUP / LANES; k++) {
        heights[k] = broadcast(1.0);
    }
    while (next_group(regularizer, walk)) {
        const double middle = shift_values(rows->n, group, v, x);
        const softgrad_count place = group->row - rows->first;
        struct row_sums sums;
        if (regularizer == SOFTGRAD_ENTROPY) {
            smooth_row_sums(group, x, 0, &sums);
        } else {
            double own[GROUP];
            find_group_levels(regularizer, group, heights, own, levels + place);
            power_row_sums(regularizer, group, own, x, 0, &sums);
        }
        for (int row = 0; row < group->count; row++) {
            y[place + row] = middle + sums.of_x[row] / sums.mass[row];
        }
    }
}

void SOFTGRAD_IN_TIER(neural_sort_row)(int regularizer, softgrad_count n, softgrad_count first, softgrad_count count,
                                       const double *s, const double *v, double softness, double *y, double *state,
                                       double *scratch) {
    const double widest = widest_for(regularizer, n, v);
    const struct rows rows = prepare_rows(regularizer, n, first, count, s, softness, widest, state, scratch);
    struct walk walk = walk_of(regularizer, 0, &rows, scratch);
    WITH_CONSTANT_REGULARIZER(sort_groups, &walk, v, array_of(scratch, n, X), array_of(state, n, LEVELS), y);
}

/* Adds up the mass of each column, and its mean place times that mass unless `places` is null. */
INLINE void add_columns(int regularizer, const struct group *group, const double *own_levels, double *masses,
                        double *places) {
    struct row_factors factors = {{{0}}};
    struct row_sums sums;
    if (regularizer == SOFTGRAD_ENTROPY) {
        smooth_row_sums(group, 0, 0, &sums);
    }
    for (int row = 0; row < group->count; row++) {
        factors.of[0][row] = regularizer == SOFTGRAD_ENTROPY ? 1.0 / sums.mass[row] : 1.0;
        factors.of[1][row] = factors.of[0][row] * group->offsets[row];
    }
    const int exponents[2] = {regularizer, regularizer};
    const double middle = (double)(group->middle + 1);
    for (softgrad_count k = 0; k < group->width; k += LANES) {
        double *mass = masses + group->from + k, *place = places + group->from + k;
        Vector column[2];
        if (regularizer == SOFTGRAD_ENTROPY) {
            smooth_column_sums(2, group, k, &factors, column);
        } else {
            power_column_sums(2, exponents, group, k, own_levels, &factors, column);
        }
        store_f64(mass, load_f64(mass) + column[0]);
        store_f64(place, load_f64(place) + (middle * column[0] + column[1]));
    }
}

INLINE void rank_groups(int regularizer, struct walk *walk, double *levels, double *masses, double *places) {
    const struct group *group = &walk->group;
    Vector heights[GROUP / LANES];
    for (int k = 0; k < GROUP / LANES; k++) {
        heights[k] = broadcast(1.0);
    }
    while (next_group(regularizer, walk)) {
        double own[GROUP];
        if (regularizer != SOFTGRAD_ENTROPY) {
            find_group_levels(regularizer, group, heights, own, levels + group->row);
            for (int row = (int)group->count; row < GROUP; row++) {
                own[row] = __builtin_inf();
            }
        }
        add_columns(regularizer, group, own, masses, places);
    }
}

void SOFTGRAD_IN_TIER(neural_sort_rank_row)(int regularizer, softgrad_count n, const double *s, double softness,
                                            double *rank, double *state, double *scratch) {
    const struct rows rows = prepare_rows(regularizer, n, 0, n, s, softness, widest_group, state, scratch);
    struct walk walk = walk_of(regularizer, 1, &rows, scratch);
    double *masses = array_of(scratch, n, FORWARD_MASS), *places = array_of(scratch, n, FORWARD_PLACE);
    clear(n + ORDER_PADDING, masses);
    clear(n + ORDER_PADDING, places);
    WITH_CONSTANT_REGULARIZER(rank_groups, &walk, array_of(state, n, LEVELS), masses, places);
    for (softgrad_count k = 0; k < n; k++) {
        rank[k] = places[k] / (masses[k] > smallest_column ? masses[k] : smallest_column);
    }
    if (regularizer == SOFTGRAD_ENTROPY) {
        double *kept = array_of(state, n, COLUMN_MASS);
        for (softgrad_count k = 0; k < n; k++) {
            kept[k] = masses[k];
        }
    }
}

static struct cotangents start_cotangents(const struct rows *rows, const double *state, double *scratch,
                                          double *v_bar) {
    const softgrad_count n = rows->n;
    struct cotangents to = {rows, kept_array_of(state, n, SLOPES), kept_array_of(state, n, LEVELS),
                            array_of(scratch, n, PLAIN), array_of(scratch, n, SLOPED), v_bar};
    clear(n + ORDER_PADDING, to.plain);
    clear(n + ORDER_PADDING, to.sloped);
    if (v_bar) {
        clear(n, v_bar);
    }
    return to;
}

/* The cotangent of s, and returned that of the softness, by Euler's theorem: all depends on s / softness. */
static double finish_cotangents(int regularizer, const struct cotangents *of, double scale, double *s_bar,
                                double *scratch) {
    const softgrad_count n = of->rows->n;
    double *through_distances = array_of(scratch, n, TILT);
    distances(regularizer, n, of->rows->p, of->plain, 0, through_distances, array_of(scratch, n, BASE));
    Vector products = {0};
    for (softgrad_count k = 0; k < n; k += LANES) {
        Vector sum = load_f64(of->sloped + k) + load_at_most(through_distances + k, n - k);
        store_at_most(s_bar + k, n - k, -scale * sum);
        products += load_at_most(of->rows->p + k, n - k) * load_at_most(s_bar + k, n - k);
    }
    return -sum_of_lanes(products);
}

INLINE void pull_sorted_groups(int regularizer, struct walk *walk, const struct cotangents *to, const double *v,
                               double *x, const double *g) {
    while (next_group(regularizer, walk)) {
        shift_values(walk->rows->n, &walk->group, v, x);
        pull_sorted_group(regularizer, to, &walk->group, x, g + (walk->group.row - walk->rows->first));
    }
}

double SOFTGRAD_IN_TIER(neural_sort_pull)(int regularizer, softgrad_count n, softgrad_count first,
                                          softgrad_count count, const double *s, const double *v, double softness,
                                          const double *y, const double *state, const double *g, double *v_bar,
                                          double *s_bar, double *scratch) {
    (void)y; /* sums over the same weights give means that are exact relative to differences of the values */
    double *p = array_of(scratch, n, POINTS);
    const double scale = points_of(n, s, softness, p);
    const double widest = widest_for(regularizer, n, v);
    const struct rows rows = {n, first, count, p, kept_array_of(state, n, DISTANCES), widest};
    const struct cotangents to = start_cotangents(&rows, state, scratch, v_bar);
    struct walk walk = walk_of(regularizer, 0, &rows, scratch);
    WITH_CONSTANT_REGULARIZER(pull_sorted_groups, &walk, &to, v, array_of(scratch, n, X), g);
    return s_bar ? finish_cotangents(regularizer, &to, scale, s_bar, scratch) : 0;
}

/* The masses of the columns, from the levels. */
INLINE void add_column_masses(int regularizer, struct walk *walk, const struct cotangents *to, double *masses,
                              double *places) {
    while (next_group(regularizer, walk)) {
        const struct own_levels levels = levels_of(regularizer, to, &walk->group);
        add_columns(regularizer, &walk->group, levels.of, masses, places);
    }
}

/* With C the mass of a column and R its mean place, Pbar_ik = g_k (i - R_k) / C_k; R is 0 where C is held fixed. */
static void column_cotangents(softgrad_count n, const double *masses, const double *rank, const double *g, double *y,
                              double *mean_place) {
    for (softgrad_count k = 0; k < n; k++) {
        const int fixed = !(masses[k] > smallest_column);
        y[k] = g[k] / (fixed ? smallest_column : masses[k]);
        mean_place[k] = fixed ? 0 : rank[k];
    }
    pad(n, y);
    pad(n, mean_place);
}

INLINE void pull_ranked_groups(int regularizer, struct walk *walk, const struct cotangents *to, double *x,
                               const double *y, const double *mean_place) {
    const struct group *group = &walk->group;
    while (next_group(regularizer, walk)) {
        const double middle = (double)(group->middle + 1);
        for (softgrad_count k = 0; k < group->width; k += LANES) {
            Vector distance = middle - load_f64(mean_place + group->from + k);
            store_f64(x + k, load_f64(y + group->from + k) * distance);
        }
        pull_ranked_group(regularizer, to, group, x, y + group->from);
    }
}

double SOFTGRAD_IN_TIER(neural_sort_rank_pull)(int regularizer, softgrad_count n, const double *s, double softness,
                                               const double *rank, const double *state, const double *g,
                                               double *s_bar, double *scratch) {
    double *p = array_of(scratch, n, POINTS), *y = array_of(scratch, n, Y);
    double *mean_place = array_of(scratch, n, MEAN_PLACE);
    const double scale = points_of(n, s, softness, p);
    const struct rows rows = {n, 0, n, p, kept_array_of(state, n, DISTANCES), widest_group};
    const struct cotangents to = start_cotangents(&rows, state, scratch, 0);
    const double *masses = kept_array_of(state, n, COLUMN_MASS);
    if (regularizer != SOFTGRAD_ENTROPY) {
        struct walk walk = walk_of(regularizer, 1, &rows, scratch);
        clear(n + ORDER_PADDING, y);
        clear(n + ORDER_PADDING, mean_place);
        WITH_CONSTANT_REGULARIZER(add_column_masses, &walk, &to, y, mean_place);
        masses = y;
    }
    column_cotangents(n, masses, rank, g, y, mean_place);
    struct walk walk = walk_of(regularizer, 1, &rows, scratch);
    WITH_CONSTANT_REGULARIZER(pull_ranked_groups, &walk, &to, array_of(scratch, n, X), y, mean_place);
    return finish_cotangents(regularizer, &to, scale, s_bar, scratch);
}

void SOFTGRAD_IN_TIER(neural_distances)(int regularizer, softgrad_count n, const double *s, const double *w,
                                        double softness, double *sums, double *slopes, double *scratch) {
    double *p = array_of(scratch, n, POINTS);
    const double scale = points_of(n, s, softness, p);
    distances(regularizer, n, p, w, sums, slopes, array_of(scratch, n, BASE));
    if (sums) {
        for (softgrad_count k = 0; k < n; k++) {
            sums[k] /= scale;
        }
    }
}

/*
 * The largest or the smallest place of a row of float by SOFT_SORT with the entropy, in float arithmetic, for one tier.
 * Nothing but some numbers is kept of a row: to find its weights again costs less than to store and to load them.
 *
 * With x turned so that the extreme is the largest, d = (x - top) in units, and tail_u = exp(-u), the distance of two
 * positions s = logistic(u) is written without cancellation: for w = exp(u - u_top),
 *
 *     s_top - s = rest (1 - w) / (w + tail),  rest = 1 - s_top = tail / (1 + tail),  tail = tail_(u_top),
 *
 * so that weights are good to some roundings times the logarithm of the weight, for positions up to HIGHEST deviations
 * however small the softness is.
 */
#define LANES_OF_FLOAT
#include "arguments.h"
#include "lanes_vector.h"
#include "order_layout.h"

/* What is kept of a row, in the places of the general state where that has the same. */
enum {
    KEPT_TOP,
    KEPT_CEILING,
    KEPT_HEIGHT,
    KEPT_IS_FINITE,
    KEPT_STEEPNESS,
    KEPT_MASS,
    KEPT_RISE,
    KEPT_INVERSE,
};

_Static_assert((int)KEPT_IS_FINITE == (int)STATE_IS_FINITE, "where the general state has it");
_Static_assert((int)KEPT_INVERSE < (int)STATE_NUMBERS, "no more than is there");

/* Sums in float are of so many elements, those of them in double: 32 equal additions may all round to the same side. */
enum { BLOCK = 32 * WIDTH };

/* Beyond so many deviations a position is 1 to a rounding far below float. */
#define HIGHEST 30.0

#define LARGEST_FLOAT 0x1.fffffep+127

/* What the cotangents of an index are multiplied with, so that their differences do not overflow. */
#define HALF 0.5f

/* --- rows of float ------------------------------------------------------------------------------------------------ */

INLINE Lanes floats_at(const float *from, softgrad_count left, float filler) {
    if (left >= WIDTH) {
        return (Lanes) * (const StoredLanes *)from;
    }
#if defined(__AVX512F__)
    return (Lanes)_mm512_mask_loadu_ps(_mm512_set1_ps(filler), (__mmask16)((1u << left) - 1u), from);
#else
    Lanes out = lanes_of(filler);
    for (int lane = 0; lane < left; lane++) {
        out[lane] = from[lane];
    }
    return out;
#endif
}

INLINE void put_floats(float *to, softgrad_count left, Lanes a) {
    if (left >= WIDTH) {
        *(StoredLanes *)to = (StoredLanes)a;
        return;
    }
#if defined(__AVX512F__)
    _mm512_mask_storeu_ps(to, (__mmask16)((1u << left) - 1u), (__m512)a);
#else
    for (int lane = 0; lane < left; lane++) {
        to[lane] = a[lane];
    }
#endif
}

/* Zeros past the end of the row. */
INLINE Lanes first_of(softgrad_count left, Lanes a) {
    for (int lane = 0; left < WIDTH && lane < WIDTH; lane++) {
        a[lane] = lane < left ? a[lane] : 0;
    }
    return a;
}

INLINE double total(Lanes a) {
    const float *lanes = (const float *)&a;
    return sum_of_lanes(load_f32(lanes) + load_f32(lanes + LANES));
}

INLINE float largest_of(Lanes a) {
    float largest = a[0];
    for (int lane = 1; lane < WIDTH; lane++) {
        largest = a[lane] > largest ? a[lane] : largest;
    }
    return largest;
}

/* Infinite numbers become the largest. */
INLINE float narrowed(double a) {
    return (float)(a > LARGEST_FLOAT ? LARGEST_FLOAT : a < -LARGEST_FLOAT ? -LARGEST_FLOAT : a);
}

INLINE double larger_of(double a, double b) {
    return a > b ? a : b;
}

INLINE softgrad_count end_of_block(softgrad_count begin, softgrad_count n) {
    return n - begin < BLOCK ? n : begin + BLOCK;
}

/* --- what is known of a row --------------------------------------------------------------------------------------- */

struct survey {
    float top, bottom; /* of the turned row; not a NaN */
    double surplus;    /* the sum of the distances from the first element, in units */
    int is_finite;
};

static struct survey survey_of(const struct extreme_task *task, const float *x, float inverse) {
    const softgrad_count n = task->n;
    const float turn = (float)task->sign * inverse, first = turn * x[0];
    Lanes top = lanes_of(-__builtin_inff()), bottom = lanes_of(__builtin_inff()), nothing = lanes_of(0);
    double surplus = 0;
    for (softgrad_count begin = 0, end; begin < n; begin = end) {
        Lanes sum = lanes_of(0);
        end = end_of_block(begin, n);
        for (softgrad_count i = begin; i < end; i += WIDTH) {
            const Lanes a = turn * floats_at(x + i, n - i, x[0]);
            top = greater(a, top);
            bottom = lesser(a, bottom);
            nothing += a * 0;
            sum += a - first;
        }
        surplus += total(sum);
    }
    return (struct survey){largest_of(top), -largest_of(-bottom), surplus, total(nothing) == 0};
}

/* From here on x is turned and in units: x sign inverse. */
struct extreme {
    softgrad_count n;
    const float *x;
    float turn, top;
    int is_standardized;
    float steepness; /* 1 / deviation */
    float ceiling;   /* the top, or less where no position above counts */
    float height;    /* u of the ceiling */
    float tail, rest;
    float root; /* of 1 / (softness units), by which distances are multiplied twice: its square may be beyond float */
    double inverse;
};

INLINE Lanes turned_at(const struct extreme *row, softgrad_count i) {
    return row->turn * floats_at(row->x + i, row->n - i, row->x[0]);
}

struct moments {
    double mean, variance;
};

/* `centre` is near the mean: equal distances from a far element would all round to the same side. */
static struct moments moments_of(const struct extreme *row, float centre) {
    double sum = 0, squares = 0;
    for (softgrad_count begin = 0, end; begin < row->n; begin = end) {
        Lanes distances = lanes_of(0), their_squares = lanes_of(0);
        end = end_of_block(begin, row->n);
        for (softgrad_count i = begin; i < end; i += WIDTH) {
            const Lanes a = first_of(row->n - i, turned_at(row, i) - centre);
            distances += a;
            their_squares += a * a;
        }
        sum += total(distances);
        squares += total(their_squares);
    }
    const double n = (double)row->n, off = sum / n;
    return (struct moments){centre + off, larger_of(squares / n - off * off, 0)};
}

/* What follows from the numbers that are kept. */
static void complete(const struct extreme_task *task, struct extreme *row) {
    const double tail = exponential(broadcast(-(double)row->height))[0], least = 0x1p-126;
    const double scale = reciprocal_of(task->softness) / (task->is_standardized ? 1 : row->inverse);
    const double root = square_root(broadcast(scale))[0];
    row->turn = (float)(task->sign * row->inverse);
    row->root = (float)(root < least ? least : root > 1 / least ? 1 / least : root);
    row->tail = (float)tail;
    row->rest = (float)(tail / (1 + tail));
}

static struct extreme extreme_of(const struct extreme_task *task, const float *x) {
    return (struct extreme){
        .n = task->n, .x = x, .is_standardized = task->is_standardized, .steepness = 1, .inverse = 1};
}

/*
 * Huge numbers are made smaller, so that no square of a difference overflows, and no distance of an element that has
 * weight, which is at most 60 times the softness where the row is not standardized.
 */
static double inverse_for(const struct extreme_task *task, const struct survey *survey) {
    const float largest = survey->top > -survey->bottom ? survey->top : -survey->bottom;
    return task->is_standardized ? (largest > 0x1p+56f ? 0x1p-72 : 1) : task->softness > 0x1p+90 ? 0x1p-30 : 1;
}

static void standardize(const struct extreme_task *task, const struct survey *survey, struct extreme *row) {
    const double first = (double)row->turn * row->x[0];
    const struct moments moments = moments_of(row, (float)(first + survey->surplus / (double)task->n));
    const double floor = VARIANCE_FLOOR * row->inverse * row->inverse;
    const double deviation = square_root(broadcast(moments.variance + floor))[0];
    const double ceiling = moments.mean + HIGHEST * deviation;
    row->steepness = (float)(1 / deviation);
    row->ceiling = ceiling < row->top ? (float)ceiling : row->top;
    row->height = (float)((row->ceiling - moments.mean) / deviation);
}

/* Whether the row has an extreme; a row that is not standardized may be infinite on the other side for an index. */
static int has_extreme(const struct extreme_task *task, const float *x, const struct survey *survey) {
    const double top = survey->top;
    if (survey->is_finite || !task->is_index || task->is_standardized || top - top != 0) {
        return survey->is_finite;
    }
    for (softgrad_count i = 0; i < task->n; i++) {
        if (x[i] != x[i]) {
            return 0;
        }
    }
    return 1;
}

static int begin_row(const struct extreme_task *task, const float *x, struct extreme *row) {
    struct survey survey = survey_of(task, x, 1);
    *row = extreme_of(task, x);
    if (!has_extreme(task, x, &survey)) {
        return 0;
    }
    row->inverse = inverse_for(task, &survey);
    if (row->inverse != 1) {
        survey = survey_of(task, x, (float)row->inverse);
    }
    row->turn = (float)(task->sign * row->inverse);
    row->top = row->ceiling = survey.top;
    if (task->is_standardized) {
        standardize(task, &survey, row);
    }
    complete(task, row);
    return 1;
}

/* --- the weights -------------------------------------------------------------------------------------------------- */

struct place {
    Lanes score;  /* (s - s_top) / softness */
    Lanes weight;
    Lanes height; /* u, of a standardized row, like the next */
    Lanes slope;  /* s (1 - s) */
};

/* Of elements x, turned and in units. Whether the row is standardized is known where this is called. */
INLINE struct place place_of(const struct extreme *row, int is_standardized, Lanes x) {
    struct place place;
    Lanes distance = row->top - x;
    if (is_standardized) {
        const Lanes apart = (x - row->ceiling) * row->steepness;
        Lanes scale, excess = split_exponential(lesser(lanes_of(0), apart), &scale);
        const Lanes w = scale + scale * excess, share = 1 / (w + row->tail);
        distance = ((1 - scale) - scale * excess) * (row->rest * share);
        place.height = apart + row->height;
        place.slope = w * row->tail * (share * share);
    }
    place.score = -(distance * row->root * row->root);
    place.weight = where(below(lanes_of(LOWEST_EXPONENT), place.score), exponential_of(place.score));
    return place;
}

/* The sums of weights and of their distances from the top; the weights themselves go to p if it is not null. */
struct weight_sums {
    double mass, rise;
};

INLINE struct weight_sums sum_weights(const struct extreme *row, int is_standardized, float *p) {
    struct weight_sums sums = {0, 0};
    for (softgrad_count begin = 0, end; begin < row->n; begin = end) {
        Lanes mass = lanes_of(0), rise = lanes_of(0);
        end = end_of_block(begin, row->n);
        for (softgrad_count i = begin; i < end; i += WIDTH) {
            const Lanes x = turned_at(row, i);
            const Lanes weight = first_of(row->n - i, place_of(row, is_standardized, x).weight);
            mass += weight;
            if (p) {
                put_floats(p + i, row->n - i, weight);
            } else {
                rise += where(below(lanes_of(0), weight), weight * (x - row->top));
            }
        }
        sums.mass += total(mass);
        sums.rise += total(rise);
    }
    return sums;
}

static struct weight_sums weigh(const struct extreme *row, float *p) {
    return p ? (row->is_standardized ? sum_weights(row, 1, p) : sum_weights(row, 0, p))
             : (row->is_standardized ? sum_weights(row, 1, 0) : sum_weights(row, 0, 0));
}

static void keep_row(const struct extreme *row, struct weight_sums sums, double *state) {
    state[KEPT_TOP] = row->top;
    state[KEPT_CEILING] = row->ceiling;
    state[KEPT_HEIGHT] = row->height;
    state[KEPT_STEEPNESS] = row->steepness;
    state[KEPT_MASS] = sums.mass;
    state[KEPT_RISE] = sums.rise / sums.mass;
    state[KEPT_INVERSE] = row->inverse;
}

static struct extreme kept_row(const struct extreme_task *task, const float *x, const double *state) {
    struct extreme row = extreme_of(task, x);
    row.inverse = state[KEPT_INVERSE];
    row.top = (float)state[KEPT_TOP];
    row.ceiling = (float)state[KEPT_CEILING];
    row.height = (float)state[KEPT_HEIGHT];
    row.steepness = (float)state[KEPT_STEEPNESS];
    complete(task, &row);
    return row;
}

int SOFTGRAD_IN_TIER(extreme_value_f32)(const struct extreme_task *task, const float *x, double *state, float *y) {
    struct extreme row;
    if (!begin_row(task, x, &row)) {
        return 0;
    }
    const struct weight_sums sums = weigh(&row, 0);
    keep_row(&row, sums, state);
    *y = narrowed(task->sign * (row.top + sums.rise / sums.mass) / row.inverse);
    return 1;
}

int SOFTGRAD_IN_TIER(extreme_index_f32)(const struct extreme_task *task, const float *x, double *state, float *p) {
    struct extreme row;
    if (!begin_row(task, x, &row)) {
        return 0;
    }
    const struct weight_sums sums = weigh(&row, p);
    keep_row(&row, sums, state);
    const float share = (float)(1 / sums.mass);
    for (softgrad_count i = 0; i < task->n; i += WIDTH) {
        put_floats(p + i, task->n - i, floats_at(p + i, task->n - i, 0) * share);
    }
    return 1;
}

/* --- the vector-Jacobian product ---------------------------------------------------------------------------------- */

/*
 * With shares P of the weights, the cotangent of a score is P (a - <P, a>) times a factor: a are the cotangents g of an
 * index, or the distances of the elements of a value.
 */
struct extreme_pull {
    const float *p, *g; /* of an index, null for a value */
    float share;        /* 1 / mass, of a value */
    float mean, left;   /* <P, a>, and what rounding left of it */
    float own;          /* of a value: dx is own P, and */
    float once, again;  /* two factors, as their product may be beyond float, times what the scores bring */
};

struct pull_sums {
    double bars, products; /* of the cotangents of u, and of them times u; like the next but for the factor `again` */
    double moment;         /* of those of the scores times the scores */
};

/* Everything but what mean and deviation bring. */
INLINE struct pull_sums pull_scores(const struct extreme *row, int is_standardized, int is_index,
                                    const struct extreme_pull *pull, float *dx) {
    struct pull_sums sums = {0, 0, 0};
    for (softgrad_count begin = 0, end; begin < row->n; begin = end) {
        Lanes bars = lanes_of(0), products = lanes_of(0), moment = lanes_of(0);
        end = end_of_block(begin, row->n);
        for (softgrad_count i = begin; i < end; i += WIDTH) {
            const softgrad_count left = row->n - i;
            const Lanes x = turned_at(row, i);
            const struct place place = place_of(row, is_standardized, x);
            const Lanes share = is_index ? floats_at(pull->p + i, left, 0) : first_of(left, place.weight * pull->share);
            const Lanes a = is_index ? HALF * floats_at(pull->g + i, left, 0) : x - row->top;
            const Lanes centred = ((a - pull->mean) - pull->left) * pull->once;
            const Lanes of_score = where(below(lanes_of(0), share), share * centred);
            const Lanes bar = is_standardized ? of_score * place.slope : of_score;
            moment += where(below(lanes_of(0), share), of_score * place.score);
            if (is_standardized) {
                bars += bar;
                products += bar * place.height;
            }
            put_floats(dx + i, left, is_index ? pull->again * bar : pull->own * share + pull->again * bar);
        }
        sums.bars += total(bars);
        sums.products += total(products);
        sums.moment += total(moment);
    }
    return sums;
}

/* Every x moves the mean and the deviation; see standardize.c. */
static void pull_standardization(const struct extreme *row, struct pull_sums sums, double again, float *dx) {
    const float shift = narrowed(again * sums.bars / (double)row->n);
    const float stretch = narrowed(again * sums.products / (double)row->n);
    for (softgrad_count i = 0; i < row->n; i += WIDTH) {
        const softgrad_count left = row->n - i;
        const Lanes u = (turned_at(row, i) - row->ceiling) * row->steepness + row->height;
        put_floats(dx + i, left, (floats_at(dx + i, left, 0) - shift) - u * stretch);
    }
}

/* Returns the cotangent of the softness for the factor 1. */
static double pull_row(const struct extreme_task *task, const struct extreme *row, const struct extreme_pull *pull,
                       float *dx) {
    struct pull_sums sums;
    if (row->is_standardized) {
        sums = task->is_index ? pull_scores(row, 1, 1, pull, dx) : pull_scores(row, 1, 0, pull, dx);
        pull_standardization(row, sums, pull->again, dx);
    } else {
        sums = task->is_index ? pull_scores(row, 0, 1, pull, dx) : pull_scores(row, 0, 0, pull, dx);
    }
    return -sums.moment / pull->once * reciprocal_of(task->softness);
}

/* What a score's cotangent is multiplied with on its way to x: the units are those of x. */
INLINE double factor_of(const struct extreme_task *task, const struct extreme *row) {
    return reciprocal_of(task->softness) * (task->is_standardized ? row->steepness * row->inverse : 1);
}

static void split_factor(double factor, struct extreme_pull *pull) {
    const double least = 0x1p-126, root = square_root(broadcast(__builtin_fabs(factor)))[0];
    pull->once = (float)(root < least ? least : root > 1 / least ? 1 / least : root);
    pull->again = narrowed(factor / pull->once);
}

double SOFTGRAD_IN_TIER(extreme_value_pull_f32)(const struct extreme_task *task, const float *x, const double *state,
                                                int is_gated, float g, float *dx) {
    const struct extreme row = kept_row(task, x, state);
    const double gated = is_gated ? g / row.inverse : 0;
    struct extreme_pull pull = {.share = (float)(1 / state[KEPT_MASS]), .mean = (float)state[KEPT_RISE], .own = g};
    split_factor(gated * factor_of(task, &row), &pull);
    return task->sign * gated * pull_row(task, &row, &pull, dx);
}

/* <P, g / 2 - shift> */
static float mean_under(softgrad_count n, const float *p, const float *g, float shift) {
    double mean = 0;
    for (softgrad_count begin = 0, end; begin < n; begin = end) {
        Lanes sum = lanes_of(0);
        end = end_of_block(begin, n);
        for (softgrad_count i = begin; i < end; i += WIDTH) {
            sum += floats_at(p + i, n - i, 0) * (HALF * floats_at(g + i, n - i, 0) - shift);
        }
        mean += total(sum);
    }
    return (float)mean;
}

double SOFTGRAD_IN_TIER(extreme_index_pull_f32)(const struct extreme_task *task, const float *x, const double *state,
                                                const float *p, const float *g, float *dx) {
    const struct extreme row = kept_row(task, x, state);
    struct extreme_pull pull = {.p = p, .g = g, .mean = mean_under(task->n, p, g, 0)};
    pull.left = mean_under(task->n, p, g, pull.mean);
    split_factor(task->sign / HALF * factor_of(task, &row), &pull);
    return pull_row(task, &row, &pull, dx) / HALF;
}

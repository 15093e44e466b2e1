/*
 * The stable ascending permutation of a row, for one tier.
 *
 * Short rows: the place of an element is the number of elements before it in the order, all of them counted by vector
 * comparisons; there is no branch to mispredict. Long rows: radix sort from the lowest digit of integers that have the
 * order of the numbers (Knuth, The Art of Computer Programming, volume 3, section 5.2.5). The integers are first steps
 * between the ends of the row, of two digits, and if the row is too uneven for that, the uppermost digits of the bits
 * in which its numbers differ; what either leaves out of order is inserted in its place. If it is much, or if there is a
 * NaN, all bits are looked at.
 */
#include "arguments.h"
#include "order_rows.h"
#include "row_vectors.h"

/* --- short rows -------------------------------------------------------------------------------------------------- */

enum { LONGEST_COUNTED = LANES >= 8 ? 128 : LANES >= 4 ? 160 : 64 };

#if defined(__AVX512F__)

INLINE Integers plus_where_less(Integers count, Vector a, Vector b) {
    __mmask8 less = _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_LT_OQ);
    return (Integers)_mm512_mask_add_epi64((__m512i)count, less, (__m512i)count, _mm512_set1_epi64(1));
}

INLINE Integers plus_where_at_most(Integers count, Vector a, Vector b) {
    __mmask8 at_most = _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_LE_OQ);
    return (Integers)_mm512_mask_add_epi64((__m512i)count, at_most, (__m512i)count, _mm512_set1_epi64(1));
}

#else

INLINE Integers plus_where_less(Integers count, Vector a, Vector b) {
    return count - (Integers)(a < b);
}

INLINE Integers plus_where_at_most(Integers count, Vector a, Vector b) {
    return count - (Integers)(a <= b);
}

#endif

/* Of the elements of one vector, those before each other one: smaller, or equal and further left. */
INLINE Integers places_within(Vector own, const double *x, softgrad_count count) {
    Integers places = {0};
    for (int j = 0; j < LANES && j < count; j++) {
        Vector other = broadcast(x[j]);
        Mask is_right;
        for (int lane = 0; lane < LANES; lane++) {
            is_right[lane] = lane > j ? -1 : 0;
        }
        places -= (Integers)((Mask)(other < own) | ((Mask)(other == own) & is_right));
    }
    return places;
}

enum { TOGETHER = 4 }; /* vectors that are compared with one element while it is in a register */

/* Elements to the left of the group of vectors count where they are at most as large, others where smaller. */
INLINE void count_outside(softgrad_count n, const double *x, softgrad_count begin, softgrad_count end,
                          const Vector *own, Integers *places) {
    for (softgrad_count j = 0; j < begin; j++) {
        Vector other = broadcast(x[j]);
        for (int k = 0; k < TOGETHER; k++) {
            places[k] = plus_where_at_most(places[k], other, own[k]);
        }
    }
    for (softgrad_count j = end; j < n; j++) {
        Vector other = broadcast(x[j]);
        for (int k = 0; k < TOGETHER; k++) {
            places[k] = plus_where_less(places[k], other, own[k]);
        }
    }
}

INLINE void count_inside(softgrad_count n, const double *x, softgrad_count begin, const Vector *own,
                         Integers *places) {
    for (int k = 0; k < TOGETHER; k++) {
        softgrad_count at = begin + k * LANES;
        for (softgrad_count j = begin; j < at && j < n; j++) {
            places[k] = plus_where_at_most(places[k], broadcast(x[j]), own[k]);
        }
        places[k] += at < n ? places_within(own[k], x + at, n - at) : (Integers){0};
        for (softgrad_count j = at + LANES; j < begin + TOGETHER * LANES && j < n; j++) {
            places[k] = plus_where_less(places[k], broadcast(x[j]), own[k]);
        }
    }
}

static void sort_by_counting(softgrad_count n, const double *x, int *order, double *sorted) {
    for (softgrad_count begin = 0; begin < n; begin += TOGETHER * LANES) {
        softgrad_count end = begin + TOGETHER * LANES;
        Vector own[TOGETHER];
        Integers places[TOGETHER];
        for (int k = 0; k < TOGETHER; k++) {
            softgrad_count at = begin + k * LANES;
            own[k] = at < n ? load_up_to(x + at, n - at, 0) : broadcast(0);
            places[k] = (Integers){0};
        }
        count_outside(n, x, begin, end, own, places);
        count_inside(n, x, begin, own, places);
        for (softgrad_count i = begin; i < n && i < end; i++) {
            long long place = places[(i - begin) / LANES][(i - begin) % LANES];
            order[place] = (int)i;
            sorted[place] = x[i];
        }
    }
}

/* --- long rows --------------------------------------------------------------------------------------------------- */

typedef unsigned long long Key __attribute__((may_alias)); /* lies where doubles may lie */

/* Gives up, with 0 returned, when it takes more than so many moves. */
static int insert_strays(softgrad_count n, int *order, double *sorted, softgrad_count moves) {
    for (softgrad_count i = 1; i < n; i++) {
        double value = sorted[i];
        if (value >= sorted[i - 1]) {
            continue;
        }
        int place = order[i];
        softgrad_count to = i;
        for (; to > 0 && sorted[to - 1] > value; to--) {
            sorted[to] = sorted[to - 1];
            order[to] = order[to - 1];
        }
        sorted[to] = value;
        order[to] = place;
        moves -= i - to;
        if (moves < 0) {
            return 0;
        }
    }
    return 1;
}

/* From the number of elements in each bucket to the number before it. */
INLINE void sum_counts(int buckets, unsigned *counts) {
    unsigned before = 0;
    for (int bucket = 0; bucket < buckets; bucket++) {
        unsigned size = counts[bucket];
        counts[bucket] = before;
        before += size;
    }
}

/* --- by steps between the ends ----------------------------------------------------------------------------------- */

enum { STEP_BITS = 11, STEP_SHIFT = 32 }; /* of a digit; of the step within its word, above the element's place */
enum { LONGEST_STEPPED = 1 << 18, WIDEST = 24 }; /* range, in mean distances from the mean */

struct extent {
    double smallest, largest, mean;
};

static struct extent extent_of(softgrad_count n, const double *x) {
    Vector largest = broadcast(x[0]), opposite = -largest, sum = broadcast(0);
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector a = load_up_to(x + i, n - i, x[0]);
        largest = larger(largest, a);
        opposite = larger(opposite, -a);
        sum += a - x[0];
    }
    return (struct extent){-largest_lane(opposite), largest_lane(largest), x[0] + sum_of_lanes(sum) / (double)n};
}

/* Steps are rounded, which is monotone: adding 2^52 leaves them in the lowest bits. Returns the sum of |x - mean|. */
static double make_words(softgrad_count n, const double *x, struct extent extent, double scale, Key *words) {
    Vector sum = broadcast(0);
    Integers places;
    for (int lane = 0; lane < LANES; lane++) {
        places[lane] = lane;
    }
    for (softgrad_count i = 0; i < n; i += LANES, places += LANES) {
        Vector a = load_up_to(x + i, n - i, extent.mean), step = (a - extent.smallest) * scale + 0x1p52;
        sum += magnitude(a - extent.mean);
        store_up_to((double *)words + i, n - i, (Vector)(((Integers)step << STEP_SHIFT) + places));
    }
    return sum_of_lanes(sum);
}

/* About as many buckets as elements. Returns 0 if the row is too long or too uneven. */
static int sort_by_steps(softgrad_count n, const double *x, int *order, double *sorted, double *scratch) {
    if (n > LONGEST_STEPPED) {
        return 0;
    }
    int wanted = 62 - __builtin_clzll((unsigned long long)n), bits = wanted < STEP_BITS ? wanted : STEP_BITS;
    unsigned counts[2][1 << STEP_BITS], buckets = 1u << bits;
    struct extent extent = extent_of(n, x);
    double range = extent.largest - extent.smallest, scale = ((double)buckets * (double)buckets - 1) / range;
    if (!(scale > 0 && scale <= 0x1p1000)) {
        return 0;
    }
    Key *words = (Key *)sorted, *moved = (Key *)scratch;
    double spread = make_words(n, x, extent, scale, words);
    if (!(range * (double)n <= WIDEST * spread)) {
        return 0;
    }
    for (unsigned bucket = 0; bucket < buckets; bucket++) {
        counts[0][bucket] = counts[1][bucket] = 0;
    }
    for (softgrad_count i = 0; i < n; i++) {
        unsigned step = (unsigned)(words[i] >> STEP_SHIFT);
        counts[0][step & (buckets - 1)]++;
        counts[1][step >> bits]++;
    }
    sum_counts((int)buckets, counts[0]);
    sum_counts((int)buckets, counts[1]);
    for (softgrad_count i = 0; i < n; i++) {
        unsigned step = (unsigned)(words[i] >> STEP_SHIFT);
        moved[counts[0][step & (buckets - 1)]++] = words[i];
    }
    for (softgrad_count i = 0; i < n; i++) {
        unsigned to = counts[1][(unsigned)(moved[i] >> STEP_SHIFT) >> bits]++;
        int from = (int)(moved[i] & 0x7fffffff);
        order[to] = from;
        sorted[to] = x[from];
    }
    return insert_strays(n, order, sorted, n);
}

/* --- by the bits of the numbers ---------------------------------------------------------------------------------- */

enum { DIGITS = 8, DIGIT_BITS = 8, BUCKETS = 1 << DIGIT_BITS, KEY_BITS = 64 };

/* In the order of the numbers; the zeros are one key, and so are all NaN, the largest. */
static Key key_of(double a) {
    union {
        double value;
        Key bits;
    } number = {a + 0.0};
    Key flipped = number.bits ^ ((Key)((long long)number.bits >> 63) | 0x8000000000000000);
    return a == a ? flipped : ~(Key)0;
}

static double number_of(Key key) {
    union {
        Key bits;
        double value;
    } number = {key ^ (~(Key)((long long)key >> 63) | 0x8000000000000000)};
    return number.value;
}

/* What is sorted: keys, each with the place that its number came from. */
struct keyed {
    Key *keys;
    int *places;
};

/* Returns the bits in which keys differ. */
static Key make_keys(softgrad_count n, const double *x, struct keyed to) {
    Key first = key_of(x[0]), different = 0;
    for (softgrad_count i = 0; i < n; i++) {
        Key key = key_of(x[i]);
        different |= key ^ first;
        to.keys[i] = key;
        to.places[i] = (int)i;
    }
    return different;
}

INLINE unsigned digit_at(Key key, int shift) {
    return (unsigned)(key >> shift) & (BUCKETS - 1);
}

static void count_digits(softgrad_count n, const Key *keys, int shift, int digits, unsigned (*counts)[BUCKETS]) {
    for (int digit = 0; digit < digits; digit++) {
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            counts[digit][bucket] = 0;
        }
    }
    for (softgrad_count i = 0; i < n; i++) {
        Key key = keys[i] >> shift;
        for (int digit = 0; digit < digits; digit++) {
            counts[digit][digit_at(key, digit * DIGIT_BITS)]++;
        }
    }
}

static void move_by_digit(softgrad_count n, int shift, unsigned *counts, struct keyed from, struct keyed to) {
    sum_counts(BUCKETS, counts);
    for (softgrad_count i = 0; i < n; i++) {
        Key key = from.keys[i];
        unsigned place = counts[digit_at(key, shift)]++;
        to.keys[place] = key;
        to.places[place] = from.places[i];
    }
}

/* By so many digits from bit `shift` on. Returns where the result is; the other one is free. */
INLINE struct keyed sort_by_digits(softgrad_count n, int shift, int digits, struct keyed now, struct keyed other) {
    unsigned counts[DIGITS][BUCKETS];
    count_digits(n, now.keys, shift, digits, counts);
    for (int digit = 0; digit < digits; digit++, shift += DIGIT_BITS) {
        if (counts[digit][digit_at(now.keys[0], shift)] == (unsigned)n) {
            continue;
        }
        move_by_digit(n, shift, counts[digit], now, other);
        struct keyed moved = other;
        other = now;
        now = moved;
    }
    return now;
}

enum { FEW_DIGITS = 3, MORE_DIGITS = 4, LONG_ROW = 4096 };

/* By so many of the uppermost digits in which keys differ. */
INLINE void sort_by_keys(softgrad_count n, int digits, const double *x, int *order, double *sorted, double *scratch) {
    struct keyed first = {(Key *)scratch, order}, second = {(Key *)sorted, (int *)(scratch + n)};
    Key different = make_keys(n, x, first);
    int bits = different ? KEY_BITS - __builtin_clzll(different) : 0, looked_at = digits * DIGIT_BITS;
    struct keyed result = sort_by_digits(n, bits > looked_at ? bits - looked_at : 0, digits, first, second);
    for (softgrad_count i = 0; i < n; i++) {
        sorted[i] = number_of(result.keys[i]);
    }
    if (result.places != order) {
        for (softgrad_count i = 0; i < n; i++) {
            order[i] = result.places[i];
        }
    }
}

static int sort_by_upper_digits(softgrad_count n, const double *x, int *order, double *sorted, double *scratch) {
    if (n < LONG_ROW) {
        sort_by_keys(n, FEW_DIGITS, x, order, sorted, scratch);
    } else {
        sort_by_keys(n, MORE_DIGITS, x, order, sorted, scratch);
    }
    return insert_strays(n, order, sorted, 4 * n);
}

static void sort_by_all_digits(softgrad_count n, const double *x, int *order, double *sorted, double *scratch) {
    sort_by_keys(n, DIGITS, x, order, sorted, scratch);
}

/* --- all --------------------------------------------------------------------------------------------------------- */

static int has_nan(softgrad_count n, const double *x) {
    Mask nan = {0};
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector a = load_up_to(x + i, n - i, 0);
        nan |= (Mask)(a != a);
    }
    return bits_of(nan) != 0;
}

void SOFTGRAD_IN_TIER(argsort_row)(softgrad_count n, const double *x, int *order, double *sorted, double *scratch) {
    int is_ordered = !has_nan(n, x);
    if (is_ordered && n <= LONGEST_COUNTED) {
        sort_by_counting(n, x, order, sorted);
        return;
    }
    if (is_ordered && (sort_by_steps(n, x, order, sorted, scratch) ||
                       sort_by_upper_digits(n, x, order, sorted, scratch))) {
        return;
    }
    sort_by_all_digits(n, x, order, sorted, scratch);
}

int SOFTGRAD_IN_TIER(argsort_f64)(softgrad_count rows, softgrad_count n, const double *x, int *order, double *scratch) {
    int status = check_rows(rows, n, sizeof(double));
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (n > 0x7fffffff) {
        return SOFTGRAD_BAD_SHAPE;
    }
    if (!x || !order || !scratch) {
        return SOFTGRAD_BAD_POINTER;
    }
    for (softgrad_count row = 0; row < rows; row++, x += n, order += n) {
        SOFTGRAD_IN_TIER(argsort_row)(n, x, order, scratch, scratch + n);
    }
    return SOFTGRAD_OK;
}

/*
 * The row functions of simplex.c, for arrays of ELEMENT. Included once per element type, so it has no guard.
 *
 * Every loop over a row has the same shape: UNROLL vectors at a time, then one vector at a time, the last of them
 * possibly partial.
 */
#define TYPED(stem) SOFTGRAD_JOIN(stem, SUFFIX)
#define LOAD TYPED(load)
#define STORE TYPED(store)

/* A whole vector where there is one, else the rest of the row padded with `filler`. */
INLINE Vector TYPED(load_up_to)(const ELEMENT *from, softgrad_count count, double filler) {
    return count >= LANES ? LOAD(from) : TYPED(load_first)(from, count, filler);
}

INLINE void TYPED(store_up_to)(ELEMENT *to, softgrad_count count, Vector a) {
    if (count >= LANES) {
        STORE(to, a);
    } else {
        TYPED(store_first)(to, count, a);
    }
}

/* The largest element that is not NaN; -infinity if there is none. */
static double TYPED(maximum)(softgrad_count n, const ELEMENT *x) {
    const double lowest = -__builtin_inf();
    Vector largest[UNROLL];
    for (int k = 0; k < UNROLL; k++) {
        largest[k] = broadcast(lowest);
    }
    softgrad_count i = 0;
    for (; i + UNROLL * LANES <= n; i += UNROLL * LANES) {
        for (int k = 0; k < UNROLL; k++) {
            largest[k] = larger(LOAD(x + i + k * LANES), largest[k]);
        }
    }
    for (; i < n; i += LANES) {
        largest[0] = larger(TYPED(load_up_to)(x + i, n - i, lowest), largest[0]);
    }
    return largest_lane(larger(larger(largest[0], largest[1]), larger(largest[2], largest[3])));
}

static void TYPED(fill)(softgrad_count n, ELEMENT *y, double value) {
    for (softgrad_count i = 0; i < n; i += LANES) {
        TYPED(store_up_to)(y + i, n - i, broadcast(value));
    }
}

static void TYPED(multiply)(softgrad_count n, ELEMENT *y, double factor) {
    for (softgrad_count i = 0; i < n; i += LANES) {
        TYPED(store_up_to)(y + i, n - i, TYPED(load_up_to)(y + i, n - i, 0) * factor);
    }
}

static void TYPED(softmax)(softgrad_count n, const ELEMENT *x, struct scaling by, ELEMENT *y) {
    const double lowest = -__builtin_inf();
    if (n <= LANES) {
        Vector mass = exponential(scaled(TYPED(load_up_to)(x, n, lowest), by));
        TYPED(store_up_to)(y, n, mass * (1.0 / sum_of_lanes(mass)));
        return;
    }
    Vector sums[UNROLL] = {{0}};
    softgrad_count i = 0;
    for (; i + UNROLL * LANES <= n; i += UNROLL * LANES) {
        for (int k = 0; k < UNROLL; k++) {
            Vector mass = exponential(scaled(LOAD(x + i + k * LANES), by));
            sums[k] += mass;
            STORE(y + i + k * LANES, mass);
        }
    }
    for (; i < n; i += LANES) {
        Vector mass = exponential(scaled(TYPED(load_up_to)(x + i, n - i, lowest), by));
        sums[0] += mass;
        TYPED(store_up_to)(y + i, n - i, mass);
    }
    TYPED(multiply)(n, y, 1.0 / sum_of_lanes((sums[0] + sums[1]) + (sums[2] + sums[3])));
}

/*
 * Packs the elements of x with u > t into the front of `packed`, in order, and returns their number. NaN counts as
 * above, so that it shows in the sums. `packed` may be x itself: nothing is written beyond what has been read.
 */
static softgrad_count TYPED(pack_above)(double t, softgrad_count n, const ELEMENT *x, struct scaling by,
                                        ELEMENT *packed) {
    const double lowest = -__builtin_inf();
    softgrad_count kept = 0;
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector elements = TYPED(load_up_to)(x + i, n - i, lowest);
        unsigned above = ~bits_of((Mask)(scaled(elements, by) <= t)) & ALL_LANES;
        if (above != 0) {
            kept += TYPED(store_packed)(packed + kept, above, elements);
        }
    }
    return kept;
}

INLINE struct power_sums TYPED(power_sums)(double t, int a, softgrad_count n, const ELEMENT *x, struct scaling by) {
    const double lowest = -__builtin_inf();
    Vector of_a[UNROLL] = {{0}};
    Vector of_a_minus_1[UNROLL] = {{0}};
    softgrad_count i = 0;
    for (; i + UNROLL * LANES <= n; i += UNROLL * LANES) {
        for (int k = 0; k < UNROLL; k++) {
            Vector excess = larger(broadcast(0), scaled(LOAD(x + i + k * LANES), by) - t);
            of_a[k] += power_of(excess, a);
            of_a_minus_1[k] += power_of(excess, a - 1);
        }
    }
    for (; i < n; i += LANES) {
        Vector excess = larger(broadcast(0), scaled(TYPED(load_up_to)(x + i, n - i, lowest), by) - t);
        of_a[0] += power_of(excess, a);
        of_a_minus_1[0] += power_of(excess, a - 1);
    }
    return (struct power_sums){
        .of_a = sum_of_lanes((of_a[0] + of_a[1]) + (of_a[2] + of_a[3])),
        .of_a_minus_1 = sum_of_lanes((of_a_minus_1[0] + of_a_minus_1[1]) + (of_a_minus_1[2] + of_a_minus_1[3])),
    };
}

/*
 * The projection for R(y) = (1/p) sum y^p; a = 1/(p - 1) is a constant wherever this is inlined. Only rounding can take
 * t past the root, most when a first long step ends near zero; one step back then puts it right.
 */
INLINE void TYPED(power_projection)(int a, softgrad_count n, const ELEMENT *x, struct scaling by, ELEMENT *y) {
    double t = -1.0;
    const int packing = n > WORTH_PACKING;
    const ELEMENT *candidates = packing ? y : x;
    softgrad_count count = packing ? TYPED(pack_above)(t, n, x, by, y) : n;
    struct power_sums sums = TYPED(power_sums)(t, a, count, candidates, by);
    for (int iteration = 1; iteration < ITERATION_BOUND; iteration++) {
        const double step = newton_step(sums, a);
        if (is_negligible(step, t)) {
            break;
        }
        t += step;
        if (count > WORTH_PACKING && iteration % 2 == 0) {
            count = TYPED(pack_above)(t, count, candidates, by, y);
        }
        sums = TYPED(power_sums)(t, a, count, candidates, by);
        if (step < 0) {
            break;
        }
    }
    const double normalizer = 1.0 / sums.of_a;
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector excess = larger(broadcast(0), scaled(TYPED(load_up_to)(x + i, n - i, 0), by) - t);
        TYPED(store_up_to)(y + i, n - i, power_of(excess, a) * normalizer);
    }
}

int SOFTGRAD_IN_TIER(TYPED(simplex))(int regularizer, softgrad_count rows, softgrad_count n, const ELEMENT *x,
                                     ELEMENT softness, ELEMENT *y) {
    int status = check_simplex(regularizer, rows, n, sizeof(ELEMENT), softness);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!x || !y) {
        return SOFTGRAD_BAD_POINTER;
    }
    for (softgrad_count row = 0; row < rows; row++, x += n, y += n) {
        struct scaling by = {.maximum = TYPED(maximum)(n, x), .scale = reciprocal_of(softness)};
        if (by.maximum - by.maximum != 0) {
            TYPED(fill)(n, y, __builtin_nan(""));
            continue;
        }
        switch (regularizer) {
            case SOFTGRAD_SQUARED_EUCLIDEAN: TYPED(power_projection)(1, n, x, by, y); break;
            case SOFTGRAD_NORM_3_2: TYPED(power_projection)(2, n, x, by, y); break;
            case SOFTGRAD_NORM_4_3: TYPED(power_projection)(3, n, x, by, y); break;
            default: TYPED(softmax)(n, x, by, y);
        }
    }
    return SOFTGRAD_OK;
}

/* <w, g - shift> / <w, 1>. */
static double TYPED(weighted_mean)(softgrad_count n, const ELEMENT *w, const ELEMENT *g, double shift) {
    Vector products[UNROLL] = {{0}};
    Vector weights[UNROLL] = {{0}};
    softgrad_count i = 0;
    for (; i + UNROLL * LANES <= n; i += UNROLL * LANES) {
        for (int k = 0; k < UNROLL; k++) {
            Vector weight = LOAD(w + i + k * LANES);
            products[k] += weight * (LOAD(g + i + k * LANES) - shift);
            weights[k] += weight;
        }
    }
    for (; i < n; i += LANES) {
        Vector weight = TYPED(load_up_to)(w + i, n - i, 0);
        products[0] += weight * (TYPED(load_up_to)(g + i, n - i, shift) - shift);
        weights[0] += weight;
    }
    return sum_of_lanes((products[0] + products[1]) + (products[2] + products[3])) /
           sum_of_lanes((weights[0] + weights[1]) + (weights[2] + weights[3]));
}

/* A mean of g, then the mean of what it leaves, which is small where g is nearly constant and so hardly rounded. */
INLINE void TYPED(vjp_row)(int regularizer, double scale, softgrad_count n, const ELEMENT *y, const ELEMENT *g,
                           ELEMENT *dx) {
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector weight = jacobian_weight(TYPED(load_up_to)(y + i, n - i, 0), regularizer);
        TYPED(store_up_to)(dx + i, n - i, weight);
    }
    const double mean = TYPED(weighted_mean)(n, dx, g, 0);
    const double rest = TYPED(weighted_mean)(n, dx, g, mean);
    for (softgrad_count i = 0; i < n; i += LANES) {
        Vector centred = (TYPED(load_up_to)(g + i, n - i, 0) - mean) - rest;
        Vector weight = TYPED(load_up_to)(dx + i, n - i, 0);
        TYPED(store_up_to)(dx + i, n - i, weight * centred * scale);
    }
}

int SOFTGRAD_IN_TIER(TYPED(simplex_vjp))(int regularizer, softgrad_count rows, softgrad_count n, const ELEMENT *y,
                                         ELEMENT softness, const ELEMENT *g, ELEMENT *dx) {
    int status = check_simplex(regularizer, rows, n, sizeof(ELEMENT), softness);
    if (status != SOFTGRAD_OK || rows == 0) {
        return status;
    }
    if (!y || !g || !dx) {
        return SOFTGRAD_BAD_POINTER;
    }
    const double scale = jacobian_factor(regularizer) * reciprocal_of(softness);
    for (softgrad_count row = 0; row < rows; row++, y += n, g += n, dx += n) {
        switch (regularizer) {
            case SOFTGRAD_SQUARED_EUCLIDEAN:
                TYPED(vjp_row)(SOFTGRAD_SQUARED_EUCLIDEAN, scale, n, y, g, dx);
                break;
            case SOFTGRAD_NORM_3_2: TYPED(vjp_row)(SOFTGRAD_NORM_3_2, scale, n, y, g, dx); break;
            case SOFTGRAD_NORM_4_3: TYPED(vjp_row)(SOFTGRAD_NORM_4_3, scale, n, y, g, dx); break;
            default: TYPED(vjp_row)(SOFTGRAD_ENTROPY, scale, n, y, g, dx);
        }
    }
    return SOFTGRAD_OK;
}

#undef TYPED
#undef LOAD
#undef STORE

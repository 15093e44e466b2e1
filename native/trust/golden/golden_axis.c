/*
 * Operators along an axis: the places of an order that they read, mixed where a quantile lies between two places, by
 * the kernels of the method that the case names.
 */
#include "golden.h"

enum { SOFT_SORT = SOFTGRAD_SOFT_SORT, NEURAL_SORT, FAST_SOFT_SORT, SMOOTH_SORT, NETWORK, TRANSPORT, METHODS };

static const char *const methods[METHODS] = {"softsort",    "neuralsort",      "fast_soft_sort",
                                             "smooth_sort", "sorting_network", "ot"};

enum { MOST_PLACES = 256, MOST_QUERIES = 16 };

/* One place of the result: a row of what a query gives, or two of them mixed. */
struct place {
    int query;
    count row, next;
    double weight; /* of the next one */
};

struct reading {
    int queries;
    struct query query[MOST_QUERIES];
    count places;
    struct place place[MOST_PLACES];
    int leads; /* whether the places stand before all axes, as those of quantiles do */
    int is_whole;
};

/* --- lines ------------------------------------------------------------------------------------------------------- */

static int ends_with(const char *text, const char *end) {
    const size_t length = strlen(text), of_end = strlen(end);
    return length >= of_end && !strcmp(text + length - of_end, end);
}

static int is_index(const struct golden *golden) {
    return !strncmp(golden->function, "arg", 3);
}

static int is_least(const struct golden *golden) {
    return ends_with(golden->function, "min");
}

/* Where entry e of line `row` stands. */
static count at(const struct lines *l, count row, count e) {
    return (row / l->inner * l->n + e) * l->inner + row % l->inner;
}

static struct lines lines_of(const struct golden *golden, const struct tensor *x) {
    struct lines l = {.golden = golden, .rows = 1, .n = x->size, .inner = 1};
    if (has_parameter(golden, "axis")) {
        const int given = (int)number_of(golden, "axis", -1), axis = given < 0 ? given + x->rank : given;
        l.n = (count)x->shape->items[axis].number;
        for (int i = axis + 1; i < x->rank; i++) {
            l.inner *= (count)x->shape->items[i].number;
        }
        l.rows = x->size / l.n;
    }
    double *rows = numbers(x->size);
    for (count k = 0; k < x->size; k++) {
        const double entry = x->data[at(&l, k / l.n, k % l.n)];
        rows[k] = is_least(golden) ? -entry : entry; /* the least is the largest of the negated entries */
    }
    l.x = rows;
    l.standardize = flag_of(golden, "standardize", 1);
    l.gated = flag_of(golden, "gated_grad", 1);
    return l;
}

/* --- what is read ------------------------------------------------------------------------------------------------ */

static struct anchors anchors_of(count size, const double *places, const double *shares) {
    struct anchors out = {0, numbers(size), numbers(size)};
    for (count j = 0; j < size; j++) {
        if (shares[j] > 0) { /* an anchor that would get nothing is left out */
            out.places[out.size] = places[j];
            out.shares[out.size++] = shares[j];
        }
    }
    return out;
}

static void read_neighbours(struct reading *r, int descending, count first, count size) {
    r->query[0] = (struct query){.descending = descending, .first = first, .size = size};
    r->queries = 1;
    for (count k = 0; k < size; k++) {
        r->place[r->places++] = (struct place){0, k, k, 0};
    }
}

static void read_largest(const struct lines *l, int method, struct reading *r) {
    read_neighbours(r, 1, 0, 1);
    r->query[0].is_largest = 1;
    if (method == TRANSPORT) {
        r->query[0].anchors = anchors_of(2, (double[]){0, 1}, (double[]){(double)l->n - 1, 1});
        r->query[0].first = l->n == 1 ? 0 : 1;
    }
}

static void read_top(const struct lines *l, int method, count k, struct reading *r) {
    read_neighbours(r, 1, 0, k);
    if (method == TRANSPORT && k < l->n) {
        double *places = numbers(k + 1), *shares = numbers(k + 1);
        for (count j = 0; j <= k; j++) {
            places[j] = (double)(k - j) / (double)k;
            shares[j] = j < k ? 1 : (double)(l->n - k);
        }
        r->query[0].anchors = anchors_of(k + 1, places, shares);
    }
}

/* The place of a quantile; `single` where its method never reads a second entry. */
static struct place place_of(const char *method, double q, count n, int *single) {
    const double position = q * (double)(n - 1);
    const count below = (count)floor(position), nearest = (count)floor(position + 0.5);
    *single = 1;
    if (!strcmp(method, "lower")) {
        return (struct place){.row = below};
    }
    if (!strcmp(method, "higher")) {
        return (struct place){.row = (count)ceil(position)};
    }
    if (!strcmp(method, "nearest")) {
        return (struct place){.row = (count)ceil(position - 0.5)};
    }
    *single = 0;
    if (!strcmp(method, "linear")) {
        return (struct place){.row = below, .weight = position - (double)below};
    }
    const int is_whole = fabs(position - (double)nearest) <= 1e-9;
    return (struct place){.row = is_whole ? nearest : below, .weight = is_whole ? 0 : 0.5};
}

/* Anchors of their own for each quantile: what lies below, the entry, perhaps the next one, and what lies above. */
static void read_by_transport(count n, int single, struct place place, struct reading *r) {
    const count below = place.row, next = below + 1 < n ? below + 1 : n - 1;
    const double alone[] = {(double)below, 1, (double)(n - below - 1)};
    const double both[] = {(double)below, 1, (double)(next - below), (double)(n - next - 1)};
    const double halves[] = {0, 0.5, 1}, thirds[] = {0, 1.0 / 3, 2.0 / 3, 1};
    const int mixes = place.weight > 0;
    struct query query = {.descending = 0, .first = below > 0, .size = 1 + mixes};
    query.anchors = single ? anchors_of(3, halves, alone) : anchors_of(4, thirds, both);
    r->query[r->queries] = query;
    r->place[r->places++] = (struct place){r->queries++, 0, mixes, place.weight};
}

static void read_quantile(const struct lines *l, int method, const char *rule, double q, struct reading *r) {
    int single;
    struct place place = place_of(rule, q, l->n, &single);
    if (method == TRANSPORT) {
        read_by_transport(l->n, single, place, r);
        return;
    }
    place.next = place.row + 1 < l->n ? place.row + 1 : l->n - 1;
    r->query[0] = (struct query){.descending = 0, .first = 0, .size = l->n};
    r->queries = 1;
    r->place[r->places++] = place;
}

static void read_quantiles(const struct lines *l, int method, struct reading *r) {
    const struct golden *golden = l->golden;
    const int is_percentile = ends_with(golden->function, "percentile"),
              is_median = ends_with(golden->function, "median");
    const double unit = is_percentile ? 100 : 1;
    const struct json *q = json_at(golden->params, is_percentile ? "p" : "q");
    const char *rule = is_median ? "midpoint" : word_of(golden, "quantile_method", "linear");
    r->leads = 1;
    for (int i = 0; i < (q && q->type == JSON_LIST ? q->count : 1); i++) {
        const double given = is_median ? 0.5 : q->type == JSON_LIST ? q->items[i].number : q->number;
        read_quantile(l, method, rule, given / unit, r);
    }
}

static int read_operator(const struct lines *l, int method, struct reading *r) {
    const struct golden *golden = l->golden;
    const char *name = is_index(golden) ? golden->function + 3 : golden->function;
    if (!strcmp(name, "max") || !strcmp(name, "min")) {
        read_largest(l, method, r);
    } else if (!strcmp(name, "sort")) {
        read_neighbours(r, flag_of(golden, "descending", 0), 0, l->n);
        r->is_whole = 1;
    } else if (!strcmp(name, "top_k")) {
        read_top(l, method, (count)number_of(golden, "k", 1), r);
    } else if (!strcmp(name, "quantile") || !strcmp(name, "percentile") || !strcmp(name, "median")) {
        read_quantiles(l, method, r);
    } else {
        return 0;
    }
    return l->n <= MOST_PLACES && r->queries <= MOST_QUERIES;
}

/* --- running ----------------------------------------------------------------------------------------------------- */

/* Where entry e of place k of line `row` stands in an output with so many entries to a place. */
static count output_at(const struct lines *l, const struct reading *r, count entries, count row, count k, count e) {
    const count outer = row / l->inner, within = row % l->inner;
    const count line =
        r->leads ? (k * (l->rows / l->inner) + outer) * l->inner + within : (outer * r->places + k) * l->inner + within;
    return line * entries + e;
}

static void call(const struct lines *l, int method, int index, const struct query *query, double *out,
                 struct pulled *pulled) {
    if (index && method == SOFT_SORT && query->is_largest) {
        largest_index(l, out, pulled);
    } else if (index) {
        method == TRANSPORT ? transport_index(l, query, out, pulled)
        : method == NETWORK ? network_index(l, query, out, pulled)
                            : order_index(l, method, query, out, pulled);
    } else {
        method == TRANSPORT     ? transport_values(l, query, out, pulled)
        : method == NETWORK     ? network_values(l, query, out, pulled)
        : method == SMOOTH_SORT ? majorization_values(l, query, out, pulled)
                                : order_values(l, method, query, out, pulled);
    }
}

/* Some methods give values only as a whole order. */
static int gives_whole_orders(int method) {
    return method == SMOOTH_SORT || method == NETWORK;
}

struct evaluation {
    const struct lines *l;
    const struct reading *r;
    int method, index;
    int weighs; /* values from an index, with these entries off the middle */
    const double *g;
    struct pulled *pulled;
    double *out;
};

static double middle_of(const struct lines *l, count row) {
    double low = l->x[row * l->n], high = low;
    for (count i = 0; i < l->n; i++) {
        low = fmin(low, l->x[row * l->n + i]);
        high = fmax(high, l->x[row * l->n + i]);
    }
    return low * 0.5 + high * 0.5;
}

/* Adds place k of the output to what comes from row `from` of a query, or takes its cotangent there. */
static void mix(const struct evaluation *v, const struct query *query, count k, count from, double weight,
                double *given, int forward) {
    const struct lines *l = v->l;
    const count entries = v->index ? l->n : 1;
    for (count i = 0; i < l->rows * entries; i++) {
        const count row = i / entries, e = i % entries;
        double *source = &given[(row * query->size + from) * entries + e];
        const count target = output_at(l, v->r, v->weighs ? 1 : entries, row, k, v->weighs ? 0 : e);
        const double entry = v->weighs ? l->x[row * l->n + e] - middle_of(l, row) : 1;
        if (forward) {
            v->out[target] += weight * *source * entry;
            if (v->weighs && v->g) {
                v->pulled->dx[row * l->n + e] += weight * v->g[target] * *source;
            }
        } else if (v->g) {
            *source += weight * v->g[target] * entry;
        }
    }
}

static void mix_all(const struct evaluation *v, int query, const struct query *asked, double *given, int forward) {
    for (count k = 0; k < v->r->places; k++) {
        const struct place *place = &v->r->place[k];
        if (place->query == query) {
            mix(v, asked, k, place->row, 1 - place->weight, given, forward);
            mix(v, asked, k, place->next, place->weight, given, forward);
        }
    }
}

static void evaluate(const struct evaluation *v) {
    const struct lines *l = v->l;
    for (int q = 0; q < v->r->queries; q++) {
        struct query query = v->r->query[q];
        if (!v->index && gives_whole_orders(v->method)) {
            query.first = 0;
            query.size = l->n;
        }
        const count size = l->rows * query.size * (v->index ? l->n : 1);
        double *given = numbers(size), *g = zeros(size);
        mix_all(v, q, &query, g, 0);
        struct pulled pulled = *v->pulled;
        pulled.g = v->g && !(v->weighs && !l->gated) ? g : NULL;
        call(l, v->method, v->index, &query, given, &pulled);
        mix_all(v, q, &query, given, 1);
    }
}

static void run_output(struct golden *golden, const struct lines *l, const struct reading *r, int method, int output,
                       int index, struct pulled *pulled) {
    const int weighs = !index && method == TRANSPORT && !r->is_whole;
    const count size = l->rows * r->places * (index ? l->n : 1);
    const double sign = is_least(golden) && !index ? -1 : 1;
    struct tensor g = cotangent_of(golden, output);
    for (count i = 0; i < g.size; i++) {
        g.data[i] *= sign;
    }
    struct evaluation v = {l, r, method, index || weighs, weighs, g.data, pulled, zeros(size)};
    evaluate(&v);
    for (count i = 0; i < size; i++) {
        const count row = r->leads ? i % l->rows : i / (r->places * l->inner) * l->inner + i % l->inner;
        v.out[i] = sign * (v.out[i] + (weighs ? middle_of(l, row) : 0));
    }
    compare_output(golden, output, size, v.out);
}

static void run_ranks(struct golden *golden, const struct lines *l, int method, struct pulled *pulled) {
    const struct tensor g = cotangent_of(golden, 0);
    const count size = l->rows * l->n;
    const int descending = flag_of(golden, "descending", 1);
    double *y = numbers(size), *out = numbers(size), *of_rows = numbers(size);
    for (count k = 0; k < size && g.data; k++) {
        of_rows[k] = g.data[at(l, k / l->n, k % l->n)];
    }
    pulled->g = g.data ? of_rows : NULL;
    method == TRANSPORT     ? transport_ranks(l, descending, y, pulled)
    : method == NETWORK     ? network_ranks(l, descending, y, pulled)
    : method == SMOOTH_SORT ? majorization_ranks(l, descending, y, pulled)
                            : order_ranks(l, method, descending, y, pulled);
    for (count k = 0; k < size; k++) {
        out[at(l, k / l->n, k % l->n)] = y[k];
    }
    compare_output(golden, 0, size, out);
}

static void compare_products(struct golden *golden, const struct lines *l, const struct pulled *pulled) {
    const count size = l->rows * l->n;
    double *out = numbers(size);
    for (count k = 0; k < size; k++) {
        out[at(l, k / l->n, k % l->n)] = is_least(golden) ? -pulled->dx[k] : pulled->dx[k];
    }
    compare_vjp(golden, "x", size, out);
    compare_softness(golden, *pulled->dsoftness);
}

static int method_of(const struct golden *golden) {
    int method = 0;
    while (method < METHODS && strcmp(methods[method], word_of(golden, "method", "")) != 0) {
        method++;
    }
    return method;
}

/* Where the reference says what it does about a NaN, the network of this library does better. */
static int deviates(const struct golden *golden, int method) {
    return method == NETWORK && json_at(golden->json, "reference_behaviour") != NULL;
}

void run_axis(struct golden *golden) {
    const struct tensor x = input_of(golden, "x");
    const int method = method_of(golden);
    if (method == METHODS || x.rank == 0 || x.size == 0 || flag_of(golden, "return_log_probs", 0) ||
        deviates(golden, method)) {
        return;
    }
    struct reading *reading = room((count)sizeof *reading);
    memset(reading, 0, sizeof *reading);
    const struct lines lines = lines_of(golden, &x);
    double dsoftness = 0;
    struct pulled pulled = {NULL, zeros(x.size), &dsoftness};
    if (!strcmp(golden->function, "rank")) {
        run_ranks(golden, &lines, method, &pulled);
    } else if (read_operator(&lines, method, reading)) {
        const int outputs = json_at(golden->json, "outputs")->count;
        for (int output = 0; output < outputs; output++) {
            run_output(golden, &lines, reading, method, output, is_index(golden) || output > 0, &pulled);
        }
    } else {
        return;
    }
    compare_products(golden, &lines, &pulled);
}

/* Soft orders of rows of double and of float, one row at a time and through lanes, and their products. */
#include "../../tests/order_definition.h"
#include "fuzz.h"
#include "order_laws.h"

struct task {
    struct arguments a;
    struct order_laws laws;
    softgrad_count first, count;
    int is_float, keeps;
    const double *x, *g;
    const void *passed_x, *passed_g;
};

enum { Y, DX, DSOFTNESS };

static size_t size_of(const struct task *task) {
    return task->is_float ? sizeof(float) : sizeof(double);
}

static void decode_places(struct bytes *bytes, struct task *task) {
    const softgrad_count n = task->a.buffer_n;
    task->first = 0;
    task->count = n;
    if (!(task->laws.options & SOFTGRAD_RANK) && take(bytes) & 1) {
        task->first = (softgrad_count)take(bytes) * n / 256;
        task->count = (softgrad_count)take(bytes) * (n - task->first + 1) / 256;
    }
}

static void round_to_float(softgrad_count count, double *numbers) {
    for (softgrad_count i = 0; i < count; i++) {
        numbers[i] = (double)(float)numbers[i];
    }
}

static void decode(struct bytes *bytes, struct memory *memory, struct task *task) {
    task->a = take_arguments(bytes, 40, 400, 4, SOFTGRAD_BAD_REGULARIZER);
    task->laws.method = take_one_of(bytes, 3);
    task->laws.options = take_one_of(bytes, 16);
    task->is_float = take(bytes) & 1;
    task->keeps = !one_in(bytes, 8);
    decode_places(bytes, task);
    if (task->count == 0) {
        task->a.mistake = task->a.mistake >= NULL_FORWARD ? NO_MISTAKE : task->a.mistake;
        task->a.expected = task->a.mistake == NO_MISTAKE ? SOFTGRAD_OK : task->a.expected;
    }
    const softgrad_count size = task->a.buffer_rows * task->a.buffer_n, places = task->a.buffer_rows * task->count;
    double *x = numbers_in(memory, size), *g = numbers_in(memory, places);
    take_numbers(bytes, size, x);
    take_numbers(bytes, places, g);
    task->passed_x = task->is_float ? (void *)floats_of(memory, size, x) : x;
    task->passed_g = task->is_float ? (void *)floats_of(memory, places, g) : g;
    if (task->is_float) {
        round_to_float(size, x);
        round_to_float(places, g);
    }
    task->x = x;
    task->g = g;
    snprintf(call_made, sizeof call_made,
             "order%s(method %d, regularizer %d, options %d, rows %lld, n %lld, first %lld, count %lld, softness %g)",
             task->is_float ? "_f32" : "", task->laws.method, task->a.kind, task->laws.options, task->a.rows, task->a.n,
             task->first, task->count, task->a.softness);
}

static int is_same_alone(const struct task *task) {
    return task->a.rows < SOFTGRAD_LANES_ROWS || task->a.n > SOFTGRAD_LANES_LENGTH;
}

static int forward(const struct task *task, softgrad_count rows, const char *x, void *y, int *order, double *state,
                   double *scratch) {
    const struct arguments *a = &task->a;
    return task->is_float ? softgrad_order_f32(task->laws.method, a->kind, task->laws.options, rows, a->n, task->first,
                                               task->count, FORWARD(0, (const void *)x), a->softness, FORWARD(1, y),
                                               order, state, scratch)
                          : softgrad_order_f64(task->laws.method, a->kind, task->laws.options, rows, a->n, task->first,
                                               task->count, FORWARD(0, (const void *)x), a->softness, FORWARD(1, y),
                                               order, state, scratch);
}

static int pull(const struct task *task, softgrad_count rows, const char *x, const int *order, const double *state,
                const char *g, void *dx, double *dsoftness, double *scratch) {
    const struct arguments *a = &task->a;
    return task->is_float
               ? softgrad_order_vjp_f32(task->laws.method, a->kind, task->laws.options, rows, a->n, task->first,
                                        task->count, (const void *)x, a->softness, BACKWARD(0, order), state,
                                        (const void *)g, BACKWARD(1, dx), dsoftness, scratch)
               : softgrad_order_vjp_f64(task->laws.method, a->kind, task->laws.options, rows, a->n, task->first,
                                        task->count, (const void *)x, a->softness, BACKWARD(0, order), state,
                                        (const void *)g, BACKWARD(1, dx), dsoftness, scratch);
}

static softgrad_count state_of(const struct task *task, softgrad_count rows) {
    const int is_at_an_end = task->first == 0 || task->first == task->a.n - 1;
    if (task->laws.method == SOFTGRAD_SOFT_SORT && !(task->laws.options & SOFTGRAD_RANK) && task->count == 1 &&
        is_at_an_end) {
        return softgrad_order_extreme_state(0, task->a.kind, (int)size_of(task), task->a.buffer_n);
    }
    return rows < SOFTGRAD_LANES_ROWS ? softgrad_order_state(task->laws.method, task->a.buffer_n)
                                      : softgrad_order_lanes_state(task->laws.method, task->a.kind, task->laws.options,
                                                                   (int)size_of(task), task->a.buffer_n);
}

/* Where nothing is kept, the results are the same bits; the product then has what another call kept. */
static void run(const struct task *task, softgrad_count only, struct outputs *out) {
    const struct arguments *a = &task->a;
    const softgrad_count rows = passed_rows(a, only), have = buffered_rows(a, only), n = a->buffer_n;
    const char *x = (const char *)task->passed_x + (size_t)offset_of(only, n) * size_of(task);
    const char *g = (const char *)task->passed_g + (size_t)offset_of(only, task->count) * size_of(task);
    void *y = output(out, have * task->count, size_of(task)), *dx = output(out, have * n, size_of(task));
    double *dsoftness = output_numbers(out, have), *state = scratch_of(out, have * state_of(task, have));
    int *order = exactly(&out->memory, have * n, sizeof *order, out->garbage);
    out->status =
        forward(task, rows, x, y, order, state, scratch_of(out, softgrad_order_scratch(task->laws.method, 1, n)));
    if (!task->keeps && a->mistake == NO_MISTAKE) {
        void *again = exactly(&out->memory, have * task->count, size_of(task), out->garbage);
        forward(task, rows, x, again, NULL, NULL, scratch_of(out, softgrad_order_scratch(task->laws.method, 0, n)));
        REQUIRE(!memcmp(again, y, (size_t)(have * task->count) * size_of(task)), "other values where nothing is kept");
    }
    if (pulls(a)) {
        out->pull = pull(task, rows, x, order, state, g, dx, dsoftness,
                         scratch_of(out, softgrad_order_scratch(task->laws.method, 1, n)));
    }
}

static void widened(const struct task *task, const void *from, softgrad_count at, softgrad_count count, double *to) {
    for (softgrad_count i = 0; i < count; i++) {
        to[i] = task->is_float ? (double)((const float *)from)[at + i] : ((const double *)from)[at + i];
    }
}

static void check_definition(const struct task *task, const double *x, const double *y) {
    const struct order_laws *laws = &task->laws;
    const int n = (int)task->a.n;
    struct definition of = {laws->method, task->a.kind, laws->options, n, (int)task->first, (int)task->count};
    Number wide[WIDEST], expected[WIDEST];
    for (int i = 0; i < n; i++) {
        wide[i] = x[i];
    }
    order_by_definition(&of, wide, wide, task->a.softness, expected);
    const double roundings = (task->is_float ? 3e-5 : 1e-11) * (n + 1);
    const double allowed = roundings * (laws->options & SOFTGRAD_RANK ? n : largest_of(n, x));
    for (int i = 0; i < of.count; i++) {
        REQUIRE(fabsl(y[i] - expected[i]) <= allowed, "y[%d] is %.17g, should be %.17Lg", i, y[i], expected[i]);
    }
}

static void check_row(const struct task *task, softgrad_count row, const struct outputs *out) {
    static double y[512], dx[512];
    const softgrad_count n = task->a.n, count = task->count;
    const double *x = task->x + row * n, *g = task->g + row * count;
    widened(task, out->part[Y].memory, row * count, count, y);
    widened(task, out->part[DX].memory, row * n, n, dx);
    if (!is_finite_row(n, x)) {
        REQUIRE(is_nan_row(count, y) && (count == 0 || is_nan_row(n, dx)), "not NaN");
        return;
    }
    struct order_laws laws = task->laws;
    laws.regularizer = task->a.kind;
    laws.softness = task->a.softness;
    laws.roundings = task->is_float ? 2e-4 : 1e-8;
    require_values(&laws, n, x, count, y);
    if (is_finite_row(count, g) && count > 0) {
        const double dsoftness = ((const double *)out->part[DSOFTNESS].memory)[row];
        require_cotangents(&laws, n, x, count, y, g, dx, dsoftness);
    }
    const double spread = largest_of(n, x);
    if (n <= 20 && spread <= 100 && spread >= 0.01 && laws.softness >= 0.01 && laws.softness <= 100) {
        check_definition(task, x, y);
    }
}

static void check(const struct task *task, const struct outputs *out) {
    for (softgrad_count row = 0; row < task->a.rows; row++) {
        check_row(task, row, out);
    }
}

#include "fuzz_main.h"

#include "golden.h"

/* --- memory ------------------------------------------------------------------------------------------------------ */

double *numbers(count size) {
    return room(size * (count)sizeof(double));
}

double *zeros(count size) {
    double *out = numbers(size);
    for (count i = 0; i < size; i++) {
        out[i] = 0;
    }
    return out;
}

double *copy_of(count size, const double *from) {
    double *out = numbers(size);
    for (count i = 0; i < size; i++) {
        out[i] = from[i];
    }
    return out;
}

/* The stable order of each row; descending is that of the negated numbers. */
int *places_of(count rows, count n, const double *x, int descending) {
    double *keys = numbers(rows * n), *scratch = numbers(4 * n + 1024);
    int *order = room(rows * n * (count)sizeof *order);
    for (count i = 0; i < rows * n; i++) {
        keys[i] = descending ? -x[i] : x[i];
    }
    softgrad_argsort_f64(rows, n, keys, order, scratch);
    return order;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

static struct tensor tensor_of(const struct json *json) {
    struct tensor out = {0};
    if (json) {
        const struct json *data = json_at(json, "data");
        out.shape = json_at(json, "shape");
        out.rank = out.shape->count;
        out.size = data->count;
        out.data = numbers(out.size);
        for (count i = 0; i < out.size; i++) {
            out.data[i] = data->items[i].number;
        }
    }
    return out;
}

static int regularizer_of(const char *mode) {
    static const char *modes[] = {"smooth", "c0", "c1", "c2"};
    for (int i = 0; i < 4; i++) {
        if (!strcmp(mode, modes[i])) {
            return i;
        }
    }
    return -1;
}

struct golden golden_of(const struct json *json) {
    struct golden golden = {.json = json, .params = json_at(json, "params"), .id = json_at(json, "id")->text};
    snprintf(golden.function, sizeof golden.function, "%s", json_at(json, "fn")->text);
    char *end = strstr(golden.function, "_st");
    golden.straight_through = end && !end[3];
    if (golden.straight_through) {
        *end = 0;
    }
    golden.is_float = !strcmp(json_at(json, "dtype")->text, "float32");
    golden.softness = number_of(&golden, "softness", 0.1);
    golden.regularizer = regularizer_of(word_of(&golden, "mode", "smooth"));
    golden.verdict = NO_KERNEL;
    return golden;
}

int has_parameter(const struct golden *golden, const char *name) {
    const struct json *value = json_at(golden->params, name);
    return value && value->type != JSON_NULL;
}

int flag_of(const struct golden *golden, const char *name, int standard) {
    return has_parameter(golden, name) ? json_at(golden->params, name)->type == JSON_TRUE : standard;
}

double number_of(const struct golden *golden, const char *name, double standard) {
    return has_parameter(golden, name) ? json_at(golden->params, name)->number : standard;
}

const char *word_of(const struct golden *golden, const char *name, const char *standard) {
    return has_parameter(golden, name) ? json_at(golden->params, name)->text : standard;
}

struct tensor input_of(const struct golden *golden, const char *name) {
    return tensor_of(json_at(json_at(golden->json, "inputs"), name));
}

struct tensor cotangent_of(const struct golden *golden, int output) {
    const struct json *all = json_at(golden->json, "cotangents");
    return tensor_of(all && output < all->count ? &all->items[output] : NULL);
}

/* --- comparing --------------------------------------------------------------------------------------------------- */

static void compare(struct golden *golden, const char *what, const struct json *expected, count size, const double *got,
                    const char *relative, const char *absolute) {
    const struct tensor want = tensor_of(expected);
    const double rtol = json_at(golden->json, relative)->number, atol = json_at(golden->json, absolute)->number;
    golden->verdict = golden->verdict == WRONG ? WRONG : RIGHT;
    if (want.size != size) {
        printf("%s: %s has %lld numbers, not %lld\n", golden->id, what, size, want.size);
        golden->verdict = WRONG;
        return;
    }
    for (count i = 0; i < size; i++) {
        const double allowed = atol + rtol * fabs(want.data[i]);
        const int matches = got[i] == want.data[i] || (isnan(got[i]) && isnan(want.data[i])) ||
                            (isfinite(want.data[i]) && fabs(got[i] - want.data[i]) <= allowed);
        if (!matches) {
            printf("%s [%s]: %s entry %lld is %.17g, expected %.17g within %g\n", golden->id,
                   softgrad_instruction_set(), what, i, got[i], want.data[i], allowed);
            golden->verdict = WRONG;
            return;
        }
    }
}

void compare_output(struct golden *golden, int output, count size, const double *got) {
    const struct json *outputs = json_at(golden->json, "outputs");
    if (!golden->straight_through) {
        compare(golden, "output", &outputs->items[output], size, got, "rtol", "atol");
    }
}

void compare_vjp(struct golden *golden, const char *input, count size, const double *got) {
    const struct json *expected = json_at(json_at(golden->json, "vjp"), input);
    if (expected) {
        compare(golden, input, expected, size, got, "vjp_rtol", "vjp_atol");
    }
}

void compare_softness(struct golden *golden, double got) {
    compare_vjp(golden, "softness", 1, &got);
}

void require_ok(const struct golden *golden, const char *kernel, int status) {
    if (status != SOFTGRAD_OK) {
        printf("%s: softgrad_%s returned %d\n", golden->id, kernel, status);
        exit(2);
    }
}

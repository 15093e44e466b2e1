/* Orders by the soft sorting network, padded to a power of two as the golden cases are. */
#include "golden.h"

static const double smallest_sum = 1e-10, margin = 1e-10;

static int curve_of(const struct lines *lines) {
    static const int curves[] = {SOFTGRAD_LOGISTIC, SOFTGRAD_LINEAR, SOFTGRAD_CUBIC, SOFTGRAD_QUINTIC};
    return curves[lines->golden->regularizer];
}

struct padded {
    struct prepared prepared;
    count width;
    double *x;
    int *largest; /* the entry that the padding follows */
};

static struct padded pad(const struct lines *l) {
    struct padded out = {.prepared = prepare(l), .width = 2};
    while (out.width < l->n) {
        out.width *= 2;
    }
    out.x = numbers(l->rows * out.width);
    out.largest = room(l->rows * (count)sizeof *out.largest);
    for (count row = 0; row < l->rows; row++) {
        const double *s = out.prepared.s + row * l->n;
        out.largest[row] = 0;
        for (count i = 1; i < l->n; i++) {
            out.largest[row] = s[i] > s[out.largest[row]] ? (int)i : out.largest[row];
        }
        for (count i = 0; i < out.width; i++) {
            out.x[row * out.width + i] = i < l->n ? s[i] : l->standardize ? 1 : s[out.largest[row]] + 1;
        }
    }
    return out;
}

/* The cotangents of the entries from those of the padded rows. */
static double *unpadded(const struct lines *l, const struct padded *padded, const double *dx) {
    double *s_bar = zeros(l->rows * l->n);
    for (count row = 0; row < l->rows; row++) {
        for (count i = 0; i < padded->width; i++) {
            const int is_entry = i < l->n, moves = is_entry || !l->standardize;
            s_bar[row * l->n + (is_entry ? i : padded->largest[row])] += moves ? dx[row * padded->width + i] : 0;
        }
    }
    return s_bar;
}

static double *pull(const struct lines *l, const struct padded *padded, count vectors, const double *forward,
                    count backward_stride, const double *backward, const double *g, double *dsoftness) {
    const count width = padded->width;
    double *dx = numbers(l->rows * width), *of_rows = numbers(l->rows);
    require_ok(l->golden, "network_vjp_f64",
               softgrad_network_vjp_f64(curve_of(l), l->rows, width, padded->x, l->golden->softness, vectors,
                                        vectors * width, forward, backward_stride, backward, g, dx, of_rows,
                                        numbers(softgrad_network_scratch(width, vectors))));
    for (count row = 0; row < l->rows; row++) {
        *dsoftness += of_rows[row];
    }
    return unpadded(l, padded, dx);
}

/* --- values ------------------------------------------------------------------------------------------------------ */

static double inside(double y) {
    return fmin(fmax(y, margin), 1 - margin);
}

/* From standardized numbers back to those of the row, with the cotangents of both. */
static void restore(const struct lines *l, count row, const double *scale, double *y, double *g, double *dx) {
    const count n = l->n;
    const double unit = scale[3 * row], mean = scale[3 * row + 1], deviation = scale[3 * row + 2];
    double of_mean = 0, of_deviation = 0;
    for (count i = 0; i < n; i++) {
        const double s = inside(y[i]), deviations = log(s) - log1p(-s);
        const int is_inside = y[i] >= margin && y[i] <= 1 - margin;
        of_mean += g[i];
        of_deviation += g[i] * deviations;
        g[i] = is_inside ? g[i] * unit * (deviation / (s * (1 - s))) : 0;
        y[i] = (deviations * deviation + mean) * unit;
    }
    for (count i = 0; i < n && dx; i++) {
        dx[i] += of_mean / (double)n + of_deviation / ((double)n * deviation) * (l->x[row * n + i] / unit - mean);
    }
}

static count turned(const struct lines *l, int descending, count k) {
    return descending ? l->n - 1 - k : k;
}

void network_values(const struct lines *l, const struct query *query, double *y, struct pulled *pulled) {
    const struct padded padded = pad(l);
    const count n = l->n, width = padded.width;
    double *sorted = numbers(l->rows * width), *g = zeros(l->rows * width);
    require_ok(l->golden, "network_sort_f64",
               softgrad_network_sort_f64(curve_of(l), l->rows, width, padded.x, l->golden->softness, sorted,
                                         numbers(softgrad_network_scratch(width, 0))));
    for (count row = 0; row < l->rows; row++) {
        double *of_row = sorted + row * width, *g_row = g + row * width;
        for (count k = 0; k < n; k++) {
            g_row[k] = pulled->g ? pulled->g[row * n + turned(l, query->descending, k)] : 0;
        }
        if (l->standardize) {
            restore(l, row, padded.prepared.scale, of_row, g_row, pulled->g ? pulled->dx + row * n : NULL);
        }
        for (count k = 0; k < n; k++) {
            y[row * n + turned(l, query->descending, k)] = of_row[k];
        }
    }
    if (pulled->g) {
        double *s_bar = pull(l, &padded, 0, NULL, 0, NULL, g, pulled->dsoftness);
        add_prepared_pull(l, &padded.prepared, s_bar, pulled->dx);
    }
}

/* --- index ------------------------------------------------------------------------------------------------------- */

/* Rows of the matrix are unit vectors through its transpose; what the padding has taken is made up for. */
void network_index(const struct lines *l, const struct query *query, double *p, struct pulled *pulled) {
    const struct padded padded = pad(l);
    const count n = l->n, width = padded.width, size = query->size, all = l->rows * size;
    double *units = zeros(size * width), *rows = numbers(all * width), *g = zeros(all * width);
    for (count k = 0; k < size; k++) {
        units[k * width + turned(l, query->descending, query->first + k)] = 1;
    }
    require_ok(l->golden, "network_apply_transposed_f64",
               softgrad_network_apply_transposed_f64(curve_of(l), l->rows, width, padded.x, l->golden->softness, size,
                                                     0, units, rows, numbers(softgrad_network_scratch(width, size))));
    for (count k = 0; k < all; k++) {
        double sum = 0, mean = 0;
        for (count i = 0; i < n; i++) {
            sum += rows[k * width + i];
        }
        sum = fmax(sum, smallest_sum);
        for (count i = 0; i < n; i++) {
            p[k * n + i] = rows[k * width + i] / sum;
            mean += pulled->g && sum > smallest_sum ? pulled->g[k * n + i] * p[k * n + i] : 0;
        }
        for (count i = 0; i < n; i++) {
            g[k * width + i] = pulled->g ? (pulled->g[k * n + i] - mean) / sum : 0;
        }
    }
    if (pulled->g) {
        double *s_bar = pull(l, &padded, size, g, 0, units, NULL, pulled->dsoftness);
        add_prepared_pull(l, &padded.prepared, s_bar, pulled->dx);
    }
}

/* The mean place of each column, rows of the matrix normalised first. */
void network_ranks(const struct lines *l, int descending, double *y, struct pulled *pulled) {
    const count n = l->n, size = l->rows * n;
    const struct query whole = {.descending = descending, .first = 0, .size = n};
    double *p = numbers(size * n), *g = numbers(size * n);
    network_index(l, &whole, p, &(struct pulled){NULL, NULL, NULL});
    for (count at = 0; at < size; at++) {
        const count row = at / n * n, i = at % n;
        double sum = 0, mass = 0;
        for (count k = 0; k < n; k++) {
            sum += (double)(k + 1) * p[(row + k) * n + i];
            mass += p[(row + k) * n + i];
        }
        y[at] = sum / fmax(mass, smallest_sum);
        for (count k = 0; k < n && pulled->g; k++) {
            const double moved = mass > smallest_sum ? y[at] : 0;
            g[(row + k) * n + i] = pulled->g[at] * ((double)(k + 1) - moved) / fmax(mass, smallest_sum);
        }
    }
    if (pulled->g) {
        network_index(l, &whole, p, &(struct pulled){g, pulled->dx, pulled->dsoftness});
    }
}

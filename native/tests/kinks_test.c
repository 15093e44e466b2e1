/*
 * Rows on a grid whose spacing is that of the kinks: distances are at the end of a window but for their last bit, where
 * a weight of 1 may go with a probability of 1e-16. Whichever side an entry is put on, all sums must put it there: soft
 * orders do not see a shift of the row but for the values, so the cotangents of the row add up to nothing more.
 */
#include "check.h"

enum { LONGEST = 200, ROWS_OF_A_KIND = 40 };

static const char *const method_names[] = {"SoftSort", "NeuralSort"};

struct task {
    int method, regularizer, options, n;
    double softness, x[LONGEST];
};

static void make_task(int method, int regularizer, int options, uint64_t *state, struct task *task) {
    double softness = uniform(state) < 0.5 ? 0.1 : 1, step = uniform(state) < 0.5 ? softness : 0.2 * softness;
    int range = 1 + (int)(60 * uniform(state));
    task->method = method;
    task->regularizer = regularizer;
    task->options = options;
    task->n = 2 + (int)((LONGEST - 1) * uniform(state) * uniform(state));
    task->softness = nextafter(softness, uniform(state) < 0.5 ? 0 : 2);
    for (int i = 0; i < task->n; i++) {
        task->x[i] = step * (floor(range * uniform(state)) - range / 2);
    }
}

/* `moved` is what a shift of the row adds to the cotangents. */
static void check_sum(const struct task *task, const char *what, const double *dx, double moved, double size) {
    double sum = -moved;
    for (int i = 0; i < task->n; i++) {
        sum += dx[i];
        size += fabs(dx[i]);
    }
    CHECK(fabs(sum) <= 1e-9 * size, "%s of %s, norm %d, options %d, n %d, softness %.17g: %g too much beside %g", what,
          method_names[task->method], task->regularizer, task->options, task->n, task->softness, sum, size);
}

static void check_order(const struct task *task, uint64_t *random) {
    static double y[LONGEST], g[LONGEST], dx[LONGEST], state[8 * LONGEST + 400], scratch[100000];
    static int order[LONGEST];
    double dsoftness, moved = 0, size = 0;
    int n = task->n, is_rank = (task->options & SOFTGRAD_RANK) != 0;
    for (int i = 0; i < n; i++) {
        g[i] = normal(random);
        moved += is_rank ? 0 : g[i];
        size += fabs(g[i]) / task->softness;
    }
    CHECK(softgrad_order_f64(task->method, task->regularizer, task->options, 1, n, 0, n, task->x, task->softness, y,
                             order, state, scratch) == SOFTGRAD_OK, "status");
    CHECK(softgrad_order_vjp_f64(task->method, task->regularizer, task->options, 1, n, 0, n, task->x, task->softness,
                                 order, state, g, dx, &dsoftness, scratch) == SOFTGRAD_OK, "status");
    check_sum(task, is_rank ? "ranks" : "values", dx, moved, size);
}

static void check_index(const struct task *task, uint64_t *random) {
    static double p[LONGEST * LONGEST], g[LONGEST * LONGEST], dx[LONGEST], state[4 * LONGEST + 400],
        scratch[100000];
    static int order[LONGEST];
    double dsoftness;
    int n = task->n;
    for (int i = 0; i < n * n; i++) {
        g[i] = uniform(random) - 0.5;
    }
    CHECK(softgrad_order_index_f64(task->method, task->regularizer, task->options, 1, n, 0, n, task->x, task->softness,
                                   p, order, state, scratch) == SOFTGRAD_OK, "status");
    CHECK(softgrad_order_index_vjp_f64(task->method, task->regularizer, task->options, 1, n, 0, n, task->x,
                                       task->softness, p, order, state, g, dx, &dsoftness, scratch) == SOFTGRAD_OK,
          "status");
    check_sum(task, "index", dx, 0, 1 / task->softness);
}

static void every_test(void) {
    static struct task task;
    uint64_t state = 41;
    for (int method = SOFTGRAD_SOFT_SORT; method <= SOFTGRAD_NEURAL_SORT; method++) {
        for (int regularizer = SOFTGRAD_SQUARED_EUCLIDEAN; regularizer <= SOFTGRAD_NORM_4_3; regularizer++) {
            for (int row = 0; row < ROWS_OF_A_KIND; row++) {
                make_task(method, regularizer, row % 2 ? SOFTGRAD_DESCENDING : 0, &state, &task);
                check_order(&task, &state);
                check_index(&task, &state);
                task.options |= SOFTGRAD_RANK;
                check_order(&task, &state);
            }
        }
    }
}

int main(void) {
    under_every_instruction_set(every_test);
    return failures != 0;
}

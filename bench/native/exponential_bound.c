/* The time of softmax cannot go below one exponential per element: this is that, for one tier, and nothing else. */
#include "elementary.h"
#include "kernels.h"

void SOFTGRAD_IN_TIER(exponential_bound)(softgrad_count n, const double *x, double *y);

void SOFTGRAD_IN_TIER(exponential_bound)(softgrad_count n, const double *x, double *y) {
    for (softgrad_count i = 0; i + LANES <= n; i += LANES) {
        store_f64(y + i, exponential(load_f64(x + i)));
    }
}

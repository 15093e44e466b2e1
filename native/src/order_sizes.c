/* The sizes of the buffers of softgrad_order: the functions of the family that have no tiers. */
#include "order_lanes_choice.h"
#include "order_layout.h"

static int is_out_of_range(int method, softgrad_count n) {
    return method < SOFTGRAD_SOFT_SORT || method > SOFTGRAD_FAST_SOFT_SORT || n < 1 || n > ORDER_LARGEST;
}

softgrad_count softgrad_order_state(int method, softgrad_count n) {
    return is_out_of_range(method, n) ? -1 : state_of_row(method, n);
}

softgrad_count softgrad_order_extreme_state(int is_index, int regularizer, int element_size, softgrad_count n) {
    return is_out_of_range(SOFTGRAD_SOFT_SORT, n)
               ? -1
               : state_of_extreme(is_index, regularizer, element_size == sizeof(float), n);
}

softgrad_count softgrad_order_lanes_state(int method, int regularizer, int options, int element_size,
                                          softgrad_count n) {
    if (is_out_of_range(method, n)) {
        return -1;
    }
    const int is_float = element_size == sizeof(float);
    const enum order_lanes lanes = order_lanes_of(method, regularizer, options, is_float, n);
    const softgrad_count extreme = state_of_extreme(0, regularizer, is_float, n);
    const softgrad_count row = lanes == NO_LANES ? state_of_row(method, n) : order_lanes_state(lanes, n);
    return row < extreme ? extreme : row;
}

softgrad_count softgrad_order_scratch(int method, int keeps_state, softgrad_count n) {
    if (is_out_of_range(method, n)) {
        return -1;
    }
    /* Rows of float are widened beside the lanes' own memory. */
    const softgrad_count lanes = ORDER_LANES_SCRATCH + 3 * SOFTGRAD_LANES_GROUP * SOFTGRAD_LANES_LENGTH;
    softgrad_count row = scratch_of_row(method, n, keeps_state);
    return n <= SOFTGRAD_LANES_LENGTH && row < lanes ? lanes : row;
}

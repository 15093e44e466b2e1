/* Soft orders of short rows of float, one row in each SIMD lane, for one tier. */
#include "order_rows.h"

#define LANES_OF_FLOAT
#define LANES_FORWARD SOFTGRAD_IN_TIER(order_lanes_f32)
#define LANES_PULL SOFTGRAD_IN_TIER(order_lanes_pull_f32)

#include "lanes_order.h"

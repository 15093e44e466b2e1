/* Soft orders of short rows of double, one row in each SIMD lane, for one tier. */
#include "order_rows.h"

#define LANES_FORWARD SOFTGRAD_IN_TIER(order_lanes_f64)
#define LANES_PULL SOFTGRAD_IN_TIER(order_lanes_pull_f64)

#include "lanes_order.h"

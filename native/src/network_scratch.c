/* The size of the scratch memory of the network kernels: the one function of the family that has no tiers. */
#include "network_layout.h"

softgrad_count softgrad_network_scratch(softgrad_count n, softgrad_count vectors) {
    return scratch_for(n, vectors);
}

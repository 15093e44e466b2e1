/* The choice of instruction set, and that every kernel of the table is reachable under each. */
#include "check.h"
#include "kernels.h"

static void test_caps(void) {
    CHECK(softgrad_abi_version() == SOFTGRAD_ABI_VERSION, "version %d", softgrad_abi_version());
    char best[16];
    CHECK(softgrad_cap_instruction_set(SOFTGRAD_BEST) == SOFTGRAD_OK, "no cap");
    snprintf(best, sizeof best, "%s", softgrad_instruction_set());
    CHECK(softgrad_cap_instruction_set(SOFTGRAD_BASELINE) == SOFTGRAD_OK, "baseline");
#if defined(__aarch64__)
    CHECK(!strcmp(softgrad_instruction_set(), "neon"), "baseline is %s", softgrad_instruction_set());
    CHECK(softgrad_cap_instruction_set(SOFTGRAD_AVX2) == SOFTGRAD_BAD_INSTRUCTION_SET, "avx2 on aarch64");
#else
    CHECK(!strcmp(softgrad_instruction_set(), "baseline"), "baseline is %s", softgrad_instruction_set());
    CHECK(softgrad_cap_instruction_set(SOFTGRAD_NEON) == SOFTGRAD_BAD_INSTRUCTION_SET, "neon elsewhere");
    CHECK(!strcmp(softgrad_instruction_set(), "baseline"), "a refused cap changed the set");
#endif
    CHECK(softgrad_cap_instruction_set(-1) == SOFTGRAD_BAD_INSTRUCTION_SET, "-1");
    CHECK(softgrad_cap_instruction_set(SOFTGRAD_BEST + 1) == SOFTGRAD_BAD_INSTRUCTION_SET, "unknown");
    CHECK(softgrad_cap_instruction_set(SOFTGRAD_BEST) == SOFTGRAD_OK, "cap taken off");
    CHECK(!strcmp(softgrad_instruction_set(), best), "after a cap: %s, not %s", softgrad_instruction_set(), best);
}

/* Each exported function takes its own parameters; what can be told of all is that they refuse a bad first one. */
#define REFUSES(name, parameters, arguments) CHECK(softgrad_##name BAD_##name, #name);
#define BAD_simplex_f64 (-1, 1, 1, 0, 1, 0) == SOFTGRAD_BAD_REGULARIZER
#define BAD_simplex_f32 (-1, 1, 1, 0, 1, 0) == SOFTGRAD_BAD_REGULARIZER
#define BAD_simplex_vjp_f64 (-1, 1, 1, 0, 1, 0, 0) == SOFTGRAD_BAD_REGULARIZER
#define BAD_simplex_vjp_f32 (-1, 1, 1, 0, 1, 0, 0) == SOFTGRAD_BAD_REGULARIZER
#define BAD_isotonic_f64 (-1, 1, 1, 0, 1, 0, 0, 0, 0) == SOFTGRAD_BAD_REGULARIZER
#define BAD_isotonic_vjp_f64 (-1, 1, 1, 0, 1, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_REGULARIZER
#define BAD_majorization_f64 (-1, 1, 0, 0, 1, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_SHAPE
#define BAD_majorization_vjp_f64 (-1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_SHAPE
#define BAD_network_sort_f64 (-1, 1, 1, 0, 1, 0, 0) == SOFTGRAD_BAD_CURVE
#define BAD_network_apply_f64 (-1, 1, 1, 0, 1, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_CURVE
#define BAD_network_apply_transposed_f64 (-1, 1, 1, 0, 1, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_CURVE
#define BAD_network_vjp_f64 (-1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_CURVE
#define BAD_laplace_thresholds_f64 (-1, 1, 0, 1, 0, 0) == SOFTGRAD_BAD_SHAPE
#define BAD_laplace_sums_f64 (-1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0) == SOFTGRAD_BAD_SHAPE
#define BAD_transport_f64 (-1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_REGULARIZER
#define BAD_transport_vjp_f64 (-1, 1, 1, 1, 0, 1, 0, 0, 0, 0) == SOFTGRAD_BAD_REGULARIZER
#define BAD_transport_line_f64 (-1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_REGULARIZER
#define BAD_transport_line_vjp_f64 (-1, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0) == SOFTGRAD_BAD_REGULARIZER
#define BAD_transport_line_apply_f64 (-1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_REGULARIZER
#define BAD_transport_line_apply_vjp_f64 (-1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_REGULARIZER
#define BAD_order_f64 (-1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0) == SOFTGRAD_BAD_METHOD
#define BAD_order_f32 (-1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0) == SOFTGRAD_BAD_METHOD
#define BAD_order_vjp_f64 (-1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_METHOD
#define BAD_order_vjp_f32 (-1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_METHOD
#define BAD_order_index_f64 (-1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0) == SOFTGRAD_BAD_METHOD
#define BAD_order_index_vjp_f64 (-1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_METHOD
#define BAD_order_index_f32 (-1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0) == SOFTGRAD_BAD_METHOD
#define BAD_order_index_vjp_f32 (-1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_METHOD
#define BAD_argsort_f64 (-1, 1, 0, 0, 0) == SOFTGRAD_BAD_SHAPE
#define BAD_squash_f64 (-1, 1, 0, 0, 0) == SOFTGRAD_BAD_SHAPE
#define BAD_squash_vjp_f64 (-1, 1, 0, 0, 0, 0, 0) == SOFTGRAD_BAD_SHAPE

static void test_every_kernel_is_there(void) {
    SOFTGRAD_KERNELS(REFUSES)
}

int main(void) {
    printf("instruction set: %s\n", softgrad_instruction_set());
    test_caps();
    under_every_instruction_set(test_every_kernel_is_there);
    return failures != 0;
}

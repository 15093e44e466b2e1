/*
 * Chooses a tier and forwards the exported functions to it: the only file that looks at the processor.
 */
#include "kernels.h"

#define TABLE_FIELD(name, parameters, arguments) int(SOFTGRAD_KERNEL_CALL *name) parameters;
struct tier {
    int instruction_set;
    const char *label;
    SOFTGRAD_KERNELS(TABLE_FIELD)
};

#define ENTRY_BASELINE(name, parameters, arguments) name##_baseline,
#define ENTRY_AVX2(name, parameters, arguments) name##_avx2,
#define ENTRY_AVX512(name, parameters, arguments) name##_avx512,
#define ENTRY_NEON(name, parameters, arguments) name##_neon,

/* The tiers that the build compiled (SOFTGRAD_HAS_...), weakest first. The first one needs no check. */
static const struct tier tiers[] = {
#if defined(SOFTGRAD_HAS_neon)
    {SOFTGRAD_NEON, "neon", SOFTGRAD_KERNELS(ENTRY_NEON)},
#endif
#if defined(SOFTGRAD_HAS_baseline)
    {SOFTGRAD_BASELINE, "baseline", SOFTGRAD_KERNELS(ENTRY_BASELINE)},
#endif
#if defined(SOFTGRAD_HAS_avx2)
    {SOFTGRAD_AVX2, "avx2", SOFTGRAD_KERNELS(ENTRY_AVX2)},
#endif
#if defined(SOFTGRAD_HAS_avx512)
    {SOFTGRAD_AVX512, "avx512", SOFTGRAD_KERNELS(ENTRY_AVX512)},
#endif
};

enum { TIERS = sizeof tiers / sizeof tiers[0] };

enum { UNDECIDED = -1 };

/*
 * The only mutable state of the library: the index of the strongest tier of this machine, found at the first call, and
 * that of the strongest allowed. Plain atomic loads and stores suffice, as threads that look at once find the same. (A
 * compare-and-exchange would make gcc for aarch64 call a function of its run-time library.)
 */
static int strongest = UNDECIDED;
static int allowed = TIERS - 1;

#if defined(SOFTGRAD_HAS_avx2)

struct registers {
    unsigned eax, ebx, ecx, edx;
};

static struct registers cpuid(unsigned leaf, unsigned subleaf) {
    struct registers out;
    __asm__ volatile("cpuid"
                     : "=a"(out.eax), "=b"(out.ebx), "=c"(out.ecx), "=d"(out.edx)
                     : "a"(leaf), "c"(subleaf));
    return out;
}

static unsigned enabled_state(void) {
    unsigned low;
    unsigned high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static int has(unsigned word, unsigned wanted) {
    return (word & wanted) == wanted;
}

/*
 * A processor may offer instructions whose registers the operating system or the virtual machine does not save, and
 * using those ends the process. So cpuid (Intel SDM volume 2A, leaves 1 and 7) says what the processor has and xgetbv
 * (volume 1, section 13.3) which register state is enabled.
 */
static int find_strongest(void) {
    const unsigned fma = 1u << 12, osxsave = 1u << 27, avx = 1u << 28;
    const unsigned avx2 = 1u << 5;
    const unsigned avx512_f_dq_bw_vl = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
    const unsigned sse_avx_state = 0x6, avx512_state = 0xe6;

    if (cpuid(0, 0).eax < 7 || !has(cpuid(1, 0).ecx, fma | osxsave | avx)) {
        return 0;
    }
    unsigned state = enabled_state();
    unsigned features = cpuid(7, 0).ebx;
    if (!has(state, sse_avx_state) || !has(features, avx2)) {
        return 0;
    }
    return has(state, avx512_state) && has(features, avx512_f_dq_bw_vl) ? 2 : 1;
}

#else

static int find_strongest(void) {
    return 0;
}

#endif

static int strongest_tier(void) {
    int index = __atomic_load_n(&strongest, __ATOMIC_RELAXED);
    if (index == UNDECIDED) {
        index = find_strongest();
        __atomic_store_n(&strongest, index, __ATOMIC_RELAXED);
    }
    return index;
}

static const struct tier *active_tier(void) {
    int index = strongest_tier();
    int cap = __atomic_load_n(&allowed, __ATOMIC_RELAXED);
    return &tiers[index < cap ? index : cap];
}

int softgrad_abi_version(void) {
    return kernels_are_there() ? SOFTGRAD_ABI_VERSION : 0;
}

const char *softgrad_instruction_set(void) {
    return active_tier()->label;
}

static int known_here(int instruction_set) {
    for (int index = 0; index < TIERS; index++) {
        if (tiers[index].instruction_set == instruction_set) {
            return 1;
        }
    }
    return instruction_set == SOFTGRAD_BASELINE || instruction_set == SOFTGRAD_BEST;
}

int softgrad_cap_instruction_set(int instruction_set) {
    if (!known_here(instruction_set)) {
        return SOFTGRAD_BAD_INSTRUCTION_SET;
    }
    int index = TIERS - 1;
    while (index > 0 && tiers[index].instruction_set > instruction_set) {
        index--;
    }
    __atomic_store_n(&allowed, index, __ATOMIC_RELAXED);
    return SOFTGRAD_OK;
}

#define EXPORT(name, parameters, arguments)                                                                            \
    int softgrad_##name parameters {                                                                                   \
        return active_tier()->name arguments;                                                                          \
    }
SOFTGRAD_KERNELS(EXPORT)

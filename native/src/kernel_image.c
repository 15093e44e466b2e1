/*
 * The kernels of a release: an image that is the same in the libraries of all systems of one processor, and the names
 * of what is in it (native/release/kernels.lds). An ordinary build links the kernels themselves instead.
 */
#include "kernels.h"

#if defined(__APPLE__)
#define HIDDEN ".private_extern"
#define PREFIX "_"
#elif defined(_WIN32)
#define HIDDEN ".globl" /* what is not exported is hidden */
#define PREFIX ""
#else
#define HIDDEN ".hidden"
#define PREFIX ""
#endif

/* kernels.inc has one line for each kernel: kernel simplex_f64_avx2, 0x12340 */
__asm__(".text\n"
        ".p2align 12\n"
        PREFIX "softgrad_kernel_image:\n"
        ".incbin \"kernels.bin\"\n"
        ".macro kernel name, offset\n"
        "    .globl " PREFIX "\\name\n"
        "    " HIDDEN " " PREFIX "\\name\n"
        "    .set " PREFIX "\\name, " PREFIX "softgrad_kernel_image + \\offset\n"
        ".endm\n"
        ".include \"kernels.inc\"\n");

extern const unsigned char softgrad_kernel_image[];

int kernels_are_there(void) {
    const int behind_name_and_size = 24;
    return softgrad_kernel_image[behind_name_and_size] != 0;
}

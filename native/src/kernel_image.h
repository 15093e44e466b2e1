/*
 * How the library has its kernels: linked like any code or, in a release, as an image that is compiled once for all
 * systems of a processor (kernel_image.c).
 */
#ifndef SOFTGRAD_KERNEL_IMAGE_H
#define SOFTGRAD_KERNEL_IMAGE_H

#if defined(SOFTGRAD_KERNEL_IMAGE)
/* Whether the image is there: a JAR holds it in the libraries for Linux alone, and its loader copies it. */
int kernels_are_there(void);
#else
static inline int kernels_are_there(void) {
    return 1;
}
#endif

/* Windows calls functions in a way of its own, but for processors that have a standard (aarch64). */
#if defined(SOFTGRAD_KERNEL_IMAGE) && defined(_WIN32) && defined(__x86_64__)
#define SOFTGRAD_KERNEL_CALL __attribute__((sysv_abi))
#else
#define SOFTGRAD_KERNEL_CALL
#endif

#endif

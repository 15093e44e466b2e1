/*
 * Compilers may turn a loop or an assignment into a call of these, even for freestanding code (GCC manual, "Language
 * Standards Supported by GCC"). They are hidden, so the library neither needs nor offers them.
 */
#include <stddef.h>

/* Keeps the compiler from seeing that these loops are memcpy and memset, and making them call themselves. */
#define NOT_A_CALL __asm__ volatile("" ::: "memory")

void *memcpy(void *restrict target, const void *restrict source, size_t size);
void *memset(void *target, int value, size_t size);

void *memcpy(void *restrict target, const void *restrict source, size_t size) {
    unsigned char *to = target;
    const unsigned char *from = source;
    for (size_t i = 0; i < size; i++) {
        to[i] = from[i];
        NOT_A_CALL;
    }
    return target;
}

void *memset(void *target, int value, size_t size) {
    unsigned char *to = target;
    for (size_t i = 0; i < size; i++) {
        to[i] = (unsigned char)value;
        NOT_A_CALL;
    }
    return target;
}

#if defined(__APPLE__)
/* What compilers for macOS call to set memory to zero. */
void __bzero(void *target, size_t size);

void __bzero(void *target, size_t size) {
    memset(target, 0, size);
}
#endif

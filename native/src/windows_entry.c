/* What Windows expects of a library that is linked without the C runtime. */

/* Called when the library is loaded and unloaded. There is nothing to set up. */
int __stdcall DllMainCRTStartup(void *library, unsigned long reason, void *reserved);

int __stdcall DllMainCRTStartup(void *library, unsigned long reason, void *reserved) {
    (void)library;
    (void)reason;
    (void)reserved;
    return 1;
}

#if defined(_MSC_VER)
/* Named by every object that uses floating point; the C runtime would define it. */
extern const int _fltused;
const int _fltused = 0;
#elif defined(__clang__)
/*
 * Windows grows a stack page by page, each when the one above it has been touched. So a function whose frame is larger
 * than a page first calls this with the size of the frame, in rax, or in x15 in units of 16 bytes; every register comes
 * back as it was, but for x16 and x17.
 */
#if defined(__x86_64__)
__asm__(".globl ___chkstk_ms\n"
        "___chkstk_ms:\n"
        "    pushq %rcx\n"
        "    pushq %rax\n"
        "    leaq 24(%rsp), %rcx\n"
        "1:  cmpq $4096, %rax\n"
        "    jb 2f\n"
        "    subq $4096, %rcx\n"
        "    orq $0, (%rcx)\n"
        "    subq $4096, %rax\n"
        "    jmp 1b\n"
        "2:  subq %rax, %rcx\n"
        "    orq $0, (%rcx)\n"
        "    popq %rax\n"
        "    popq %rcx\n"
        "    ret\n");
#elif defined(__aarch64__)
__asm__(".globl __chkstk\n"
        "__chkstk:\n"
        "    lsl x16, x15, #4\n"
        "    mov x17, sp\n"
        "1:  cmp x16, #4096\n"
        "    b.lo 2f\n"
        "    sub x17, x17, #4096\n"
        "    ldr xzr, [x17]\n"
        "    sub x16, x16, #4096\n"
        "    b 1b\n"
        "2:  sub x17, x17, x16\n"
        "    ldr xzr, [x17]\n"
        "    ret\n");
#endif
#endif

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
#endif

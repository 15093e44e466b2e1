# Six libraries travel in one JAR, so a release leaves out code that buys no speed. What it costs was measured over
# all families of kernels; see "Releasing" in CONTRIBUTING.md.

# Loops are still unrolled where the number of rounds is known.
target_compile_options(softgrad_flags INTERFACE "SHELL:-mllvm -unroll-runtime=0")

# Families share headers, so the same function is compiled several times; the linker keeps one.
target_compile_options(softgrad_flags INTERFACE
    -ffunction-sections -fdata-sections -fno-ident
    -fno-asynchronous-unwind-tables -fno-unwind-tables)
if(APPLE)
    target_link_options(softgrad PRIVATE -Wl,-dead_strip -Wl,--icf=all -Wl,-x)
else()
    target_link_options(softgrad PRIVATE -Wl,--gc-sections -Wl,--icf=all)
endif()
if(WIN32)
    target_link_options(softgrad PRIVATE -Wl,-s -Wl,--no-insert-timestamp)
endif()

# What the six toolchains of a release share: clang and lld of one version, for every target, with no header, library or
# runtime of the target's. A toolchain sets CMAKE_SYSTEM_NAME, CMAKE_SYSTEM_PROCESSOR and TARGET, then includes this.
set(SOFTGRAD_RELEASE ON)
set(CMAKE_C_COMPILER clang-19)
set(CMAKE_C_COMPILER_TARGET ${TARGET})
set(CMAKE_AR llvm-ar-19)
set(CMAKE_RANLIB llvm-ranlib-19)

# CMake tries the compiler by building a program, which would need a C library.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_C_COMPILER_WORKS TRUE)

# Nothing of the machine that builds gets into the file: no path. A stack protector, which some targets
# have by default, would call the C library.
set(CMAKE_C_FLAGS_INIT "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -fno-stack-protector")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-fuse-ld=lld-19")
# CMake would link what Windows programs usually want.
set(CMAKE_C_STANDARD_LIBRARIES "" CACHE STRING "Libraries that every target links")

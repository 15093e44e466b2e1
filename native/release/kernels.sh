#!/usr/bin/env bash
# Makes two files of the linked kernels, for src/kernel_image.c: the bare image, and where in it each kernel begins.
#
#     native/release/kernels.sh LINKED DIRECTORY
set -euo pipefail
linked=${1:?the linked kernels are missing}
mkdir -p "${2:?a directory for the image is missing}"

llvm-objcopy-19 -O binary --only-section=.kernels "$linked" "$2/kernels.bin"
llvm-nm-19 --defined-only "$linked" |
    awk '$3 ~ /_f(32|64)_(baseline|avx2|avx512|neon)$/ { print "kernel " $3 ", 0x" $1 }' > "$2/kernels.inc"

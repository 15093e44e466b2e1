#!/usr/bin/env bash
# Builds the library for all six platforms into a directory, as <os>-<arch>/<library>, with a table of SHA-256 sums.
# The same sources give the same bytes, wherever they lie.
#
#     native/release/build.sh DIRECTORY [WORK]     WORK keeps what was compiled, for the next time
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
mkdir -p "${1:?a directory for the libraries is missing}"
output=$(cd "$1" && pwd)
work=${2:-$output.build}

bash "$source/native/release/install-tools.sh"
rm -rf "$output"/*

# Those for Linux first, since the others take their kernels from them.
for platform in {linux,windows,macos}-{x86_64,aarch64}; do
    echo "Building the library for $platform"
    cmake -S "$source" -B "$work/$platform" -G Ninja --log-level=WARNING -Wno-dev -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_TOOLCHAIN_FILE="$source/native/toolchains/$platform.cmake" \
        -DSOFTGRAD_TESTS=OFF -DSOFTGRAD_OUTPUT_DIRECTORY="$output" \
        -DSOFTGRAD_KERNEL_IMAGE="$work/kernels-${platform#*-}" > /dev/null
    cmake --build "$work/$platform" -- --quiet
done
(cd "$output" && sha256sum -- *-*/*softgrad.* > SHA256SUMS && cat SHA256SUMS)

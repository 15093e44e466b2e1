#!/usr/bin/env bash
# Makes sure that the tools of a release build are there, and installs with apt what is missing. It says what it does.
#
#     native/release/install-tools.sh           what builds the six libraries
#     native/release/install-tools.sh testing   also what runs them here: emulators and the compilers of the tests
#     native/release/install-tools.sh trust     instead what native/trust/run.sh needs: clang with its sanitizers
set -euo pipefail

# A program, or a file, and the Debian package that brings it.
tools=(
    clang-19:clang-19 ld.lld-19:lld-19 ld64.lld-19:lld-19 llvm-ar-19:llvm-19 llvm-ranlib-19:llvm-19
    llvm-install-name-tool-19:llvm-19 cmake:cmake ninja:ninja-build
)
if [[ ${1:-} == testing ]]; then
    tools+=(
        qemu-aarch64-static:qemu-user-static aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu
        /usr/aarch64-linux-gnu/include/stdio.h:libc6-dev-arm64-cross
        /usr/x86_64-w64-mingw32/include/stdio.h:mingw-w64-x86-64-dev
        x86_64-w64-mingw32-gcc:gcc-mingw-w64-x86-64-win32 wine64:wine64
    )
fi
if [[ ${1:-} == trust ]]; then
    runtime=/usr/lib/llvm-19/lib/clang/19/lib/linux/libclang_rt
    tools=(
        clang-19:clang-19 llvm-symbolizer-19:llvm-19 cmake:cmake ninja:ninja-build
        "$runtime.fuzzer-$(uname -m).a:libclang-rt-19-dev"
    )
fi

missing=()
for tool in "${tools[@]}"; do
    command -v "${tool%%:*}" > /dev/null || [[ -e ${tool%%:*} || -x /usr/lib/wine/${tool%%:*} ]] || missing+=("${tool##*:}")
done
if (( ${#missing[@]} == 0 )); then
    echo "The tools are there."
    exit
fi

install=(apt-get install --yes --no-install-recommends "${missing[@]}")
if ! command -v apt-get > /dev/null || (( EUID != 0 )); then
    echo "This needs what Debian calls ${missing[*]}; as root: ${install[*]}" >&2
    exit 1
fi
echo "Installing with apt: ${missing[*]}"
apt-get update --quiet=2
DEBIAN_FRONTEND=noninteractive "${install[@]}" --quiet=2 > /dev/null

#!/usr/bin/env bash
# Runs kernels of other systems here: linux-aarch64 under qemu, windows-x86_64 under wine. Some families are tested as on
# the machine itself; for all, what they print is compared with what the library for linux-x86_64 prints. On aarch64 also
# the golden cases that are calls of kernels.
#
#     native/release/test.sh DIRECTORY WORK     DIRECTORY is where native/release/build.sh has put the libraries
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
libraries=$(cd "${1:?the directory of the libraries is missing}" && pwd)
mkdir -p "${2:?a directory to work in is missing}"
work=$(cd "$2" && pwd)
wine=$(command -v wine64 || echo /usr/lib/wine/wine64)
export WINEPREFIX=$work/wine WINEDEBUG=-all WINEPATH=$libraries/windows-x86_64

# platform LIBRARY EMULATOR TESTS CMAKE-OPTION...
platform() {
    local name=$1 library=$2 emulator=$3 tests=$4
    shift 4
    printf '%s: ' "$name"
    cmake -S "$source" -B "$work/$name" -G Ninja --log-level=WARNING -Wno-dev -DCMAKE_BUILD_TYPE=Release \
        -DSOFTGRAD_LIBRARY="$libraries/$name/$library" "-DCMAKE_CROSSCOMPILING_EMULATOR=${emulator// /;}" "$@" > /dev/null
    cmake --build "$work/$name" -- --quiet
    if [[ -n $tests ]]; then
        ctest --test-dir "$work/$name" --output-on-failure --no-tests=error --tests-regex "^($tests)$" \
            > "$work/$name.log" 2>&1 || { cat "$work/$name.log" >&2; return 1; }
        printf '%s tests passed; ' "$(grep -c ' Passed ' "$work/$name.log")"
    fi
    # shellcheck disable=SC2086
    $emulator "$work/$name/native/tests/sample_outputs"* | tr -d '\r' > "$work/$name.outputs"
    compare "$work/linux-x86_64.outputs" "$work/$name.outputs"
}

# Roundings differ where one processor fuses a product with a sum and another does not.
compare() {
    paste -d ' ' "$1" "$2" | awk '
        {
            difference = $2 > $4 ? $2 - $4 : $4 - $2
            if ($1 != $3 || !(difference <= 1e-9)) {
                if (++failures <= 20) print "line " NR ": " $0
            }
            if (difference > worst) worst = difference
        }
        END {
            printf "%d numbers, at most %.1e from those of linux-x86_64\n", NR, worst
            exit failures > 0 || NR < 100000
        }'
}

platform linux-x86_64 libsoftgrad.so '' ''
# Sums in long double are emulated in software there, so most families would take minutes.
platform linux-aarch64 libsoftgrad.so 'qemu-aarch64-static -L /usr/aarch64-linux-gnu' 'argsort|dispatch|standardize' \
    -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc
bash "$source/native/trust/golden.sh" --library "$libraries/linux-aarch64/libsoftgrad.so" "$work/golden-aarch64" \
    'qemu-aarch64-static -L /usr/aarch64-linux-gnu' aarch64-linux-gnu-gcc
platform windows-x86_64 softgrad.dll "$wine" 'argsort|dispatch|laplace|majorization|simplex|standardize|transport' \
    -DCMAKE_SYSTEM_NAME=Windows -DCMAKE_SYSTEM_PROCESSOR=x86_64 -DCMAKE_C_COMPILER=x86_64-w64-mingw32-gcc

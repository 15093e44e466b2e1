#!/usr/bin/env bash
# Builds the kernels, the C tests and the golden cases under sanitizers and runs them. Any report ends with an error.
#
#     native/trust/sanitize.sh address|memory WORK OUT.tsv [best]
#
# WORK keeps what was compiled, for the next time. `best` builds one instruction set only, the best of this machine, and
# leaves out the one test that takes as long as all others.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
sanitizer=$1 work=$2 table=$3 scope=${4:-every}

tiers=()
if [[ $scope == best && $(uname -m) == x86_64 ]]; then
    tiers=("-DSOFTGRAD_TRUST_TIERS=$(best_tier)")
fi
if [[ $sanitizer == memory && $(uname -m) == x86_64 ]]; then
    # Of instructions of AVX-512 it does not know that a lane of the result depends on the same lane alone.
    tiers=("-DSOFTGRAD_TRUST_TIERS=baseline;avx2")
fi
started=$SECONDS
echo "Building the kernels with the sanitizer: $sanitizer"
cmake -S "$root" -B "$work/$sanitizer" -G Ninja --log-level=WARNING -Wno-dev -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_COMPILER=clang-19 -DSOFTGRAD_TESTS=OFF -DSOFTGRAD_TRUST="$sanitizer" "${tiers[@]}" > /dev/null
cmake --build "$work/$sanitizer" --target trust -- --quiet
echo "Built in $((SECONDS - started)) s"

# run_test PROGRAM: prints what it says only where it fails.
run_test() {
    local log=$1.log
    if ! "$1" > "$log" 2>&1; then
        { echo "$1 failed:" && tail -n 60 "$log"; } >&2
        return 1
    fi
}
export -f run_test
export UBSAN_OPTIONS=print_stacktrace=1 ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19
export MSAN_SYMBOLIZER_PATH=$ASAN_SYMBOLIZER_PATH UBSAN_SYMBOLIZER_PATH=$ASAN_SYMBOLIZER_PATH

started=$SECONDS faults=0
mapfile -t tests < <(find "$work/$sanitizer/native/trust" -maxdepth 1 -name '*_test' | sort)
if [[ $scope == best ]]; then
    # What is said about caps needs all instruction sets.
    mapfile -t tests < <(printf '%s\n' "${tests[@]}" | grep -v -e /transport_apply_test -e /dispatch_test)
fi
printf '%s\0' "${tests[@]}" | xargs -0 -P "$(nproc)" -I{} bash -c 'run_test {}' || faults=1
programs=$(cat "${tests[@]/%/.log}" | grep -c ' failures so far$' || true)
kind="C tests, $sanitizer sanitizer (programs x instruction sets)"
record "$table" "$kind" "$programs" "$faults" $((SECONDS - started))

bash "$root/native/trust/golden.sh" "$work/$sanitizer/native/trust/golden_cases" "$table" "$sanitizer sanitizer" \
    || faults=1
exit "$faults"

#!/usr/bin/env bash
# Runs the fuzzers of native/trust/fuzz, each for so many seconds, one on each processor. They start with the same inputs
# every time. With a number of inputs they try just these, the same every time, and go no further.
#
#     native/trust/fuzz.sh PROGRAMS FOUND OUT.tsv SECONDS [INPUTS]
#
# PROGRAMS is the directory with what was built, FOUND receives the inputs that lead to a fault.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
programs=$1 found=$2 table=$3 seconds=$4 inputs=${5:-0}
seed=${SOFTGRAD_TRUST_SEED:-20260308}
rm -rf "${found:?}"
mkdir -p "$found"

# Inputs to begin with, of pseudo-random bytes, of which every fuzzer makes calls of every kind.
make_seeds() {
    local length=96
    mkdir -p "$1"
    awk -v seed="$seed" -v bytes="$(($2 * length))" 'BEGIN {
        srand(seed)
        for (i = 0; i < bytes; i++) printf "\\x%02x\n", int(256 * rand())
    }' | while read -r byte; do printf '%b' "$byte"; done | split --suffix-length=4 --bytes="$length" - "$1/seed-"
}

# fuzz PROGRAM
fuzz() {
    local name log status=0 start=$SECONDS limit=(-max_total_time="$seconds")
    (( inputs == 0 )) || limit=(-runs=0)
    name=$(basename "$1") log=$found/$(basename "$1").log
    "$1" -seed="$seed" "${limit[@]}" -max_len=256 -len_control=0 -timeout=60 -rss_limit_mb=4096 \
        -detect_leaks=0 -print_final_stats=1 -artifact_prefix="$found/$name-" "$found/$name.corpus" "$found/seeds" \
        > "$log" 2>&1 || status=1
    if (( status != 0 )); then
        {
            grep -a -A 12 -e FAULT: -e 'runtime error:' -e 'ERROR: ' "$log" | head -n 40 || tail -n 40 "$log"
            for input in "$found/$name"-*; do
                echo "Again: SOFTGRAD_TRUST_SAY=1 $1 $input"
            done
        } >&2
    fi
    local runs
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    record "$table" "${name/fuzz_/fuzzer: }" "${runs:-0}" "$status" "$((SECONDS - start))"
    return "$status"
}

make_seeds "$found/seeds" $((inputs > 0 ? inputs : 64))
export -f fuzz record
export found seed seconds inputs table
export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19
fuzzers=("$programs"/fuzz_*)
for fuzzer in "${fuzzers[@]}"; do
    mkdir -p "$found/$(basename "$fuzzer").corpus"
done
echo "Fuzzing each of ${#fuzzers[@]} families: ${5:+$5 inputs, at most }$seconds s, seed $seed"
printf '%s\0' "${fuzzers[@]}" | xargs -0 -P "$(nproc)" -I{} bash -c 'fuzz {}'

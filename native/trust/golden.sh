#!/usr/bin/env bash
# Runs those golden cases that a few calls of kernels can compute, and counts the others.
#
#     native/trust/golden.sh PROGRAM OUT.tsv NAME       a program that is built already, on every instruction set
#     native/trust/golden.sh --library LIBRARY WORK [EMULATOR [COMPILER]]
#
# The second form compiles the program against a library, as it was released, and runs it under an emulator where there
# is one.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [[ $1 == --library ]]; then
    library=$2 work=$3 emulator=${4:-} compiler=${5:-cc}
    mkdir -p "$work"
    "$compiler" -std=c11 -O1 -I "$root/native/include" "$root"/native/trust/golden/*.c "$library" -lm \
        -Wl,-rpath,"$(cd "$(dirname "$library")" && pwd)" -o "$work/golden_cases"
    # shellcheck disable=SC2086
    $emulator "$work/golden_cases" "$(golden_directory)"
    exit
fi

program=$1 table=$2 name=$3 started=$SECONDS faults=0
"$program" "$(golden_directory)" every > "$program.log" 2>&1 || faults=1
cat "$program.log"
# The two numbers of each line: right and wrong.
read -r inputs wrong < <(sed -n 's/^golden [^:]*: \([0-9]*\) cases right, \([0-9]*\) wrong.*/\1 \2/p' "$program.log" \
    | awk '{inputs += $1 + $2; wrong += $2} END {print inputs + 0, wrong + 0}')
(( faults == 0 || wrong > 0 )) || wrong=1
record "$table" "golden cases in C, $name" "$inputs" "$wrong" $((SECONDS - started))
exit "$faults"

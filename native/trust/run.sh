#!/usr/bin/env bash
# Native code under the sanitizers: the C tests, the golden cases and the fuzzers. Appends to OUT.tsv a line for each
# kind: what was tried, inputs, faults, seconds. Ends with an error where there is a fault.
#
#     native/trust/run.sh OUT.tsv
#
# SOFTGRAD_TRUST_MINUTES says how long the whole trust run takes (50), of which 40 % are for this; below ten minutes
# there is a cut of everything. SOFTGRAD_TRUST_SEED changes the random inputs, SOFTGRAD_TRUST_WORK is where things are
# built, and where inputs that lead to a fault are left.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
table=$(realpath -m "${1:?the table to append to is missing}")
work=$(realpath -m "${SOFTGRAD_TRUST_WORK:-$root/target/trust}")
minutes=${SOFTGRAD_TRUST_MINUTES:-50}
deadline=$(awk -v minutes="$minutes" -v now="$SECONDS" 'BEGIN {print int(now + 0.4 * 60 * minutes)}')
scope=$(awk -v minutes="$minutes" 'BEGIN {print minutes < 10 ? "best" : "every"}')
mkdir -p "$work" "$(dirname "$table")"

if [[ $(uname -s) != Linux ]]; then
    record "$table" "native code under sanitizers: left out, as this is not Linux" 0 0 0
    exit
fi
bash "$root/native/release/install-tools.sh" trust

status=0
bash "$root/native/trust/sanitize.sh" address "$work/$scope" "$table" "$scope" || status=1
if [[ $scope == every ]]; then
    bash "$root/native/trust/sanitize.sh" memory "$work/$scope" "$table" "$scope" || status=1
fi

programs=$work/$scope/address/native/trust
if [[ $scope == every ]]; then
    families=$(find "$programs" -maxdepth 1 -name 'fuzz_*' -type f -executable | wc -l)
    left=$(((deadline - SECONDS) * $(nproc) / families))
    limits=($((left > 4 ? left : 4)))
else
    limits=(120 1000) # the same inputs every time, so that the cut judges a commit and not the machine
fi
bash "$root/native/trust/fuzz.sh" "$programs" "$work/found" "$table" "${limits[@]}" || status=1
exit "$status"

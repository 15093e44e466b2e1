# What the scripts here share: where things are, and the table of what was tried.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Where the golden files are, as the tests of the Java side look for them.
golden_directory() {
    local shared=$root/../shared/golden
    [[ -d $shared ]] || shared=$root/tests/src/test/resources/golden
    echo "${SOFTGRAD_GOLDEN:-$shared}"
}

best_tier() {
    if grep -q avx512vl /proc/cpuinfo; then
        echo avx512
    elif grep -q avx2 /proc/cpuinfo; then
        echo avx2
    else
        echo baseline
    fi
}

# record TABLE KIND INPUTS FAULTS SECONDS
record() {
    printf '%s\t%s\t%s\t%s\n' "$2" "$3" "$4" "$5" >> "$1"
    printf '%s: %s inputs, %s faults, %s s\n' "$2" "$3" "$4" "$5"
}

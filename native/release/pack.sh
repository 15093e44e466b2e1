#!/usr/bin/env bash
# Copies the libraries that native/release/build.sh has made to what goes into a JAR. The kernels of a processor, the
# same bytes on every system, stay in its library for Linux alone; elsewhere are zeros, which take no space, and the
# loader copies the kernels back (PackedLibrary.java). The sums remain those of the whole libraries.
#
#     native/release/pack.sh LIBRARIES DIRECTORY
set -euo pipefail
libraries=${1:?the directory of the libraries is missing}
packed=${2:?a directory for the result is missing}
rm -rf "$packed"
mkdir -p "$(dirname "$packed")"
cp -r "$libraries" "$packed"

readonly name='softgrad kernels' name_and_size=24

# Prints where in a library its kernels begin.
kernels_in() {
    local places
    mapfile -t places < <(LC_ALL=C grep --text --only-matching --byte-offset --fixed-strings "$name" "$1" | cut -d: -f1)
    if (( ${#places[@]} != 1 || places[0] % 512 != 0 )); then
        echo "$1 should have kernels at one multiple of 512, and has them at: ${places[*]}" >&2
        return 1
    fi
    echo "${places[0]}"
}

for whole in "$libraries"/linux-*/*; do
    architecture=$(basename "$(dirname "$whole")")
    architecture=${architecture#linux-}
    start=$(kernels_in "$whole")
    size=$(od --address-radix=n --format=u8 --skip-bytes=$((start + 16)) --read-bytes=8 "$whole" | tr -d ' ')
    for library in "$packed"/{windows,macos}-"$architecture"/*; do
        here=$(kernels_in "$library")
        cmp --ignore-initial="$start:$here" --bytes="$size" "$whole" "$library"
        dd if=/dev/zero of="$library" bs=64K conv=notrunc status=none \
            oflag=seek_bytes seek=$((here + name_and_size)) iflag=count_bytes count=$((size - name_and_size))
    done
done

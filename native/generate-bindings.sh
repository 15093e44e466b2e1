#!/bin/sh
# Regenerates the Java bindings from include/softgrad.h. Run it after changing the header; a test of the Java build
# fails until the two agree again.
#
# JEXTRACT names the program (default: jextract on the PATH). It reads no system header, so its output does not depend
# on the machine. The superclass that it would generate too is left out: Symbols.java there is written by hand.
set -eu
cd "$(dirname "$0")/include"

package=io.github.softgrad.kernel.ffi.generated
sources=../../java/src/main/java
header=softgrad.h
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

functions=$(sed -n 's/^SOFTGRAD_API [^(]*[ *]\(softgrad_[a-z0-9_]*\)(.*/--include-function \1/p' "$header")
constants=$(grep -o 'SOFTGRAD_[A-Z0-9_]* \(= \)\{0,1\}[0-9]' "$header" |
    sed 's/\(SOFTGRAD_[A-Z0-9_]*\).*/--include-constant \1/')

# The names hold no spaces: splitting them into words is what is wanted.
# shellcheck disable=SC2086
"${JEXTRACT:-jextract}" --output "$output" --target-package "$package" \
    --header-class-name SoftgradHeader --symbols-class-name Symbols \
    $functions $constants "$header"

directory=$(echo "$package" | tr . /)
mkdir -p "$sources/$directory"
cp "$output/$directory/SoftgradHeader.java" "$sources/$directory/SoftgradHeader.java"

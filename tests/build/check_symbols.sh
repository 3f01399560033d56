#!/bin/sh
# The shared library exports what the public headers declare: all of it, and
# nothing else.
#     check_symbols.sh INCLUDE_FOLDER NM LIBRARY
set -eu
include=$1
nm=$2
library=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The word before the first parenthesis after each NMF_API.
cat "$include"/nmfimg/*.h | tr '\n' ' ' | sed 's/NMF_API /\n/g' |
    sed -n 's/^[^(;]*[ *]\(nmf_[a-z0-9_]*\)(.*/\1/p' | LC_ALL=C sort -u \
    >"$work/declared"
# Sanitizers add names that begin with two underscores, OpenMP names that begin
# with a dot.
"$nm" -D --defined-only "$library" | awk '{ print $NF }' |
    grep -v -e '^__' -e '^\.' | LC_ALL=C sort -u >"$work/exported"

[ -s "$work/declared" ]
if ! diff "$work/declared" "$work/exported" >"$work/diff"; then
    sed -n -e 's/^</declared, but not exported:/p' \
        -e 's/^>/exported, but not declared:/p' "$work/diff" >&2
    exit 1
fi
echo "$(wc -l <"$work/exported") symbols"

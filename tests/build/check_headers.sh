#!/bin/sh
# Each public header compiles alone and twice over, as C17 and as C++17, with
# no more than the standard libraries.
#     check_headers.sh INCLUDE_FOLDER C_COMPILER [CXX_COMPILER]
set -eu
include=$1
cc=$2
cxx=${3-}
flags='-fsyntax-only -Wall -Wextra -Wpedantic -Werror'
n=0

for header in "$include"/nmfimg/*.h; do
    name=nmfimg/${header##*/}
    source="#include <$name>
#include <$name>"
    # shellcheck disable=SC2086 # flags are words
    printf '%s\n' "$source" | "$cc" -std=c17 $flags -I "$include" -x c -
    if [ -n "$cxx" ]; then
        # shellcheck disable=SC2086
        printf '%s\n' "$source" | "$cxx" -std=c++17 $flags -I "$include" \
            -x c++ -
    fi
    n=$((n + 1))
done
[ "$n" -gt 0 ]
echo "$n headers"

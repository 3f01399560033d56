#!/bin/sh
# The table and the picture of the README's "How fast", made anew:
#
#     tests/bench/run.sh [DATA [OPTIONS of peers.py]]
#
# DATA has faces/cbcl, faces/orl and photos/kodak (default: ../shared/data
# beside the project). Wants a quiet machine, half an hour, and Debian's
# python3-sklearn, r-cran-rcppml and r-cran-nmf (--no-r goes without the last
# two). `--budget 0.3 --starts 11` is a first look. What was measured stays in
# build/bench/out; the picture goes to assets/speed-cbcl.png, the table between
# the marks in README.md.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
data=${1:-$root/../shared/data}
[ $# -eq 0 ] || shift
build=$root/build/bench

cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DNMFIMG_BUILD_BENCH=ON -DNMFIMG_BUILD_TESTS=OFF >/dev/null
cmake --build "$build"
"$root/tests/bench/peers.py" --build "$build" --data "$data" \
    --out "$build/out" "$@"
if [ -e "$build/out/speed-cbcl.png" ]; then
    cp "$build/out/speed-cbcl.png" "$root/assets/speed-cbcl.png"
fi
if [ -e "$root/README.md" ]; then
    awk -v table="$build/out/summary.md" '
        /<!-- figures: begin/ { print; print ""; skip = 1
            while ((getline line <table) > 0) { print line }
            print "" }
        /<!-- figures: end/ { skip = 0 }
        !skip { print }
    ' "$root/README.md" >"$build/README.md"
    cat "$build/README.md" >"$root/README.md"
fi

#!/bin/sh
# The example program, on a folder of pictures made here.
#     test_example.sh EXAMPLE
set -eu
example=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# 12 pictures of 8 x 6: a bright row and a bright column each
mkdir "$work/pictures"
for i in 0 1 2 3 4 5 6 7 8 9 10 11; do
    awk -v i="$i" 'BEGIN {
        print "P2 8 6 255"
        for (y = 0; y < 6; y++)
            for (x = 0; x < 8; x++)
                print (x == i % 8 || y == i % 6) ? 255 : 10
    }' >"$work/pictures/$i.pgm"
done

"$example" "$work/pictures" "$work/parts.png"

# bytes FROM COUNT: as decimal numbers with one blank between
bytes() {
    od -An -v -tu1 -j "$1" -N "$2" "$work/parts.png" | xargs
}

[ "$(bytes 0 8)" = '137 80 78 71 13 10 26 10' ]
# Two by two parts of 8 x 6, 12 times as large, 4 apart, within margins of 16:
# 228 x 180.
[ "$(bytes 16 8)" = '0 0 0 228 0 0 0 180' ]

# Failures: a sentence, a number that is not 0, and no file.
if "$example" "$work/nowhere" "$work/none.png" 2>"$work/stderr"; then
    echo 'a missing folder went unnoticed' >&2
    exit 1
fi
grep -q "^example: .*nowhere" "$work/stderr"
[ ! -e "$work/none.png" ]

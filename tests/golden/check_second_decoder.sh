#!/bin/sh
# The decoder that knows FORMAT.md alone takes every golden set, whose checksum
# of pixels it compares itself.
#     check_second_decoder.sh PYTHON FOLDER
set -eu
for file in "$2"/sets_valid/*.nmfi; do
    "$1" "$2/decode_set.py" "$file" >/dev/null || {
        echo "$file: not decoded" >&2
        exit 1
    }
done

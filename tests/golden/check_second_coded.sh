#!/bin/sh
# The decoder that knows FORMAT.md alone takes every golden file of coded
# pictures, whose checksum of pixels it compares itself.
#     check_second_coded.sh PYTHON FOLDER
set -eu
for file in "$2"/coded_valid/*-*.nmfi; do
    model=${file%-*}.nmfi
    PYTHONDONTWRITEBYTECODE=1 "$1" "$2/decode_coded.py" "$model" "$file" >/dev/null || {
        echo "$file: not decoded" >&2
        exit 1
    }
done

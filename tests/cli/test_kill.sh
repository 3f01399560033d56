#!/bin/sh
# Killed at any moment, compress and decompress leave the old file, the new one,
# or none: never a part of one. The moments are spread over the time that an
# undisturbed run takes, and a little more.
#     test_kill.sh NMFIMG
set -eu
nmfimg=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
. "$(dirname "$0")/helpers.sh"
cd "$folder"
moments=50
export OMP_NUM_THREADS=1

fail() {
    echo "$*" >&2
    exit 1
}

milliseconds() {
    echo $(($(date +%s%N) / 1000000))
}

# The moment I of those of a run of MS milliseconds, in seconds: moment I MS
moment() {
    awk -v i="$1" -v ms="$2" -v n="$moments" \
        'BEGIN { printf "%.4f", 0.001 + 1.2 * ms / 1000 * i / n }'
}

# FILE is one of the others, or is not there: whole FILE OTHER...
whole() {
    file=$1
    shift
    [ -e "$file" ] || return 0
    for other in "$@"; do
        cmp -s "$file" "$other" && return 0
    done
    fail "$file is neither old nor new"
}

# Run a command and kill it at that moment: at SECONDS COMMAND...
at() {
    timeout -s KILL "$@" >/dev/null 2>&1 || true
}

pgms faces 3 12 9
"$nmfimg" compress faces -o old.nmfi -k 1 --target-psnr 12 >/dev/null
begin=$(milliseconds)
"$nmfimg" compress faces -o new.nmfi -k 2 --target-psnr 30 >/dev/null
compress_ms=$(($(milliseconds) - begin))
begin=$(milliseconds)
"$nmfimg" decompress new.nmfi -o new >/dev/null
decompress_ms=$(($(milliseconds) - begin))
"$nmfimg" decompress old.nmfi -o old >/dev/null

i=0
while [ "$i" -lt "$moments" ]; do
    i=$((i + 1))
    # Nothing there before; then an old file to be overwritten.
    rm -f a.nmfi
    at "$(moment "$i" "$compress_ms")" \
        "$nmfimg" compress faces -o a.nmfi -k 2 --target-psnr 30
    whole a.nmfi new.nmfi
    cp old.nmfi b.nmfi
    at "$(moment "$i" "$compress_ms")" \
        "$nmfimg" compress faces -o b.nmfi -k 2 --target-psnr 30 -f
    [ -e b.nmfi ] || fail "the old file is gone"
    whole b.nmfi old.nmfi new.nmfi

    rm -rf a b
    cp -r old b
    at "$(moment "$i" "$decompress_ms")" "$nmfimg" decompress new.nmfi -o a
    at "$(moment "$i" "$decompress_ms")" "$nmfimg" decompress new.nmfi -o b -f
    for file in new/*.png; do
        name=${file##*/}
        whole "a/$name" "new/$name"
        [ -e "b/$name" ] || fail "the old $name is gone"
        whole "b/$name" "old/$name" "new/$name"
    done
done

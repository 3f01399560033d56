#!/bin/sh
# Install the build into a folder of its own, and build a program against it as
# others do: through find_package and through pkg-config, with the shared and
# with the static library.
#     check_consumer.sh CMAKE BUILD_FOLDER CONSUMER_FOLDER COMPILER [FLAG...]
# The flags are those that the library needs at link time (sanitizers).
set -eu
cmake=$1
build=$2
consumer=$3
cc=$4
shift 4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# check PROGRAM: it must run and find four parts
check() {
    said=$("$1")
    echo "${1##*/}: $said"
    case $said in
    'nmfimg '*': 4 parts') ;;
    *) exit 1 ;;
    esac
}

# quietly COMMAND...: show what it says only when it fails
quietly() {
    "$@" >"$work/log" 2>&1 || {
        cat "$work/log" >&2
        exit 1
    }
}

quietly "$cmake" --install "$build" --prefix "$work/installed"

# A moved tree must still be found.
mv "$work/installed" "$work/moved"
quietly "$cmake" -S "$consumer" -B "$work/build" \
    "-DCMAKE_C_COMPILER=$cc" "-DCMAKE_C_FLAGS=$*" \
    "-DCMAKE_PREFIX_PATH=$work/moved"
quietly "$cmake" --build "$work/build"
check "$work/build/consumer_shared"
check "$work/build/consumer_static"

pc=$(find "$work/moved" -name nmfimg.pc)
libdir=$(dirname "$(dirname "$pc")")
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
# shellcheck disable=SC2046 # words
quietly "$cc" "$@" "$consumer/consumer.c" -o "$work/pc_shared" \
    $(pkg-config --cflags --libs nmfimg) "-Wl,-rpath,$libdir"
check "$work/pc_shared"
# shellcheck disable=SC2046
quietly "$cc" "$@" "$consumer/consumer.c" -o "$work/pc_static" \
    $(pkg-config --cflags nmfimg) "$libdir/libnmfimg.a" \
    $(pkg-config --static --libs nmfimg | sed 's/-lnmfimg//')
check "$work/pc_static"

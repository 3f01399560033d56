#!/bin/sh
# Rules about the tree that no compiler knows: who may include whom, functions
# that stay out, file names that locate the code.
#     check_layers.sh PROJECT_FOLDER
set -eu
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: >"$work/found"

# Complain about every line of standard input.
complain() {
    awk -v why="$1" '{ print $0 "    (" why ")" }' >>"$work/found"
}

sources() {
    find "$@" -name '*.[ch]' -o -name '*.cpp' -type f | LC_ALL=C sort
}

# includes FOLDER...: "FILE:LINE:#include ..." of all its sources
includes() {
    sources "$@" | xargs -r grep -Hn '^[[:space:]]*#[[:space:]]*include' || :
}

# layer FOLDER PRIVATE PUBLIC: which private folders and which public headers
# its files may include.
layer() {
    includes "lib/$1" | grep '"' | grep -Ev "\"($2)/[a-z0-9_]+\.h\"" |
        complain "lib/$1 may include ($2)/ alone" || :
    includes "lib/$1" | grep '<nmfimg/' | grep -Ev "<nmfimg/($3)\.h>" |
        complain "lib/$1 may include public headers ($3) alone" || :
}

core='api|cpu|decompose|error|file|matrix|nmf|probe'
table="$core|table"
image="$table|image|dataset|metrics|plot|sheet|comparison"
codec="$image|codec|coded|rate"
layer core core "$core"
layer table 'core|table' "$table"
layer image 'core|table|image' "$image"
layer codec 'core|table|image|codec' "$codec"
includes lib/include | grep '"' | complain 'a public header includes a private one' || :
includes app | grep '"[a-z_]*/' | complain 'app may include <nmfimg/...> alone' || :

sources app lib tests | xargs grep -HnE \
    '\b(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atof|gets)[[:space:]]*\(' |
    complain 'stays out: no bounds, or no errors' || :

# Data of golden and fuzz tests are known by their folders, public headers by
# <nmfimg/...>; what the demo and the tour of the README write is not of the tree.
find . -name '.?*' -prune -o -path ./build -prune -o -path ./tour -prune \
    -o -path ./nmfimg-demo -prune -o -path '*/corpus' -prune \
    -o -path './tests/golden/*valid' -prune -o -path ./lib/include -prune \
    -o -type f -print |
    sed 's|.*/||' | grep -vx -e CMakeLists.txt -e README.md | LC_ALL=C sort |
    uniq -d | complain 'used for more than one file' || :

if [ -s "$work/found" ]; then
    cat "$work/found" >&2
    exit 1
fi
echo "$(sources app lib tests | wc -l) sources"

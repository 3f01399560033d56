#!/bin/sh
# What `run` does about packages, with every command that it calls replaced by
# one that only says it was called: nothing is installed, nothing is built.
#
# usage: test_run.sh RUN, the script to test

set -u

run=$1
sh -n "$run" || exit 1

# The apostrophe and the space are part of the test.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
project="$work/it's a clone"
bin="$work/bin"
mkdir -p "$project/build/release/app/cli" "$bin"
cp "$run" "$project/run"
for tool in awk cat dirname env sed sh tr; do
    ln -s "$(command -v $tool)" "$bin/$tool"
done

fake() { # fake NAME SCRIPT
    printf '#!/bin/sh\n%s\n' "$2" >"$bin/$1"
    chmod +x "$bin/$1"
}

# log NAME [SCRIPT]: a fake that notes how it was called
log() {
    fake "$1" 'echo "'"$1"' $*" >>"'"$work"'/log"
'"${2:-}"
}

failed=0
check() { # check CLAIM COMMAND...
    claim=$1
    shift
    if ! "$@"; then
        echo "not so: $claim"
        sed 's/^/    /' "$work/err" "$work/log"
        failed=1
    fi
}

# invoke ARGUMENT...: run with the fakes alone in PATH, and stdin closed
invoke() {
    : >"$work/log"
    (
        cd "$work" || exit 1
        PATH=$bin CC=cc CXX=c++
        export PATH CC CXX
        exec sh "$project/run" "$@"
    ) >"$work/out" 2>"$work/err" <&-
    status=$?
}

said() { grep -qF -- "$1" "$work/err"; }
called() { grep -q -- "$1" "$work/log"; }
not() { ! "$@"; }

all=$("$run" packages)
installed() { # installed NAME...: all but these packages are there
    : >"$work/dpkg"
    for package in $all; do
        case " $* " in
        *" $package "*) echo "rc  $package " >>"$work/dpkg" ;;
        *) echo "ii  $package " >>"$work/dpkg" ;;
        esac
    done
}

fake dpkg-query 'cat "'"$work"'/dpkg"'
log apt-get
fake id 'echo 0'
fake nproc 'echo 3'
log cc
log c++
log ninja
# It knows every module with a plausible name, as the real one knows those of
# the list.
fake pkg-config 'case $2 in *[!a-z0-9]*) exit 1 ;; esac'
log cmake 'case $1 in
--version) echo cmake version 3.22.1 ;;
--build) echo "words of ninja" ;;
esac'
log ctest 'exit 7'
log nmfimg
mv "$bin/nmfimg" "$project/build/release/app/cli/nmfimg"

installed
invoke demo --seed 3
check 'with all packages there the demo runs' [ $status -eq 0 ]
check 'nothing is installed then' not called apt-get
check 'arguments go on to the demo' called 'nmfimg demo --seed 3$'
check 'where the program is, is said' said 'clone/build/release/app/cli/nmfimg)'
check 'release is built, all but the tests' \
    called 'cmake --build --preset release --target lib/all app/all$'
check 'a build that succeeds says little' not said 'words of ninja'

mv "$bin/cmake" "$bin/cmake.good"
log cmake 'echo cmake version 3.22.1; [ "$1" != --build ]'
invoke demo
check 'a build that fails stops' [ $status -eq 1 ]
check 'and shows what it said' said 'cmake version'
check 'without a demo' not called 'nmfimg demo'
mv "$bin/cmake.good" "$bin/cmake"

log failing 'exit 3'
cp "$bin/failing" "$project/build/release/app/cli/nmfimg"
invoke demo
check 'the status of the demo is the result' [ $status -eq 3 ]
log nmfimg
mv "$bin/nmfimg" "$project/build/release/app/cli/nmfimg"

invoke test -L unit
check 'the status of ctest is the result' [ $status -eq 7 ]
check 'arguments go on to ctest' called 'ctest.*--parallel 3 -L unit$'

installed libjpeg-dev pkg-config
cat >>"$work/dpkg" <<'LIST'
ii  libjpeg62-turbo-dev libjpeg-dev
ii  pkgconf other (= 2), pkg-config:amd64 (= 1.8.1-1), another
LIST
invoke demo
check 'a provided name counts' not called apt-get

installed ninja-build libexif-dev
invoke demo
check 'missing packages are announced' said 'lacks: ninja-build libexif-dev'
check 'exactly they are installed' \
    called 'apt-get.* install .* ninja-build libexif-dev$'
check 'the lists are fetched before' called 'apt-get.* update$'
check 'then the demo runs' called 'nmfimg demo'

log apt-get 'exit 100'
invoke demo
check 'a failed installation stops' [ $status -eq 1 ]
check 'it says so' said 'could not install: ninja-build libexif-dev'
check 'nothing is built then' not called 'cmake --build'

log apt-get
fake id 'echo 1000'
invoke demo
check 'tools that are there need no packages' called 'nmfimg demo'
check 'a user without sudo installs nothing' not called apt-get

fake pkg-config '[ "$2" != libexif ]'
rm "$bin/ninja"
invoke demo
check 'what is missing stops' [ $status -eq 1 ]
check 'and is named' said 'lacks: ninja, libexif'
check 'with what to install' said 'apt-get install build-essential cmake'

log sudo '[ "$1" = -n ] && shift && "$@"'
invoke demo
check 'sudo without a password installs' called 'sudo -n env DEBIAN_FRONTEND'

log sudo 'exit 1'
invoke demo
check 'sudo that wants a password is not waited for' [ $status -eq 1 ]

rm "$bin/dpkg-query" "$bin/apt-get" "$bin/pkg-config" "$bin/sudo"
log cmake 'echo cmake version 3.18.4'
invoke test
check 'another system: what is missing is named' \
    said 'cmake 3.22 or later, ninja, pkg-config'
check 'without a word of apt-get' not said apt-get
check 'and stops' [ $status -eq 1 ]

invoke
check 'no command is misuse' [ $status -eq 2 ]
invoke fly
check 'an unknown command is misuse' [ $status -eq 2 ]

exit $failed

#!/bin/sh
# Play a transcript and compare: run_case.sh PROGRAM CASE.test
#
#     # a comment
#     $ nmfimg fit @swimer        a line for the shell, in an empty folder
#     > a line of standard output
#     ! a line of standard error
#     ? 2                         the exit code, where it is not 0
#
# Expected lines are patterns of the shell's `case`: * stands for anything, and
# [ is written \[. Lines of output that are not expected fail the case as
# missing ones do. Exit 0: as expected; 1: not; 77: skipped, where the first
# line is "# needs PATH" and the data folder ($DATA) has no PATH.

set -u
program=$1
case_file=$2
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

needed=$(sed -n '1s/^# needs //p' "$case_file")
if [ -n "$needed" ] && [ ! -e "${DATA:-/nonexistent}/$needed" ]; then
    echo "skipped: there is no $needed in the data folder"
    exit 77
fi

scratch=$(mktemp -d "${TMPDIR:-/tmp}/nmfimg-case-XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$scratch/work" "$scratch/tmp" "$scratch/bin"
ln -s "$program" "$scratch/bin/nmfimg"
PATH=$scratch/bin:$PATH
TMPDIR=$scratch/tmp
LC_ALL=C
export PATH TMPDIR LC_ALL
unset NO_COLOR
failures=0

# A command's stream against its expected lines; both are files.
compare() { # STREAM-NAME EXPECTED FOUND
    number=0
    differs=
    exec 3<"$2" 4<"$3"
    while :; do
        more_wanted=1
        more_found=1
        IFS= read -r wanted <&3 || more_wanted=
        IFS= read -r found <&4 || more_found=
        # A last line without newline is a line too.
        [ -n "$more_found" ] || [ -z "$found" ] || more_found=1
        number=$((number + 1))
        if [ -z "$more_wanted" ] && [ -z "$more_found" ]; then
            break
        fi
        if [ -z "$more_wanted" ] || [ -z "$more_found" ]; then
            differs=1
            break
        fi
        # shellcheck disable=SC2254 # the pattern is meant to be one
        case $found in
        $wanted) ;;
        *)
            differs=1
            break
            ;;
        esac
    done
    exec 3<&- 4<&-
    if [ -n "$differs" ]; then
        echo "$case_file: line $number of $1 differs after: $command"
        echo "--- expected"
        cat "$2"
        echo "--- found"
        cat "$3"
        failures=$((failures + 1))
    fi
}

# Run the collected command and judge it.
finish() {
    [ -n "$command" ] || return 0
    (
        cd "$scratch/work" || exit 1
        # shellcheck source=tests/cli/helpers.sh
        . "$here/helpers.sh"
        eval "$command"
    ) </dev/null >"$scratch/out" 2>"$scratch/err"
    found_code=$?
    if [ "$found_code" -ne "$wanted_code" ]; then
        echo "$case_file: exit $found_code instead of $wanted_code: $command"
        cat "$scratch/err"
        failures=$((failures + 1))
    fi
    compare 'standard output' "$scratch/wanted_out" "$scratch/out"
    compare 'standard error' "$scratch/wanted_err" "$scratch/err"
}

begin() { # COMMAND
    command=$1
    wanted_code=0
    : >"$scratch/wanted_out"
    : >"$scratch/wanted_err"
}

begin ''
n_commands=0
while IFS= read -r line <&9; do
    case $line in
    '$ '*)
        finish
        begin "${line#'$ '}"
        n_commands=$((n_commands + 1))
        ;;
    '> '*) printf '%s\n' "${line#'> '}" >>"$scratch/wanted_out" ;;
    '>') echo >>"$scratch/wanted_out" ;;
    '! '*) printf '%s\n' "${line#'! '}" >>"$scratch/wanted_err" ;;
    '!') echo >>"$scratch/wanted_err" ;;
    '? '*) wanted_code=${line#'? '} ;;
    '#'* | '') ;;
    *)
        echo "$case_file: not understood: $line"
        failures=$((failures + 1))
        ;;
    esac
done 9<"$case_file"
finish

if [ "$n_commands" -eq 0 ]; then
    echo "$case_file: no commands"
    exit 1
fi
if [ -n "$(ls -A "$scratch/tmp")" ]; then
    echo "$case_file: left in the folder for temporary files:"
    ls -A "$scratch/tmp"
    failures=$((failures + 1))
fi
[ "$failures" -eq 0 ]

#!/bin/sh
# Does run_case.sh notice what is wrong? test_run_case.sh; no program is needed.
set -u
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/nmfimg-run-case-XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
failures=0

# expect CODE NAME: the case on standard input ends with that code
expect() {
    cat >"$scratch/$2.test"
    DATA=$scratch sh "$here/run_case.sh" /bin/true "$scratch/$2.test" \
        >"$scratch/said" 2>&1
    found=$?
    if [ "$found" -ne "$1" ]; then
        echo "$2: exit $found instead of $1"
        cat "$scratch/said"
        failures=$((failures + 1))
    fi
}

expect 0 as_expected <<'END'
# all kinds of lines
$ echo one; echo; echo 'x [y] 3.14'; echo to err >&2; exit 3
> one
>
> x \[y] *
! to err
? 3
$ cd "$TMPDIR" && test -z "$(ls -A)"
END
expect 1 wrong_line <<'END'
$ echo one
> two
END
expect 1 line_too_many <<'END'
$ echo one; echo two
> one
END
expect 1 line_too_few <<'END'
$ echo one
> one
> two
END
expect 1 unexpected_message <<'END'
$ echo oops >&2
END
expect 1 message_on_the_wrong_stream <<'END'
$ echo oops
! oops
END
expect 1 wrong_code <<'END'
$ false
END
expect 1 code_in_the_last_command <<'END'
$ true
$ true
? 1
END
expect 1 line_without_newline <<'END'
$ printf one
END
expect 1 left_behind <<'END'
$ touch "$TMPDIR/file"
END
expect 1 no_commands <<'END'
# nothing at all
END
expect 1 misspelt <<'END'
$ true
output
END
expect 77 data_missing <<'END'
# needs no/such/thing
$ false
END
[ "$failures" -eq 0 ]

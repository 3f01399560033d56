#!/bin/sh
# The window in a state that a script leads to, beside the picture of it that
# somebody looked at.
#
#     test_state.sh VIEWER COMPARE SCRIPT FOLDER
#
# SCRIPT is states/NAME.txt, whose first line has the arguments; the picture is
# states/NAME.png; the new one is left in FOLDER. To take over new pictures,
# once they were looked at: NMFIMG_TAKE_PICTURES=1 ctest -R viewer.state
set -eu
viewer=$1 compare=$2 script=$3 folder=$4
name=$(basename "$script" .txt)
old=${script%.txt}.png
new=$folder/$name.png
arguments=$(sed -n '1s/^# arguments: //p' "$script")

shoot() {
    # shellcheck disable=SC2086 # arguments are several
    NMFIMG_CPU=portable "$viewer" --window 1280x800 $arguments --headless \
        --quiet --force --script "$script" --screenshot "$1"
}

shoot "$new"
shoot "$folder/$name-again.png"
cmp "$new" "$folder/$name-again.png" || {
    echo "the same script gave two different pictures"
    exit 1
}
rm "$folder/$name-again.png"
[ -z "${NMFIMG_TAKE_PICTURES:-}" ] || cp "$new" "$old"
[ -e "$old" ] || { echo "$old is still to be taken"; exit 77; }
"$compare" "$new" "$old"

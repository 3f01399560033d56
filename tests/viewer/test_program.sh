#!/bin/sh
# The viewer in a real window, on a display of its own, driven by mouse and
# keyboard: what a person does in the first minute. Its title tells what it has
# come to.
#
#     test_program.sh VIEWER
#
# Skipped (77) without Xvfb or xdotool.
set -u
viewer=$1

command -v Xvfb >/dev/null 2>&1 && command -v xdotool >/dev/null 2>&1 || {
    echo "Xvfb or xdotool is not installed"
    exit 77
}

folder=$(mktemp -d)
server=
program=
finish() {
    [ -n "$program" ] && kill "$program" 2>/dev/null
    [ -n "$server" ] && kill "$server" 2>/dev/null
    rm -rf "$folder"
}
trap finish EXIT

fail() {
    echo "FAILED: $*"
    echo "title: $(title)"
    cat "$folder/stderr"
    exit 1
}

# The server chooses a free display and writes its number.
Xvfb -displayfd 3 -screen 0 1400x900x24 3>"$folder/display" 2>/dev/null &
server=$!
for _ in $(seq 100); do
    [ -s "$folder/display" ] && break
    sleep 0.1
done
[ -s "$folder/display" ] || { echo "Xvfb does not start"; exit 77; }
DISPLAY=:$(cat "$folder/display")
export DISPLAY

title() { xdotool getwindowname "$window" 2>/dev/null; }

# Wait until the title matches; minutes only where the machine is very busy.
expect() {
    for _ in $(seq 600); do
        case "$(title)" in
        $1) return ;;
        esac
        kill -0 "$program" 2>/dev/null || fail "the program ended before '$1'"
        sleep 0.1
    done
    fail "the title is not '$1'"
}

iteration() { title | sed -n 's/.*iteration \([0-9]*\).*/\1/p'; }

window=
"$viewer" @faces -k 16 --paused --window 1280x800 2>"$folder/stderr" &
program=$!
window=$(timeout 60 xdotool search --sync --onlyvisible --name nmfimg |
    head -n 1)
[ -n "$window" ] || fail "no window appears"
xdotool windowfocus --sync "$window"

expect "@faces: 16 parts, iteration 0, paused - nmfimg"

# Keyboard: one iteration, run, pause, more parts.
xdotool key period
expect "@faces: 16 parts, iteration 1, *"
xdotool key space
expect "@faces: 16 parts, iteration [1-9][0-9]*"
xdotool key plus
expect "@faces: 17 parts, *"
xdotool key r
xdotool key space
sleep 0.5

# Mouse: press Run where it is, and resize the window; both must leave the
# program as alive as it was.
xdotool mousemove --window "$window" 300 400 click 1
xdotool mousemove --window "$window" 900 250 click 4
xdotool mousemove --window "$window" 900 250 click 5
xdotool mousemove --window "$window" 900 200 mousedown 1
xdotool mousemove --window "$window" 940 230 mouseup 1
xdotool windowsize --sync "$window" 1000 700
xdotool windowsize --sync "$window" 1300 850
xdotool key n
xdotool key question
xdotool key Escape
xdotool key w
xdotool key minus
expect "@faces: 16 parts, *"

# It ends when asked to, while it learns.
xdotool key R
expect "@faces: 16 parts, iteration *"
before=$(date +%s%N)
xdotool key q
wait "$program"
status=$?
echo "quit after $((($(date +%s%N) - before) / 1000000)) ms, status $status"
program=
[ "$status" -eq 0 ] || fail "status $status"
[ ! -s "$folder/stderr" ] || fail "something was said"
exit 0

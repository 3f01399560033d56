# shellcheck shell=sh
# Shell functions for the lines of the cases; read by run_case.sh.

# A grey picture of WxH whose pixels depend on the seed: pgm FILE W H SEED
pgm() {
    awk -v w="$2" -v h="$3" -v seed="$4" 'BEGIN {
        printf "P2\n%d %d\n255\n", w, h
        for (i = 0; i < w * h; i++) {
            printf "%d\n", (i * i * (seed + 3) + 7 * i * seed + 40) % 256
        }
    }' >"$1"
}

# A folder of N such pictures: pgms FOLDER N W H
pgms() {
    mkdir -p "$1"
    number=1
    while [ "$number" -le "$2" ]; do
        pgm "$1/face$number.pgm" "$3" "$4" "$number"
        number=$((number + 1))
    done
}

# A black picture: black FILE W H
black() {
    awk -v w="$2" -v h="$3" 'BEGIN {
        printf "P2\n%d %d\n255\n", w, h
        for (i = 0; i < w * h; i++) {
            print 0
        }
    }' >"$1"
}

# The keys of a JSON object on standard input, in order, one a line
json_keys() {
    sed -n 's/^	"\([a-z_A-Z]*\)":.*/\1/p'
}

# The value of a key of a JSON object on standard input: json_value KEY
json_value() {
    sed -n 's/^	"'"$1"'":	\(.*[^,]\),\{0,1\}$/\1/p'
}

# The header of a NPY file, which is text: npy_header FILE
npy_header() {
    head -c 128 "$1" | tail -c +11 | tr -d '\n' | sed 's/ *$//'
    echo
}

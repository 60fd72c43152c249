# Progress and errors, on stderr: stdout belongs to the commands.

BEGAN=$(date +%s)

say() {
    # A closed terminal must not break the stopping that follows.
    printf '[%3d s] %s\n' $(($(date +%s) - BEGAN)) "$*" >&2 || :
}

fail() {
    printf '%s\n' "$*" >&2 || :
    exit 1
}

short_hash() {
    printf '%s' "$1" | sha256sum | cut -c1-12
}

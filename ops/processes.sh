# What is started here ends here: Ctrl-C, TERM and HUP leave nothing behind.

CHILDREN=
STEP=
STATUS=0
TEMPORARY=
CLAIM=
READY=

# Background commands of sh lose their stdin and ignore Ctrl-C; descriptor 3 and `env` give both back.
if [ -e /proc/self/fd/0 ]; then exec 3<&0; else exec 3</dev/null; fi

watch_signals() {
    trap 'finish INT 130' INT
    trap 'finish TERM 143' TERM
    trap 'finish HUP 129' HUP
    trap 'finish EXIT $?' EXIT
}

is_running() {
    kill -0 "$1" 2>/dev/null
}

has_ended() {
    seconds=$2
    while is_running "$1"; do
        [ "$seconds" -gt 0 ] || return 1
        seconds=$((seconds - 1))
        sleep 1
    done
}

# In the background, so that a signal is answered at once and not when the command ends.
begin() {
    env --default-signal=INT "$@" <&3 3<&- &
    STEP=$!
}

end() {
    STATUS=0
    wait "$STEP" || STATUS=$?
    STEP=
}

attempt() {
    begin "$@"
    end
}

step() {
    attempt "$@"
    [ "$STATUS" = 0 ] || fail "Failed: $*"
}

# A session of its own: Ctrl-C reaches only ./dev, which stops its children in order,
# and a child's own children belong to its group. pdeathsig covers ./dev being killed with -9.
start() {
    name=$1
    shift
    setsid setpriv --pdeathsig TERM "$@" </dev/null 3<&- &
    CHILDREN="$CHILDREN $!:$name"
}

check_children() {
    for child in $CHILDREN; do
        is_running "${child%%:*}" || stopped_by_itself "$child"
    done
    check_cluster
    pause 0.5
}

# Not in the foreground: a signal would wait for it.
pause() {
    sleep "$1" &
    wait $! || :
}

watch_children() {
    READY=1
    while :; do
        check_children
    done
}

await_children() {
    begin "$@"
    while is_running "$STEP"; do
        check_children
    done
    end
    [ "$STATUS" = 0 ] || fail "Failed: $*"
}

# A server or a worker that does not even get ready was told something wrong: a person must mend it.
stopped_by_itself() {
    STATUS=0
    wait "${1%%:*}" || STATUS=$?
    [ -n "$READY" ] || [ "${1#*:}" = planner ] ||
        fail "The ${1#*:} ended by itself (status $STATUS); stopping the rest."
    restart "$1"
}

# The others go on meanwhile: without a planner the server says how old the last arrays are.
restart() {
    say "The ${1#*:} ended by itself (status $STATUS); starting it again in a second"
    forget "$1"
    pause 1
    "start_${1#*:}"
}

forget() {
    others=
    for other in $CHILDREN; do
        [ "$other" = "$1" ] || others="$others $other"
    done
    CHILDREN=$others
}

stop_step() {
    [ -n "$STEP" ] && is_running "$STEP" || return 0
    # After Ctrl-C the terminal has told it already, and a second INT would cut its clean-up short.
    [ "$1" = INT ] || kill -INT "$STEP" 2>/dev/null || :
    has_ended "$STEP" 10 || kill -TERM "$STEP" 2>/dev/null || :
    has_ended "$STEP" 5 || kill -KILL "$STEP" 2>/dev/null || :
}

stop_children() {
    for child in $CHILDREN; do
        kill -TERM "-${child%%:*}" 2>/dev/null || :
    done
    for child in $CHILDREN; do
        has_ended "${child%%:*}" 10 || say "The ${child#*:} did not stop in time"
        kill -KILL "-${child%%:*}" 2>/dev/null || :
    done
    CHILDREN=
}

finish() {
    trap '' INT TERM HUP
    trap - EXIT
    set +e
    stop_step "$1"
    [ -z "$CHILDREN" ] || say "Stopping"
    stop_children
    stop_cluster
    allow_services
    [ -z "$CLAIM" ] || rm -f "$CLAIM"
    [ -z "$TEMPORARY" ] || rm -rf "$TEMPORARY"
    exit "$2"
}

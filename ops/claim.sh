# One ./dev up for each state folder and its database: a second one would swap the city of the first.

# A process id may name a stranger later; with the moment of its start it names one process.
started_at() {
    cut -d ' ' -f 3,22 "/proc/$1/stat" 2>/dev/null | sed -n 's/^[^XZ] //p'
}

# Whoever listens on every address is found on this machine's own.
shown_host() {
    case $HOST in
    0.0.0.0 | ::) echo 127.0.0.1 ;;
    *:*) echo "[$HOST]" ;;
    *) echo "$HOST" ;;
    esac
}

claim() {
    exec 9>"$1.lock"
    flock 9
    if [ -f "$1.up" ] && read -r pid began place <"$1.up" && [ "$(started_at "$pid")" = "$began" ]; then
        fail "Another ./dev up of this checkout is running (pid $pid, $place), on the same database. Ways out:
  - stop it: Ctrl-C in its terminal, or kill $pid
  - change its city on purpose: ./dev run nigemichi city load FILE
  - give this one a database of its own: DATABASE_URL=postgresql+psycopg://... ./dev up --port PORT"
    fi
    CLAIM=$1.up
    printf '%s %s %s\n' $$ "$(started_at $$)" "${SCHEME:-http}://$(shown_host):$PORT" >"$CLAIM"
    exec 9>&-
}

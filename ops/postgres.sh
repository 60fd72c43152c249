# A private PostGIS: a unix socket in a directory of our own, no TCP port, never the system's cluster.

MEMORY=/dev/shm/nigemichi-$(id -u)

CLUSTER=
CLUSTER_OPTIONS=
SOCKETS=
JOINED=
DOWN=
DUE=0

# Not below the checkout or a home as root: the user postgres could not enter a home of mode 0700.
choose_house() {
    HOUSE_NAME=$(short_hash "$ROOT")
    if [ "$(id -u)" = 0 ]; then
        HOUSE=/var/lib/nigemichi/$HOUSE_NAME
    else
        HOUSE=${XDG_STATE_HOME:-${HOME:-/nonexistent}/.local/state}/nigemichi/$HOUSE_NAME
        mkdir -p "$HOUSE" 2>/dev/null && [ -w "$HOUSE" ] ||
            { own_temporary_directory; HOUSE=$OWN_TEMPORARY/$HOUSE_NAME; }
    fi
    mkdir -p "$HOUSE"
    HOUSE=$(cd "$HOUSE" && pwd -P)
}

own_temporary_directory() {
    OWN_TEMPORARY=/tmp/nigemichi-$(id -u)
    mkdir -p -m 700 "$OWN_TEMPORARY"
    [ -O "$OWN_TEMPORARY" ] && [ ! -L "$OWN_TEMPORARY" ] || fail "$OWN_TEMPORARY belongs to somebody else."
}

# Whether there is plenty of memory for files that nobody keeps, and programs may be run from there.
has_memory() {
    available=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo 2>/dev/null)
    free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
    [ "${available:-0}" -ge 10000000 ] && [ "${free:-0}" -ge 10000000 ] || return 1
    # PostgreSQL as its own user passes through it.
    mkdir -p -m 711 "$MEMORY" 2>/dev/null && [ -O "$MEMORY" ] && [ ! -L "$MEMORY" ] || return 1
    printf '#!/bin/sh\n' >"$MEMORY/$$" && chmod 700 "$MEMORY/$$" || return 1
    "$MEMORY/$$" 2>/dev/null && runs=1 || runs=
    rm -f "$MEMORY/$$"
    [ -n "$runs" ]
}

has_postgis() {
    for control in "$1/../share/extension" "/usr/share/postgresql/$(basename "$(dirname "$1")")/extension"; do
        [ -f "$control/postgis.control" ] && return 0
    done
    return 1
}

find_postgres() {
    for POSTGRES in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) "$(pg_config --bindir 2>/dev/null)"; do
        [ -x "$POSTGRES/initdb" ] && has_postgis "$POSTGRES" && return 0
    done
    return 1
}

install_postgis() {
    find_postgres && return 0
    may_install || cannot_install "PostgreSQL with PostGIS"
    # Debian would start a cluster of its own on port 5432.
    dropin=/etc/postgresql-common/createcluster.d/nigemichi.conf
    as_root mkdir -p "$(dirname "$dropin")"
    echo "create_main_cluster = false" | as_root tee "$dropin" >/dev/null
    (install_packages postgresql-postgis) || broken=1
    as_root rm -f "$dropin"
    [ -z "${broken:-}" ] || exit 1
    find_postgres || fail "PostgreSQL with PostGIS was installed but is not in /usr/lib/postgresql."
}

# PostgreSQL refuses to run as root. Its tools warn about a working directory they cannot read.
as_postgres() (
    cd "$CLUSTER" || exit 1
    if [ "$(id -u)" = 0 ]; then
        exec setpriv --reuid=postgres --regid=postgres --init-groups env LC_ALL=C.UTF-8 "$@"
    fi
    exec env LC_ALL=C.UTF-8 "$@"
)

private_directory() {
    mkdir -p -m 700 "$1"
    [ "$(id -u)" != 0 ] || chown postgres: "$1"
}

# A socket's path may have 107 bytes, and it goes into a URL and a command line unquoted.
choose_sockets() {
    SOCKETS=$CLUSTER/run
    case $SOCKETS in *[!A-Za-z0-9/._-]*) unfit=1 ;; *) unfit= ;; esac
    [ -z "$unfit" ] && [ ${#SOCKETS} -le 80 ] && return 0
    own_temporary_directory
    SOCKETS=$OWN_TEMPORARY/$(short_hash "$CLUSTER")
}

query() {
    PGCONNECT_TIMEOUT=5 "$POSTGRES/psql" -X -q -A -t -h "$SOCKETS" -U postgres "$@"
}

is_answering() {
    query -d postgres -c "select 1" >/dev/null 2>&1
}

# As postgres: in a container not even root may read where another user's process sits.
cluster_processes() {
    as_postgres find /proc -mindepth 2 -maxdepth 2 -name cwd -lname "$CLUSTER/data" 2>/dev/null
}

# After a kill -9 or a lost container the pid file may name a stranger, and PostgreSQL would then refuse to start.
# Its own processes sit in the data directory: when none does, the file is stale.
clear_stale_pid() {
    seconds=$1
    while [ -n "$(cluster_processes)" ]; do
        is_answering && return 0
        [ "$seconds" -gt 0 ] || fail "PostgreSQL in $CLUSTER/data neither answers nor ends. See $CLUSTER/data/server.log"
        seconds=$((seconds - 1))
        sleep 1
    done
    as_postgres rm -f "$CLUSTER/data/postmaster.pid" "$SOCKETS/.s.PGSQL.5432.lock"
}

create_cluster() {
    [ ! -f "$CLUSTER/data/PG_VERSION" ] || return 0
    rm -rf "$CLUSTER/data.new" "$CLUSTER/data"
    private_directory "$CLUSTER/data.new"
    as_postgres "$POSTGRES/initdb" -D "$CLUSTER/data.new" -U postgres -A trust -E UTF8 --locale=C.UTF-8 \
        --no-instructions >"$CLUSTER/initdb.log" 2>&1 || { cat "$CLUSTER/initdb.log" >&2; fail "initdb failed."; }
    mv "$CLUSTER/data.new" "$CLUSTER/data"
}

match_version() {
    version=$(cat "$CLUSTER/data/PG_VERSION")
    case $("$POSTGRES/postgres" --version) in *" $version"[.\ b]*) return 0 ;; esac
    POSTGRES=/usr/lib/postgresql/$version/bin
    [ -x "$POSTGRES/postgres" ] ||
        fail "$CLUSTER/data was made by PostgreSQL $version. Install postgresql-$version-postgis-3, or delete $CLUSTER/data"
}

# mmap: /dev/shm may be missing or tiny in a container.
launch_postgres() {
    as_postgres "$POSTGRES/pg_ctl" start -s -w -t "$1" -D "$CLUSTER/data" -l "$CLUSTER/data/server.log" -o "\
        -c listen_addresses= -c unix_socket_directories=$SOCKETS -c unix_socket_permissions=0700 -c port=5432 \
        -c dynamic_shared_memory_type=mmap -c max_connections=200 -c log_min_messages=warning $CLUSTER_OPTIONS" \
        3<&- 9>&-
}

start_postgres() {
    launch_postgres 60 || { tail -n 20 "$CLUSTER/data/server.log" >&2; fail "PostgreSQL did not start."; }
}

# Several ./dev may share the cluster: the last one stops it, and one that was killed no longer counts.
join_cluster() {
    CLUSTER=$1
    mkdir -p "$CLUSTER/users"
    : >"$CLUSTER/users/$$"
    JOINED=1
}

other_users() {
    for user in "$CLUSTER/users"/*; do
        pid=${user##*/}
        [ "$pid" != $$ ] || continue
        if grep -qs dev "/proc/$pid/cmdline"; then echo "$pid"; else rm -f "$user"; fi
    done
}

start_cluster() {
    unset PGDATA PGHOST PGPORT PGUSER PGPASSWORD PGDATABASE PGOPTIONS PGSERVICE
    join_cluster "$1"
    choose_sockets
    # Two that start at once would make one directory twice, and take each other's pid file for stale.
    exec 9>"$CLUSTER/start.lock"
    flock 9
    private_directory "$SOCKETS"
    create_cluster
    match_version
    clear_stale_pid 30
    is_answering || start_postgres
    exec 9>&-
}

has_postmaster() {
    { read -r postmaster <"$CLUSTER/data/postmaster.pid"; } 2>/dev/null &&
        grep -qsF "$CLUSTER/data" "/proc/$postmaster/cmdline"
}

# At most every ten seconds, by a clock that nobody sets.
is_due() {
    read -r uptime _ </proc/uptime
    [ "${uptime%.*}" -ge "$DUE" ] || return 1
    DUE=$((${uptime%.*} + 10))
}

# In a subshell: a failure must not end ./dev up, whose server goes on from the last arrays.
# Whoever holds the lock is starting it already.
restart_postgres() (
    flock -w 2 9 || exit 0
    clear_stale_pid 3
    is_answering || launch_postgres 5
) 9>"$CLUSTER/start.lock" 2>/dev/null

revive_postgres() {
    [ -n "$DOWN" ] || say "PostgreSQL ended by itself; starting it again"
    DOWN=${DOWN:-ended}
    is_due || return 0
    if ! restart_postgres && ! has_postmaster && [ "$DOWN" != stuck ]; then
        say "PostgreSQL does not start; trying every 10 seconds. See $CLUSTER/data/server.log"
        DOWN=stuck
    fi
}

welcome_postgres() {
    [ -z "$DOWN" ] || say "PostgreSQL runs again"
    DOWN=
}

# Only a cluster of our own: a server that DATABASE_URL named was never joined.
check_cluster() {
    [ -n "$JOINED" ] || return 0
    [ -n "$DOWN" ] || ! has_postmaster || return 0
    if is_answering; then
        welcome_postgres
    elif ! has_postmaster; then
        revive_postgres
    fi
}

create_database() {
    [ -n "$(query -d postgres -c "select 1 from pg_database where datname = '$1'")" ] ||
        query -d postgres -c "create database $1 encoding 'UTF8' locale 'C.UTF-8' template template0"
}

database_url() {
    echo "postgresql+psycopg:///$1?host=$SOCKETS&user=postgres"
}

stop_postgres() {
    [ -n "$(cluster_processes)" ] || return 0
    as_postgres "$POSTGRES/pg_ctl" stop -s -m fast -t 30 -D "$CLUSTER/data" ||
        as_postgres "$POSTGRES/pg_ctl" stop -s -m immediate -D "$CLUSTER/data"
}

stop_cluster() {
    [ -n "$JOINED" ] || return 0
    rm -f "$CLUSTER/users/$$"
    [ -n "$(other_users)" ] || stop_postgres
}

remove_abandoned_clusters() {
    for CLUSTER in "$HOUSE"/test.* "$MEMORY/test-$HOUSE_NAME".*; do
        [ -d "$CLUSTER" ] && [ -z "$(other_users)" ] || continue
        ! find_postgres || stop_postgres
        rm -rf "$CLUSTER"
    done
}

# What has to be installed: Debian packages, Python, the virtual environment.

# libatomic1: the node that playwright brings along needs it.
TEST_PACKAGES="chromium chromium-headless-shell fonts-morisawa-bizud-gothic libatomic1 poppler-utils docker-compose
    nginx-light openssl redis-server"
BENCH_PACKAGES="nginx-light openssl nghttp2-client"
POLICY=

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

may_install() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] && return 0
    command -v sudo >/dev/null || return 1
    sudo -n true 2>/dev/null || [ -t 0 ]
}

cannot_install() {
    fail "Missing: $1. Installing it needs apt and root (or sudo). Two other ways:
  - set DATABASE_URL to a PostGIS database of your own, with Python 3.11 or newer and its venv module here, or
  - run it in containers: docker-compose up"
}

install_packages() {
    may_install || cannot_install "$*"
    say "Installing $*"
    log=$(mktemp)
    { apt_get update && apt_get install --no-install-recommends "$@"; } >"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; rm -f "$log"; fail "apt could not install $*"; }
    rm -f "$log"
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 "$@"
}

# Debian starts a service as its package is installed. Nobody asked for an nginx on port 80.
install_without_services() {
    file=/usr/sbin/policy-rc.d
    if [ ! -e "$file" ]; then
        POLICY=$file
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null
        as_root chmod 755 "$POLICY"
    fi
    install_packages "$@"
    allow_services
}

allow_services() {
    [ -z "$POLICY" ] || as_root rm -f "$POLICY"
    POLICY=
}

is_installed() {
    dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

install_tools() {
    missing=
    for package in "$@"; do
        is_installed "$package" || missing="$missing $package"
    done
    # shellcheck disable=SC2086
    [ -z "$missing" ] || install_without_services $missing
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for SYSTEM_PYTHON in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do
        is_new_enough "$SYSTEM_PYTHON" && return 0
    done
    fail "Nigemichi needs Python 3.11 or newer (Debian 12, Ubuntu 24.04)."
}

has_venv() {
    "$SYSTEM_PYTHON" -c 'import ensurepip, venv' 2>/dev/null
}

create_venv() {
    "$ROOT/.venv/bin/python" -c '' 2>/dev/null &&
        [ "$(cat "$ROOT/.venv/made-for" 2>/dev/null)" = "$ROOT" ] && return 0
    has_venv || install_packages python3-venv
    has_venv || fail "$SYSTEM_PYTHON has no venv module."
    say "Virtual environment"
    "$SYSTEM_PYTHON" -m venv --clear "$ROOT/.venv"
    printf '%s' "$ROOT" >"$ROOT/.venv/made-for"
}

is_stamped() {
    [ "$(cat "$ROOT/.venv/stamp-$1" 2>/dev/null)" = "$2" ]
}

stamp() {
    printf '%s' "$2" >"$ROOT/.venv/stamp-$1"
}

install_requirements() {
    wanted=$(sha256sum <"$ROOT/requirements/$1.txt")
    is_stamped "$1" "$wanted" && return 0
    say "Python packages: requirements/$1.txt"
    by_uv "$1" || by_pip "$1"
    stamp "$1" "$wanted"
}

# What is imported is compiled then; all of it would take as long again as to install it.
by_pip() {
    step "$ROOT/.venv/bin/python" -m pip install -qq --disable-pip-version-check --no-compile \
        --require-hashes -r "$ROOT/requirements/$1.txt"
}

# In ten seconds what takes pip a minute. Where pip was told its way to the packages, it alone knows it.
by_uv() {
    pip=$ROOT/.venv/bin/pip
    "$pip" config list | grep -qE '[.](index-url|no-index|proxy)=' && return 1
    [ -x "$ROOT/.venv/bin/uv" ] || attempt "$pip" install -qq --disable-pip-version-check \
        --require-hashes -r "$ROOT/requirements/uv.txt"
    [ -x "$ROOT/.venv/bin/uv" ] || return 1
    UV_HTTP_RETRIES=1 attempt "$ROOT/.venv/bin/uv" pip install -qq \
        --python "$ROOT/.venv/bin/python" --require-hashes -r "$ROOT/requirements/$1.txt"
    [ "$STATUS" = 0 ]
}

install_project() {
    wanted=$(sha256sum <"$ROOT/pyproject.toml")
    is_stamped project "$wanted" && return 0
    step "$ROOT/.venv/bin/python" -m pip install -qq --disable-pip-version-check \
        --no-index --no-deps --no-build-isolation -e "$ROOT"
    stamp project "$wanted"
}

install_python() {
    create_venv
    for requirements in "$@"; do
        install_requirements "$requirements"
    done
    install_project
}

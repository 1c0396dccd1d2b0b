#!/usr/bin/env bash
# Writes the two locks anew from pyproject.toml, with hashes and without the address of any package index:
#     .ci/lock.sh [--upgrade]
# Needs pip-tools: `.venv/bin/pip install pip-tools`. Run it with the oldest Python that is supported.
set -euo pipefail
cd "$(dirname "$0")/.."

compile() { # output file, further options
    local output=$1
    shift
    .venv/bin/pip-compile --quiet --generate-hashes --strip-extras --no-header \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options \
        --output-file "$output" "$@" pyproject.toml
    sed -i '1i # Written by .ci/lock.sh from pyproject.toml; do not edit.' "$output"
}

compile requirements.txt "$@"
# The second lock holds the first, version for version.
compile requirements-dev.txt --extra dev --constraint requirements.txt "$@"

#!/usr/bin/env bash
# Prints a command of README.md: the first line of the code block after the comment `<!-- command: NAME -->`.
#     .ci/readme-command.sh NAME
set -euo pipefail
cd "$(dirname "$0")/.."

line=$(awk -v marker="<!-- command: $1 -->" '
    $0 == marker { found = 1; next }
    found && /^```/ { if (inside) exit; inside = 1; next }
    inside { print; exit }
' README.md)
if [ -z "$line" ]; then
    echo "README.md has no code block after <!-- command: $1 -->." >&2
    exit 1
fi
printf '%s\n' "$line"

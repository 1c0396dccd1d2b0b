#!/usr/bin/env bash
# README's first command, as it stands there, in a copy of the project without anything that a run leaves behind. It
# serves on port 8000 until it is stopped.
set -euo pipefail
cd "$(dirname "$0")/.."

command=$(.ci/readme-command.sh demo)
project=$PWD
copy=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill -- "-$server" 2>/dev/null || true
    rm -rf "$copy"
}
trap finish EXIT

tar --create --exclude=./.git --exclude=./.venv --exclude='./db.sqlite3*' --exclude=./media --exclude=./staticfiles . |
    tar --extract --directory "$copy"
cd "$copy"
printf '%s\n' "$command"
set -m # a group of its own, which can be stopped as a whole
bash -c "$command" >"$copy/log" 2>&1 &
server=$!
set +m

for address in / /statements/ /demands/ /measures/ /organisations/ /sources/ /admin/login/ /readyz; do
    if ! python3 "$project/.ci/ask.py" "http://localhost:8000$address" --within 300 >/dev/null; then
        cat "$copy/log" >&2
        exit 1
    fi
    printf 'Served: %s\n' "$address"
    kill -0 "$server" # still running, and not somebody else on that port
done
python3 "$project/.ci/ask.py" http://localhost:8000/static/statements/site.css >/dev/null
python3 "$project/.ci/ask.py" http://localhost:8000/statements/no-such/ --status 404 | grep 'site.css' >/dev/null
printf 'What is not there is said in the look of the site.\n'

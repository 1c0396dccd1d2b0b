#!/usr/bin/env bash
# What Containerfile and compose.yaml do, step by step and without containers: install, collect the static files,
# migrate, serve with the image's own command, ask, stop. DATABASE_URL names an empty database.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${DATABASE_URL:?Set DATABASE_URL, or run: .venv/bin/python -m tests.postgres .ci/container.sh}"

project=$PWD
work=$(mktemp -d)
server=
finish() {
    if [ -n "$server" ]; then
        kill "$server" 2>/dev/null || true
        cat "$work/log" >&2
    fi
    rm -rf "$work"
}
trap finish EXIT

# The image's files are those that .dockerignore keeps.
mkdir "$work/site" "$work/media"
sed -n 's/^!//p' .dockerignore | sed 's,/$,,' | xargs -I '{}' cp -R '{}' "$work/site/"
cd "$work/site"

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --require-hashes --requirement requirements.txt
PATH="$work/venv/bin:$PATH"

set -a
. "$project/.ci/production.env"
set +a
export DATABASE_URL MEDIA_ROOT="$work/media" STATIC_ROOT="$work/static" WEB_CONCURRENCY=2
python manage.py collectstatic --noinput
python manage.py migrate --noinput --verbosity 0
python manage.py check --deploy --fail-level WARNING --database default

port=$(python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mapfile -t command < <(
    python - "$project/Containerfile" "$port" <<'PYTHON'
import json, sys
from pathlib import Path
[line] = [line for line in Path(sys.argv[1]).read_text().splitlines() if line.startswith("CMD ")]
print("\n".join(json.loads(line.removeprefix("CMD "))).replace("0.0.0.0:8000", f"127.0.0.1:{sys.argv[2]}"))
PYTHON
)
printf 'Serving: %s\n' "${command[*]}"
"${command[@]}" >"$work/log" 2>&1 &
server=$!

site=http://127.0.0.1:$port
ask() { # address, further options
    python "$project/.ci/ask.py" "$site$1" --header "Host: $ALLOWED_HOSTS" "${@:2}"
}
ask /healthz --within 60
ask /readyz
ask /admin/login/ --status 301 >/dev/null
page=$(ask /admin/login/ --header "X-Forwarded-Proto: https")
style=$(grep -o '/static/admin/css/base\.[0-9a-f]*\.css' <<<"$page" | head -n 1)
ask "$style" --header "X-Forwarded-Proto: https" >/dev/null
python "$project/.ci/ask.py" "$site/readyz" --header "Host: elsewhere.example.org" --status 400 >/dev/null
echo "Pages and static files are served; http is redirected; other host names are refused."

kill "$server"
wait "$server"
server=
echo "Stopped when asked."

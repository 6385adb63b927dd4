#!/usr/bin/env bash
# oss2 and alibabacloud-oss-v2, installed from the registry into an environment of their own.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=$CLIENTS_DIR/venv

[[ -x $venv/bin/python ]] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$here/main.py" "$@"

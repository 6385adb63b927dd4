#!/usr/bin/env bash
# ali-oss, installed from the registry as the lock file says.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
modules=$CLIENTS_DIR/npm

mkdir -p "$modules"
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$modules/"
npm install --prefix "$modules" --prefer-offline --no-save --loglevel=error
NODE_PATH=$modules/node_modules node "$here/main.js" "$@"

#!/usr/bin/env bash
# What the paths of this machine are called in what is shipped, a line for each; the last one that fits counts.
set -euo pipefail
printf '%s\n' "$PWD=/ossup" "$OSSUP_CROSS_HOME/rustc/usr/src=/usr/src"
for registry in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*; do echo "$registry=/registry"; done

#!/usr/bin/env bash
# What reads records and resume tokens, against bytes that a fuzzer makes up. Needs cargo-fuzz and a nightly compiler.
# Usage: fuzz.sh SECONDS, which each target gets
set -euo pipefail
cd "$(dirname "$0")/.."

for target in journal token; do
    mkdir -p "fuzz/corpus/$target"
    # What is found new goes into the corpus; what the project keeps is in the seeds.
    cargo +nightly fuzz run "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- -max_total_time="$1" -max_len=4096
done

#!/usr/bin/env bash
# The record's decoder against bytes that a fuzzer makes up. Needs cargo-fuzz and a nightly compiler.
# Usage: fuzz.sh SECONDS
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p fuzz/corpus/journal
# What is found new goes into the corpus; what the project keeps is in the seeds.
cargo +nightly fuzz run journal fuzz/corpus/journal fuzz/seeds/journal -- -max_total_time="$1" -max_len=4096

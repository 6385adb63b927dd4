#!/usr/bin/env bash
# The library for Windows, run under Wine with the tests in Rust: its own and whole uploads. The DLL and programs that use it:
# scripts/test-cross.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
# The stand-in is on this machine, whatever proxy the environment names.
export no_proxy=127.0.0.1,localhost NO_PROXY=127.0.0.1,localhost
target=x86_64-pc-windows-gnu
name=${target//-/_}
export OSSUP_CROSS_HOME=${OSSUP_CROSS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/ossup-cross}

scripts/cross-setup.sh "$target"
# shellcheck source=/dev/null
. "$OSSUP_CROSS_HOME/$target.env"
export RUSTC=$OSSUP_CROSS_HOME/rustc/bin/rustc CARGO_BUILD_TARGET=$target
export "CARGO_TARGET_${name^^}_LINKER=$CC" "CARGO_TARGET_${name^^}_RUNNER=$OSSUP_TEST_RUNNER" "CC_$name=$CC"
# Another compiler than the one that builds for this machine, so a folder of its own. A dozen programs are linked, and
# nobody steps through them.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/windows CARGO_PROFILE_DEV_DEBUG=0
scripts/cross/renew.sh "$target" "$CARGO_TARGET_DIR"

uploads=(resume records record_torture recovery tokens many_parts upload faults uncertain options credentials transport trust)
# Wine has no way to trust the system and further authorities at once: what needs it is left out, by name.
beyond_wine=(
    https_with_a_ca_of_the_callers
    a_refusal_before_the_body_was_read_is_heard
    a_private_authority_is_trusted_when_it_is_given
    a_text_may_begin_with_a_byte_order_mark
    bad_certificates_are_final_and_told_apart
)
cargo test --lib "${uploads[@]/#/--test=}" -- "${beyond_wine[@]/#/--skip=}"

#!/usr/bin/env bash
# Cargo's wrapper around the compiler: no path of this machine gets into what is shipped, nor into what runs at a build and
# leaves traces there. OSSUP_PATHS has the paths, each on a line with the name that is given to it.
#
# OSSUP_LINKER links for the target. Were cargo told, it would link this machine's own parts with it where that is the target,
# and build them anew for each other one.
readarray -t paths <<<"$OSSUP_PATHS"
arguments=("${paths[@]/#/--remap-path-prefix=}")
case " $* " in *" --target "*) if [ -n "${OSSUP_LINKER:-}" ]; then arguments+=("-Clinker=$OSSUP_LINKER"); fi ;; esac
case " $* " in *" --target x86_64-pc-windows-gnu "*) arguments+=("-Cdlltool=$(dirname "$0")/dlltool.sh") ;; esac
exec "$@" "${arguments[@]}"

#!/usr/bin/env bash
# Cargo's wrapper around the compiler: no path of this machine gets into what is shipped, nor into what runs at a build and
# leaves traces there. OSSUP_PATHS has the paths, each on a line with the name that is given to it.
readarray -t paths <<<"$OSSUP_PATHS"
exec "$@" "${paths[@]/#/--remap-path-prefix=}"

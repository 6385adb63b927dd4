# To be sourced by a script that has `fail`.

# field NAME LINE: the value of a field in one line of flat JSON.
field() {
    local rest=${2#*\""$1"\":}
    [ "$rest" != "$2" ] || fail "no field '$1' in: $2"
    rest=${rest%%[,\}]*}
    rest=${rest#\"}
    printf '%s' "${rest%\"}"
}

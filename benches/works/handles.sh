# What an upload handle costs that is made and freed: instructions, as callgrind counts them.
begin handles

# instructions NUMBER: those of the whole program.
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$programs/ossup-handles" "$1" 2>&1 |
        sed -n 's/.*Collected : //p'
}

if command -v valgrind >/dev/null; then
    few=$(instructions 1000) many=$(instructions 11000)
    printf 'An upload handle is made and freed in %d instructions.\n' $(((many - few) / 10000)) >>"$page"
else
    [ "${CI:-}" != true ] || fail "no valgrind, for the instructions of a handle"
    echo 'The instructions of a handle could not be counted: no valgrind.' >>"$page"
fi
finish

# What code and constants belong to, largest first, from `nm --size-sort --radix=d --demangle`.

# The crate that a symbol is of: that of the type, for what belongs to a type.
function crate_of(symbol) {
    if (symbol ~ /ring_core_|^(p256_|p384_|ecp_nistz|x25519_|fiat_|bn_|sha256_|sha512_|aes_|gcm_|chacha20_|vpaes_|fe_|ge_)/) return "ring"
    sub(/^core::ptr::drop_in_place/, "", symbol)
    gsub(/^[<&*(\[]+|(dyn|mut|const) /, "", symbol)
    sub(/(::|<| |\(|>|\.).*/, "", symbol)
    return symbol
}

NF >= 3 {
    symbol = $0
    sub(/^[0-9]+ [^ ]+ /, "", symbol)
    size[crate_of(symbol)] += $1
    all += $1
}

END {
    print "\n| crate | bytes of code and constants |"
    print "|---|--:|"
    rest = all
    for (rows = 0; rows < 16; rows++) {
        largest = ""
        for (name in size) if (largest == "" || size[name] > size[largest]) largest = name
        printf "| %s | %d |\n", largest, size[largest]
        rest -= size[largest]
        delete size[largest]
    }
    printf "| all others | %d |\n", rest
}

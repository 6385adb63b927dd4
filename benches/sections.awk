# The sections of a library, largest first, from `size -A -d`.

$1 ~ /^\./ && $2 >= 10000 { size[$1] = $2 }

END {
    print "| section | bytes |"
    print "|---|--:|"
    while (length(size) > 0) {
        largest = ""
        for (name in size) if (largest == "" || size[name] > size[largest]) largest = name
        printf "| `%s` | %d |\n", largest, size[largest]
        delete size[largest]
    }
}

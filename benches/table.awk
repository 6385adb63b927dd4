# Makes a Markdown table of results: the given `columns`, of which those that end in / are ratios to the program `base`.

function head(column) {
    if (column ~ /\/$/) return "÷ " base
    return titles[column]
}

function cell(row, column,    value, format) {
    if (column ~ /\/$/) {
        if (program[row] == base) return "1"
        value = ratio(row, work[row] SUBSEP base, substr(column, 1, length(column) - 1))
        return value == "" ? "-" : sprintf("%.2f", value)
    }
    value = typical(row, column)
    return value == "" ? "-" : sprintf(formats[column], value)
}

function define(column, title, format) {
    titles[column] = title
    formats[column] = format
}

BEGIN {
    define("wall", "wall s", "%.2f")
    define("cpu", "CPU s/GiB", "%.2f")
    define("user", "user", "%.2f")
    define("sys", "sys", "%.2f")
    define("server", "server's CPU", "%.2f")
    define("goodput", "MiB/s", "%.2f")
    define("each", "CPU ms/object", "%.3f")
    define("rss", "peak RSS MiB", "%.1f")
    define("requests", "requests", "%d")
    define("record", "record KiB", "%.0f")
    count = split(columns, chosen, " ")
}

END {
    printf "Medians of %d rounds, %d cores.\n\n", most_rounds, cores
    line = "| work | program |"
    rule = "|---|---|"
    for (i = 1; i <= count; i++) {
        line = line " " head(chosen[i]) " |"
        rule = rule "--:|"
    }
    print line "\n" rule
    for (i = 1; i <= rows; i++) {
        line = "| " work[order[i]] " | " program[order[i]] " |"
        for (j = 1; j <= count; j++) line = line " " cell(order[i], chosen[j]) " |"
        print line
    }
}

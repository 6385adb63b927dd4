# What table.awk and plot.awk share: reads the lines of JSON that lib.sh writes, into cost[row, name, round]. A row is a
# program in a work; rounds[row] is how many it had.

function text_of(name) {
    if (!match($0, "\"" name "\":\"[^\"]*\"")) return ""
    return substr($0, RSTART + length(name) + 4, RLENGTH - length(name) - 5)
}

function number_of(name) {
    if (!match($0, "\"" name "\":-?[0-9.]+")) return ""
    return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) + 0
}

# The median of list[1..count], which it sorts.
function median(list, count,    i, j, moved) {
    for (i = 2; i <= count; i++) {
        moved = list[i]
        for (j = i - 1; j > 0 && list[j] > moved; j--) list[j + 1] = list[j]
        list[j + 1] = moved
    }
    return count % 2 ? list[(count + 1) / 2] : (list[count / 2] + list[count / 2 + 1]) / 2
}

# The median of a row's rounds; nothing where the row has no such cost.
function typical(row, name,    list, round) {
    for (round = 1; round <= rounds[row]; round++) {
        if (cost[row, name, round] == "") return ""
        list[round] = cost[row, name, round]
    }
    return median(list, rounds[row])
}

# The median of the ratios to another row, each within a round.
function ratio(row, to, name,    list, round) {
    if (!(to in work)) return ""
    for (round = 1; round <= rounds[row]; round++) {
        if (!cost[to, name, round]) return ""
        list[round] = cost[row, name, round] / cost[to, name, round]
    }
    return median(list, rounds[row])
}

{
    row = text_of("work") SUBSEP text_of("program")
    if (!(row in work)) order[++rows] = row
    work[row] = text_of("work")
    program[row] = text_of("program")
    round = number_of("round")
    rounds[row] = round
    if (round > most_rounds) most_rounds = round
    gib = number_of("bytes") / 1073741824
    objects = number_of("objects")
    cost[row, "wall", round] = number_of("wall_s")
    cost[row, "user", round] = number_of("user_s") / gib
    cost[row, "sys", round] = number_of("sys_s") / gib
    cost[row, "cpu", round] = cost[row, "user", round] + cost[row, "sys", round]
    cost[row, "server", round] = number_of("server_s") / gib
    cost[row, "goodput", round] = gib * 1024 / cost[row, "wall", round]
    cost[row, "each", round] = (number_of("user_s") + number_of("sys_s")) * 1000 / objects
    cost[row, "rss", round] = number_of("peak_rss_kib") / 1024
    cost[row, "requests", round] = number_of("requests")
    record = number_of("record_bytes")
    cost[row, "record", round] = record == "" ? "" : record < 0 ? 0 : record / 1024
}

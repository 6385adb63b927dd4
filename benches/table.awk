# Makes a Markdown table of the lines of JSON that run.sh writes: medians, and medians of the ratios to `raw` in the
# same round.

function text_of(name) {
    if (!match($0, "\"" name "\":\"[^\"]*\"")) return ""
    return substr($0, RSTART + length(name) + 4, RLENGTH - length(name) - 5)
}

function number_of(name) {
    if (!match($0, "\"" name "\":[0-9.]+")) return 0
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

function typical(row, name,    list, round) {
    for (round = 1; round <= runs; round++) list[round] = cost[row, name, round]
    return median(list, runs)
}

function ratio(row, name) {
    return ratio_to(work[row] SUBSEP "raw", row, name)
}

function ratio_to(base, row, name,    list, round) {
    if (row == base) return "1"
    for (round = 1; round <= runs; round++) {
        if (cost[base, name, round] == 0) return "-"
        list[round] = cost[row, name, round] / cost[base, name, round]
    }
    return sprintf("%.2f", median(list, runs))
}

{
    row = text_of("work") SUBSEP text_of("program")
    if (!(row in work)) order[++rows] = row
    work[row] = text_of("work")
    program[row] = text_of("program")
    round = number_of("round")
    gib = number_of("bytes") / 1073741824
    cost[row, "wall", round] = number_of("wall_s")
    cost[row, "user", round] = number_of("user_s") / gib
    cost[row, "sys", round] = number_of("sys_s") / gib
    cost[row, "cpu", round] = cost[row, "user", round] + cost[row, "sys", round]
    cost[row, "server", round] = number_of("server_s") / gib
    cost[row, "rss", round] = number_of("peak_rss_kib") / 1024
}

END {
    printf "%d parts at a time, %d cores, medians of %d rounds; CPU in seconds per GiB.\n\n", task_num, cores, runs
    print "| work | program | wall s | ÷ raw | CPU | ÷ raw | user | sys | peak RSS MiB | server's CPU |"
    print "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for (i = 1; i <= rows; i++) {
        row = order[i]
        printf "| %s | %s | %.2f | %s | %.2f | %s | %.2f | %.2f | %.1f | %.2f |\n", work[row], program[row],
            typical(row, "wall"), ratio(row, "wall"), typical(row, "cpu"), ratio(row, "cpu"), typical(row, "user"),
            typical(row, "sys"), typical(row, "rss"), typical(row, "server")
    }
    print "\nWhat the record costs, as ratios of ossup to ossup without one in the same round:\n"
    print "| work | wall | CPU |"
    print "|---|--:|--:|"
    for (i = 1; i <= rows; i++) {
        row = order[i]
        bare = work[row] SUBSEP "ossup, no record"
        if (program[row] == "ossup" && bare in work) {
            printf "| %s | %s | %s |\n", work[row], ratio_to(bare, row, "wall"), ratio_to(bare, row, "cpu")
        }
    }
}

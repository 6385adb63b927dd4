# Makes a Markdown table of the caps that works are named for, and the rates that came of them.

END {
    printf "Medians of %d rounds, %d cores.\n\n", most_rounds, cores
    print "| cap | MiB/s | ÷ cap | furthest off | CPU s/GiB |\n|---|--:|--:|--:|--:|"
    for (i = 1; i <= rows; i++) {
        row = order[i]
        cap = work[row] / 1048576
        furthest = 1
        for (round = 1; round <= rounds[row]; round++) {
            part = cost[row, "goodput", round] / cap
            if ((part - 1) ^ 2 > (furthest - 1) ^ 2) furthest = part
        }
        printf "| %s | %.2f | %.3f | %.3f | %.2f |\n", work[row], typical(row, "goodput"), typical(row, "goodput") / cap,
            furthest, typical(row, "cpu")
    }
}

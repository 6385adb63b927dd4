# What TaskNum 0 reaches of the best goodput at a fixed TaskNum, whoever's that is. A work is named for its TaskNum.

function adapts(row) { return work[row] ~ /^TaskNum 0/ }

END {
    for (i = 1; i <= rows; i++) {
        goodput[i] = typical(order[i], "goodput")
        if (!adapts(order[i]) && goodput[i] > goodput[best]) best = i
    }
    print ""
    for (i = 1; i <= rows; i++) {
        row = order[i]
        if (!adapts(row)) continue
        printf "%s reaches %.2f of the best at a fixed one, which is %s's at %s.\n", work[row], goodput[i] / goodput[best],
            program[order[best]], work[order[best]]
    }
}

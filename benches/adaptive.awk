# A note on what TaskNum 0 reaches of the best goodput at a fixed TaskNum, whoever's that is. A work is named for its TaskNum.

function adapts(row) { return work[row] ~ /^TaskNum 0/ }

END {
    for (i = 1; i <= rows; i++) {
        goodput = typical(order[i], "goodput")
        if (adapts(order[i]) || goodput <= most) continue
        most = goodput
        best = order[i]
    }
    for (i = 1; i <= rows; i++) {
        row = order[i]
        if (!adapts(row)) continue
        printf "- **%s**, %s: %.2f × the goodput of the best at a fixed one, %s with %s.\n", program[row], work[row],
            typical(row, "goodput") / most, program[best], work[best]
    }
}

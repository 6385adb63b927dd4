# A line per work: how the cost of `subject` compares, round by round, with that of the best of `others`.

END {
    count = split(others, other, " ")
    for (i = 1; i <= rows; i++) {
        row = order[i]
        if (program[row] != subject || typical(row, column) == "") continue
        best = ""
        for (j = 1; j <= count; j++) {
            rival = work[row] SUBSEP other[j]
            if (rival in work && (best == "" || typical(rival, column) < typical(best, column))) best = rival
        }
        if (best == "") continue
        # Over the rounds that both had.
        if (rounds[best] < rounds[row]) rounds[row] = rounds[best]
        printf "- %s: %s of %s is %.3g × that of %s.\n", work[row], names[column], subject, ratio(row, best, column), told(best)
    }
}

# One of several is the best of them; a program that is alone is named as it is.
function told(best) {
    return program[best] (others ~ / / ? ", of the official clients the one with the least" : "")
}

BEGIN {
    names["wall"] = "wall time"
    names["cpu"] = names["each"] = "CPU time"
}

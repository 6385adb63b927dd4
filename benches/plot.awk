# Makes a picture of one column of results: a bar per program and work, with its ratio to the program `base`. Where the bars
# lie far apart, the scale is logarithmic, and says so. Readable on light and on dark ground.

function bar(y, width, kind) {
    printf "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"/>\n", kind, LEFT, y, width, BAR
}

function text(x, y, kind, words) {
    gsub(/&/, "\\&amp;", words)
    printf "<text class=\"%s\" x=\"%.1f\" y=\"%d\">%s</text>\n", kind, x, y, words
}

function shown(row, value,    figure, times) {
    figure = sprintf(value < 0.1 ? "%.3f" : value < 10 ? "%.2f" : "%.1f", value)
    times = program[row] == base ? "" : ratio(row, work[row] SUBSEP base, column)
    return figure (times == "" ? "" : sprintf(times < 10 ? " (%.2f × %s)" : " (%.0f × %s)", times, base))
}

function width_of(value) {
    if (!logarithmic) return WIDTH * value / most
    return WIDTH * (log(value) - log(floor)) / (log(most) - log(floor))
}

function kind_of(name) {
    if (name ~ /^ossup/) return "ours"
    if (name == "raw" || name == "sendfile") return "limit"
    return "other"
}

BEGIN { LEFT = 100; WIDTH = 440; BAR = 16; STEP = 24; TOP = 44 }

END {
    for (i = 1; i <= rows; i++) {
        value[i] = typical(order[i], column)
        if (value[i] > most) most = value[i]
        if (least == 0 || value[i] < least) least = value[i]
        if (i == 1 || work[order[i]] != work[order[i - 1]]) works++
    }
    logarithmic = most > 50 * least
    # A decade's beginning, so that the shortest bar has some length.
    floor = exp(int(log(least) / log(10) - 1) * log(10))
    height = TOP + STEP * (rows + (works > 1 ? works : 0)) + 12
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 700 %d\" width=\"700\" height=\"%d\" role=\"img\">\n", height, height
    print "<style>"
    print "text { font: 13px system-ui, sans-serif; fill: #1f2328 }"
    print ".title { font-weight: 600; font-size: 15px }"
    print ".name { text-anchor: end }"
    print ".small { fill: #59636e }"
    print ".ours { fill: #1a7f5a } .limit { fill: #8c959f } .other { fill: #b08a3c }"
    print "@media (prefers-color-scheme: dark) {"
    print "text { fill: #e6edf3 } .small { fill: #9198a1 }"
    print ".ours { fill: #3fb98a } .limit { fill: #6e7681 } .other { fill: #c9a55a }"
    print "}"
    print "</style>"
    text(10, 22, "title", title (logarithmic ? " (logarithmic scale)" : ""))
    y = TOP
    for (i = 1; i <= rows; i++) {
        row = order[i]
        if (works > 1 && (i == 1 || work[row] != work[order[i - 1]])) {
            text(10, y + BAR - 3, "small", work[row])
            y += STEP
        }
        text(LEFT - 8, y + BAR - 3, "name", program[row])
        bar(y, width_of(value[i]), kind_of(program[row]))
        text(LEFT + width_of(value[i]) + 6, y + BAR - 3, "small", shown(row, value[i]))
        y += STEP
    }
    print "</svg>"
}

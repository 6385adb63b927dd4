/*
 * A slow, lossy link between two network namespaces of its own, as the kernel may lack one: every packet is relayed by
 * this process. It needs root.
 *
 * usage: link [SEED] [SETTING...]
 *
 * One line of JSON on stdout names the namespaces, for nsenter --net=. Lines on stdin are settings to hold from now on
 * (settings.h), or "counts", which is answered with one line of JSON. When stdin ends the process ends, and link and
 * namespaces with it: nothing is left, however whoever started it ended.
 */
#define _GNU_SOURCE

#include "place.h"
#include "relay.h"
#include "settings.h"
#include "stop.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { LINE_ROOM = 256 };

/* Packets are due at a time, and the kernel may not round it up. */
static void be_punctual(void)
{
    if (prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL) != 0) stop("PR_SET_TIMERSLACK", strerror(errno));
}

static void print_counts(const char *name, const struct line_counts *counts, const char *end)
{
    printf("\"%s_packets\":%" PRIu64 ",\"%s_bytes\":%" PRIu64 ",", name, counts->packets, name, counts->bytes);
    printf("\"%s_lost\":%" PRIu64 ",\"%s_dropped\":%" PRIu64 "%s", name, counts->lost, name, counts->dropped, end);
}

static void obey(struct relay *relay, char *line)
{
    for (char *word = strtok(line, " \n"); word != NULL; word = strtok(NULL, " \n")) {
        if (strcmp(word, "counts") == 0) {
            printf("{");
            print_counts("up", &relay->up.counts, ",");
            print_counts("down", &relay->down.counts, "}\n");
            if (fflush(stdout) != 0) stop("stdout", strerror(errno));
        } else {
            settings_read(word, &relay->up.settings, &relay->down.settings);
        }
    }
}

/* Reads what has come on stdin, which is whole lines; tells whether there may be more. */
static int obey_stdin(struct relay *relay)
{
    char lines[LINE_ROOM];
    ssize_t length = read(STDIN_FILENO, lines, sizeof lines - 1);
    if (length < 0 && errno == EINTR) return 1;
    if (length <= 0) return 0;
    lines[length] = '\0';
    obey(relay, lines);
    return 1;
}

int main(int argc, char **argv)
{
    struct relay relay;
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    line_begin(&relay.up, seed);
    line_begin(&relay.down, ~seed);
    for (int i = 2; i < argc; i++) settings_read(argv[i], &relay.up.settings, &relay.down.settings);
    be_punctual();
    struct place client = place_make(), server = place_make();
    relay.client = client.device, relay.server = server.device;
    long self = (long)getpid();
    printf("{\"client\":\"/proc/%ld/fd/%d\",\"server\":\"/proc/%ld/fd/%d\"}\n", self, client.space, self, server.space);
    if (fflush(stdout) != 0) stop("stdout", strerror(errno));
    do relay_run(&relay, STDIN_FILENO);
    while (obey_stdin(&relay));
    return 0;
}

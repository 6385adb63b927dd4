#define _GNU_SOURCE

#include "relay.h"

#include "stop.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Enough for any packet, and few enough at once that none becomes late behind them. */
enum { PACKET_ROOM = 65536, AT_ONCE = 32 };

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void take_from(int device, struct line *line)
{
    static unsigned char bytes[PACKET_ROOM];
    for (int i = 0; i < AT_ONCE; i++) {
        ssize_t length = read(device, bytes, sizeof bytes);
        if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (length < 0) stop("read from a device", strerror(errno));
        line_take(line, now(), bytes, (size_t)length);
    }
}

static void deliver_to(int device, struct line *line)
{
    struct packet *packet;
    while ((packet = line_deliver(line, now())) != NULL) {
        /* A device that is down refuses with EIO, as a cable that is not plugged in. */
        if (write(device, packet->bytes, packet->length) < 0 && errno != EIO) {
            stop("write to a device", strerror(errno));
        }
        free(packet);
    }
}

static void wait_for(struct pollfd *ends, nfds_t count, int64_t due)
{
    int64_t left = due - now();
    struct timespec time = {.tv_sec = 0};
    if (left > 0) time.tv_sec = (time_t)(left / 1000000000), time.tv_nsec = (long)(left % 1000000000);
    if (ppoll(ends, count, due == INT64_MAX ? NULL : &time, NULL) < 0 && errno != EINTR) {
        stop("ppoll", strerror(errno));
    }
}

void relay_run(struct relay *relay, int control)
{
    struct pollfd ends[] = {{.fd = relay->client, .events = POLLIN},
                            {.fd = relay->server, .events = POLLIN},
                            {.fd = control, .events = POLLIN}};
    while (ends[2].revents == 0) {
        int64_t up = line_next_due(&relay->up), down = line_next_due(&relay->down);
        wait_for(ends, sizeof ends / sizeof *ends, up < down ? up : down);
        take_from(relay->client, &relay->up);
        take_from(relay->server, &relay->down);
        deliver_to(relay->server, &relay->up);
        deliver_to(relay->client, &relay->down);
    }
}

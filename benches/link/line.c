#include "line.h"

#include "stop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const double NS_PER_S = 1e9;

/* A number from 0 to below 1 (splitmix64). */
static double chance(uint64_t *state)
{
    uint64_t mixed = *state += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((mixed ^ (mixed >> 31)) >> 11) / (double)(UINT64_C(1) << 53);
}

void line_begin(struct line *line, uint64_t seed)
{
    memset(line, 0, sizeof *line);
    line->random = seed;
}

/* Sends the packet through the bottleneck; tells whether there was room for it. */
static int pass_bottleneck(struct line *line, int64_t now, size_t length)
{
    double rate = line->settings.bytes_per_s;
    if (line->busy_until < now) line->busy_until = now;
    if (rate == 0) return 1;
    double waiting = (double)(line->busy_until - now) / NS_PER_S * rate;
    if (waiting + (double)length > line->settings.queue_bytes) return 0;
    line->busy_until += (int64_t)((double)length / rate * NS_PER_S);
    return 1;
}

static void put_on_wire(struct line *line, const unsigned char *bytes, size_t length)
{
    struct packet *packet = malloc(sizeof *packet + length);
    if (packet == NULL) stop("malloc", strerror(errno));
    packet->next = NULL;
    packet->due = line->busy_until + line->settings.delay_ns;
    packet->length = length;
    memcpy(packet->bytes, bytes, length);
    if (line->first == NULL) line->first = packet;
    else line->last->next = packet;
    line->last = packet;
}

void line_take(struct line *line, int64_t now, const unsigned char *bytes, size_t length)
{
    line->counts.packets++;
    line->counts.bytes += length;
    if (!pass_bottleneck(line, now, length)) line->counts.dropped++;
    else if (chance(&line->random) < line->settings.loss) line->counts.lost++;
    else put_on_wire(line, bytes, length);
}

int64_t line_next_due(const struct line *line)
{
    return line->first == NULL ? INT64_MAX : line->first->due;
}

struct packet *line_deliver(struct line *line, int64_t now)
{
    struct packet *packet = line->first;
    if (packet == NULL || packet->due > now) return NULL;
    line->first = packet->next;
    return packet;
}

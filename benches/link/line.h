/* One direction of a link: a bottleneck with a queue, and behind it a wire that takes its time and loses packets. */
#ifndef LINE_H
#define LINE_H

#include <stddef.h>
#include <stdint.h>

struct line_settings {
    int64_t delay_ns;     /* how long a packet is on the wire */
    double loss;          /* the share of packets that the wire loses, 0 to 1 */
    double bytes_per_s;   /* of the bottleneck; 0 stands for none */
    double queue_bytes;   /* as much may wait in front of the bottleneck */
};

struct line_counts {
    uint64_t packets, bytes; /* that were given to the line */
    uint64_t lost;           /* on the wire */
    uint64_t dropped;        /* for want of room in the queue */
};

struct packet {
    struct packet *next;
    int64_t due;
    size_t length;
    unsigned char bytes[];
};

struct line {
    struct line_settings settings;
    struct line_counts counts;
    uint64_t random;
    int64_t busy_until; /* when the bottleneck has sent all that it took */
    struct packet *first, *last;
};

/* Lines of one seed lose the same packets. */
void line_begin(struct line *line, uint64_t seed);

/* Gives a packet to the line. All times are nanoseconds of one clock that never goes back. */
void line_take(struct line *line, int64_t now, const unsigned char *bytes, size_t length);

/* When the next packet is due at the far end; INT64_MAX when none is under way. */
int64_t line_next_due(const struct line *line);

/* Takes the next packet off the line if it is due, for the caller to free; NULL if not. */
struct packet *line_deliver(struct line *line, int64_t now);

#endif

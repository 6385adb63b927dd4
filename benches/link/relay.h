/* Moves packets between two devices over two lines. */
#ifndef RELAY_H
#define RELAY_H

#include "line.h"

struct relay {
    int client, server; /* the devices */
    struct line up, down;
};

/* Moves packets until `control` has something to read or has ended. */
void relay_run(struct relay *relay, int control);

#endif

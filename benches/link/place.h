/* An end of the link: a network namespace that belongs to this process, and the device in it. */
#ifndef PLACE_H
#define PLACE_H

struct place {
    int space;  /* the namespace; others enter it as /proc/PID/fd/SPACE */
    int device; /* packets that are sent there can be read here, and what is written here arrives there */
};

/* Leaves the process in the new namespace. All of it goes away with the process. */
struct place place_make(void);

#endif

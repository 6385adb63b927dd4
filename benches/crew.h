/* Threads with a connection each, among which numbered work is shared. */
#ifndef CREW_H
#define CREW_H

#include <stddef.h>
#include <stdint.h>

/* Does job(connection, index) for each index below `count`, on so many threads. */
void crew_run(const char *endpoint, size_t threads, uint32_t count, void (*job)(int connection, uint32_t index));

#endif

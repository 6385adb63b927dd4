/* How the bytes of a file come to a socket: the one thing in which the raw programs differ. */
#ifndef RANGE_H
#define RANGE_H

#include <stdint.h>

void send_range(int connection, int file, uint64_t offset, uint64_t length);

#endif

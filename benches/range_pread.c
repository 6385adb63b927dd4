/* Through a window of 64 KiB, as all must who look at the bytes. */
#define _XOPEN_SOURCE 700

#include "http.h"
#include "range.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { WINDOW = 64 * 1024 };

void send_range(int connection, int file, uint64_t offset, uint64_t length)
{
    char window[WINDOW];
    while (length > 0) {
        size_t wanted = length < WINDOW ? (size_t)length : WINDOW;
        ssize_t count = pread(file, window, wanted, (off_t)offset);
        if (count <= 0) fail("pread", count < 0 ? strerror(errno) : "the file ended");
        http_send(connection, window, (size_t)count, 0);
        offset += (uint64_t)count;
        length -= (uint64_t)count;
    }
}

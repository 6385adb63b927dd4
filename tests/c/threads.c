/* A host that wants another number of threads than the usual one gets it. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"
#include "system.h"

#include <time.h>

enum { WORKERS = 5, PATIENCE_MS = 60000 };

/* The last of them may have only just begun, and has its name in a moment. */
static unsigned workers(void)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    unsigned count = 0;
    for (int waited = 0; count < WORKERS && waited < PATIENCE_MS; waited++) {
        nanosleep(&moment, NULL);
        count = threads_named("ossup", false);
    }
    return count;
}

int main(void)
{
    struct path file = make_file("threads.bin", 1000);
    ossup_client *client = make_client();
    ossup_request *request = make_request("threads", file.text);
    CHECK_STATUS(OSSUP_OK, ossup_set_worker_threads(64));
    CHECK_STATUS(OSSUP_OK, ossup_set_worker_threads(WORKERS));
    CHECK(threads_named("ossup", false) == 0);
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    CHECK(workers() == WORKERS);
    ossup_request_free(request);
    ossup_client_free(client);
    return 0;
}

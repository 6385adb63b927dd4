/* A host that wants another number of threads than the usual one gets it. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"
#include "system.h"

int main(void)
{
    struct path file = make_file("threads.bin", 1000);
    ossup_client *client = make_client();
    ossup_request *request = make_request("threads", file.text);
    CHECK_STATUS(OSSUP_OK, ossup_set_worker_threads(64));
    CHECK_STATUS(OSSUP_OK, ossup_set_worker_threads(5));
    CHECK(threads_named("ossup", false) == 0);
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    CHECK(threads_named("ossup", false) == 5);
    ossup_request_free(request);
    ossup_client_free(client);
    return 0;
}

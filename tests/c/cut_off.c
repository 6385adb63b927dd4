/* A shutdown that has no time for an upload ends it all the same: whoever waits hears so, and is called once. The object is
   answered after a second. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"

#include <time.h>

enum { SIZE = 50000 };

struct heard {
    unsigned complete, release;
};

static void on_complete(ossup_upload *upload, ossup_status status, void *user_data)
{
    (void)upload;
    CHECK_STATUS(OSSUP_SHUT_DOWN, status);
    ((struct heard *)user_data)->complete++;
}

static void on_release(void *user_data)
{
    ((struct heard *)user_data)->release++;
}

int main(void)
{
    const struct timespec moment = {0, 5000000};
    struct path file = make_file("cut_off.bin", SIZE);
    struct heard heard = {0, 0};
    ossup_client *client = make_client();
    ossup_upload *upload = make_upload(client, "cut off", file.text, false);
    ossup_progress progress = {.struct_size = sizeof progress};
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, NULL, on_complete, &heard, on_release));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    do {
        nanosleep(&moment, NULL);
        CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
    } while (progress.bytes_in_flight < SIZE);
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_shutdown(1));
    CHECK_STATUS(OSSUP_SHUT_DOWN, ossup_upload_wait(upload, 10000, NULL));
    CHECK(heard.complete == 1 && heard.release == 1);
    ossup_upload_free(upload);
    ossup_client_free(client);
    return 0;
}

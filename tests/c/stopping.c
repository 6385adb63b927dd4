/* After an upload was paused or aborted and is over, nothing of it goes out any more, and what carried it is closed. Parts of
   the keys in slow/ are taken slowly, those in stalled/ are never answered, those in late/ after two seconds. An object
   tells the stand-in when an upload was over; what it got by then is looked at from outside. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"
#include "system.h"

#include <time.h>

/* The last in moments: a minute. */
enum { LENGTH = 3000000, TASKS = 3, LONGEST_WAIT = 12000 };

static const struct timespec moment = {0, 5000000};

/* Returns when a part is on its way. */
static void wait_for_parts(ossup_upload *upload)
{
    ossup_progress progress = {.struct_size = sizeof progress};
    do {
        nanosleep(&moment, NULL);
        CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
        CHECK(!ossup_upload_is_done(upload));
    } while (progress.bytes_in_flight == 0);
}

static void stop(ossup_client *other, const char *kind, bool pause, bool checkpoint, const char *file, const char *small)
{
    char key[64], over[80];
    unsigned before = sockets();
    ossup_client *client = make_client();
    ossup_upload *upload = NULL;
    snprintf(key, sizeof key, "%s/%s%s", kind, pause ? "paused" : "aborted", checkpoint ? ", recorded" : "");
    snprintf(over, sizeof over, "%s, over", key);
    ossup_request *request = make_request(key, file), *end = make_request(over, small);
    CHECK_STATUS(OSSUP_OK, ossup_request_set_part_size(request, LENGTH / TASKS));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_task_num(request, TASKS));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_enable_checkpoint(request, checkpoint));
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    wait_for_parts(upload);
    CHECK_STATUS(OSSUP_OK, pause ? ossup_upload_pause(upload) : ossup_upload_abort(upload));
    CHECK_STATUS(pause ? OSSUP_PAUSED : OSSUP_ABORTED, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(other, end, NULL, NULL));
    /* One that carried a whole answer may wait for the next request. */
    for (int i = 0; i < LONGEST_WAIT && sockets() > before + 1; i++) nanosleep(&moment, NULL);
    CHECK(sockets() <= before + 1);
    ossup_upload_free(upload);
    CHECK_STATUS(OSSUP_OK, ossup_client_shutdown(client, -1));
    for (int i = 0; i < LONGEST_WAIT && sockets() > before; i++) nanosleep(&moment, NULL);
    CHECK(sockets() <= before);
    ossup_request_free(request);
    ossup_request_free(end);
    ossup_client_free(client);
}

int main(void)
{
    static const char *const KINDS[] = {"slow", "stalled", "late"};
    struct path file = make_file("stopping.bin", LENGTH), small = make_file("stopping-small.bin", 10);
    ossup_client *other = make_client();
    ossup_request *first = make_request("first", small.text);
    /* From now on this client has a connection. */
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(other, first, NULL, NULL));
    for (int kind = 0; kind < 3; kind++) {
        for (int way = 0; way < 4; way++) stop(other, KINDS[kind], way % 2 == 0, way >= 2, file.text, small.text);
    }
    ossup_request_free(first);
    ossup_client_free(other);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}

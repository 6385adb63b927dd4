/* Many threads may shut down at once; no upload begins any more, and afterwards none of the library's threads is left. The
   object LATE is answered when this says so, and parts of SLOW take their time. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"
#include "system.h"

#include <pthread.h>
#include <time.h>

#define LATE "shutdown/late"
#define SLOW "shutdown/slow"
/* The last in moments: a minute. */
enum { THREADS = 8, SMALL = 50000, LONGEST_WAIT = 12000 };

static void nothing(void *user_data)
{
    (void)user_data;
}

static void *shut_down(void *status)
{
    *(ossup_status *)status = ossup_shutdown(60000);
    return NULL;
}

/* The library's, by their name, as a sanitizer may have a thread of its own. */
static unsigned threads(void)
{
    return threads_named("ossup", true);
}

static const struct timespec moment = {0, 5000000};

/* An upload that a shutdown has to wait for. */
static ossup_upload *waiting_for_its_answer(ossup_client *client)
{
    struct path file = make_file("small.bin", SMALL);
    ossup_upload *upload = make_upload(client, LATE, file.text, false);
    ossup_progress progress = {.struct_size = sizeof progress};
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    do {
        nanosleep(&moment, NULL);
        CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
    } while (progress.bytes_in_flight < SMALL);
    return upload;
}

/* What is begun at the last moment is stopped as well, or it is not begun. */
static void begin_until_refused(ossup_client *client, const char *file)
{
    ossup_status status;
    do {
        ossup_upload *upload = make_upload(client, SLOW, file, false);
        status = ossup_upload_start(upload, NULL);
        ossup_upload_free(upload);
        nanosleep(&moment, NULL);
    } while (status == OSSUP_OK);
    CHECK_STATUS(OSSUP_SHUT_DOWN, status);
}

int main(void)
{
    struct path file = make_file("shutdown.bin", 300000);
    pthread_t callers[THREADS];
    ossup_status statuses[THREADS];
    ossup_client *client = make_client();
    ossup_upload *upload = make_upload(client, "shutdown", file.text, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, NULL, NULL, NULL, nothing));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    CHECK(threads() > 2);
    ossup_upload *last = waiting_for_its_answer(client);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_create(&callers[i], NULL, shut_down, &statuses[i]) == 0);
    begin_until_refused(client, file.text);
    CHECK(puts("release") >= 0 && fflush(stdout) == 0);
    for (int i = 0; i < THREADS; i++) CHECK(pthread_join(callers[i], NULL) == 0);
    for (int i = 0; i < THREADS; i++) CHECK_STATUS(OSSUP_OK, statuses[i]);
    /* A thread that has said its last word takes a moment to be gone. */
    for (int i = 0; i < LONGEST_WAIT && threads() > 0; i++) nanosleep(&moment, NULL);
    CHECK(threads() == 0);
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(last, 0, NULL));
    ossup_upload_free(last);
    ossup_upload_free(upload);
    ossup_client_free(client);
    return 0;
}

/* A shutdown that has no time for uploads ends them all the same, and says so of each, whatever of it went first: whoever waits
   hears so, and is called once. No object is answered. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"

#include <pthread.h>
#include <time.h>

enum { SIZE = 50000, UPLOADS = 64 };

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

static ossup_upload *start(ossup_client *client, int number, const char *file, struct heard *heard)
{
    char key[32];
    snprintf(key, sizeof key, "cut off/%d", number);
    ossup_upload *upload = make_upload(client, key, file, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, NULL, on_complete, heard, on_release));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    return upload;
}

static void wait_until_sent(const ossup_upload *upload)
{
    const struct timespec moment = {0, 5000000};
    ossup_progress progress = {.struct_size = sizeof progress};
    do {
        nanosleep(&moment, NULL);
        CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
    } while (progress.bytes_in_flight < SIZE);
}

/* Asks until nothing can be asked any more. */
static void *list(void *client)
{
    ossup_status status;
    do {
        ossup_incomplete_uploads *list = NULL;
        status = ossup_client_list_incomplete_uploads((ossup_client *)client, BUCKET, "", 0, &list, NULL);
        ossup_incomplete_uploads_free(list);
    } while (status == OSSUP_OK);
    CHECK_STATUS(OSSUP_SHUT_DOWN, status);
    return NULL;
}

int main(void)
{
    pthread_t listing;
    struct path file = make_file("cut_off.bin", SIZE);
    struct heard heard[UPLOADS] = {{0, 0}};
    ossup_upload *uploads[UPLOADS];
    ossup_client *client = make_client();
    for (int i = 0; i < UPLOADS; i++) uploads[i] = start(client, i, file.text, &heard[i]);
    for (int i = 0; i < UPLOADS; i++) wait_until_sent(uploads[i]);
    CHECK(pthread_create(&listing, NULL, list, client) == 0);
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_shutdown(1));
    CHECK(pthread_join(listing, NULL) == 0);
    for (int i = 0; i < UPLOADS; i++) {
        ossup_error *error = NULL;
        CHECK_STATUS(OSSUP_SHUT_DOWN, ossup_upload_wait(uploads[i], 60000, &error));
        check_error(&error, "the library was shut down");
        CHECK(heard[i].complete == 1 && heard[i].release == 1);
        ossup_upload_free(uploads[i]);
    }
    ossup_client_free(client);
    return 0;
}

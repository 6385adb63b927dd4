/* ossup_client_shutdown: one client's uploads end, another's go on. The keys SLOW and OTHER are throttled, the object LATE is
   answered when this says so. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"
#include "system.h"

#include <pthread.h>
#include <time.h>

#define SLOW "client/slow"
#define OTHER "client/other"
#define LATE "client/late"
/* The last in moments: a minute. */
enum { SMALL = 50000, LARGE = 3000000, LONGEST_WAIT = 12000 };

static const struct timespec moment = {0, 5000000};

struct heard {
    unsigned complete, release;
    ossup_status status;
};

static void on_complete(ossup_upload *upload, ossup_status status, void *user_data)
{
    struct heard *heard = user_data;
    (void)upload;
    heard->status = status;
    heard->complete++;
}

static void on_release(void *user_data)
{
    ((struct heard *)user_data)->release++;
}

static ossup_upload *listened_to(ossup_client *client, const char *key, const char *file, bool checkpoint, struct heard *heard)
{
    ossup_upload *upload = make_upload(client, key, file, checkpoint);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, NULL, on_complete, heard, on_release));
    return upload;
}

static ossup_progress progress_of(const ossup_upload *upload)
{
    ossup_progress progress = {.struct_size = sizeof progress};
    CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
    return progress;
}

static void start_and_wait_for_a_part(ossup_upload *upload)
{
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    while (progress_of(upload).parts_confirmed < 1) nanosleep(&moment, NULL);
}

static void null_arguments(void)
{
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_shutdown(NULL, 0));
}

static void idle_connections_are_closed(const char *file)
{
    ossup_client *client = make_client();
    ossup_request *request = make_request("client/idle", file);
    unsigned before = sockets();
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    CHECK(sockets() > before);
    CHECK_STATUS(OSSUP_OK, ossup_client_shutdown(client, -1));
    for (int i = 0; i < LONGEST_WAIT && sockets() > before; i++) nanosleep(&moment, NULL);
    CHECK(sockets() == before);
    ossup_request_free(request);
    ossup_client_free(client);
}

/* With a record, without one, freed after a pause, over, and never started: all that a client's uploads may be. */
static void all_of_one_client_and_nothing_of_another(const char *file)
{
    ossup_client *client = make_client(), *other = make_client();
    struct heard recorded = {0}, unrecorded = {0}, over = {0}, never = {0}, others = {0};
    ossup_upload *others_upload = listened_to(other, OTHER, file, false, &others);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(others_upload, NULL));
    ossup_upload *uploads[] = {
        listened_to(client, SLOW, file, true, &recorded),
        listened_to(client, "client/slow too", file, false, &unrecorded),
        listened_to(client, "client/over", file, false, &over),
    };
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(uploads[2], NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(uploads[2], -1, NULL));
    ossup_upload_free(listened_to(client, "client/never", file, false, &never));
    ossup_upload *paused = make_upload(client, SLOW, file, false);
    start_and_wait_for_a_part(paused);
    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(paused));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(paused, -1, NULL));
    ossup_upload_free(paused);
    start_and_wait_for_a_part(uploads[0]);
    start_and_wait_for_a_part(uploads[1]);

    CHECK_STATUS(OSSUP_OK, ossup_client_shutdown(client, -1));
    CHECK(recorded.complete == 1 && recorded.release == 1 && unrecorded.complete == 1 && unrecorded.release == 1);
    CHECK_STATUS(OSSUP_PAUSED, recorded.status);
    CHECK_STATUS(OSSUP_PAUSED, unrecorded.status);
    CHECK(over.complete == 1 && over.release == 1 && never.complete == 0 && never.release == 1);
    CHECK(others.complete == 0 && !ossup_upload_is_done(others_upload));
    for (int i = 0; i < 3; i++) ossup_upload_free(uploads[i]);

    /* What was recorded goes on by any client. */
    ossup_upload *again = make_upload(other, SLOW, file, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(again, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(again, -1, NULL));
    CHECK(progress_of(again).bytes_reused > 0);
    ossup_upload_free(again);
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(others_upload, -1, NULL));
    CHECK(others.complete == 1 && others.release == 1);
    ossup_upload_free(others_upload);
    ossup_client_free(other);
    ossup_client_free(client);
}

static void nothing_begins_afterwards(const char *file)
{
    ossup_client *client = make_client();
    ossup_request *request = make_request("client/afterwards", file);
    ossup_upload *upload = make_upload(client, "client/afterwards", file, false);
    ossup_incomplete_uploads *found = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_client_shutdown(client, 0));
    CHECK_STATUS(OSSUP_OK, ossup_client_shutdown(client, 0));
    CHECK_STATUS(OSSUP_SHUT_DOWN, ossup_upload_start(upload, &error));
    check_error(&error, "client");
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(OSSUP_SHUT_DOWN, ossup_client_upload_file(client, request, NULL, NULL));
    CHECK_STATUS(OSSUP_SHUT_DOWN, ossup_client_list_incomplete_uploads(client, BUCKET, NULL, 0, &found, NULL));
    CHECK_STATUS(OSSUP_SHUT_DOWN, ossup_client_abort_incomplete_upload(client, BUCKET, "key", "id", NULL));
    ossup_upload_free(upload);
    ossup_request_free(request);
    ossup_client_free(client);
}

static void what_hangs_is_waited_for_as_long_as_told(const char *small)
{
    ossup_client *client = make_client();
    ossup_upload *upload = make_upload(client, LATE, small, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    while (progress_of(upload).bytes_in_flight < SMALL) nanosleep(&moment, NULL);
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_client_shutdown(client, 1));
    CHECK(!ossup_upload_is_done(upload));
    CHECK(puts("release") >= 0 && fflush(stdout) == 0);
    CHECK_STATUS(OSSUP_OK, ossup_client_shutdown(client, -1));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, 0, NULL));
    ossup_upload_free(upload);
    ossup_client_free(client);
}

struct inside {
    ossup_client *client;
    ossup_status status;
};

static void shut_down_inside(ossup_upload *upload, ossup_status status, void *user_data)
{
    struct inside *inside = user_data;
    (void)upload;
    (void)status;
    inside->status = ossup_client_shutdown(inside->client, -1);
}

static void a_callback_cannot_wait_for_itself(const char *file)
{
    struct inside inside = {make_client(), OSSUP_OK};
    ossup_upload *upload = make_upload(inside.client, "client/inside", file, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, NULL, shut_down_inside, &inside, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(OSSUP_WOULD_DEADLOCK, inside.status);
    ossup_upload_free(upload);
    ossup_client_free(inside.client);
}

struct provider {
    ossup_client *client;
    ossup_status status;
    unsigned release;
};

static void provide(ossup_credentials_request *request, void *user_data)
{
    struct provider *provider = user_data;
    provider->status = ossup_client_shutdown(provider->client, -1);
    CHECK_STATUS(OSSUP_OK, ossup_credentials_request_give(request, "ak", "sk", NULL, 0, NULL));
    ossup_credentials_request_free(request);
}

static void release_provider(void *user_data)
{
    ((struct provider *)user_data)->release++;
}

static void a_provider_is_let_go_of(const char *file)
{
    struct provider provider = {NULL, OSSUP_OK, 0};
    ossup_config *config = make_bare_config();
    ossup_request *request = make_request("client/provided", file);
    CHECK_STATUS(OSSUP_OK, ossup_config_add_credentials_provider(config, provide, &provider, release_provider));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &provider.client, NULL));
    ossup_config_free(config);
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(provider.client, request, NULL, NULL));
    CHECK_STATUS(OSSUP_WOULD_DEADLOCK, provider.status);
    CHECK(provider.release == 0);
    CHECK_STATUS(OSSUP_OK, ossup_client_shutdown(provider.client, -1));
    CHECK(provider.release == 1);
    ossup_request_free(request);
    ossup_client_free(provider.client);
}

static pthread_barrier_t meeting;

static void meet_twice(ossup_upload *upload, ossup_status status, void *user_data)
{
    (void)upload;
    (void)status;
    (void)user_data;
    pthread_barrier_wait(&meeting);
    pthread_barrier_wait(&meeting);
}

/* The callback thread is another client's, too: what is still to be called waits behind that one's functions. */
static void what_is_still_to_be_called_is_waited_for(const char *small)
{
    ossup_client *client = make_client(), *other = make_client();
    struct heard never = {0};
    ossup_upload *upload = make_upload(other, "client/meeting", small, false);
    CHECK(pthread_barrier_init(&meeting, NULL, 2) == 0);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, NULL, meet_twice, NULL, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    pthread_barrier_wait(&meeting);
    ossup_upload_free(listened_to(client, "client/never", small, false, &never));
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_client_shutdown(client, 1));
    pthread_barrier_wait(&meeting);
    CHECK_STATUS(OSSUP_OK, ossup_client_shutdown(client, -1));
    CHECK(never.release == 1);
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    CHECK(pthread_barrier_destroy(&meeting) == 0);
    ossup_upload_free(upload);
    ossup_client_free(other);
    ossup_client_free(client);
}

static void *shut_down(void *client)
{
    CHECK_STATUS(OSSUP_OK, ossup_client_shutdown(client, -1));
    return NULL;
}

static void many_threads_may_shut_down(const char *file)
{
    pthread_t callers[8];
    struct heard heard = {0};
    ossup_client *client = make_client();
    ossup_upload *upload = listened_to(client, SLOW, file, false, &heard);
    start_and_wait_for_a_part(upload);
    for (int i = 0; i < 8; i++) CHECK(pthread_create(&callers[i], NULL, shut_down, client) == 0);
    for (int i = 0; i < 8; i++) CHECK(pthread_join(callers[i], NULL) == 0);
    CHECK(heard.complete == 1 && heard.release == 1);
    ossup_upload_free(upload);
    ossup_client_free(client);
}

int main(void)
{
    struct path small = make_file("client-small.bin", SMALL), large = make_file("client-large.bin", LARGE);
    null_arguments();
    idle_connections_are_closed(small.text);
    all_of_one_client_and_nothing_of_another(large.text);
    nothing_begins_afterwards(small.text);
    what_hangs_is_waited_for_as_long_as_told(small.text);
    a_callback_cannot_wait_for_itself(small.text);
    a_provider_is_let_go_of(small.text);
    what_is_still_to_be_called_is_waited_for(small.text);
    many_threads_may_shut_down(large.text);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}

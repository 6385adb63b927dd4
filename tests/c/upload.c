/* ossup_upload: its life from new to the end, its verbs, its listener, and wrong turns. The key SLOW is throttled. */
#define _POSIX_C_SOURCE 200809L

#include "fixture.h"

#include <time.h>
#include <unistd.h>

#define SLOW "upload/slow"
enum { SMALL = 300000, LARGE = 3000000 };

static ossup_progress progress_of(const ossup_upload *upload)
{
    ossup_progress progress = {.struct_size = sizeof progress};
    CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
    return progress;
}

static void wait_for_parts(const ossup_upload *upload, uint32_t parts)
{
    const struct timespec moment = {0, 5000000};
    while (progress_of(upload).parts_confirmed < parts) {
        CHECK(!ossup_upload_is_done(upload));
        nanosleep(&moment, NULL);
    }
}

static ossup_result *result_of(const ossup_upload *upload)
{
    ossup_result *result = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_upload_result(upload, &result));
    return result;
}

static void null_arguments(ossup_client *client, const char *file)
{
    ossup_request *request = make_request("upload/null", file);
    ossup_upload *upload = NULL;
    ossup_error *error = NULL;
    ossup_progress progress = {.struct_size = sizeof progress};
    ossup_result *result = NULL;
    ossup_queue *queue = NULL;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_new(NULL, request, &upload, &error));
    check_error(&error, "client");
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_new(client, NULL, &upload, &error));
    check_error(&error, "request");
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_new(client, request, NULL, &error));
    check_error(&error, "out");
    CHECK(upload == NULL);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_start(NULL, &error));
    check_error(&error, "upload");
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_wait(NULL, 0, &error));
    check_error(&error, "upload");

    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_set_listener(NULL, NULL, NULL, NULL, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_set_queue(NULL, queue, 0));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_set_queue(upload, NULL, 0));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_progress(NULL, &progress));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_progress(upload, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_pause(NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_abort(NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_set_bandwidth_limit(NULL, 0));
    CHECK(!ossup_upload_is_done(NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_result(NULL, &result));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_result(upload, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_ref(NULL, &upload));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_ref(upload, NULL));
    ossup_upload_free(NULL);
    ossup_upload_free(upload);
    ossup_queue_free(queue);
    ossup_request_free(request);
}

static void a_progress_without_a_size_is_refused(ossup_client *client, const char *file)
{
    ossup_upload *upload = make_upload(client, "upload/size", file, false);
    ossup_progress progress = {.struct_size = 0, .bytes_total = 77};
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_progress(upload, &progress));
    CHECK(progress.bytes_total == 77);
    ossup_upload_free(upload);
}

static void calls_out_of_turn(ossup_client *client, const char *file)
{
    ossup_upload *upload = make_upload(client, "upload/turns", file, false);
    ossup_result *result = NULL;
    ossup_queue *queue = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_wait(upload, 0, &error));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_error_status(error));
    ossup_error_free(error);
    error = NULL;
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_result(upload, &result));
    CHECK(result == NULL);
    CHECK(!ossup_upload_is_done(upload));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_start(upload, &error));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_error_status(error));
    ossup_error_free(error);
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_set_listener(upload, NULL, NULL, NULL, NULL));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_set_queue(upload, queue, 1));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, 0, NULL));
    CHECK(ossup_upload_is_done(upload));
    ossup_upload_free(upload);
    ossup_queue_free(queue);
}

/* The verbs lose politely to a completion. */
static void verbs_after_the_end_change_nothing(ossup_client *client, const char *file)
{
    ossup_upload *upload = make_upload(client, "upload/late", file, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(upload));
    CHECK_STATUS(OSSUP_OK, ossup_upload_abort(upload));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
}

static void progress_ends_at_the_whole(ossup_client *client, const char *file)
{
    ossup_upload *upload = make_upload(client, "upload/progress", file, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    ossup_progress progress = progress_of(upload);
    CHECK(progress.phase == OSSUP_PHASE_DONE);
    CHECK(progress.parts_total == 3 && progress.parts_confirmed == 3);
    CHECK(progress.bytes_total == SMALL && progress.bytes_confirmed == SMALL);
    CHECK(progress.bytes_in_flight == 0 && progress.bytes_reused == 0);
    ossup_upload_free(upload);
}

static void a_reference_outlives_the_handle(ossup_client *client, const char *file)
{
    ossup_upload *upload = make_upload(client, "upload/reference", file, false), *other = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_upload_ref(upload, &other));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    ossup_upload_free(upload);
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(other, -1, NULL));
    ossup_upload_free(other);
}

struct heard {
    unsigned progress, complete, release;
    uint64_t confirmed;
    ossup_status status, wait_inside, shutdown_inside;
    bool in_order;
    /* Woken by the release, where main has no handle to wait with. Never freed: who wakes may be in the call still. */
    ossup_queue *released;
};

static void on_progress(ossup_upload *upload, const ossup_progress *progress, void *user_data)
{
    struct heard *heard = user_data;
    heard->in_order = heard->in_order && heard->complete == 0 && progress->bytes_confirmed >= heard->confirmed &&
                      progress->struct_size == sizeof *progress;
    heard->confirmed = progress->bytes_confirmed;
    heard->wait_inside = ossup_upload_wait(upload, -1, NULL);
    heard->shutdown_inside = ossup_shutdown(-1);
    heard->progress++;
}

static void on_complete(ossup_upload *upload, ossup_status status, void *user_data)
{
    struct heard *heard = user_data;
    ossup_result *result = NULL;
    heard->in_order = heard->in_order && heard->release == 0 && ossup_upload_result(upload, &result) == OSSUP_OK;
    ossup_result_free(result);
    heard->status = status;
    heard->complete++;
}

static void on_release(void *user_data)
{
    struct heard *heard = user_data;
    heard->release++;
    if (heard->released != NULL) CHECK_STATUS(OSSUP_OK, ossup_queue_wake(heard->released));
}

static void a_listener_hears_all_in_order(ossup_client *client, const char *file)
{
    struct heard heard = {.status = OSSUP_INTERNAL, .in_order = true};
    ossup_upload *upload = make_upload(client, SLOW, file, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, on_progress, on_complete, &heard, on_release));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    CHECK(heard.in_order);
    CHECK(heard.progress > 0 && heard.complete == 1 && heard.release == 1);
    CHECK_STATUS(OSSUP_OK, heard.status);
    CHECK_STATUS(OSSUP_WOULD_DEADLOCK, heard.wait_inside);
    CHECK_STATUS(OSSUP_WOULD_DEADLOCK, heard.shutdown_inside);
    ossup_upload_free(upload);
}

static void on_first_progress(ossup_upload *upload, const ossup_progress *progress, void *user_data)
{
    ossup_status *lifted = user_data;
    if (progress->phase == OSSUP_PHASE_UPLOADING) *lifted = ossup_upload_set_bandwidth_limit(upload, 0);
}

/* Under the cap of before, the upload would take a minute and a half. */
static void a_cap_is_lifted_in_a_callback(ossup_client *client, const char *file)
{
    ossup_status lifted = OSSUP_INTERNAL;
    ossup_upload *upload = make_upload(client, "upload/capped", file, false);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_set_bandwidth_limit(upload, 1023));
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_bandwidth_limit(upload, 1024));
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, on_first_progress, NULL, &lifted, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, 60000, NULL));
    CHECK_STATUS(OSSUP_OK, lifted);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_bandwidth_limit(upload, 1024));
    ossup_upload_free(upload);
}

/* The callback thread releases what an upload that was never started owes: main looks for it after the shutdown. */
static void listen_and_never_start(ossup_client *client, const char *file, struct heard *heard)
{
    ossup_upload *upload = make_upload(client, "upload/never", file, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, on_progress, on_complete, heard, on_release));
    ossup_upload_free(upload);
}

/* Freed handles, the client's too, take nothing away from an upload that runs. */
static void the_end_is_told_when_every_handle_is_freed(const char *file)
{
    static struct heard heard = {.in_order = true};
    ossup_event *none = NULL;
    ossup_client *client = make_client();
    ossup_upload *upload = make_upload(client, SLOW, file, false);
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&heard.released));
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, on_progress, on_complete, &heard, on_release));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    ossup_upload_free(upload);
    ossup_client_free(client);
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_queue_next(heard.released, 30000, &none));
    CHECK(heard.in_order && heard.complete == 1 && heard.release == 1);
    CHECK_STATUS(OSSUP_OK, heard.status);
}

static void pause_then_the_same_request_again(ossup_client *client, const char *file)
{
    ossup_upload *upload = make_upload(client, SLOW, file, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_upload_wait(upload, 1, NULL));
    wait_for_parts(upload, 3);
    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(upload));
    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(upload));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(upload, -1, NULL));
    ossup_result *result = result_of(upload);
    CHECK(ossup_result_is_resumable(result));
    uint32_t sent = ossup_result_parts_sent(result), total = ossup_result_parts_total(result);
    CHECK(sent >= 3 && sent < total);
    CHECK(access(ossup_result_checkpoint_file(result), F_OK) == 0);
    ossup_result_free(result);
    ossup_upload_free(upload);

    upload = make_upload(client, SLOW, file, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    CHECK(progress_of(upload).bytes_reused > 0);
    result = result_of(upload);
    CHECK(ossup_result_is_resumed(result));
    CHECK(ossup_result_parts_reused(result) >= sent);
    CHECK(ossup_result_parts_reused(result) + ossup_result_parts_sent(result) == total);
    CHECK(access(ossup_result_checkpoint_file(result), F_OK) != 0);
    ossup_result_free(result);
    ossup_upload_free(upload);
}

static void abort_leaves_nothing(ossup_client *client, const char *file)
{
    ossup_upload *upload = make_upload(client, SLOW, file, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    wait_for_parts(upload, 1);
    CHECK_STATUS(OSSUP_OK, ossup_upload_abort(upload));
    CHECK_STATUS(OSSUP_ABORTED, ossup_upload_wait(upload, -1, NULL));
    ossup_result *result = result_of(upload);
    CHECK(!ossup_result_is_resumable(result));
    CHECK(access(ossup_result_checkpoint_file(result), F_OK) != 0);
    ossup_result_free(result);
    ossup_upload_free(upload);
}

int main(void)
{
    struct path small = make_file("upload-small.bin", SMALL), large = make_file("upload-large.bin", LARGE);
    struct heard never = {.in_order = true};
    ossup_client *client = make_client();
    null_arguments(client, small.text);
    a_progress_without_a_size_is_refused(client, small.text);
    calls_out_of_turn(client, small.text);
    verbs_after_the_end_change_nothing(client, small.text);
    progress_ends_at_the_whole(client, small.text);
    a_reference_outlives_the_handle(client, small.text);
    a_listener_hears_all_in_order(client, small.text);
    a_cap_is_lifted_in_a_callback(client, small.text);
    listen_and_never_start(client, small.text, &never);
    the_end_is_told_when_every_handle_is_freed(small.text);
    pause_then_the_same_request_again(client, large.text);
    abort_leaves_nothing(client, large.text);
    ossup_client_free(client);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(1000));
    CHECK(never.progress == 0 && never.complete == 0 && never.release == 1);
    return 0;
}

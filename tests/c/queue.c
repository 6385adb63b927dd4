/* ossup_queue and ossup_event: waiting, waking, polling, two uploads on one queue, and NULL. */
#define _POSIX_C_SOURCE 200809L

#include "fixture.h"
#include "system.h"

#include <time.h>

static ossup_queue *make_queue(void)
{
    ossup_queue *queue = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    return queue;
}

/* What a host's loop waits for is there, and nobody inherits it. */
static void check_handle(const ossup_queue *queue)
{
#ifdef _WIN32
    HANDLE handle = NULL;
    DWORD flags = 0;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_queue_handle(NULL, &handle));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_queue_handle(queue, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_queue_handle(queue, &handle));
    CHECK(GetHandleInformation(handle, &flags) && (flags & HANDLE_FLAG_INHERIT) == 0);
#else
    int32_t fd = -1;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_queue_fd(NULL, &fd));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_queue_fd(queue, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_queue_fd(queue, &fd));
    CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
#endif
}

static void null_arguments(void)
{
    ossup_queue *queue = make_queue();
    ossup_event *event = NULL;
    ossup_upload *upload = NULL;
    ossup_progress progress = {.struct_size = sizeof progress};
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_queue_new(NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_queue_next(NULL, 0, &event));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_queue_next(queue, 0, NULL));
    check_handle(queue);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_queue_wake(NULL));
    CHECK(ossup_event_get_kind(NULL) == 0 && ossup_event_tag(NULL) == 0);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_event_upload(NULL, &upload));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_event_progress(NULL, &progress));
    ossup_event_free(NULL);
    ossup_queue_free(NULL);
    ossup_queue_free(queue);
}

static double seconds(void)
{
    struct timespec time;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void an_empty_queue_waits_as_long_as_told(void)
{
    ossup_queue *queue = make_queue();
    ossup_event *event = NULL;
    double began = seconds();
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_queue_next(queue, 50, &event));
    CHECK(seconds() - began >= 0.045);
    CHECK(event == NULL);
    CHECK(!is_ready(queue, 0));
    ossup_queue_free(queue);
}

static void a_wake_ends_one_wait(void)
{
    ossup_queue *queue = make_queue();
    ossup_event *event = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_wake(queue));
    CHECK(is_ready(queue, 1000));
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_queue_next(queue, -1, &event));
    CHECK(event == NULL);
    CHECK(!is_ready(queue, 0));
    ossup_queue_free(queue);
}

static void check_event(const ossup_event *event)
{
    ossup_upload *upload = NULL;
    ossup_progress progress = {.struct_size = sizeof progress}, nothing = {.struct_size = 0};
    CHECK_STATUS(OSSUP_OK, ossup_event_upload(event, &upload));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_event_upload(event, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_event_progress(event, &progress));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_event_progress(event, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_event_progress(event, &nothing));
    CHECK(progress.bytes_total == 300000);
    if (ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE) {
        CHECK(ossup_upload_is_done(upload));
        CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    }
    ossup_upload_free(upload);
}

static ossup_phase phase_now(const ossup_event *event)
{
    ossup_progress progress = {.struct_size = sizeof progress};
    CHECK_STATUS(OSSUP_OK, ossup_event_progress(event, &progress));
    return progress.phase;
}

/* Two uploads report to one queue: each event bears its upload's tag, and each upload completes once, last, after progress that
   shows its end. */
static void uploads_report_with_their_tags(const char *file)
{
    static const char *const KEYS[] = {"queue/0", "queue/1"};
    ossup_client *client = make_client();
    ossup_queue *queue = make_queue();
    ossup_phase phase[2] = {OSSUP_PHASE_PREPARING, OSSUP_PHASE_PREPARING};
    bool complete[2] = {false, false};
    for (uint64_t tag = 0; tag < 2; tag++) {
        ossup_upload *upload = make_upload(client, KEYS[tag], file, false);
        CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, tag));
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
        ossup_upload_free(upload);
    }
    while (!complete[0] || !complete[1]) {
        ossup_event *event = NULL;
        CHECK(is_ready(queue, 10000));
        CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, 0, &event));
        uint64_t tag = ossup_event_tag(event);
        CHECK(tag < 2 && !complete[tag]);
        complete[tag] = ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE;
        if (ossup_event_get_kind(event) == OSSUP_EVENT_PROGRESS) phase[tag] = phase_now(event);
        CHECK(!complete[tag] || phase[tag] == OSSUP_PHASE_DONE);
        check_event(event);
        ossup_event_free(event);
    }
    CHECK(!is_ready(queue, 0));
    ossup_queue_free(queue);
    ossup_client_free(client);
}

static void a_queue_may_be_freed_before_its_upload_ends(const char *file)
{
    ossup_client *client = make_client();
    ossup_queue *queue = make_queue();
    ossup_upload *upload = make_upload(client, "queue/freed", file, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, 7));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    ossup_queue_free(queue);
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
    ossup_client_free(client);
}

int main(void)
{
    struct path file = make_file("queue.bin", 300000);
    null_arguments();
    an_empty_queue_waits_as_long_as_told();
    a_wake_ends_one_wait();
    uploads_report_with_their_tags(file.text);
    a_queue_may_be_freed_before_its_upload_ends(file.text);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}

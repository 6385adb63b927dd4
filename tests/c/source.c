/* What is no file: memory that is lent, and a stream that is pushed. Parts of the key SLOW take their time. */
#define _POSIX_C_SOURCE 200809L

#include "fixture.h"

#include <pthread.h>
#include <time.h>

#define SLOW "source/slow"
enum { PART = 102400, SMALL = 300000, LARGE = 3000000 };

static const struct timespec moment = {0, 2000000};

/* Bytes that do not repeat with any part size. */
static unsigned char *make_bytes(size_t length)
{
    unsigned char *bytes = malloc(length + 1);
    CHECK(bytes != NULL);
    for (size_t i = 0; i < length; i++) bytes[i] = (unsigned char)(i * 31 / 128);
    return bytes;
}

/* ---- memory ---- */

struct loan {
    pthread_mutex_t lock;
    unsigned released;
    ossup_status shutdown_inside;
};

#define NO_LOAN {PTHREAD_MUTEX_INITIALIZER, 0, OSSUP_OK}

static void on_release(void *user_data)
{
    struct loan *loan = user_data;
    pthread_mutex_lock(&loan->lock);
    loan->shutdown_inside = ossup_shutdown(0);
    loan->released++;
    pthread_mutex_unlock(&loan->lock);
}

static unsigned released(struct loan *loan)
{
    pthread_mutex_lock(&loan->lock);
    unsigned released = loan->released;
    pthread_mutex_unlock(&loan->lock);
    return released;
}

static void wait_for_release(struct loan *loan)
{
    while (released(loan) == 0) nanosleep(&moment, NULL);
    CHECK(released(loan) == 1);
    /* It was called where callbacks are. */
    CHECK_STATUS(OSSUP_WOULD_DEADLOCK, loan->shutdown_inside);
}

static ossup_request *make_bare_request(const char *key)
{
    ossup_request *request = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_new(&request));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_bucket_name(request, BUCKET));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_key(request, key));
    return request;
}

static void memory_that_is_refused_stays_the_callers(void)
{
    struct loan loan = NO_LOAN;
    ossup_request *request = make_bare_request("source/refused");
    char anything = 0;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_upload_memory(NULL, &anything, 1, &loan, on_release));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_upload_memory(request, NULL, 1, &loan, on_release));
    CHECK_NAMES("data", ossup_request_error(request));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT,
                 ossup_request_set_upload_memory(request, &anything, SIZE_MAX, &loan, on_release));
    ossup_request_free(request);
    CHECK(released(&loan) == 0);
}

static void memory_arrives_and_is_given_back_once(ossup_client *client)
{
    struct loan loan = NO_LOAN;
    unsigned char *bytes = make_bytes(SMALL);
    ossup_request *request = make_bare_request("source/memory");
    ossup_result *result = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_memory(request, bytes, SMALL, &loan, on_release));
    for (int i = 0; i < 2; i++) {
        CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, &result, NULL));
        CHECK(ossup_result_bytes_sent(result) == SMALL && ossup_result_parts_sent(result) == 3);
        ossup_result_free(result);
    }
    CHECK(released(&loan) == 0);
    ossup_request_free(request);
    wait_for_release(&loan);
    free(bytes);
}

static void a_running_upload_keeps_its_memory_until_it_is_over(ossup_client *client)
{
    struct loan loan = NO_LOAN;
    unsigned char *bytes = make_bytes(LARGE);
    ossup_request *request = make_bare_request(SLOW);
    ossup_upload *upload = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_memory(request, bytes, LARGE, &loan, on_release));
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    ossup_request_free(request);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_upload_wait(upload, 20, NULL));
    CHECK(released(&loan) == 0);
    CHECK_STATUS(OSSUP_OK, ossup_upload_abort(upload));
    CHECK_STATUS(OSSUP_ABORTED, ossup_upload_wait(upload, -1, NULL));
    wait_for_release(&loan);
    free(bytes);
    ossup_upload_free(upload);
}

/* Without release, the memory is the caller's again when the upload is over. */
static void memory_without_a_release_is_not_touched_after_the_end(ossup_client *client)
{
    unsigned char *bytes = make_bytes(LARGE);
    ossup_request *request = make_bare_request(SLOW);
    ossup_upload *upload = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_memory(request, bytes, LARGE, NULL, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_upload_wait(upload, 20, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(upload));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(upload, -1, NULL));
    free(bytes);
    ossup_upload_free(upload);
    ossup_request_free(request);
}

static void the_last_source_counts(ossup_client *client)
{
    struct loan loan = NO_LOAN;
    struct path file = make_file("source.bin", 1000);
    unsigned char *bytes = make_bytes(SMALL);
    ossup_request *request = make_bare_request("source/last");
    ossup_result *result = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_memory(request, bytes, SMALL, &loan, on_release));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_stream(request, 7));
    wait_for_release(&loan);
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_memory(request, NULL, 0, NULL, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, &result, NULL));
    CHECK(ossup_result_bytes_total(result) == 0);
    ossup_result_free(result);
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_file(request, file.text));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, &result, NULL));
    CHECK(ossup_result_bytes_total(result) == 1000);
    ossup_result_free(result);
    ossup_request_free(request);
    free(bytes);
}

static void a_record_needs_a_place(ossup_client *client)
{
    struct path record = path_of("source.ucp");
    unsigned char *bytes = make_bytes(SMALL);
    ossup_request *request = make_bare_request("source/record");
    ossup_upload *upload = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_memory(request, bytes, SMALL, NULL, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_enable_checkpoint(request, true));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_new(client, request, &upload, &error));
    check_error(&error, "CheckpointFile");
    CHECK_STATUS(OSSUP_OK, ossup_request_set_checkpoint_file(request, record.text));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_request_free(request);
    free(bytes);
}

/* ---- a stream ---- */

static ossup_upload *make_stream(ossup_client *client, const char *key, uint64_t size)
{
    ossup_request *request = make_bare_request(key);
    ossup_upload *upload = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_stream(request, size));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_part_size(request, PART));
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    ossup_request_free(request);
    return upload;
}

static ossup_upload *start_stream(ossup_client *client, const char *key, uint64_t size)
{
    ossup_upload *upload = make_stream(client, key, size);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    return upload;
}

static void a_stream_arrives(ossup_client *client, uint64_t size)
{
    unsigned char *bytes = make_bytes(SMALL);
    ossup_upload *upload = start_stream(client, "source/stream", size);
    ossup_progress progress = {.struct_size = sizeof progress};
    size_t written = 7;
    for (size_t at = 0; at < SMALL; at += 1000) {
        CHECK_STATUS(OSSUP_OK, ossup_upload_write(upload, bytes + at, 1000, -1, &written, NULL));
        CHECK(written == 1000);
    }
    CHECK_STATUS(OSSUP_OK, ossup_upload_write(upload, NULL, 0, -1, &written, NULL));
    CHECK(written == 0);
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_upload_wait(upload, 20, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_finish(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_finish(upload, NULL));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_write(upload, bytes, 1, -1, &written, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
    CHECK(progress.bytes_total == SMALL && progress.bytes_confirmed == SMALL && progress.parts_total == 3);
    ossup_upload_free(upload);
    free(bytes);
}

static void wrong_turns(ossup_client *client)
{
    ossup_request *request = make_bare_request("source/turns");
    ossup_upload *upload = NULL;
    ossup_error *error = NULL;
    size_t written = 7;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_upload_stream(NULL, 1));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_stream(request, 10));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_upload_file(client, request, NULL, &error));
    check_error(&error, "ossup_upload_write");
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_write(NULL, "a", 1, 0, &written, &error));
    check_error(&error, "upload");
    CHECK(written == 0);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_write(upload, NULL, 1, 0, &written, &error));
    check_error(&error, "bytes");
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_write(upload, "a", SIZE_MAX, 0, &written, &error));
    check_error(&error, "length");
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_write(upload, "a", 1, 0, &written, &error));
    check_error(&error, "not started");
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_finish(upload, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_finish(NULL, &error));
    check_error(&error, "upload");
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_write(upload, "01234567890", 11, -1, &written, &error));
    check_error(&error, "10 bytes");
    CHECK(written == 0);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_upload_stream(request, UINT64_MAX - 1));
    CHECK_NAMES("stream size", ossup_request_error(request));
    ossup_request_free(request);
}

/* Pushes until there is no more room. */
static void stuff(ossup_upload *upload, const unsigned char *bytes)
{
    size_t written = 0, all = 0;
    ossup_status status = OSSUP_OK;
    /* The first bytes are taken once the upload has begun, which may be later than that. */
    while (status == OSSUP_OK || all <= PART) {
        status = ossup_upload_write(upload, bytes, PART, 30, &written, NULL);
        CHECK(status == OSSUP_OK || status == OSSUP_TIMED_OUT);
        all += written;
    }
    CHECK(all < LARGE);
}

struct inside {
    const unsigned char *bytes;
    ossup_status blocking, asking;
    unsigned calls;
    pthread_mutex_t lock;
};

static void on_progress(ossup_upload *upload, const ossup_progress *progress, void *user_data)
{
    struct inside *inside = user_data;
    size_t written = 0;
    (void)progress;
    pthread_mutex_lock(&inside->lock);
    if (inside->calls++ == 0) {
        inside->asking = ossup_upload_write(upload, inside->bytes, LARGE, 0, &written, NULL);
        inside->blocking = ossup_upload_write(upload, inside->bytes, LARGE, -1, &written, NULL);
    }
    pthread_mutex_unlock(&inside->lock);
}

static bool was_called(struct inside *inside)
{
    pthread_mutex_lock(&inside->lock);
    bool was_called = inside->calls > 0;
    pthread_mutex_unlock(&inside->lock);
    return was_called;
}

static void a_callback_takes_what_fits_and_does_not_wait(ossup_client *client)
{
    struct inside inside = {make_bytes(LARGE), OSSUP_OK, OSSUP_OK, 0, PTHREAD_MUTEX_INITIALIZER};
    ossup_request *request = make_bare_request(SLOW);
    ossup_upload *upload = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_stream(request, OSSUP_UNKNOWN_SIZE));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_part_size(request, PART));
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, on_progress, NULL, &inside, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    while (!was_called(&inside)) CHECK_STATUS(OSSUP_TIMED_OUT, ossup_upload_wait(upload, 5, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_abort(upload));
    CHECK_STATUS(OSSUP_ABORTED, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(OSSUP_TIMED_OUT, inside.asking);
    CHECK_STATUS(OSSUP_WOULD_DEADLOCK, inside.blocking);
    ossup_upload_free(upload);
    ossup_request_free(request);
    free((void *)(uintptr_t)inside.bytes);
}

/* ---- a writer that waits ---- */

struct writer {
    pthread_t thread;
    const ossup_upload *upload;
    const unsigned char *bytes;
    ossup_status status;
};

static void *write_all(void *argument)
{
    struct writer *writer = argument;
    writer->status = ossup_upload_write(writer->upload, writer->bytes, LARGE, -1, NULL, NULL);
    return NULL;
}

static void begin_to_write(struct writer *writer)
{
    CHECK(pthread_create(&writer->thread, NULL, write_all, writer) == 0);
    /* A second one is refused for as long as the first waits. */
    while (ossup_upload_write(writer->upload, NULL, 0, 0, NULL, NULL) != OSSUP_INVALID_STATE) nanosleep(&moment, NULL);
}

typedef ossup_status (*stop_fn)(const ossup_upload *upload);

static void a_writer_that_waits_learns_of_the_stop(ossup_client *client, stop_fn stop, ossup_status status)
{
    unsigned char *bytes = make_bytes(LARGE);
    ossup_upload *upload = start_stream(client, SLOW, OSSUP_UNKNOWN_SIZE), *other = NULL;
    struct writer writer = {.upload = upload, .bytes = bytes, .status = OSSUP_OK};
    stuff(upload, bytes);
    begin_to_write(&writer);
    /* A handle that is freed is nothing to the writer, who has his own. */
    CHECK_STATUS(OSSUP_OK, ossup_upload_ref(upload, &other));
    ossup_upload_free(other);
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_finish(upload, NULL));
    CHECK_STATUS(OSSUP_OK, stop(upload));
    CHECK(pthread_join(writer.thread, NULL) == 0);
    CHECK_STATUS(status, writer.status);
    CHECK_STATUS(status, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(status, ossup_upload_write(upload, bytes, 1, -1, NULL, NULL));
    CHECK_STATUS(status, ossup_upload_finish(upload, NULL));
    ossup_upload_free(upload);
    free(bytes);
}

struct ending {
    pthread_mutex_t lock;
    bool is_over;
    ossup_status status;
};

static void on_complete(ossup_upload *upload, ossup_status status, void *user_data)
{
    struct ending *ending = user_data;
    (void)upload;
    pthread_mutex_lock(&ending->lock);
    ending->is_over = true;
    ending->status = status;
    pthread_mutex_unlock(&ending->lock);
}

static bool is_over(struct ending *ending)
{
    pthread_mutex_lock(&ending->lock);
    bool is_over = ending->is_over;
    pthread_mutex_unlock(&ending->lock);
    return is_over;
}

static void a_stream_that_nobody_can_finish_is_paused(ossup_client *client)
{
    struct ending ending = {PTHREAD_MUTEX_INITIALIZER, false, OSSUP_OK};
    ossup_request *request = make_bare_request("source/left");
    ossup_upload *upload = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_stream(request, 10));
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    ossup_request_free(request);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, NULL, on_complete, &ending, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_write(upload, "12345", 5, -1, NULL, NULL));
    ossup_upload_free(upload);
    while (!is_over(&ending)) nanosleep(&moment, NULL);
    CHECK_STATUS(OSSUP_PAUSED, ending.status);
}

/* ---- many streams, one thread ---- */

struct pushed {
    ossup_upload *upload;
    size_t written;
    /* The last write found too little room, and nobody said since that there is some. */
    bool is_full;
};

/* Pushes what there is room for, and all that is left when there is room for that. */
static void push(struct pushed *stream, const unsigned char *bytes)
{
    size_t written = 0;
    ossup_status status =
        ossup_upload_write(stream->upload, bytes + stream->written, SMALL - stream->written, 0, &written, NULL);
    stream->written += written;
    stream->is_full = status == OSSUP_TIMED_OUT;
    CHECK_STATUS(stream->written == SMALL ? OSSUP_OK : OSSUP_TIMED_OUT, status);
    if (status == OSSUP_OK) CHECK_STATUS(OSSUP_OK, ossup_upload_finish(stream->upload, NULL));
}

static void an_event_says_when_to_push_on(ossup_client *client, ossup_event_kind kind)
{
    enum { STREAMS = 8 };
    struct pushed streams[STREAMS];
    unsigned char *bytes = make_bytes(SMALL);
    ossup_queue *queue = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    for (uint64_t tag = 0; tag < STREAMS; tag++) {
        streams[tag] = (struct pushed){make_stream(client, "source/many", OSSUP_UNKNOWN_SIZE), 0, false};
        CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(streams[tag].upload, queue, tag));
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(streams[tag].upload, NULL));
        if (kind == OSSUP_EVENT_WRITABLE) push(&streams[tag], bytes);
    }
    for (int left = STREAMS; left > 0;) {
        ossup_event *event = NULL;
        CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, -1, &event));
        struct pushed *stream = &streams[ossup_event_tag(event)];
        if (ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE) {
            CHECK_STATUS(OSSUP_OK, ossup_upload_wait(stream->upload, -1, NULL));
            ossup_upload_free(stream->upload);
            left--;
        } else if (ossup_event_get_kind(event) == kind && stream->written < SMALL) {
            CHECK(kind != OSSUP_EVENT_WRITABLE || stream->is_full);
            push(stream, bytes);
        }
        ossup_event_free(event);
    }
    ossup_queue_free(queue);
    free(bytes);
}

static ossup_event *next_of(const ossup_queue *queue, ossup_event_kind kind)
{
    ossup_event *event = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, -1, &event));
    while (ossup_event_get_kind(event) != kind) {
        CHECK(ossup_event_get_kind(event) == OSSUP_EVENT_PROGRESS);
        ossup_event_free(event);
        CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, -1, &event));
    }
    return event;
}

static ossup_upload *start_full(ossup_client *client, const ossup_queue *queue, const unsigned char *bytes)
{
    ossup_upload *upload = make_stream(client, SLOW, OSSUP_UNKNOWN_SIZE);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, 7));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_upload_write(upload, bytes, LARGE, 0, NULL, NULL));
    return upload;
}

/* One event for each write that found too little room, whatever becomes of the upload, and none behind its end. */
static void a_stop_is_worth_a_try_too(ossup_client *client, stop_fn stop, ossup_status status)
{
    unsigned char *bytes = make_bytes(LARGE);
    ossup_queue *queue = NULL;
    ossup_event *event = NULL;
    ossup_upload *same = NULL;
    ossup_credentials_request *none = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    ossup_upload *upload = start_full(client, queue, bytes);
    ossup_event_free(next_of(queue, OSSUP_EVENT_WRITABLE));
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_upload_write(upload, bytes, LARGE, 0, NULL, NULL));
    CHECK_STATUS(OSSUP_OK, stop(upload));
    event = next_of(queue, OSSUP_EVENT_WRITABLE);
    CHECK_STATUS(status, ossup_upload_write(upload, bytes, LARGE, 0, NULL, NULL));
    CHECK(ossup_event_tag(event) == 7);
    CHECK_STATUS(OSSUP_OK, ossup_event_upload(event, &same));
    ossup_upload_free(same);
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_event_credentials(event, &none));
    CHECK(ossup_event_log_level(event) == OSSUP_LOG_OFF && ossup_event_log_message(event) == NULL);
    ossup_event_free(next_of(queue, OSSUP_EVENT_COMPLETE));
    ossup_upload_free(upload);
    /* It keeps nothing alive: once the upload's task is gone, there is nothing to be had. */
    while (ossup_event_upload(event, &same) == OSSUP_OK) {
        ossup_upload_free(same);
        nanosleep(&moment, NULL);
    }
    ossup_event_free(event);
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_queue_next(queue, 0, &event));
    ossup_queue_free(queue);
    free(bytes);
}

/* However often there was too little room, one such event waits. */
static void a_queue_that_nobody_empties_does_not_fill(ossup_client *client)
{
    unsigned char *bytes = make_bytes(LARGE);
    ossup_queue *queue = NULL;
    ossup_event *event = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    ossup_upload *upload = start_full(client, queue, bytes);
    stuff(upload, bytes);
    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(upload));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(upload, -1, NULL));
    ossup_event_free(next_of(queue, OSSUP_EVENT_WRITABLE));
    ossup_event_free(next_of(queue, OSSUP_EVENT_COMPLETE));
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_queue_next(queue, 0, &event));
    ossup_upload_free(upload);
    ossup_queue_free(queue);
    free(bytes);
}

static void a_queue_that_was_freed_is_told_nothing(ossup_client *client)
{
    unsigned char *bytes = make_bytes(LARGE);
    ossup_queue *queue = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    ossup_upload *upload = start_full(client, queue, bytes);
    ossup_queue_free(queue);
    stuff(upload, bytes);
    CHECK_STATUS(OSSUP_OK, ossup_upload_abort(upload));
    CHECK_STATUS(OSSUP_ABORTED, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
    free(bytes);
}

static void a_shutdown_ends_a_wait_for_room(ossup_client *client)
{
    unsigned char *bytes = make_bytes(LARGE);
    ossup_upload *upload = start_stream(client, SLOW, LARGE * 10);
    struct writer writer = {.upload = upload, .bytes = bytes, .status = OSSUP_OK};
    begin_to_write(&writer);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(-1));
    CHECK(pthread_join(writer.thread, NULL) == 0);
    CHECK_STATUS(OSSUP_PAUSED, writer.status);
    ossup_upload_free(upload);
    free(bytes);
}

int main(void)
{
    ossup_client *client = make_client();
    memory_that_is_refused_stays_the_callers();
    memory_arrives_and_is_given_back_once(client);
    a_running_upload_keeps_its_memory_until_it_is_over(client);
    memory_without_a_release_is_not_touched_after_the_end(client);
    the_last_source_counts(client);
    a_record_needs_a_place(client);
    a_stream_arrives(client, SMALL);
    a_stream_arrives(client, OSSUP_UNKNOWN_SIZE);
    wrong_turns(client);
    a_callback_takes_what_fits_and_does_not_wait(client);
    a_writer_that_waits_learns_of_the_stop(client, ossup_upload_pause, OSSUP_PAUSED);
    a_writer_that_waits_learns_of_the_stop(client, ossup_upload_abort, OSSUP_ABORTED);
    a_stream_that_nobody_can_finish_is_paused(client);
    an_event_says_when_to_push_on(client, OSSUP_EVENT_PROGRESS);
    an_event_says_when_to_push_on(client, OSSUP_EVENT_WRITABLE);
    a_stop_is_worth_a_try_too(client, ossup_upload_pause, OSSUP_PAUSED);
    a_stop_is_worth_a_try_too(client, ossup_upload_abort, OSSUP_ABORTED);
    a_queue_that_nobody_empties_does_not_fill(client);
    a_queue_that_was_freed_is_told_nothing(client);
    a_shutdown_ends_a_wait_for_room(client);
    ossup_client_free(client);
    return 0;
}

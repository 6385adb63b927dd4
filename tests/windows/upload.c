/* A file with a name in Chinese goes up with a record, and the queue's event says when there is something to take. */
#include "fixture.h"

#include <windows.h>

#define NAME "\xe6\x96\x87\xe4\xbb\xb6.bin"
enum { LENGTH = 3000000, PATIENCE_MS = 60000 };

static void give_name(const char *from, const char *to)
{
    wchar_t old_name[MAX_PATH], new_name[MAX_PATH];
    CHECK(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, from, -1, old_name, MAX_PATH) > 0);
    CHECK(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, to, -1, new_name, MAX_PATH) > 0);
    CHECK(MoveFileW(old_name, new_name));
}

static HANDLE handle_of(const ossup_queue *queue)
{
    HANDLE handle = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_handle(queue, &handle));
    CHECK(handle != NULL);
    return handle;
}

static bool signalled(const ossup_queue *queue, DWORD patience_ms)
{
    DWORD answer = WaitForSingleObject(handle_of(queue), patience_ms);
    CHECK(answer == WAIT_OBJECT_0 || answer == WAIT_TIMEOUT);
    return answer == WAIT_OBJECT_0;
}

static void the_handle_follows_the_queue(void)
{
    ossup_queue *queue = NULL;
    ossup_event *event = NULL;
    HANDLE handle = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_queue_handle(NULL, &handle));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_queue_handle(queue, NULL));
    CHECK(handle_of(queue) == handle_of(queue));
    CHECK(!signalled(queue, 0));
    CHECK_STATUS(OSSUP_OK, ossup_queue_wake(queue));
    CHECK(signalled(queue, 0) && signalled(queue, 0));
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_queue_next(queue, 0, &event));
    CHECK(!signalled(queue, 0));
    ossup_queue_free(queue);
}

/* Takes events, which must come in time, until the upload is over. */
static void wait_for_the_end(const ossup_queue *queue, uint64_t tag)
{
    bool is_over = false;
    while (!is_over) {
        ossup_event *event = NULL;
        CHECK(signalled(queue, PATIENCE_MS));
        CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, 0, &event));
        CHECK(ossup_event_tag(event) == tag);
        is_over = ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE;
        ossup_event_free(event);
    }
    CHECK(!signalled(queue, 0));
}

int main(void)
{
    struct path made = make_file("made.bin", LENGTH);
    struct path path = path_of(NAME);
    ossup_client *client = make_client();
    ossup_queue *queue = NULL;
    ossup_result *result = NULL;
    the_handle_follows_the_queue();

    give_name(made.text, path.text);
    ossup_upload *upload = make_upload(client, "windows/" NAME, path.text, true);
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, 7));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    wait_for_the_end(queue, 7);

    CHECK_STATUS(OSSUP_OK, ossup_upload_result(upload, &result));
    CHECK_STATUS(OSSUP_OK, ossup_result_status(result));
    CHECK(ossup_result_bytes_sent(result) == LENGTH);
    CHECK_NAMES(NAME ".ucp", ossup_result_checkpoint_file(result));
    ossup_result_free(result);
    ossup_upload_free(upload);
    ossup_queue_free(queue);
    ossup_client_free(client);
    /* What was made of the bytes is compared by whoever runs this. */
    give_name(path.text, made.text);
    return 0;
}

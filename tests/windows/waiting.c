/* One thread of a host waits for its own things and for the queue at once; others come, upload and go, and keep what is theirs. */
#include "fixture.h"

#include <windows.h>

enum { THREADS = 8, UPLOADS = 20, PATIENCE_MS = 60000 };

static DWORD place;
static volatile LONG ended;

static void upload_one(ossup_client *client, const char *file)
{
    ossup_request *request = make_request("windows/thread", file);
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_request_free(request);
}

struct host {
    ossup_client *client;
    const char *file;
};

/* A thread of the host's that comes, uploads and goes; what it keeps under its own place is what it put there. */
static DWORD WINAPI come_and_go(void *argument)
{
    const struct host *host = argument;
    CHECK(TlsSetValue(place, argument));
    upload_one(host->client, host->file);
    CHECK(TlsGetValue(place) == argument);
    InterlockedIncrement(&ended);
    return 0;
}

static void threads_come_and_go(struct host *host)
{
    HANDLE threads[THREADS];
    for (int i = 0; i < THREADS; i++) CHECK((threads[i] = CreateThread(NULL, 0, come_and_go, host, 0, NULL)) != NULL);
    CHECK(WaitForMultipleObjects(THREADS, threads, TRUE, INFINITE) == WAIT_OBJECT_0);
    for (int i = 0; i < THREADS; i++) CHECK(CloseHandle(threads[i]));
    CHECK(ended == THREADS);
}

/* Both the host's event and the queue's are seen, whichever comes first. */
static void one_wait_for_everything(struct host *host)
{
    ossup_queue *queue = NULL;
    HANDLE own = CreateEventA(NULL, FALSE, FALSE, NULL), handles[2] = {own, NULL};
    unsigned complete = 0, own_signals = 0;
    CHECK(own != NULL);
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    CHECK_STATUS(OSSUP_OK, ossup_queue_handle(queue, &handles[1]));
    for (int i = 0; i < UPLOADS; i++) {
        ossup_upload *upload = make_upload(host->client, "windows/waiting", host->file, false);
        CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, 0));
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
        ossup_upload_free(upload);
    }
    while (complete < UPLOADS || own_signals < UPLOADS) {
        ossup_event *event = NULL;
        DWORD answer = WaitForMultipleObjects(2, handles, FALSE, PATIENCE_MS);
        CHECK(answer == WAIT_OBJECT_0 || answer == WAIT_OBJECT_0 + 1);
        if (answer == WAIT_OBJECT_0) {
            own_signals++;
            continue;
        }
        CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, 0, &event));
        if (ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE) {
            complete++;
            CHECK(SetEvent(own));
        }
        ossup_event_free(event);
    }
    CHECK(WaitForMultipleObjects(2, handles, FALSE, 0) == WAIT_TIMEOUT);
    ossup_queue_free(queue);
    CHECK(CloseHandle(own));
}

int main(void)
{
    struct path file = make_file("waiting.bin", 300000);
    place = TlsAlloc();
    CHECK(place != TLS_OUT_OF_INDEXES);
    struct host host = {make_client(), file.text};
    threads_come_and_go(&host);
    one_wait_for_everything(&host);
    ossup_client_free(host.client);
    return 0;
}

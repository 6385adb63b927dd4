/* The library stays loaded whatever FreeLibrary is called: its threads need its code, and nobody could give back what it keeps for
 * threads of the host's. Parts of SLOW take their time. */
#include "loading.h"

#define SLOW "windows/slow"

static void upload(const char *file)
{
    ossup_client *client = make_client();
    ossup_request *request = make_request("windows/unload", file);
    CHECK(CALL(ossup_client_upload_file)(client, request, NULL, NULL) == OSSUP_OK);
    CALL(ossup_request_free)(request);
    CALL(ossup_client_free)(client);
}

enum { TIMES = 300 };

/* The next place for what is a thread's own: a process has about a thousand. */
static DWORD next_place(void)
{
    DWORD place = TlsAlloc();
    CHECK(place != TLS_OUT_OF_INDEXES && TlsFree(place));
    return place;
}

static void it_stays_whether_it_was_called_or_not(void)
{
    load_library();
    CHECK(FreeLibrary(library) && is_loaded());
    DWORD before = next_place();
    for (int i = 0; i < TIMES; i++) {
        load_library();
        CHECK(FreeLibrary(library) && is_loaded());
    }
    CHECK(next_place() == before);
    for (int i = 0; i < TIMES; i++) {
        ossup_queue *queue = NULL;
        load_library();
        CHECK(CALL(ossup_queue_new)(&queue) == OSSUP_OK);
        CALL(ossup_queue_free)(queue);
        CHECK(FreeLibrary(library) && is_loaded());
        if (i == 0) before = next_place();
    }
    CHECK(next_place() == before);
}

/* However often it is unloaded meanwhile, the upload is none the wiser. */
static void it_stays_under_an_upload(const char *file)
{
    ossup_client *client = make_client();
    ossup_request *request = make_request(SLOW, file);
    ossup_upload *upload = NULL;
    CHECK(CALL(ossup_upload_new)(client, request, &upload, NULL) == OSSUP_OK);
    CHECK(CALL(ossup_upload_start)(upload, NULL) == OSSUP_OK);
    for (int i = 0; i < TIMES; i++) CHECK(FreeLibrary(library) && is_loaded());
    CHECK(CALL(ossup_upload_wait)(upload, -1, NULL) == OSSUP_OK);
    CALL(ossup_upload_free)(upload);
    CALL(ossup_request_free)(request);
    CALL(ossup_client_free)(client);
}

int main(int count, char **arguments)
{
    CHECK(count == 1);
    it_stays_whether_it_was_called_or_not();
    load_library();
    /* This very program will do as a file to upload. */
    upload(arguments[0]);
    it_stays_under_an_upload(arguments[0]);
    return 0;
}

/* The functions that belong to no handle, and what is left after shutdown. */
#include "fixture.h"

static void every_status_has_a_name_of_its_own(void)
{
    static const ossup_status STATUSES[] = {
        OSSUP_OK, OSSUP_INVALID_ARGUMENT, OSSUP_INVALID_STATE, OSSUP_WOULD_DEADLOCK, OSSUP_TIMED_OUT, OSSUP_FORKED,
        OSSUP_SHUT_DOWN, OSSUP_SOURCE_UNREADABLE, OSSUP_SOURCE_CHANGED, OSSUP_CHECKPOINT_UNUSABLE,
        OSSUP_CHECKPOINT_FOREIGN, OSSUP_CHECKPOINT_TOO_NEW, OSSUP_BUSY, OSSUP_NO_RESOURCES, OSSUP_UNREACHABLE,
        OSSUP_CONNECTION_LOST, OSSUP_TLS_FAILED, OSSUP_NETWORK_TIMEOUT, OSSUP_BAD_ANSWER, OSSUP_SERVICE_ERROR,
        OSSUP_ACCESS_DENIED, OSSUP_NO_SUCH_BUCKET, OSSUP_NO_SUCH_UPLOAD, OSSUP_ALREADY_EXISTS, OSSUP_THROTTLED,
        OSSUP_CHECKSUM_MISMATCH, OSSUP_CALLBACK_FAILED, OSSUP_UNCONFIRMED, OSSUP_PAUSED, OSSUP_ABORTED,
        OSSUP_DEADLINE_EXCEEDED, OSSUP_INTERNAL,
    };
    const size_t count = sizeof STATUSES / sizeof *STATUSES;
    const char *unknown = ossup_status_name(12345);
    CHECK(unknown != NULL && *unknown != '\0');
    CHECK_TEXT("UNKNOWN", unknown);
    CHECK_TEXT(unknown, ossup_status_name(-1));
    for (size_t i = 0; i < count; i++) {
        const char *name = ossup_status_name(STATUSES[i]);
        CHECK(name != NULL && *name != '\0' && strcmp(name, unknown) != 0);
        for (size_t j = 0; j < i; j++) CHECK(strcmp(name, ossup_status_name(STATUSES[j])) != 0);
    }
}

static void threads_are_chosen_before_there_are_any(void)
{
    struct path file = make_file("library.bin", 1000);
    ossup_client *client = make_client();
    ossup_request *request = make_request("library/threads", file.text);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_set_worker_threads(0));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_set_worker_threads(65));
    CHECK_STATUS(OSSUP_OK, ossup_set_worker_threads(64));
    CHECK_STATUS(OSSUP_OK, ossup_set_worker_threads(5));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_set_worker_threads(5));
    ossup_request_free(request);
    ossup_client_free(client);
}

/* A client can still be made and an upload prepared, but nothing starts any more. */
static void after_shutdown_nothing_starts(void)
{
    struct path file = make_file("library.bin", 1000);
    ossup_client *client = make_client();
    ossup_upload *upload = make_upload(client, "library/late", file.text, false);
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(5000));
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(-1));
    CHECK_STATUS(OSSUP_SHUT_DOWN, ossup_upload_start(upload, &error));
    CHECK_STATUS(OSSUP_SHUT_DOWN, ossup_error_status(error));
    ossup_error_free(error);
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_wait(upload, 0, NULL));
    ossup_upload_free(upload);
    upload = make_upload(client, "library/later", file.text, false);
    CHECK_STATUS(OSSUP_SHUT_DOWN, ossup_upload_start(upload, NULL));
    ossup_upload_free(upload);
    ossup_client_free(client);
}

/* Versions, target, TLS, limits and defaults, in a few lines of their own; the same text each time. */
static void diagnostics_say_what_it_is(void)
{
    const char *text = ossup_diagnostics();
    CHECK(text == ossup_diagnostics());
    const char *const words[] = {ossup_version(), "ABI: 1", "TLS: rustls", "roots: ", "10000 parts", "TaskNum 1", "30000 ms"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) CHECK_NAMES(words[i], text);
    size_t lines = 0;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++) lines++;
    CHECK(lines >= 5 && lines <= 10 && text[strlen(text) - 1] == '\n');
}

int main(void)
{
    diagnostics_say_what_it_is();
    CHECK(*ossup_version() >= '0' && *ossup_version() <= '9');
    CHECK(ossup_abi_version() == OSSUP_ABI_VERSION);
    every_status_has_a_name_of_its_own();
    threads_are_chosen_before_there_are_any();
    after_shutdown_nothing_starts();
    return 0;
}

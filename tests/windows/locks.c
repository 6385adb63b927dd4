/* A record is one process's at a time: another is told so, may read it meanwhile, and has it when the first is killed. SLOW is
 * throttled. With an argument it is the first process, of that record. */
#include "wide.h"

#define SLOW "windows/slow"
#define NAME L"\u9396.bin"
enum { LENGTH = 3000000, PATIENCE_MS = 60000 };

static ossup_request *request_of(const wchar_t *file)
{
    ossup_request *request = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_new(&request));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_bucket_name(request, BUCKET));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_key(request, SLOW));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_file_w(request, file));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_enable_checkpoint(request, true));
    return request;
}

/* Until it is killed. */
static int hold(const wchar_t *file)
{
    ossup_client *client = make_client();
    ossup_request *request = request_of(file);
    ossup_upload *upload = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_bandwidth_limit(upload, 400000));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    return 1;
}

static HANDLE start(const wchar_t *program)
{
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION started;
    struct wide line = joined(joined(L"\"", program).text, L"\" hold");
    CHECK(CreateProcessW(program, line.text, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &started));
    CHECK(CloseHandle(started.hThread));
    return started.hProcess;
}

/* Reads what the other process writes, as it writes it. */
static void wait_for_a_part(const wchar_t *path, HANDLE process)
{
    uint32_t parts = 0;
    while (parts == 0) {
        ossup_record *record = NULL;
        CHECK(WaitForSingleObject(process, 5) == WAIT_TIMEOUT);
        ossup_record_read_w(path, &record, NULL);
        parts = ossup_record_parts_confirmed(record);
        ossup_record_free(record);
    }
}

int main(int count, char **arguments)
{
    struct wide file = wide_path_of(NAME), record = joined(file.text, L".ucp"), program = wide_of(arguments[0]);
    ossup_error *error = NULL;
    ossup_result *result = NULL;
    if (count > 1) return hold(file.text);
    make_wide_file(file.text, LENGTH);
    ossup_client *client = make_client();
    ossup_request *request = request_of(file.text);
    HANDLE process = start(program.text);
    wait_for_a_part(record.text, process);
    CHECK_STATUS(OSSUP_BUSY, ossup_client_upload_file(client, request, NULL, &error));
    check_error(&error, "in use by another upload");
    CHECK_STATUS(OSSUP_BUSY, ossup_record_delete_w(record.text, &error));
    check_error(&error, "in use by another upload");
    CHECK(is_there(record.text));
    /* Whoever waits for it has it as soon as the other is gone, whatever became of that. */
    CHECK(TerminateProcess(process, 1) && WaitForSingleObject(process, PATIENCE_MS) == WAIT_OBJECT_0);
    CHECK_STATUS(OSSUP_OK, ossup_request_set_lock_timeout_ms(request, PATIENCE_MS));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, &result, NULL));
    CHECK(ossup_result_is_resumed(result) && ossup_result_parts_reused(result) > 0);
    CHECK(!is_there(record.text));
    CHECK(CloseHandle(process));
    ossup_result_free(result);
    ossup_request_free(request);
    ossup_client_free(client);
    return 0;
}

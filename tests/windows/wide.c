/* Paths in UTF-16, longer than 260 characters and with names of any script: of a file, of records and their folders, of
 * authorities and of a token. SLOW is throttled. */
#include "wide.h"

#define SLOW "windows/slow"
#define NAME L"\u6587\u4ef6 \U0001F389.bin"
enum { LENGTH = 3000000 };

/* Folder in folder, until no plain call of the system's would take what is in it. */
static struct wide long_folder(void)
{
    struct wide folder = make_folder(wide_path_of(L"long").text);
    while (wcslen(folder.text) < 400) {
        folder = make_folder(joined(folder.text, L"\\ein Ordner \u6587\u4ef6\u5939 \U0001F389 of a long path").text);
    }
    return folder;
}

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

/* Starts, and pauses as soon as a part is confirmed. */
static ossup_result *half_of(const ossup_client *client, const ossup_request *request)
{
    ossup_upload *upload = NULL;
    ossup_queue *queue = NULL;
    ossup_event *event = NULL;
    ossup_result *result = NULL;
    ossup_progress progress = {.struct_size = sizeof progress};
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, 0));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    while (progress.parts_confirmed == 0) {
        CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, -1, &event));
        CHECK(ossup_event_get_kind(event) == OSSUP_EVENT_PROGRESS);
        CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
        ossup_event_free(event);
    }
    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(upload));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_result(upload, &result));
    ossup_upload_free(upload);
    ossup_queue_free(queue);
    return result;
}

static void check_record(const ossup_record *record, const wchar_t *path)
{
    CHECK(ossup_record_get_state(record) == OSSUP_RECORD_UPLOADING);
    CHECK(ossup_record_parts_confirmed(record) > 0);
    CHECK_WIDE(path, ossup_record_path_w(record));
    CHECK_WIDE(path, wide_of(ossup_record_path(record)).text);
}

static void a_record_is_found_by_its_path(const wchar_t *folder, const wchar_t *path)
{
    ossup_record *record = NULL;
    ossup_record_list *list = NULL;
    CHECK(is_there(path));
    CHECK_STATUS(OSSUP_OK, ossup_record_read_w(path, &record, NULL));
    check_record(record, path);
    ossup_record_free(record);
    CHECK_STATUS(OSSUP_OK, ossup_record_list_read_w(folder, &list, NULL));
    CHECK(ossup_record_list_count(list) == 1);
    check_record(ossup_record_list_get(list, 0), path);
    ossup_record_list_free(list);
}

static void it_goes_on(const ossup_client *client, const ossup_request *request, const wchar_t *record)
{
    ossup_result *result = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, &result, NULL));
    CHECK(ossup_result_is_resumed(result) && ossup_result_parts_reused(result) > 0);
    CHECK_WIDE(record, ossup_result_checkpoint_file_w(result));
    CHECK_WIDE(record, wide_of(ossup_result_checkpoint_file(result)).text);
    CHECK(!is_there(record));
    ossup_result_free(result);
}

static void a_record_beside_the_file(const ossup_client *client, const wchar_t *folder)
{
    struct wide file = joined(joined(folder, L"\\").text, NAME);
    struct wide record = joined(file.text, L".ucp");
    make_wide_file(file.text, LENGTH);
    ossup_request *request = request_of(file.text);
    ossup_result_free(half_of(client, request));
    a_record_is_found_by_its_path(folder, record.text);
    it_goes_on(client, request, record.text);
    ossup_request_free(request);
}

static void a_record_at_a_path(const ossup_client *client, const wchar_t *file, const wchar_t *folder)
{
    struct wide record = joined(folder, L"\\\u8a18\u9332.ucp");
    ossup_request *request = request_of(file);
    CHECK_STATUS(OSSUP_OK, ossup_request_set_checkpoint_file_w(request, record.text));
    ossup_result_free(half_of(client, request));
    a_record_is_found_by_its_path(folder, record.text);
    it_goes_on(client, request, record.text);
    ossup_request_free(request);
}

/* By whatever name of its own; and away with it. */
static void a_record_in_a_folder(const ossup_client *client, const wchar_t *file, const wchar_t *folder)
{
    ossup_error *error = NULL;
    ossup_request *request = request_of(file);
    CHECK_STATUS(OSSUP_OK, ossup_request_set_checkpoint_dir_w(request, folder));
    ossup_result *result = half_of(client, request);
    struct wide record = joined(ossup_result_checkpoint_file_w(result), L"");
    CHECK(wcsncmp(record.text, folder, wcslen(folder)) == 0);
    a_record_is_found_by_its_path(folder, record.text);
    CHECK_STATUS(OSSUP_OK, ossup_client_abort_incomplete_upload(client, BUCKET, SLOW, ossup_result_upload_id(result), NULL));
    CHECK_STATUS(OSSUP_OK, ossup_record_delete_w(record.text, NULL));
    CHECK(!is_there(record.text));
    CHECK_STATUS(OSSUP_CHECKPOINT_UNUSABLE, ossup_record_delete_w(record.text, &error));
    check_error(&error, "CheckpointFile");
    ossup_result_free(result);
    ossup_request_free(request);
}

/* NTFS has names that are no text. Where the system makes one, it goes up like any other; elsewhere it is named as far as UTF-8
 * can. */
static void a_name_with_half_a_pair(const ossup_client *client)
{
    struct wide file = wide_path_of(L"half \xd83d.bin");
    struct wide record = joined(file.text, L".ucp");
    ossup_error *error = NULL;
    ossup_request *request = request_of(file.text);
    HANDLE made = CreateFileW(file.text, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
    if (made == INVALID_HANDLE_VALUE) {
        CHECK_STATUS(OSSUP_SOURCE_UNREADABLE, ossup_client_upload_file(client, request, NULL, &error));
        check_error(&error, "half \xef\xbf\xbd.bin");
    } else {
        CHECK(CloseHandle(made) && DeleteFileW(file.text));
        make_wide_file(file.text, LENGTH);
        ossup_result_free(half_of(client, request));
        CHECK(is_there(record.text));
        it_goes_on(client, request, record.text);
    }
    ossup_request_free(request);
}

/* The authorities that the stand-in's certificate is of, under another name. */
static void authorities(const wchar_t *file, const wchar_t *folder)
{
    struct wide authority = joined(folder, L"\\\u6388\u6b0a.pem");
    ossup_config *config = NULL;
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_config_new(&config));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_endpoint(config, environment("OSSUP_TEST_HTTPS_ENDPOINT")));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_region(config, "cn-hangzhou"));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_path_style(config, true));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_credentials(config, "ak", "sk", NULL));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_system_trust(config, false));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_ca_file_w(config, authority.text));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_new(config, &client, &error));
    check_error(&error, "CA file");
    CHECK(CopyFileW(wide_of(environment("OSSUP_TEST_CA")).text, verbatim(authority.text).text, TRUE));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    ossup_request *request = request_of(file);
    CHECK_STATUS(OSSUP_OK, ossup_request_set_key(request, "windows/tls"));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_task_num(request, 4));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_config_free(config);
}

/* Nobody answers for STS here, but the token is read first. */
static void check_token(const wchar_t *token, const wchar_t *file, const char *names)
{
    ossup_config *config = make_bare_config();
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    ossup_request *request = request_of(file);
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_attempts(config, 1));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_sts_endpoint(config, "http://127.0.0.1:1"));
    CHECK_STATUS(OSSUP_OK, ossup_config_add_oidc_role_w(config, "acs:ram::1:role/r", "acs:ram::1:oidc-provider/p", token));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    CHECK(ossup_client_upload_file(client, request, NULL, &error) != OSSUP_OK);
    check_error(&error, names);
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_config_free(config);
}

static void a_token(const wchar_t *file, const wchar_t *folder)
{
    struct wide token = joined(folder, L"\\\u4ee4\u724c");
    check_token(token.text, file, "\xe4\xbb\xa4\xe7\x89\x8c cannot be read");
    write_wide(token.text, "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJub2JvZHkifQ.c2lnbmVk");
    check_token(token.text, file, "127.0.0.1:1");
}

/* What is refused is refused by the name that the UTF-8 setter has. */
static void refusals(void)
{
    ossup_request *request = NULL;
    ossup_config *config = NULL;
    ossup_record *record = NULL;
    ossup_record_list *list = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_new(&request));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_upload_file_w(request, NULL));
    CHECK_NAMES("UploadFile is NULL", ossup_request_error(request));
    ossup_request_free(request);
    CHECK_STATUS(OSSUP_OK, ossup_request_new(&request));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_checkpoint_file_w(request, L""));
    CHECK_NAMES("CheckpointFile", ossup_request_error(request));
    ossup_request_free(request);
    CHECK_STATUS(OSSUP_OK, ossup_request_new(&request));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_checkpoint_dir_w(request, L""));
    CHECK_NAMES("checkpoint directory", ossup_request_error(request));
    ossup_request_free(request);
    CHECK_STATUS(OSSUP_OK, ossup_config_new(&config));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_ca_file_w(config, NULL));
    CHECK_NAMES("CA file is NULL", ossup_config_error(config));
    ossup_config_free(config);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_record_read_w(NULL, &record, &error));
    check_error(&error, "CheckpointFile is NULL");
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_record_delete_w(NULL, &error));
    check_error(&error, "CheckpointFile is NULL");
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_record_list_read_w(NULL, &list, &error));
    check_error(&error, "checkpoint directory is NULL");
    CHECK(ossup_record_path_w(NULL) == NULL && ossup_result_checkpoint_file_w(NULL) == NULL);
}

int main(void)
{
    struct wide folder = long_folder();
    struct wide file = joined(joined(folder.text, L"\\").text, NAME);
    struct wide records = make_folder(joined(folder.text, L"\\records").text);
    ossup_client *client = make_client();
    refusals();
    a_record_beside_the_file(client, folder.text);
    a_record_at_a_path(client, file.text, records.text);
    a_record_in_a_folder(client, file.text, records.text);
    a_name_with_half_a_pair(client);
    authorities(file.text, folder.text);
    a_token(file.text, folder.text);
    ossup_client_free(client);
    return 0;
}

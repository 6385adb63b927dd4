/* ossup_request: every setter with good values, NULL, bad UTF-8 and values that break a rule. */
#include "fixture.h"

typedef ossup_status text_setter(ossup_request *, const char *);
typedef ossup_status pair_setter(ossup_request *, const char *, const char *);
typedef ossup_status flag_setter(ossup_request *, bool);

static ossup_request *fresh(void)
{
    ossup_request *request = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_new(&request));
    CHECK(request != NULL);
    CHECK(ossup_request_error(request) == NULL);
    return request;
}

static void refused(const char *argument, ossup_request *request, ossup_status status)
{
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, status);
    CHECK_NAMES(argument, ossup_request_error(request));
    ossup_request_free(request);
}

static void accepted(ossup_request *request, ossup_status status)
{
    CHECK_STATUS(OSSUP_OK, status);
    CHECK(ossup_request_error(request) == NULL);
    ossup_request_free(request);
}

static void good_text(text_setter *set, const char *value)
{
    ossup_request *request = fresh();
    accepted(request, set(request, value));
}

static void bad_text(const char *argument, text_setter *set, const char *value)
{
    ossup_request *request = fresh();
    refused(argument, request, set(request, value));
}

static void text(const char *argument, text_setter *set, const char *good)
{
    good_text(set, good);
    bad_text(argument, set, NULL);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, set(NULL, good));
}

static void bucket_names(void)
{
    static const char *const BAD[] = {
        "", "ab", "Bucket", "buc_ket", "-bucket", "bucket-", "buc.ket", "buc/ket", BAD_UTF8,
        "a123456789012345678901234567890123456789012345678901234567890123",
    };
    text("BucketName", ossup_request_set_bucket_name, "bucket");
    good_text(ossup_request_set_bucket_name, "a12345678901234567890123456789012345678901234567890123456789012");
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) bad_text("BucketName", ossup_request_set_bucket_name, BAD[i]);
}

static void keys(void)
{
    static const char *const BAD[] = {"", "/a", "\\a", "a/../b", "./a", "..", BAD_UTF8};
    char longest[1025];
    memset(longest, 'k', sizeof longest);
    text("Key", ossup_request_set_key, "a");
    good_text(ossup_request_set_key, "dir/with space+%/\xe4\xb8\xad\xe6\x96\x87/\xf0\x9f\x8e\x89");
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) bad_text("Key", ossup_request_set_key, BAD[i]);
    longest[1023] = '\0';
    good_text(ossup_request_set_key, longest);
    longest[1023] = 'k';
    longest[1024] = '\0';
    bad_text("Key", ossup_request_set_key, longest);
}

/* A path is whatever the operating system takes for one. */
static void any_bytes(const char *argument, text_setter *set)
{
#ifdef _WIN32
    bad_text(argument, set, "C:/" BAD_UTF8);
#else
    (void)argument;
    good_text(set, "/tmp/" BAD_UTF8);
#endif
}

static void files(void)
{
    text("UploadFile", ossup_request_set_upload_file, "/tmp/a");
    any_bytes("UploadFile", ossup_request_set_upload_file);
    bad_text("UploadFile", ossup_request_set_upload_file, "");
    text("CheckpointFile", ossup_request_set_checkpoint_file, "/tmp/a.ucp");
    any_bytes("CheckpointFile", ossup_request_set_checkpoint_file);
    bad_text("CheckpointFile", ossup_request_set_checkpoint_file, "");
    text("checkpoint directory", ossup_request_set_checkpoint_dir, "/tmp");
    any_bytes("checkpoint directory", ossup_request_set_checkpoint_dir);
    bad_text("checkpoint directory", ossup_request_set_checkpoint_dir, "");
}

static void lock_timeouts(void)
{
    static const int64_t TIMEOUTS[] = {0, 1, 86400000, -1, INT64_MIN, INT64_MAX};
    for (size_t i = 0; i < sizeof TIMEOUTS / sizeof *TIMEOUTS; i++) {
        ossup_request *request = fresh();
        accepted(request, ossup_request_set_lock_timeout_ms(request, TIMEOUTS[i]));
    }
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_lock_timeout_ms(NULL, 0));
}

static void resume_tokens(void)
{
    good_text(ossup_request_set_resume_token, "looked at by the upload");
    good_text(ossup_request_set_resume_token, "");
    good_text(ossup_request_set_resume_token, NULL);
    bad_text("resume token", ossup_request_set_resume_token, BAD_UTF8);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_resume_token(NULL, ""));
}

static void metadata_texts(void)
{
    text("ContentType", ossup_request_set_content_type, "text/plain; charset=utf-8");
    bad_text("ContentType", ossup_request_set_content_type, BAD_UTF8);
    bad_text("Content-Type", ossup_request_set_content_type, "text/plain\r\nx: y");
    text("ObjectAcl", ossup_request_set_object_acl, "default");
    good_text(ossup_request_set_object_acl, "private");
    good_text(ossup_request_set_object_acl, "public-read");
    good_text(ossup_request_set_object_acl, "public-read-write");
    bad_text("ObjectAcl", ossup_request_set_object_acl, "everybody");
    bad_text("ObjectAcl", ossup_request_set_object_acl, BAD_UTF8);
    text("ContentDisposition", ossup_request_set_content_disposition, "attachment; filename=a.pdf");
    bad_text("Content-Disposition", ossup_request_set_content_disposition, "attachment; filename=\xe4\xb8\xad");
    text("ContentEncoding", ossup_request_set_content_encoding, "gzip");
    text("ContentLanguage", ossup_request_set_content_language, "zh-CN");
    text("CacheControl", ossup_request_set_cache_control, "max-age=3600");
    text("Expires", ossup_request_set_expires, "Wed, 08 Jul 2026 16:57:01 GMT");
    text("StorageClass", ossup_request_set_storage_class, "ColdArchive");
    bad_text("StorageClass", ossup_request_set_storage_class, "cold");
    text("ServerSideEncryption", ossup_request_set_server_side_encryption, "KMS");
    bad_text("ServerSideEncryption", ossup_request_set_server_side_encryption, "AES128");
    text("ServerSideEncryptionKeyId", ossup_request_set_server_side_encryption_key_id, "9468da86-3509");
    text("ServerSideDataEncryption", ossup_request_set_server_side_data_encryption, "SM4");
    bad_text("ServerSideDataEncryption", ossup_request_set_server_side_data_encryption, "AES256");
    text("RequestPayer", ossup_request_set_request_payer, "requester");
    bad_text("RequestPayer", ossup_request_set_request_payer, "owner");
    text("CallbackHost", ossup_request_set_callback_host, "example.com");
    bad_text("CallbackHost", ossup_request_set_callback_host, BAD_UTF8);
    text("CallbackBodyType", ossup_request_set_callback_body_type, "application/json");
    bad_text("CallbackBodyType", ossup_request_set_callback_body_type, BAD_UTF8);
}

static void pair(const char *argument, pair_setter *set, const char *first, const char *second)
{
    ossup_request *request = fresh();
    accepted(request, set(request, first, second));
    request = fresh();
    refused(argument, request, set(request, NULL, second));
    request = fresh();
    refused(argument, request, set(request, first, NULL));
    request = fresh();
    refused(argument, request, set(request, BAD_UTF8, second));
    request = fresh();
    refused(argument, request, set(request, first, BAD_UTF8));
    request = fresh();
    refused(argument, request, set(request, "", second));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, set(NULL, first, second));
}

static void bad_pair(const char *argument, pair_setter *set, const char *first, const char *second)
{
    ossup_request *request = fresh();
    refused(argument, request, set(request, first, second));
}

static void pairs(void)
{
    pair("header", ossup_request_set_header, "Cache-Control", "no-cache");
    bad_pair("header", ossup_request_set_header, "Cache Control", "no-cache");
    bad_pair("header", ossup_request_set_header, "Cache-Control", "no\r\nx: y");
    bad_pair("header", ossup_request_set_header, "Content-Length", "1");
    bad_pair("header", ossup_request_set_header, "Authorization", "me");
    pair("metadata", ossup_request_add_user_metadata, "author", "me");
    bad_pair("x-oss-meta-author", ossup_request_add_user_metadata, "author", "\xe4\xb8\xad");
    bad_pair("metadata", ossup_request_add_user_metadata, "au thor", "x");
    pair("Tagging", ossup_request_add_tag, "project", "a+b = c");
    bad_pair("Tagging", ossup_request_add_tag, "a&b", "c");
    pair("Callback", ossup_request_set_callback, "http://127.0.0.1/done", "{\"size\":${size}}");
    pair("callback variable", ossup_request_add_callback_var, "x:my", "value");
}

static void good_number(uint32_t tasks, uint64_t part_size)
{
    ossup_request *request = fresh();
    CHECK_STATUS(OSSUP_OK, ossup_request_set_task_num(request, tasks));
    accepted(request, ossup_request_set_part_size(request, part_size));
}

static void bad_task_num(uint32_t tasks)
{
    ossup_request *request = fresh();
    refused("TaskNum", request, ossup_request_set_task_num(request, tasks));
}

static void bad_part_size(uint64_t part_size)
{
    ossup_request *request = fresh();
    refused("PartSize", request, ossup_request_set_part_size(request, part_size));
}

static void numbers(void)
{
    good_number(0, 0);
    good_number(1, 102400);
    good_number(1000, 5368709120);
    bad_task_num(1001);
    bad_task_num(UINT32_MAX);
    bad_part_size(1);
    bad_part_size(102399);
    bad_part_size(5368709121);
    bad_part_size(UINT64_MAX);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_part_size(NULL, 102400));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_task_num(NULL, 1));
}

static void bandwidth_limits(void)
{
    static const uint64_t GOOD[] = {0, 1024, UINT64_MAX}, BAD[] = {1, 1023};
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        ossup_request *request = fresh();
        accepted(request, ossup_request_set_bandwidth_limit(request, GOOD[i]));
    }
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        ossup_request *request = fresh();
        refused("bandwidth limit", request, ossup_request_set_bandwidth_limit(request, BAD[i]));
    }
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_bandwidth_limit(NULL, 1024));
}

static void deadlines(void)
{
    static const uint64_t GOOD[] = {0, 1, UINT64_MAX};
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; i++) {
        ossup_request *request = fresh();
        accepted(request, ossup_request_set_deadline_ms(request, GOOD[i]));
    }
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_deadline_ms(NULL, 1000));
}

static void traffic_limits(void)
{
    ossup_request *request = fresh();
    accepted(request, ossup_request_set_traffic_limit(request, 819200));
    request = fresh();
    refused("TrafficLimit", request, ossup_request_set_traffic_limit(request, 0));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_traffic_limit(NULL, 819200));
}

static void flag(flag_setter *set)
{
    ossup_request *request = fresh();
    CHECK_STATUS(OSSUP_OK, set(request, true));
    CHECK_STATUS(OSSUP_OK, set(request, false));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, set(NULL, true));
    ossup_request_free(request);
}

/* An upload cannot be made of a request with a refused setter, and says which it was. */
static void the_first_refusal_is_kept(void)
{
    ossup_client *client = make_client();
    ossup_request *request = fresh();
    ossup_upload *upload = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_task_num(request, 1001));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_key(request, ""));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_task_num(request, 2));
    CHECK_NAMES("TaskNum", ossup_request_error(request));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_new(client, request, &upload, &error));
    check_error(&error, "TaskNum");
    CHECK(upload == NULL);
    ossup_request_free(request);
    ossup_client_free(client);
}

static void missing(const char *argument, const char *bucket, const char *key, const char *file)
{
    ossup_client *client = make_client();
    ossup_request *request = fresh();
    ossup_upload *upload = NULL;
    ossup_error *error = NULL;
    if (bucket != NULL) CHECK_STATUS(OSSUP_OK, ossup_request_set_bucket_name(request, bucket));
    if (key != NULL) CHECK_STATUS(OSSUP_OK, ossup_request_set_key(request, key));
    if (file != NULL) CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_file(request, file));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_new(client, request, &upload, &error));
    CHECK_NAMES(argument, ossup_error_message(error));
    CHECK(upload == NULL);
    ossup_error_free(error);
    ossup_request_free(request);
    ossup_client_free(client);
}

int main(void)
{
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_new(NULL));
    CHECK(ossup_request_error(NULL) == NULL);
    ossup_request_free(NULL);
    bucket_names();
    keys();
    files();
    resume_tokens();
    lock_timeouts();
    metadata_texts();
    pairs();
    numbers();
    bandwidth_limits();
    deadlines();
    traffic_limits();
    flag(ossup_request_set_force_multipart);
    flag(ossup_request_set_callback_sni);
    flag(ossup_request_set_enable_checkpoint);
    flag(ossup_request_set_forbid_overwrite);
    flag(ossup_request_set_require_lock);
    flag(ossup_request_set_verify_reused_parts);
    flag(ossup_request_set_recover);
    flag(ossup_request_set_stamp_object);
    the_first_refusal_is_kept();
    missing("BucketName", NULL, "key", "/tmp/a");
    missing("Key", "bucket", NULL, "/tmp/a");
    missing("UploadFile", "bucket", "key", NULL);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}

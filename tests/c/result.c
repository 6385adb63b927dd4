/* ossup_result: every getter after a success, after a failure, and of NULL. */
#include "fixture.h"

enum { SIZE = 300000 };

static ossup_result *upload(const char *key, const char *bucket, const char *file, ossup_status expected)
{
    ossup_client *client = make_client();
    ossup_request *request = make_request(key, file);
    ossup_result *result = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_bucket_name(request, bucket));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_enable_checkpoint(request, true));
    CHECK_STATUS(expected, ossup_client_upload_file(client, request, &result, NULL));
    CHECK(result != NULL);
    ossup_request_free(request);
    ossup_client_free(client);
    return result;
}

static void of_a_success(const char *file)
{
    ossup_result *result = upload("result/done", BUCKET, file, OSSUP_OK);
    ossup_error *error = (ossup_error *)result;
    size_t length = 77;
    CHECK_STATUS(OSSUP_OK, ossup_result_status(result));
    CHECK_STATUS(OSSUP_OK, ossup_result_error(result, &error));
    CHECK(error == NULL);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_result_error(result, NULL));
    CHECK(!ossup_result_is_resumed(result));
    CHECK_TEXT("", ossup_result_reason(result));
    CHECK(!ossup_result_is_resumable(result));
    CHECK(!ossup_result_is_confirmed_by_probe(result));
    CHECK(ossup_result_parts_total(result) == 3);
    CHECK(ossup_result_parts_reused(result) == 0);
    CHECK(ossup_result_parts_sent(result) == 3);
    CHECK(ossup_result_bytes_total(result) == SIZE);
    CHECK(ossup_result_bytes_reused(result) == 0);
    CHECK(ossup_result_bytes_sent(result) == SIZE);
    CHECK(ossup_result_retries(result) == 0);
    CHECK_NAMES("-3", ossup_result_etag(result));
    CHECK(ossup_result_crc64(result) != 0);
    CHECK(ossup_result_version_id(result) == NULL);
    CHECK(strlen(ossup_result_request_id(result)) == 24);
    CHECK(*ossup_result_upload_id(result) != '\0');
    CHECK(ossup_result_callback_body(result, &length) == NULL && length == 0);
    CHECK(ossup_result_callback_body(result, NULL) == NULL);
    CHECK(ossup_result_warning(result) == NULL);
    CHECK_NAMES("result.bin.ucp", ossup_result_checkpoint_file(result));
    CHECK(ossup_result_elapsed_ms(result) < 60000);
    ossup_result_free(result);
}

static void of_a_failure(const char *file)
{
    ossup_result *result = upload("result/failed", "no-such-bucket", file, OSSUP_NO_SUCH_BUCKET);
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_NO_SUCH_BUCKET, ossup_result_status(result));
    CHECK_STATUS(OSSUP_OK, ossup_result_error(result, &error));
    CHECK_STATUS(OSSUP_NO_SUCH_BUCKET, ossup_error_status(error));
    CHECK(!ossup_result_is_resumed(result));
    CHECK(ossup_result_parts_total(result) == 3);
    CHECK(ossup_result_parts_sent(result) == 0);
    CHECK(ossup_result_bytes_sent(result) == 0);
    CHECK(ossup_result_etag(result) == NULL);
    CHECK(ossup_result_upload_id(result) == NULL);
    ossup_result_free(result);
    CHECK_STATUS(OSSUP_NO_SUCH_BUCKET, ossup_error_status(error));
    ossup_error_free(error);
}

static void of_nothing(void)
{
    ossup_error *error = NULL;
    size_t length = 77;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_result_status(NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_result_error(NULL, &error));
    CHECK(error == NULL);
    CHECK(!ossup_result_is_resumed(NULL) && !ossup_result_is_resumable(NULL));
    CHECK(!ossup_result_is_confirmed_by_probe(NULL));
    CHECK(ossup_result_reason(NULL) == NULL);
    CHECK(ossup_result_parts_total(NULL) == 0 && ossup_result_parts_reused(NULL) == 0);
    CHECK(ossup_result_parts_sent(NULL) == 0 && ossup_result_retries(NULL) == 0);
    CHECK(ossup_result_bytes_total(NULL) == 0 && ossup_result_bytes_reused(NULL) == 0);
    CHECK(ossup_result_bytes_sent(NULL) == 0 && ossup_result_crc64(NULL) == 0);
    CHECK(ossup_result_etag(NULL) == NULL && ossup_result_version_id(NULL) == NULL);
    CHECK(ossup_result_request_id(NULL) == NULL && ossup_result_upload_id(NULL) == NULL);
    CHECK(ossup_result_callback_body(NULL, &length) == NULL && length == 0);
    CHECK(ossup_result_callback_body(NULL, NULL) == NULL);
    CHECK(ossup_result_warning(NULL) == NULL && ossup_result_checkpoint_file(NULL) == NULL);
    CHECK(ossup_result_elapsed_ms(NULL) == 0);
    ossup_result_free(NULL);
}

int main(void)
{
    struct path file = make_file("result.bin", SIZE);
    of_a_success(file.text);
    of_a_failure(file.text);
    of_nothing();
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}

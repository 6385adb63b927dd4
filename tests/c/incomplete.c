/* ossup_incomplete_uploads: listed by prefix and age, aborted by name. Two are open when the program starts. */
#include "fixture.h"

static ossup_incomplete_uploads *list(ossup_client *client, const char *prefix, uint64_t older_than_s)
{
    ossup_incomplete_uploads *uploads = NULL;
    CHECK_STATUS(OSSUP_OK,
                 ossup_client_list_incomplete_uploads(client, BUCKET, prefix, older_than_s, &uploads, NULL));
    return uploads;
}

static void by_prefix_and_age(ossup_client *client)
{
    ossup_incomplete_uploads *uploads = list(client, NULL, 0);
    CHECK(ossup_incomplete_uploads_count(uploads) == 2);
    CHECK_TEXT("a/one", ossup_incomplete_uploads_key(uploads, 0));
    CHECK_TEXT("b/two", ossup_incomplete_uploads_key(uploads, 1));
    CHECK(*ossup_incomplete_uploads_upload_id(uploads, 0) != '\0');
    CHECK(ossup_incomplete_uploads_initiated(uploads, 0) > 1000000000);
    CHECK(ossup_incomplete_uploads_key(uploads, 2) == NULL);
    CHECK(ossup_incomplete_uploads_upload_id(uploads, 2) == NULL);
    CHECK(ossup_incomplete_uploads_initiated(uploads, 2) == 0);
    ossup_incomplete_uploads_free(uploads);

    uploads = list(client, "b/", 0);
    CHECK(ossup_incomplete_uploads_count(uploads) == 1);
    ossup_incomplete_uploads_free(uploads);
    uploads = list(client, "", 86400);
    CHECK(ossup_incomplete_uploads_count(uploads) == 0);
    ossup_incomplete_uploads_free(uploads);
}

static void aborted(ossup_client *client)
{
    ossup_incomplete_uploads *uploads = list(client, NULL, 0);
    const char *key = ossup_incomplete_uploads_key(uploads, 0);
    const char *upload_id = ossup_incomplete_uploads_upload_id(uploads, 0);
    CHECK_STATUS(OSSUP_OK, ossup_client_abort_incomplete_upload(client, BUCKET, key, upload_id, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_client_abort_incomplete_upload(client, BUCKET, key, upload_id, NULL));
    ossup_incomplete_uploads_free(uploads);
    uploads = list(client, NULL, 0);
    CHECK(ossup_incomplete_uploads_count(uploads) == 1);
    CHECK_TEXT("b/two", ossup_incomplete_uploads_key(uploads, 0));
    ossup_incomplete_uploads_free(uploads);
}

static void refused(ossup_client *client)
{
    ossup_incomplete_uploads *uploads = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_NO_SUCH_BUCKET,
                 ossup_client_list_incomplete_uploads(client, "no-such-bucket", NULL, 0, &uploads, &error));
    CHECK_TEXT("ListMultipartUploads", ossup_error_operation(error));
    ossup_error_free(error);
    error = NULL;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_list_incomplete_uploads(client, "B", NULL, 0, &uploads, &error));
    check_error(&error, "BucketName");
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT,
                 ossup_client_list_incomplete_uploads(client, BUCKET, BAD_UTF8, 0, &uploads, &error));
    check_error(&error, "prefix");
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_abort_incomplete_upload(client, BUCKET, "/k", "id", &error));
    check_error(&error, "Key");
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_abort_incomplete_upload(client, BUCKET, "k", "", &error));
    check_error(&error, "upload id");
    CHECK(uploads == NULL);
}

static void of_nothing(ossup_client *client)
{
    ossup_incomplete_uploads *uploads = NULL;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT,
                 ossup_client_list_incomplete_uploads(NULL, BUCKET, NULL, 0, &uploads, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_list_incomplete_uploads(client, BUCKET, NULL, 0, NULL, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_abort_incomplete_upload(NULL, BUCKET, "k", "id", NULL));
    CHECK(ossup_incomplete_uploads_count(NULL) == 0 && ossup_incomplete_uploads_key(NULL, 0) == NULL);
    CHECK(ossup_incomplete_uploads_upload_id(NULL, 0) == NULL && ossup_incomplete_uploads_initiated(NULL, 0) == 0);
    ossup_incomplete_uploads_free(NULL);
}

int main(void)
{
    ossup_client *client = make_client();
    by_prefix_and_age(client);
    aborted(client);
    refused(client);
    of_nothing(client);
    ossup_client_free(client);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}

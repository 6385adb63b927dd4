/* ossup_error: what an error of the service and one of the caller carry, and NULL. */
#include "fixture.h"

static void of_the_service(const char *file)
{
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    ossup_request *request = make_request("error/refused", file);
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_config_set_credentials(config, "ak", "wrong", NULL));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    CHECK_STATUS(OSSUP_ACCESS_DENIED, ossup_client_upload_file(client, request, NULL, &error));
    CHECK_STATUS(OSSUP_ACCESS_DENIED, ossup_error_status(error));
    CHECK(*ossup_error_message(error) != '\0');
    CHECK(strstr(ossup_error_message(error), "wrong") == NULL);
    CHECK_TEXT("PutObject", ossup_error_operation(error));
    CHECK(ossup_error_part_number(error) == 0);
    CHECK(ossup_error_attempts(error) == 1);
    CHECK(ossup_error_http_status(error) == 403);
    CHECK_TEXT("SignatureDoesNotMatch", ossup_error_oss_code(error));
    CHECK(*ossup_error_ec(error) != '\0');
    CHECK(strlen(ossup_error_request_id(error)) == 24);
    CHECK_NAMES("127.0.0.1", ossup_error_host(error));
    CHECK(ossup_error_os_errno(error) == 0);
    CHECK(!ossup_error_is_temporary(error));
    ossup_error_free(error);
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_config_free(config);
}

static void of_the_caller(void)
{
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_new(NULL, &client, &error));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_error_status(error));
    CHECK(ossup_error_part_number(error) == 0 && ossup_error_http_status(error) == 0);
    CHECK(ossup_error_attempts(error) == 0);
    CHECK(ossup_error_oss_code(error) == NULL && ossup_error_ec(error) == NULL);
    CHECK(ossup_error_request_id(error) == NULL && ossup_error_host(error) == NULL);
    CHECK(ossup_error_os_errno(error) == 0 && !ossup_error_is_temporary(error));
    ossup_error_free(error);
}

static void of_nothing(void)
{
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_error_status(NULL));
    CHECK(ossup_error_message(NULL) == NULL && ossup_error_operation(NULL) == NULL);
    CHECK(ossup_error_part_number(NULL) == 0 && ossup_error_attempts(NULL) == 0);
    CHECK(ossup_error_http_status(NULL) == 0 && ossup_error_os_errno(NULL) == 0);
    CHECK(ossup_error_oss_code(NULL) == NULL && ossup_error_ec(NULL) == NULL);
    CHECK(ossup_error_request_id(NULL) == NULL && ossup_error_host(NULL) == NULL);
    CHECK(!ossup_error_is_temporary(NULL));
    ossup_error_free(NULL);
}

int main(void)
{
    struct path file = make_file("error.bin", 1000);
    of_the_service(file.text);
    of_the_caller();
    of_nothing();
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}

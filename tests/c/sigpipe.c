/* A host that never thought of SIGPIPE lives through connections that are reset while parts are being written. */
#define _POSIX_C_SOURCE 200809L

#include "fixture.h"

#include <signal.h>

enum { SIZE = 56 << 20, PART = 1 << 20 };

static void check_disposition(void)
{
    struct sigaction now;
    sigset_t mask;
    CHECK(sigaction(SIGPIPE, NULL, &now) == 0);
    CHECK(now.sa_handler == SIG_DFL);
    CHECK(sigprocmask(SIG_SETMASK, NULL, &mask) == 0);
    CHECK(sigismember(&mask, SIGPIPE) == 0);
}

int main(void)
{
    struct path file = make_file("sigpipe.bin", SIZE);
    sigset_t none;
    CHECK(sigemptyset(&none) == 0 && sigprocmask(SIG_SETMASK, &none, NULL) == 0);
    CHECK(signal(SIGPIPE, SIG_DFL) != SIG_ERR);

    ossup_client *client = make_client();
    ossup_request *request = make_request("sigpipe", file.text);
    ossup_result *result = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_part_size(request, PART));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_task_num(request, 8));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, &result, NULL));
    CHECK(ossup_result_retries(result) >= 50);
    check_disposition();
    ossup_result_free(result);
    ossup_request_free(request);
    ossup_client_free(client);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    check_disposition();
    return 0;
}

/* Pause, start, pause, a hundred times without a breath, on one request with a record: each run ends once, and the last one
   makes the object. What the stand-in got is looked at from outside. */
#include "fixture.h"

enum { SIZE = 3000000, TIMES = 100, TASKS = 3 };

struct heard {
    unsigned complete, release;
    ossup_status status;
};

static void on_complete(ossup_upload *upload, ossup_status status, void *user_data)
{
    struct heard *heard = user_data;
    (void)upload;
    heard->status = status;
    heard->complete++;
}

static void on_release(void *user_data)
{
    ((struct heard *)user_data)->release++;
}

int main(void)
{
    struct path file = make_file("quick.bin", SIZE);
    ossup_client *client = make_client();
    ossup_request *request = make_request("quick", file.text);
    static ossup_upload *uploads[TIMES + 1];
    static struct heard heard[TIMES + 1];
    CHECK_STATUS(OSSUP_OK, ossup_request_set_enable_checkpoint(request, true));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_task_num(request, TASKS));
    for (int i = 0; i <= TIMES; i++) {
        CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &uploads[i], NULL));
        CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(uploads[i], NULL, on_complete, &heard[i], on_release));
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(uploads[i], NULL));
        /* Every other one has the time to send something. */
        if (i % 2 == 1) (void)ossup_upload_wait(uploads[i], 5, NULL);
        if (i < TIMES) CHECK_STATUS(OSSUP_OK, ossup_upload_pause(uploads[i]));
    }
    for (int i = 0; i <= TIMES; i++) {
        ossup_status status = ossup_upload_wait(uploads[i], -1, NULL);
        CHECK(status == OSSUP_OK || (i < TIMES && status == OSSUP_PAUSED));
        CHECK(heard[i].complete == 1 && heard[i].release == 1 && heard[i].status == status);
        ossup_upload_free(uploads[i]);
    }
    CHECK_STATUS(OSSUP_OK, ossup_request_set_key(request, "quick/same"));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_request_free(request);
    ossup_client_free(client);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    for (int i = 0; i <= TIMES; i++) CHECK(heard[i].complete == 1 && heard[i].release == 1);
    return 0;
}

/* A host that makes its handles, forks, and uploads then: parent and child have threads of their own. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"

#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    struct path file = make_file("early_fork.bin", 300000);
    ossup_client *client = make_client();
    ossup_upload *parents = make_upload(client, "early_fork/parent", file.text, false);
    ossup_upload *childs = make_upload(client, "early_fork/child", file.text, false);
    int status;
    pid_t child = fork();
    CHECK(child >= 0);
    ossup_upload *upload = child == 0 ? childs : parents;
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(parents);
    ossup_upload_free(childs);
    ossup_client_free(client);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    if (child == 0) return 0;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return 0;
}

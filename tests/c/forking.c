/* A host that forks while it uploads. It is told when by a byte on its standard input; its child says that it is there
 * and stays until that input ends. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"

#include <unistd.h>

static void stay(void)
{
    char byte;
    static const char word[] = "forked\n";
    CHECK(write(STDOUT_FILENO, word, sizeof word - 1) == (ssize_t)(sizeof word - 1));
    while (read(STDIN_FILENO, &byte, 1) > 0) continue;
    _exit(0);
}

int main(void)
{
    char byte;
    ossup_client *client = make_client();
    ossup_upload *upload = make_upload(client, "key", environment("OSSUP_TEST_FILE"), true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK(read(STDIN_FILENO, &byte, 1) == 1);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) stay();
    ossup_upload_wait(upload, -1, NULL);
    return 0;
}

/* A process may end in any way and at any moment while uploads run: at once, with its own exit code, also where what runs
 * at the end of a C++ program calls the library. The first argument is the way, the second the exit code. */
#include "fixture.h"

#include <atomic>
#include <string>
#include <thread>
#include <unistd.h>

namespace {

const size_t SIZE = 2000000;

ossup_client *client;
ossup_upload *running;
std::atomic<bool> calls_at_the_end;

void on_progress(ossup_upload *upload, const ossup_progress *, void *)
{
    ossup_progress progress;
    progress.struct_size = sizeof progress;
    CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
}

/* Calls whatever can be called: an upload is begun, one is paused, both are waited for, everything is freed. */
void use_the_library()
{
    if (!calls_at_the_end) return;
    ossup_upload *late = make_upload(client, "leaving/late", path_of("leaving.bin").text, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(late, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(running));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(running, 20000, NULL));
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_upload_wait(late, 10, NULL));
    ossup_upload_free(late);
    ossup_upload_free(running);
    ossup_client_free(client);
    calls_at_the_end = false;
}

struct Static {
    ~Static()
    {
        use_the_library();
    }
} at_the_end;

void shut_down()
{
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(20000));
}

void begin(const char *way)
{
    struct path file = make_file("leaving.bin", SIZE);
    client = make_client();
    running = make_upload(client, "leaving/running", file.text, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(running, on_progress, NULL, NULL, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(running, NULL));
    /* It is under way, as far as it happens to be. */
    usleep((useconds_t)(getpid() % 40) * 1000);
    calls_at_the_end = strcmp(way, "static") == 0;
    CHECK(puts("leaving") >= 0 && fflush(stdout) == 0);
}

} // namespace

int main(int, char **arguments)
{
    const std::string way = arguments[1];
    const int code = atoi(arguments[2]);
    begin(arguments[1]);
    if (way == "exit") exit(code);
    if (way == "_exit") _exit(code);
    if (way == "quick_exit") quick_exit(code);
    if (way == "thread") {
        std::thread([code] { exit(code); }).detach();
        for (;;) pause();
    }
    if (way == "atexit") {
        calls_at_the_end = true;
        CHECK(atexit(use_the_library) == 0);
    }
    if (way == "atexit shutdown") CHECK(atexit(shut_down) == 0);
    if (way == "quick_exit shutdown") {
        CHECK(at_quick_exit(shut_down) == 0);
        quick_exit(code);
    }
    return code;
}

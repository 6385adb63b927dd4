/* Signals are the host's: the library changes no handler, no mask and no alternate stack, its threads take none of them,
 * and a storm of them costs no upload. Parts of BROKEN are reset at first, and parts of SLOW take their time. */
#define _GNU_SOURCE
#include "fixture.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define BROKEN "signals/broken"
#define SLOW "signals/slow"
enum { SIZE = 300000, UPLOADS = 200, SIGNALS = 64, STACK = 1 << 16 };

/* All that a host may have set up about signals. */
struct state {
    struct sigaction actions[SIGNALS + 1];
    sigset_t mask;
    stack_t stack;
};

static volatile sig_atomic_t is_over, strays, heard;
static pid_t hosts_threads[2];

static pid_t this_thread(void)
{
    return (pid_t)syscall(SYS_gettid);
}

static void hear(int signal_number)
{
    (void)signal_number;
    heard++;
    if (this_thread() != hosts_threads[0] && this_thread() != hosts_threads[1]) strays++;
}

/* Without SA_RESTART: what a signal interrupts returns. */
static void listen_to(int signal_number)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = hear;
    action.sa_flags = SA_ONSTACK;
    CHECK(sigemptyset(&action.sa_mask) == 0 && sigaction(signal_number, &action, NULL) == 0);
}

static bool is_glibcs(int signal_number)
{
    return signal_number > SIGSYS && signal_number < SIGRTMIN;
}

static struct state look(void)
{
    struct state state;
    memset(&state, 0, sizeof state);
    for (int number = 1; number <= SIGNALS; number++) {
        if (!is_glibcs(number)) CHECK(sigaction(number, NULL, &state.actions[number]) == 0);
    }
    CHECK(pthread_sigmask(SIG_SETMASK, NULL, &state.mask) == 0);
    CHECK(sigaltstack(NULL, &state.stack) == 0);
    return state;
}

/* Beyond the last signal there is nothing in a set. */
static bool same_sets(const sigset_t *one, const sigset_t *other)
{
    for (int number = 1; number <= SIGNALS; number++) {
        if (sigismember(one, number) != sigismember(other, number)) return false;
    }
    return true;
}

static void check_unchanged(const struct state *before)
{
    struct state now = look();
    for (int number = 1; number <= SIGNALS; number++) {
        const struct sigaction *was = &before->actions[number], *is = &now.actions[number];
        CHECK(was->sa_handler == is->sa_handler && was->sa_flags == is->sa_flags);
        CHECK(same_sets(&was->sa_mask, &is->sa_mask));
    }
    CHECK(same_sets(&before->mask, &now.mask));
    CHECK(before->stack.ss_sp == now.stack.ss_sp && before->stack.ss_size == now.stack.ss_size);
    CHECK(before->stack.ss_flags == now.stack.ss_flags);
}

/* The signals that hit the whole process: all but those that a thread raises by its own fault, and what none can block. */
static uint64_t asynchronous(void)
{
    static const int OTHERS[] = {SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP, SIGKILL, SIGSTOP};
    uint64_t all = 0;
    for (int number = 1; number <= SIGNALS; number++) {
        if (!is_glibcs(number)) all |= UINT64_C(1) << (number - 1);
    }
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) all &= ~(UINT64_C(1) << (OTHERS[i] - 1));
    return all;
}

/* What a thread blocks; everything, when it is gone. */
static uint64_t blocked_by(const char *thread)
{
    char path[512], line[128];
    unsigned long long blocked = ~0ULL;
    snprintf(path, sizeof path, "/proc/self/task/%s/status", thread);
    FILE *file = fopen(path, "r");
    if (file == NULL) return blocked;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "SigBlk: %llx", &blocked) == 1) break;
    }
    fclose(file);
    return blocked;
}

/* Returns how many threads of the library's there are, all of which are deaf. */
static int check_threads_are_deaf(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
        pid_t thread = (pid_t)atol(task->d_name);
        if (thread == 0 || thread == hosts_threads[0] || thread == hosts_threads[1]) continue;
        CHECK((blocked_by(task->d_name) & asynchronous()) == asynchronous());
        count++;
    }
    closedir(tasks);
    return count;
}

static void *storm(void *nothing)
{
    const struct timespec moment = {0, 50000};
    hosts_threads[1] = this_thread();
    while (!is_over) {
        CHECK(kill(getpid(), SIGURG) == 0 && kill(getpid(), SIGUSR1) == 0);
        nanosleep(&moment, NULL);
    }
    return nothing;
}

static void on_progress(ossup_upload *upload, const ossup_progress *progress, void *user_data)
{
    (void)upload;
    (void)progress;
    (void)user_data;
}

/* A few large ones, by the caller's thread and by a listener, one through broken connections, one paused. */
static void every_way(ossup_client *client, const char *file)
{
    ossup_request *request = make_request(BROKEN, file);
    ossup_result *result = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, &result, NULL));
    CHECK(ossup_result_retries(result) > 0);
    ossup_result_free(result);
    ossup_request_free(request);

    ossup_upload *upload = make_upload(client, SLOW, file, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, on_progress, NULL, NULL, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    /* Two workers, the callback thread and at least one for the disk, before it is over. */
    while (check_threads_are_deaf() < 4) CHECK_STATUS(OSSUP_TIMED_OUT, ossup_upload_wait(upload, 5, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(upload));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
}

/* Many at once, whose events the thread takes that all the signals hit. */
static void many(ossup_client *client, const char *file)
{
    ossup_queue *queue = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    for (uint64_t tag = 0; tag < UPLOADS; tag++) {
        char key[64];
        snprintf(key, sizeof key, "signals/%u", (unsigned)tag);
        ossup_upload *upload = make_upload(client, key, file, false);
        CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, tag));
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
        ossup_upload_free(upload);
    }
    for (int ended = 0; ended < UPLOADS;) {
        ossup_event *event = NULL;
        ossup_upload *upload = NULL;
        CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, -1, &event));
        if (ossup_event_get_kind(event) == OSSUP_EVENT_COMPLETE) {
            CHECK_STATUS(OSSUP_OK, ossup_event_upload(event, &upload));
            CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
            ossup_upload_free(upload);
            ended++;
        }
        ossup_event_free(event);
        if (ended % 50 == 0) check_threads_are_deaf();
    }
    ossup_queue_free(queue);
}

int main(void)
{
    static char stack[STACK];
    const stack_t alternate = {.ss_sp = stack, .ss_size = STACK};
    const struct itimerval millisecond = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    const struct timespec moment = {0, 1000000};
    struct path file = make_file("signals.bin", SIZE);
    pthread_t other;
    hosts_threads[0] = this_thread();
    CHECK(sigaltstack(&alternate, NULL) == 0);
    listen_to(SIGPROF);
    listen_to(SIGURG);
    listen_to(SIGUSR1);
    struct state before = look();

    ossup_client *client = make_client();
    every_way(client, file.text);
    check_unchanged(&before);

    CHECK(pthread_create(&other, NULL, storm, NULL) == 0);
    CHECK(setitimer(ITIMER_PROF, &millisecond, NULL) == 0);
    many(client, file.text);
    check_unchanged(&before);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(60000));
    while (heard <= 1000) nanosleep(&moment, NULL);
    is_over = 1;
    CHECK(pthread_join(other, NULL) == 0);
    CHECK(setitimer(ITIMER_PROF, &never, NULL) == 0);
    check_unchanged(&before);
    CHECK(strays == 0);
    ossup_client_free(client);
    check_unchanged(&before);
    return 0;
}

/*
 * Runs a command and prints what it cost, and what a server cost meanwhile, as one line of JSON. It is small on
 * purpose: a process counts the memory of whoever forked it into its own peak.
 */
#define _XOPEN_SOURCE 700

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* The CPU time of another process so far; 0 where there is no /proc to tell it. */
static double cpu_of(const char *pid)
{
    char path[64], line[1024];
    unsigned long user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    /* The name in parentheses may hold spaces; the state and ten numbers follow it. */
    const char *after = fgets(line, sizeof line, file) == NULL ? NULL : strrchr(line, ')');
    if (after != NULL) sscanf(after + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
    fclose(file);
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

/* What a process has given to write(2) and its like so far, files and sockets alike; 0 where /proc does not tell it. */
static unsigned long long written_by(pid_t pid)
{
    char path[64], line[128];
    unsigned long long bytes = 0;
    snprintf(path, sizeof path, "/proc/%ld/io", (long)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    while (fgets(line, sizeof line, file) != NULL && sscanf(line, "wchar: %llu", &bytes) != 1) continue;
    fclose(file);
    return bytes;
}

static int run(char **command, unsigned long long *written)
{
    int status;
    siginfo_t ended;
    pid_t child = fork();
    if (child == 0) {
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    if (child < 0) return 127;
    /* /proc tells of it until it is waited for in earnest. */
    if (waitid(P_PID, (id_t)child, &ended, WEXITED | WNOWAIT) == 0) *written = written_by(child);
    if (waitpid(child, &status, 0) != child) return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
    struct rusage usage;
    unsigned long long written = 0;
    if (argc < 3) {
        fputs("usage: measure SERVER_PID COMMAND [ARGUMENT...]\n", stderr);
        return 2;
    }
    double server = cpu_of(argv[1]), began = now();
    int code = run(argv + 2, &written);
    double wall = now() - began;
    server = cpu_of(argv[1]) - server;
    getrusage(RUSAGE_CHILDREN, &usage);
    printf("{\"wall_s\":%.4f,\"user_s\":%.4f,\"sys_s\":%.4f,\"peak_rss_kib\":%ld,\"written_bytes\":%llu,\"server_s\":%.2f}\n",
           wall, seconds(usage.ru_utime), seconds(usage.ru_stime), usage.ru_maxrss, written, server);
    return fflush(stdout) == 0 ? code : 1;
}

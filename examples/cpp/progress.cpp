// Shows how far an upload is, and pauses it at Ctrl-C: run again, it goes on.
#include <ossup.hpp>

#include <csignal>
#include <iostream>
#if defined(_WIN32)
#include <windows.h>
#else
#include <thread>
#endif

namespace {

void show(const ossup::Progress &progress)
{
    if (progress.bytes_total == 0) return;
    std::cerr << progress.bytes_sent() * 100 / progress.bytes_total << " %\n";
}

ossup::Request make_request(char **words)
{
    ossup::Request request;
    request.set_bucket_name(words[3]).set_key(words[4]).set_upload_file(words[5]);
    request.set_task_num(0).set_part_size(0).set_enable_checkpoint(true);
    return request;
}

#if defined(_WIN32)
/// Ctrl-C comes to a thread that Windows starts for it.
void stop_at_ctrl_c(const ossup::StopSource &stop)
{
    static const ossup::StopSource stopped = stop;
    SetConsoleCtrlHandler([](DWORD) -> BOOL { return stopped.request_stop(); }, TRUE);
}
#else
/// Has a thread of its own wait for Ctrl-C, which then comes to no other.
void stop_at_ctrl_c(const ossup::StopSource &stop)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread([signals, stop] {
        int signal = 0;
        if (sigwait(&signals, &signal) == 0) stop.request_stop();
    }).detach();
}
#endif

} // namespace

int main(int argc, char **argv)
{
    if (argc != 6) {
        std::cerr << "usage: " << argv[0] << " ENDPOINT REGION BUCKET KEY FILE\n";
        return 2;
    }
    const ossup::StopSource stop;
    stop_at_ctrl_c(stop);
    try {
        ossup::Config config;
        config.set_endpoint(argv[1]).set_region(argv[2]).add_environment_credentials();
        const ossup::Client client(config);
        const auto result = client.upload(make_request(argv), show, stop.get_token());
        std::cerr << "done, " << result.bytes_reused() << " bytes of it by an earlier run\n";
        return 0;
    } catch (const ossup::Error &error) {
        std::cerr << error.what() << '\n';
        return error.status() == ossup::Status::paused ? 3 : 1;
    }
}

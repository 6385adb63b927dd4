// Many small files through one client by the binding for C++, as ossup_many.c does it in C: so many uploads at a time, and a queue that
// tells which has ended.
#include "ossup_client.hpp"

#include <filesystem>
#include <vector>

namespace {

void start(const ossup::Client &client, const ossup::Queue &queue, const char *bucket, const std::filesystem::path &file)
{
    ossup::Upload upload(client, make_request(bucket, file.filename().string(), file, "-"));
    upload.set_queue(queue, 0).start();
    // It goes on without its handle.
    static_cast<void>(upload.detach());
}

/// Waits until some upload has ended, and asks how.
void wait_for_an_end(const ossup::Queue &queue)
{
    auto event = queue.next();
    while (!event || event->kind() != ossup::EventKind::complete) event = queue.next();
    static_cast<void>(event->upload().wait());
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 5 && argc != 6) {
        std::cerr << "usage: ossup-cpp-many ENDPOINT BUCKET FOLDER TASK_NUM [CA_FILE]\n";
        return 2;
    }
    return run([&] {
        std::vector<std::filesystem::path> files;
        for (const auto &entry : std::filesystem::directory_iterator(argv[3])) files.push_back(entry.path());
        const std::size_t task_num = std::stoul(argv[4]);
        const ossup::Client client = make_client(argv[1], argv[5]);
        const ossup::Queue queue;
        std::size_t started = 0;
        for (std::size_t ended = 0; ended < files.size(); ended++) {
            while (started < files.size() && started - ended < task_num) start(client, queue, argv[2], files[started++]);
            wait_for_an_end(queue);
        }
    });
}

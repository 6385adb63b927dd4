// An upload through the library by its binding for C++, as ossup_upload.c does it in C.
#include "ossup_client.hpp"

int main(int argc, char **argv)
{
    if (argc != 8 && argc != 9) {
        std::cerr << "usage: ossup-cpp ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM CHECKPOINT_FOLDER|- [CA_FILE]\n";
        return 2;
    }
    return run([&] {
        const ossup::Client client = make_client(argv[1], argv[8]);
        ossup::Request request = make_request(argv[2], argv[3], argv[4], argv[7]);
        request.set_part_size(std::stoull(argv[5])).set_task_num(static_cast<std::uint32_t>(std::stoul(argv[6])));
        client.upload(request);
    });
}

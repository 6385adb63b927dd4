/* An upload through the library, by the blocking call, with all that is on by default. */
#include "ossup_client.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 8 && argc != 9) {
        fputs("usage: ossup ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM CHECKPOINT_FOLDER|- [CA_FILE]\n", stderr);
        return 2;
    }
    return upload_file(argv, argv[7], 0);
}

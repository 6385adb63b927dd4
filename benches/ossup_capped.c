/* An upload through the library under a bandwidth cap of its own. */
#include "ossup_client.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc != 8 && argc != 9) {
        fputs("usage: ossup-capped ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM BYTES_PER_S [CA_FILE]\n", stderr);
        return 2;
    }
    return upload_file(argv, "-", strtoull(argv[7], NULL, 10));
}

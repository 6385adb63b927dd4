/* Is linked into a program: before its main, another library in Rust works. */
#include <stdlib.h>

int neighbour_work(void);

__attribute__((constructor)) static void work(void)
{
    if (neighbour_work() != 42) abort();
}

#include "stop.h"

#include <stdio.h>
#include <stdlib.h>

void stop(const char *what, const char *why)
{
    fprintf(stderr, "link: %s: %s\n", what, why);
    exit(1);
}

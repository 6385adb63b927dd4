#define _GNU_SOURCE

#include "place.h"

#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>

static int open_device(void)
{
    struct ifreq device = {.ifr_name = "link0", .ifr_flags = IFF_TUN | IFF_NO_PI};
    int opened = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0) stop("/dev/net/tun", strerror(errno));
    if (ioctl(opened, TUNSETIFF, &device) != 0) stop("TUNSETIFF", strerror(errno));
    return opened;
}

struct place place_make(void)
{
    struct place place;
    if (unshare(CLONE_NEWNET) != 0) stop("a network namespace (root is needed)", strerror(errno));
    place.space = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (place.space < 0) stop("/proc/self/ns/net", strerror(errno));
    place.device = open_device();
    return place;
}

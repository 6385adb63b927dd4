"""Makes every host name lead to this machine, as an entry in its hosts file would.

Virtual-hosted and CNAME addressing need names such as bucket.oss-cn-hangzhou.aliyuncs.com; the
clients themselves stay as they are.
"""

import socket

_resolve = socket.getaddrinfo


def lead_here():
    def getaddrinfo(host, *rest, **options):
        return _resolve("127.0.0.1", *rest, **options)

    socket.getaddrinfo = getaddrinfo

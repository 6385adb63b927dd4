"""The clients under test, each with each signature version that it offers."""

from functools import partial

from client_oss2 import Oss2
from client_oss_v2 import OssV2

FLAVOURS = {
    "oss2 V1": partial(Oss2, "v1"),
    "oss2 V4": partial(Oss2, "v4"),
    "alibabacloud-oss-v2 V4": partial(OssV2, "v4"),
    "alibabacloud-oss-v2 V1": partial(OssV2, "v1"),
}

"""One resumable upload in a process of its own, to be killed: FLAVOUR ENDPOINT KEY FILE PART_SIZE RECORD_DIR."""

import sys

from flavours import FLAVOURS

flavour, endpoint, key, path, part_size, record_dir = sys.argv[1:]
FLAVOURS[flavour](endpoint).upload_resumably(key, path, int(part_size), record_dir)

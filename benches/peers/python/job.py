"""What the command line asks for: one file in parts, or all files of a folder."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

USAGE = """usage: PROGRAM ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM CHECKPOINT_FOLDER|- [CA_FILE]
       PROGRAM many ENDPOINT BUCKET FOLDER TASK_NUM [CA_FILE]"""


def run(client, words):
    """`client` has upload(key, path, part_size, task_num, records) and put(key, path)."""
    if words[:1] == ["many"] and len(words) in (5, 6):
        endpoint, bucket, folder, task_num, *authority = words[1:]
        _trust(authority)
        _put_all(client(endpoint, bucket), folder, int(task_num))
    elif len(words) in (7, 8):
        endpoint, bucket, key, path, part_size, task_num, records, *authority = words
        _trust(authority)
        folder = None if records == "-" else records
        client(endpoint, bucket).upload(key, path, int(part_size), int(task_num), folder)
    else:
        sys.exit(USAGE)


def _trust(authority):
    """The one way that both clients have, and that wins over whatever the environment says."""
    if authority:
        os.environ["REQUESTS_CA_BUNDLE"] = authority[0]


def _put_all(client, folder, task_num):
    with ThreadPoolExecutor(task_num) as workers:
        for _ in workers.map(lambda name: client.put(name, os.path.join(folder, name)), os.listdir(folder)):
            pass

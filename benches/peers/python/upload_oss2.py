"""Uploads by oss2: resumable_upload, or put_object_from_file for each of many."""

import sys

import job
import oss2
from oss2.credentials import EnvironmentVariableCredentialsProvider


class NoStore:
    """A store that keeps nothing: it has no way to go without one."""

    def make_store_key(self, *_):
        return "none"

    def get(self, _):
        return None

    def put(self, _key, _value):
        pass

    def delete(self, _):
        pass


class Client:
    def __init__(self, endpoint, bucket):
        auth = oss2.ProviderAuthV4(EnvironmentVariableCredentialsProvider())
        self._bucket = oss2.Bucket(auth, endpoint, bucket, region="cn-hangzhou", is_path_style=True)

    def upload(self, key, path, part_size, task_num, records):
        oss2.resumable_upload(
            self._bucket,
            key,
            path,
            store=oss2.ResumableStore(root=records) if records else NoStore(),
            multipart_threshold=part_size,
            part_size=part_size,
            num_threads=task_num,
        )

    def put(self, key, path):
        self._bucket.put_object_from_file(key, path)


job.run(Client, sys.argv[1:])

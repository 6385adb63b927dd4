"""Uploads by alibabacloud-oss-v2: its uploader, or put_object_from_file for each of many."""

import sys

import alibabacloud_oss_v2 as oss
import job


class Client:
    def __init__(self, endpoint, bucket):
        config = oss.config.load_default()
        config.credentials_provider = oss.credentials.EnvironmentVariableCredentialsProvider()
        config.region = "cn-hangzhou"
        config.endpoint = endpoint
        config.use_path_style = True
        self._client = oss.Client(config)
        self._bucket = bucket

    def upload(self, key, path, part_size, task_num, records):
        checkpoint = {"enable_checkpoint": True, "checkpoint_dir": records} if records else {}
        uploader = self._client.uploader(part_size=part_size, parallel_num=task_num, **checkpoint)
        uploader.upload_file(oss.PutObjectRequest(bucket=self._bucket, key=key), path)

    def put(self, key, path):
        self._client.put_object_from_file(oss.PutObjectRequest(bucket=self._bucket, key=key), path)


job.run(Client, sys.argv[1:])

"""alibabacloud-oss-v2 behind the interface that the cases use."""

import alibabacloud_oss_v2 as oss

from stand_in import BUCKET

_FIELDS = {
    "content-type": "content_type",
    "cache-control": "cache_control",
    "content-disposition": "content_disposition",
    "x-oss-tagging": "tagging",
    "x-oss-request-payer": "request_payer",
    "x-oss-traffic-limit": "traffic_limit",
    "x-oss-storage-class": "storage_class",
    "x-oss-object-acl": "acl",
    "x-oss-forbid-overwrite": "forbid_overwrite",
    "x-oss-callback": "callback",
    "x-oss-callback-var": "callback_var",
}
_META = "x-oss-meta-"


def _fields(headers):
    """Headers as the fields of a request model."""
    fields = {_FIELDS[name]: value for name, value in (headers or {}).items() if not name.startswith(_META)}
    metadata = {name.removeprefix(_META): value for name, value in (headers or {}).items() if name.startswith(_META)}
    return {**fields, "metadata": metadata} if metadata else fields


class OssV2:
    carried_options = [
        "InitiateMultipartUpload forbid-overwrite meta-author request-payer",
        "UploadPart request-payer",
        "CompleteMultipartUpload callback forbid-overwrite object-acl request-payer",
    ]
    # A last part that is shorter than the others.
    sent_again_after_a_refused_complete = [12]
    checks_resumed_uploads = True
    # It asks again and takes the second answer for the truth.
    lost_answer = (404, "NoSuchUpload")

    def __init__(self, signature, endpoint, style="path", token=None):
        # Its V1 signer puts the token under a header name that the service does not know.
        self.sends_tokens = signature == "v4"
        config = oss.config.load_default()
        config.credentials_provider = oss.credentials.StaticCredentialsProvider("ak", "sk", token)
        config.signature_version = signature
        config.region = "cn-hangzhou"
        config.endpoint = endpoint
        config.use_path_style = style == "path"
        config.use_cname = style == "cname"
        self._client = oss.Client(config)

    def put(self, key, data, headers=None):
        request = oss.PutObjectRequest(bucket=BUCKET, key=key, body=data, **_fields(headers))
        return self._client.put_object(request).callback_result

    def get(self, key, first=None, last=None):
        byte_range = None if first is None else f"bytes={first}-{last}"
        answer = self._client.get_object(oss.GetObjectRequest(bucket=BUCKET, key=key, range_header=byte_range))
        with answer.body as body:
            return body.read()

    def head(self, key):
        answer = self._client.head_object(oss.HeadObjectRequest(bucket=BUCKET, key=key))
        return {name.lower(): value for name, value in answer.headers.items()}

    def acl(self, key):
        return self._client.get_object_acl(oss.GetObjectAclRequest(bucket=BUCKET, key=key)).acl

    def presign_put(self, key):
        return self._client.presign(oss.PutObjectRequest(bucket=BUCKET, key=key)).url

    def presign_get(self, key):
        return self._client.presign(oss.GetObjectRequest(bucket=BUCKET, key=key)).url

    def initiate(self, key, headers=None):
        request = oss.InitiateMultipartUploadRequest(bucket=BUCKET, key=key, **_fields(headers))
        return self._client.initiate_multipart_upload(request).upload_id

    def upload_part(self, key, upload_id, number, data):
        request = oss.UploadPartRequest(bucket=BUCKET, key=key, upload_id=upload_id, part_number=number, body=data)
        return self._client.upload_part(request).etag

    def complete(self, key, upload_id, etags, headers=None):
        parts = [oss.UploadPart(part_number=number, etag=etag) for number, etag in etags.items()]
        answer = self._client.complete_multipart_upload(
            oss.CompleteMultipartUploadRequest(
                bucket=BUCKET,
                key=key,
                upload_id=upload_id,
                complete_multipart_upload=oss.CompleteMultipartUpload(parts=parts),
                **_fields(headers),
            )
        )
        return answer.callback_result

    def abort(self, key, upload_id):
        request = oss.AbortMultipartUploadRequest(bucket=BUCKET, key=key, upload_id=upload_id)
        self._client.abort_multipart_upload(request)

    def list_parts(self, key, upload_id, page):
        """All parts as {number: size}, and how many pages it took."""
        request = oss.ListPartsRequest(bucket=BUCKET, key=key, upload_id=upload_id, max_parts=page)
        pages = list(self._client.list_parts_paginator().iter_page(request))
        return {part.part_number: part.size for answer in pages for part in answer.parts}, len(pages)

    def list_objects(self, page):
        """All (key, size), and how many pages it took."""
        request = oss.ListObjectsV2Request(bucket=BUCKET, max_keys=page)
        pages = list(self._client.list_objects_v2_paginator().iter_page(request))
        return [(entry.key, entry.size) for answer in pages for entry in answer.contents], len(pages)

    def list_uploads(self, prefix, page):
        """All (key, upload id) below a prefix, and how many pages it took."""
        request = oss.ListMultipartUploadsRequest(bucket=BUCKET, prefix=prefix, max_uploads=page)
        pages = list(self._client.list_multipart_uploads_paginator().iter_page(request))
        return [(upload.key, upload.upload_id) for answer in pages for upload in answer.uploads or []], len(pages)

    def upload_resumably(self, key, path, part_size, record_dir, headers=None):
        uploader = self._client.uploader(
            part_size=part_size, parallel_num=1, enable_checkpoint=True, checkpoint_dir=record_dir
        )
        uploader.upload_file(oss.PutObjectRequest(bucket=BUCKET, key=key, **_fields(headers)), path)

    @staticmethod
    def _cause(error):
        while isinstance(error, (oss.exceptions.OperationError, oss.UploadError)):
            error = error.unwrap()
        return error

    @classmethod
    def refusal(cls, error):
        """Status and code of an error of the service; None for any other."""
        error = cls._cause(error)
        if isinstance(error, oss.exceptions.ServiceError):
            return error.status_code, error.code
        return None

    @classmethod
    def is_inconsistent(cls, error):
        return isinstance(cls._cause(error), oss.exceptions.InconsistentError)

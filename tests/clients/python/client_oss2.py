"""oss2 behind the interface that the cases use."""

import oss2

from stand_in import BUCKET


class Oss2:
    sends_tokens = True
    carried_options = [
        "InitiateMultipartUpload callback forbid-overwrite meta-author object-acl request-payer traffic-limit",
        "ListParts callback forbid-overwrite meta-author object-acl request-payer traffic-limit",
        "UploadPart request-payer traffic-limit",
        "CompleteMultipartUpload object-acl request-payer",
    ]
    sent_again_after_a_refused_complete = []
    checks_resumed_uploads = False
    lost_answer = None

    def __init__(self, signature, endpoint, style="path", token=None):
        provider = oss2.credentials.StaticCredentialsProvider("ak", "sk", token)
        auth = {"v1": oss2.ProviderAuth, "v4": oss2.ProviderAuthV4}[signature](provider)
        self._bucket = oss2.Bucket(
            auth,
            endpoint,
            BUCKET,
            is_cname=style == "cname",
            is_path_style=style == "path",
            region="cn-hangzhou",
        )

    def put(self, key, data, headers=None):
        return _answer(self._bucket.put_object(key, data, headers=headers))

    def get(self, key, first=None, last=None):
        byte_range = None if first is None else (first, last)
        return self._bucket.get_object(key, byte_range=byte_range).read()

    def head(self, key):
        return {name.lower(): value for name, value in self._bucket.head_object(key).headers.items()}

    def acl(self, key):
        return self._bucket.get_object_acl(key).acl

    def presign_put(self, key):
        return self._bucket.sign_url("PUT", key, 60, slash_safe=True)

    def presign_get(self, key):
        return self._bucket.sign_url("GET", key, 60, slash_safe=True)

    def initiate(self, key, headers=None):
        return self._bucket.init_multipart_upload(key, headers=headers).upload_id

    def upload_part(self, key, upload_id, number, data):
        return self._bucket.upload_part(key, upload_id, number, data).etag

    def complete(self, key, upload_id, etags, headers=None):
        parts = [oss2.models.PartInfo(number, etag) for number, etag in etags.items()]
        return _answer(self._bucket.complete_multipart_upload(key, upload_id, parts, headers=headers))

    def abort(self, key, upload_id):
        self._bucket.abort_multipart_upload(key, upload_id)

    def list_parts(self, key, upload_id, page):
        """All parts as {number: size}, and how many pages it took."""
        sizes, pages, marker = {}, 0, ""
        while True:
            answer = self._bucket.list_parts(key, upload_id, marker=marker, max_parts=page)
            sizes.update((part.part_number, part.size) for part in answer.parts)
            pages, marker = pages + 1, answer.next_marker
            if not answer.is_truncated:
                return sizes, pages

    def list_objects(self, page):
        """All (key, size), and how many pages it took."""
        found, pages, token = [], 0, ""
        while True:
            answer = self._bucket.list_objects_v2(max_keys=page, continuation_token=token)
            found += [(entry.key, entry.size) for entry in answer.object_list]
            pages, token = pages + 1, answer.next_continuation_token
            if not answer.is_truncated:
                return found, pages

    def list_uploads(self, prefix, page):
        """All (key, upload id) below a prefix, and how many pages it took."""
        found, pages, key_marker, id_marker = [], 0, "", ""
        while True:
            answer = self._bucket.list_multipart_uploads(
                prefix=prefix, key_marker=key_marker, upload_id_marker=id_marker, max_uploads=page
            )
            found += [(upload.key, upload.upload_id) for upload in answer.upload_list]
            pages += 1
            key_marker, id_marker = answer.next_key_marker, answer.next_upload_id_marker
            if not answer.is_truncated:
                return found, pages

    def upload_resumably(self, key, path, part_size, record_dir, headers=None):
        oss2.resumable_upload(
            self._bucket,
            key,
            path,
            store=oss2.ResumableStore(root=record_dir),
            multipart_threshold=part_size,
            part_size=part_size,
            num_threads=1,
            headers=headers,
        )

    @staticmethod
    def refusal(error):
        """Status and code of an error of the service; None for any other."""
        if isinstance(error, oss2.exceptions.ServerError):
            return error.status, error.code
        return None

    @staticmethod
    def is_inconsistent(error):
        return isinstance(error, oss2.exceptions.InconsistentError)


def _answer(result):
    """What the application server said, or why it was not heard."""
    return result.resp.read().decode()

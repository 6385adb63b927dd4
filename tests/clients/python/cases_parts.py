"""Multipart uploads, step by step."""

import check
from case import case
from stand_in import StandIn

SMALLEST_PART = 100 * 1024


@case
def multipart_by_hand(flavour):
    parts = {number: bytes([number]) * SMALLEST_PART for number in (1, 2, 3)}
    with StandIn() as site:
        client = flavour(site.endpoint)
        upload_id = client.initiate("k")
        etags = {number: client.upload_part("k", upload_id, number, data) for number, data in parts.items()}
        client.complete("k", upload_id, etags)
        check.equal(client.get("k"), b"".join(parts.values()))
        check.equal(client.head("k")["x-oss-object-type"], "Multipart")


@case
def parts_are_listed_in_pages(flavour):
    sizes = {number: number * 10 for number in (1, 2, 3, 4, 5, 8, 9, 10_000)}
    with StandIn() as site:
        client = flavour(site.endpoint)
        upload_id = client.initiate("dir/a b.bin")
        for number, size in sizes.items():
            client.upload_part("dir/a b.bin", upload_id, number, bytes(size))
        check.equal(client.list_parts("dir/a b.bin", upload_id, 3), (sizes, 3))


@case
def more_than_a_thousand_parts_are_listed(flavour):
    with StandIn("--counting") as site:
        client = flavour(site.endpoint)
        upload_id = client.initiate("k")
        for number in range(1, 1006):
            client.upload_part("k", upload_id, number, b"x")
        check.equal(client.list_parts("k", upload_id, 1000), (dict.fromkeys(range(1, 1006), 1), 2))


@case
def an_aborted_upload_is_gone(flavour):
    with StandIn() as site:
        client = flavour(site.endpoint)
        upload_id = client.initiate("k")
        client.upload_part("k", upload_id, 1, b"data")
        client.abort("k", upload_id)
        check.equal(client.list_uploads("", 100), ([], 1))
        check.refused(client, lambda: client.upload_part("k", upload_id, 2, b"data"), 404, "NoSuchUpload")
        check.refused(client, lambda: client.list_parts("k", upload_id, 10), 404, "NoSuchUpload")
        check.refused(client, lambda: client.abort("k", upload_id), 404, "NoSuchUpload")


@case
def uploads_are_listed_in_pages(flavour):
    with StandIn() as site:
        client = flavour(site.endpoint)
        keys = ["dir/1", "dir/1", "dir/2", "dir/中 文+", "other"]
        begun = sorted((key, client.initiate(key)) for key in keys)
        check.equal(client.list_uploads("", 2), (begun, 3))
        check.equal(client.list_uploads("dir/", 3), (begun[:4], 2))


@case
def a_wrong_complete_is_refused(flavour):
    with StandIn() as site:
        client = flavour(site.endpoint)
        upload_id = client.initiate("k")
        etags = {n: client.upload_part("k", upload_id, n, data) for n, data in ((1, b"small"), (2, b"small too"))}
        check.refused(client, lambda: client.complete("k", upload_id, etags), 400, "EntityTooSmall")
        mistaken = {1: etags[2]}
        check.refused(client, lambda: client.complete("k", upload_id, mistaken), 400, "InvalidPart")
        unknown = {1: etags[1], 3: etags[2]}
        check.refused(client, lambda: client.complete("k", upload_id, unknown), 400, "InvalidPart")
        check.refused(client, lambda: client.upload_part("k", upload_id, 10_001, b"x"), 400, "InvalidArgument")

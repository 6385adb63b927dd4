"""Objects that go up in one request."""

import check
from application import Application
from case import case
from stand_in import StandIn

NASTY_KEYS = [
    "a b+c%d.bin",
    "dir//double/slash",
    "trailing/",
    "中文/文件 1+2.bin",
    "😀.txt",
    "quotes'\"<&>;.xml",
    "question?mark=1&hash#tilde~*|()!$@,",
    "%41%2F%zz",
]


@case
def put_get_head(flavour):
    with StandIn() as site:
        client = flavour(site.endpoint)
        for data in (b"", b"123456789", bytes(range(256)) * 4096):
            client.put("k", data)
            check.equal(client.get("k"), data)
            check.equal(client.head("k")["content-length"], str(len(data)))
        client.put("k", b"123456789")
        check.equal(client.head("k")["etag"], '"25F9E794323B453885F5181F1B624D0B"')
        check.equal(client.head("k")["x-oss-hash-crc64ecma"], "11051210869376104954")


@case
def get_a_range(flavour):
    with StandIn() as site:
        client = flavour(site.endpoint)
        client.put("k", b"0123456789")
        check.equal(client.get("k", 2, 5), b"2345")


@case
def absent_objects_are_told_apart(flavour):
    with StandIn() as site:
        client = flavour(site.endpoint)
        check.refused(client, lambda: client.get("absent"), 404, "NoSuchKey")
        error = check.error_of(lambda: client.head("absent"))
        check.equal(client.refusal(error)[0], 404)


@case
def metadata_comes_back(flavour):
    headers = {
        "content-type": "text/plain; charset=utf-8",
        "cache-control": "max-age=60",
        "content-disposition": 'attachment; filename="a b.txt"',
        "x-oss-storage-class": "IA",
        "x-oss-meta-author": "alice",
        "x-oss-meta-note": "two words, one comma",
    }
    sent = {**headers, "x-oss-tagging": "k1=v1&k2=v+2"}
    acl = {"x-oss-object-acl": "public-read"}
    with StandIn() as site:
        client = flavour(site.endpoint)
        client.put("put", b"data", {**sent, **acl})
        upload_id = client.initiate("parts", sent)
        client.complete("parts", upload_id, {1: client.upload_part("parts", upload_id, 1, b"data")}, acl)
        for key in ("put", "parts"):
            found = client.head(key)
            check.equal({name: found.get(name) for name in headers}, headers)
            check.equal(found["x-oss-tagging-count"], "2")
            check.equal(client.acl(key), "public-read")


@case
def keys_may_be_nasty(flavour):
    with StandIn() as site:
        client = flavour(site.endpoint)
        for key in NASTY_KEYS:
            data = key.encode()
            client.put(key, data)
            check.equal(client.get(key), data)
            check.equal(site.object(key), data)
            upload_id = client.initiate(key)
            client.complete(key, upload_id, {1: client.upload_part(key, upload_id, 1, data * 2)})
            check.equal(site.object(key), data * 2)


@case
def objects_are_listed_in_pages(flavour):
    with StandIn() as site:
        client = flavour(site.endpoint)
        for key in NASTY_KEYS:
            client.put(key, key.encode())
        in_order = sorted(NASTY_KEYS, key=str.encode)
        check.equal(client.list_objects(3), ([(key, len(key.encode())) for key in in_order], 3))


@case
def overwriting_can_be_forbidden(flavour):
    forbid = {"x-oss-forbid-overwrite": "true"}
    with StandIn() as site:
        client = flavour(site.endpoint)
        client.put("k", b"old", forbid)
        check.refused(client, lambda: client.put("k", b"new", forbid), 409, "FileAlreadyExists")
        upload_id = client.initiate("k")
        etags = {1: client.upload_part("k", upload_id, 1, b"new")}
        check.refused(client, lambda: client.complete("k", upload_id, etags, forbid), 409, "FileAlreadyExists")
        check.equal(site.object("k"), b"old")
        client.complete("k", upload_id, etags)
        check.equal(site.object("k"), b"new")


@case
def a_callback_is_relayed(flavour):
    with StandIn() as site, Application(200) as application:
        client = flavour(site.endpoint)
        check.equal(client.put("k", b"data", application.headers), application.ANSWER)
        upload_id = client.initiate("parts")
        etags = {1: client.upload_part("parts", upload_id, 1, b"more data")}
        check.equal(client.complete("parts", upload_id, etags, application.headers), application.ANSWER)
        check.equal(application.bodies, [b"key=k&size=4&who=alice", b"key=parts&size=9&who=alice"])


@case
def a_failed_callback_is_told(flavour):
    with StandIn() as site, Application(500) as application:
        client = flavour(site.endpoint)
        # To neither of them is 203 an error.
        answer = client.put("k", b"data", application.headers)
        check.equal("<Code>CallbackFailed</Code>" in answer, True)
        check.equal(application.bodies, [b"key=k&size=4&who=alice"])
        check.equal(site.object("k"), b"data")

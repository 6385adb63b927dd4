"""Objects that go up in one request."""

import base64
import http.server
import json
import threading

import check
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
        "x-oss-storage-class": "IA",
        "x-oss-meta-author": "alice",
        "x-oss-meta-note": "two words, one comma",
    }
    with StandIn() as site:
        client = flavour(site.endpoint)
        client.put("put", b"data", headers)
        upload_id = client.initiate("parts", headers)
        client.complete("parts", upload_id, {1: client.upload_part("parts", upload_id, 1, b"data")})
        for key in ("put", "parts"):
            found = client.head(key)
            check.equal({name: found.get(name) for name in headers}, headers)


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
    bodies = []

    class Application(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            answer = b'{"accepted":true}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    application = http.server.HTTPServer(("127.0.0.1", 0), Application)
    threading.Thread(target=application.serve_forever, daemon=True).start()
    callback = {
        "callbackUrl": f"http://127.0.0.1:{application.server_port}/done",
        "callbackBody": "key=${object}&size=${size}&who=${x:who}",
    }
    encoded = [base64.b64encode(json.dumps(value).encode()).decode() for value in (callback, {"x:who": "alice"})]
    with StandIn() as site:
        client = flavour(site.endpoint)
        answer = client.put("k", b"data", {"x-oss-callback": encoded[0], "x-oss-callback-var": encoded[1]})
    application.shutdown()
    application.server_close()
    relayed = answer if isinstance(answer, dict) else json.loads(answer)
    check.equal(relayed, {"accepted": True})
    check.equal(bodies, [b"key=k&size=4&who=alice"])

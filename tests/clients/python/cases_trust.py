"""What the clients check, and what the server checks of them."""

import os

import requests

import check
from case import case
from stand_in import StandIn


@case
def a_wrong_crc_is_noticed(flavour):
    with StandIn() as site:
        client = flavour(site.endpoint)
        for operation in ("PutObject", "UploadPart"):
            site.add_fault({"operation": operation}, {"kind": "wrong_crc"})
        error = check.error_of(lambda: client.put("k", b"data"))
        check.equal(client.is_inconsistent(error), True)
        upload_id = client.initiate("k")
        error = check.error_of(lambda: client.upload_part("k", upload_id, 1, b"data"))
        check.equal(client.is_inconsistent(error), True)
        site.clear_faults()
        client.upload_part("k", upload_id, 1, b"data")


@case
def a_wrong_secret_is_refused(flavour):
    with StandIn("--access-key", "ak:another") as site:
        client = flavour(site.endpoint)
        check.refused(client, lambda: client.put("k", b"data"), 403, "SignatureDoesNotMatch")
    with StandIn("--access-key", "other:sk") as site:
        client = flavour(site.endpoint)
        check.refused(client, lambda: client.put("k", b"data"), 403, "InvalidAccessKeyId")


@case
def a_security_token_is_sent(flavour):
    with StandIn("--access-key", "ak:sk:tok/en+==") as site:
        client = flavour(site.endpoint, token="tok/en+==")
        if client.sends_tokens:
            client.put("k", b"data")
            check.equal(client.get("k"), b"data")
        else:
            check.refused(client, lambda: client.put("k", b"data"), 403, "InvalidAccessKeyId")
        stranger = flavour(site.endpoint, token="other")
        error = check.error_of(lambda: stranger.put("k", b"data"))
        check.equal(stranger.refusal(error)[0], 403)


@case
def presigned_urls_are_taken(flavour):
    key = "dir/a b+中.bin"
    for token, flag in ((None, "ak:sk"), ("tok/en+==", "ak:sk:tok/en+==")):
        with StandIn("--access-key", flag) as site:
            client = flavour(site.endpoint, token=token)
            check.equal(requests.put(client.presign_put(key), data=b"data").status_code, 200)
            url = client.presign_get(key)
            check.equal(requests.get(url).content, b"data")
            check.equal(requests.get(url.replace("dir", "other")).status_code, 403)


@case
def an_expired_token_is_refused(flavour):
    with StandIn("--access-key", "ak:sk:token:1") as site:
        client = flavour(site.endpoint, token="token")
        code = "SecurityTokenExpired" if client.sends_tokens else "InvalidAccessKeyId"
        check.refused(client, lambda: client.put("k", b"data"), 403, code)


@case
def a_clock_must_be_right(flavour):
    with StandIn("--clock-offset-s", "1000") as site:
        client = flavour(site.endpoint)
        check.refused(client, lambda: client.put("k", b"data"), 403, "RequestTimeTooSkewed")


@case
def buckets_are_addressed_in_three_styles(flavour):
    with StandIn("--cname", "static.example.com=bucket") as site:
        for style, host in [
            ("path", "127.0.0.1"),
            ("virtual", "oss-cn-hangzhou.aliyuncs.com"),
            ("cname", "static.example.com"),
        ]:
            client = flavour(f"http://{host}:{site.port}", style=style)
            client.put("dir/a b+c", host.encode())
            check.equal(client.get("dir/a b+c"), host.encode())
            check.equal(site.object("dir/a b+c"), host.encode())
        hosts = {dict(entry["headers"])["host"].split(":")[0] for entry in site.ledger()}
        check.equal(hosts, {"127.0.0.1", "bucket.oss-cn-hangzhou.aliyuncs.com", "static.example.com"})


@case
def https_is_verified(flavour):
    ca = os.path.join(os.environ["CLIENTS_DIR"], "ca.pem")
    with StandIn("--https", "--ca-out", ca) as site:
        check.error_of(lambda: flavour(site.https_endpoint).put("k", b"data"))
        os.environ["REQUESTS_CA_BUNDLE"] = ca
        try:
            flavour(site.https_endpoint).put("k", b"data")
        finally:
            del os.environ["REQUESTS_CA_BUNDLE"]
        check.equal(site.object("k"), b"data")

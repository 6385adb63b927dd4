"use strict";
// What the client checks, and what the server checks of it.

const assert = require("node:assert/strict");
const fs = require("node:fs/promises");
const https = require("node:https");
const path = require("node:path");

const { errorOf, refused, sameBytes } = require("./check");

const DATA = Buffer.from("data");

async function a_wrong_crc_is_noticed(open, start) {
  const site = await start();
  const client = open(site);
  await site.fault({}, { kind: "wrong_crc" });
  // It computes no CRC-64 and so notices nothing.
  await client.put("k", DATA);
  const { uploadId } = await client.initMultipartUpload("k");
  await client.uploadPart("k", uploadId, 1, DATA, 0, 4);
  const [sent] = await site.ledger({ operation: "UploadPart" });
  assert.deepEqual(sent.faults, ["wrong_crc"]);
}

async function a_wrong_secret_is_refused(open, start) {
  const wrongSecret = open(await start("--access-key", "ak:another"));
  await refused(wrongSecret.put("k", DATA), 403, "SignatureDoesNotMatch");
  const wrongKey = open(await start("--access-key", "other:sk"));
  await refused(wrongKey.put("k", DATA), 403, "InvalidAccessKeyId");
}

async function a_security_token_is_sent(open, start) {
  const site = await start("--access-key", "ak:sk:tok/en+==");
  const client = open(site, { stsToken: "tok/en+==" });
  await client.put("k", DATA);
  sameBytes((await client.get("k")).content, DATA);
  await refused(open(site, { stsToken: "other" }).put("k", DATA), 403, "InvalidSecurityToken");
  await refused(open(site).put("k", DATA), 403, "InvalidAccessKeyId");
}

async function presigned_urls_are_taken(open, start) {
  const key = "dir/a b+中.bin";
  for (const stsToken of [undefined, "tok/en+=="]) {
    const site = await start("--access-key", stsToken ? `ak:sk:${stsToken}` : "ak:sk");
    const client = open(site, { stsToken });
    const presign = async (method) =>
      client.options.authorizationV4
        ? client.signatureUrlV4(method, 60, {}, key)
        : client.signatureUrl(key, { method, expires: 60 });
    const put = await fetch(await presign("PUT"), { method: "PUT", body: DATA });
    assert.equal(put.status, 200);
    const url = await presign("GET");
    assert.equal(await (await fetch(url)).text(), "data");
    assert.equal((await fetch(url.replace("/dir/", "/other/"))).status, 403);
  }
}

async function an_expired_token_is_refused(open, start) {
  const site = await start("--access-key", "ak:sk:token:1");
  await refused(open(site, { stsToken: "token" }).put("k", DATA), 403, "SecurityTokenExpired");
}

async function a_clock_must_be_right(open, start) {
  const site = await start("--clock-offset-s", "100000");
  await refused(open(site).put("k", DATA), 403, "RequestTimeTooSkewed");
  // It corrects nothing by itself, but may be told.
  await open(site, { amendTimeSkewed: 100_000_000 }).put("k", DATA);
}

async function buckets_are_addressed_in_three_styles(open, start) {
  const site = await start("--cname", "static.example.com=bucket");
  const styles = {
    localhost: { sldEnable: true },
    "oss-cn-hangzhou.aliyuncs.com": { sldEnable: false },
    "static.example.com": { sldEnable: false, cname: true },
    // To an address it sends the public host's name in Host.
    "127.0.0.1": { sldEnable: false },
  };
  for (const [host, style] of Object.entries(styles)) {
    const client = open(site, { endpoint: `http://${host}:${site.port}`, ...style });
    await client.put("dir/a b+c", Buffer.from(host));
    sameBytes((await client.get("dir/a b+c")).content, host);
    sameBytes(await site.object("dir/a b+c"), host);
  }
  const puts = await site.ledger({ operation: "PutObject" });
  assert.deepEqual(
    puts.map((entry) => new Map(entry.headers).get("host").split(":")[0]),
    ["localhost", "bucket.oss-cn-hangzhou.aliyuncs.com", "static.example.com", "bucket.oss-cn-hangzhou.aliyuncs.com"],
  );
}

async function https_is_verified(open, start) {
  const ca = path.join(process.env.CLIENTS_DIR, "node-ca.pem");
  const site = await start("--https", "--ca-out", ca);
  const endpoint = site.httpsEndpoint;
  const error = await errorOf(open(site, { endpoint }).put("k", DATA));
  assert.match(error.message, /unable to verify the first certificate|self-signed certificate/);
  const httpsAgent = new https.Agent({ ca: await fs.readFile(ca) });
  await open(site, { endpoint, httpsAgent }).put("k", DATA);
  sameBytes(await site.object("k"), DATA);
}

module.exports = {
  cases: [
    a_wrong_crc_is_noticed,
    a_wrong_secret_is_refused,
    a_security_token_is_sent,
    presigned_urls_are_taken,
    an_expired_token_is_refused,
    a_clock_must_be_right,
    buckets_are_addressed_in_three_styles,
    https_is_verified,
  ],
};

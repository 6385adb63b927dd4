"use strict";
// Uploads by ali-oss: multipartUpload with a checkpoint that the application writes, as its documentation says, or put for each
// of many. It compares no CRC-64.

const fs = require("node:fs/promises");
const https = require("node:https");
const path = require("node:path");

const OSS = require("ali-oss");

const USAGE = `usage: upload.js ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM CHECKPOINT_FOLDER|- [CA_FILE]
       upload.js many ENDPOINT BUCKET FOLDER TASK_NUM [CA_FILE]`;

async function open(endpoint, bucket, authority) {
  return new OSS({
    accessKeyId: process.env.OSS_ACCESS_KEY_ID,
    accessKeySecret: process.env.OSS_ACCESS_KEY_SECRET,
    authorizationV4: true,
    region: "oss-cn-hangzhou",
    bucket,
    // An address would make it send the public host's name in Host.
    endpoint: endpoint.replace("127.0.0.1", "localhost"),
    sldEnable: true,
    ...(authority && { httpsAgent: new https.Agent({ keepAlive: true, ca: await fs.readFile(authority) }) }),
  });
}

async function upload(client, key, file, partSize, parallel, records) {
  const record = path.join(records, "record.json");
  await client.multipartUpload(key, file, {
    partSize,
    parallel,
    progress: async (_share, checkpoint) => {
      if (checkpoint && records !== "-") {
        await fs.writeFile(record, JSON.stringify(checkpoint));
      }
    },
  });
}

async function uploadMany(client, folder, taskNum) {
  const names = (await fs.readdir(folder))[Symbol.iterator]();
  const work = async () => {
    for (const name of names) {
      await client.put(name, path.join(folder, name));
    }
  };
  await Promise.all(Array.from({ length: taskNum }, work));
}

async function main(words) {
  if (words[0] === "many" && words.length >= 5) {
    const [, endpoint, bucket, folder, taskNum, authority] = words;
    await uploadMany(await open(endpoint, bucket, authority), folder, Number(taskNum));
  } else if (words.length >= 7) {
    const [endpoint, bucket, key, file, partSize, taskNum, records, authority] = words;
    await upload(await open(endpoint, bucket, authority), key, file, Number(partSize), Number(taskNum), records);
  } else {
    throw new Error(USAGE);
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

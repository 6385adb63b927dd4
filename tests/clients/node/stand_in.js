"use strict";
// The stand-in as a child process, and its admin port.

const { spawn } = require("node:child_process");
const { once } = require("node:events");
const readline = require("node:readline");

const BUCKET = "bucket";
const LONGEST_WAIT_MS = 20_000;

class StandIn {
  /** Runs a server with one bucket. */
  static async start(...flags) {
    const process_ = spawn(process.env.OSS_SERVER, ["--bucket", BUCKET, "--until-stdin-closes", ...flags], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const gone = once(process_, "exit").then(([code]) => {
      throw new Error(`the stand-in ended at once, with ${code}`);
    });
    const [line] = await Promise.race([once(readline.createInterface({ input: process_.stdout }), "line"), gone]);
    gone.catch(() => {});
    return new StandIn(process_, JSON.parse(line));
  }

  constructor(process_, ready) {
    this.process = process_;
    this.endpoint = ready.endpoint;
    this.httpsEndpoint = ready.https_endpoint;
    this.admin = ready.admin;
    this.port = new URL(ready.endpoint).port;
  }

  async stop() {
    const ended = once(this.process, "exit");
    this.process.stdin.end();
    await ended;
  }

  async ledger(filters) {
    return JSON.parse(await this.#ask("GET", "/-/ledger", filters));
  }

  async clearLedger() {
    await this.#ask("DELETE", "/-/ledger");
  }

  async count(filters) {
    return Number(await this.#ask("GET", "/-/count", filters));
  }

  /** The numbers of all parts that were taken and answered, in order. */
  async sentParts() {
    const entries = await this.ledger({ operation: "UploadPart", status: 200, answered: true });
    return entries.map((entry) => entry.part_number).sort((one, other) => one - other);
  }

  /** The part numbers of each incomplete upload. */
  async uploads() {
    const uploads = JSON.parse(await this.#ask("GET", "/-/uploads"));
    return uploads.map((upload) => upload.parts.map((part) => part.number));
  }

  async object(key) {
    return this.#ask("GET", "/-/object", { bucket: BUCKET, key });
  }

  async fault(when, then) {
    await this.#ask("POST", "/-/faults", {}, JSON.stringify({ when, then }));
  }

  async clearFaults() {
    await this.#ask("DELETE", "/-/faults");
  }

  async #ask(method, path, query = {}, body = undefined) {
    const url = `${this.admin}${path}?${new URLSearchParams(query)}`;
    const answer = await fetch(url, { method, body, signal: AbortSignal.timeout(LONGEST_WAIT_MS) });
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${bytes}`);
    }
    return bytes;
  }
}

module.exports = { BUCKET, StandIn };

// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// Which phone this is, by a random key of its own, and whether it may go on.  A phone that was lost is
// stopped from the desk: it then deletes what it holds, and says how much of it had not arrived.
const NAME = "device";
const KEPT = "wijkeconomie-field";
const TRIES = 3;

export class Device {
  constructor({ store, headers, stopped, deleted }) {
    Object.assign(this, { store, headers, stopped, deleted, over: false, said: new BroadcastChannel(KEPT) });
    this.said.onmessage = ({ data }) => { // another window heard it, or deleted everything
      if (data.lost !== undefined) return this.deleted(data);
      if (!this.over) (this.over = true), void this.stopped();
    };
  }

  // The key of this phone, made the first time; every request names it from now on.
  async known() {
    const found = await this.store.get("lock", NAME);
    this.key = found?.key ?? crypto.randomUUID();
    if (!found) await this.store.put("lock", { name: NAME, key: this.key });
    this.headers["X-Device"] = this.key;
  }

  // How much on this phone has not arrived: of every journey, with photos and memos.
  async count() {
    const of = async (name) => (await this.store.all(name)).filter((one) => one.state !== "arrived").length;
    const left = (await of("records")) + (await of("photos"));
    this.headers["X-Waiting"] = String(left);
    return left;
  }

  // Ask whether we may go on; without a network we do.
  async look() {
    if (this.over || !this.key) return;
    const answer = await this.ask({});
    if (answer?.stopped === true) await this.end(answer.at);
  }

  async ask(headers) {
    try {
      const address = new URL(`../toestel/${this.key}/`, location.href);
      const answer = await fetch(address, { cache: "no-store", redirect: "error", headers, signal: AbortSignal.timeout(20_000) });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  }

  async end(at) {
    if (this.over) return;
    this.over = true;
    const lost = await this.count();
    this.said.postMessage({});
    await this.stopped(); // nothing writes any more
    await this.store.clear();
    await globalThis.caches?.delete(KEPT);
    this.deleted({ at, lost });
    this.said.postMessage({ at, lost });
    for (let n = 0; n < TRIES; n += 1) if (await this.ask({ "X-Wiped": String(lost) })) break;
    await this.store.clear(); // what was on its way into the store when we began
  }
}

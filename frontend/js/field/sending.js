// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// The queue: oldest first, again and again with growing pauses, and "arrived" only with a receipt of the
// server.  Without a sign-in it stops and keeps everything.
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 300_000;
const PATIENCE = 60_000;
const TO = { talk: "gesprekken/", sight: "waarnemingen/" };
const PUT_OFF = [408, 425, 429]; // said on the way (too slow, too early, too much), not of what was sent
const NO_RIGHT = ["403", "404"]; // what who is signed in hears about a journey that is not theirs
const BESIDE = { photo: "foto", sound: "memo" };

export class Stopped extends Error {} // needs a person: sign in, or no right any more
export class Gone extends Error {} // this phone was stopped from the desk
export class Later extends Error {
  constructor(pause) {
    super("later");
    this.pause = pause;
  }
}

export const headers = {}; // that go with every request: which phone this is

// Ask the server; throws Gone, Stopped or Later, so that what comes back is an answer of ours.
export async function ask(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options, headers: { ...headers, ...options.headers } });
  } catch {
    throw new Later(0);
  }
  if (answer.status === 410) throw new Gone();
  if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) throw new Stopped(String(answer.status));
  if (PUT_OFF.includes(answer.status) || answer.status >= 500) throw new Later(asked(answer.headers.get("Retry-After")));
  try {
    return [answer.status, await answer.json()];
  } catch {
    throw new Later(0); // not our page: a network that asks for a sign-in of its own
  }
}

function asked(after) {
  if (!after) return 0;
  const seconds = Number(after);
  return Math.max(0, Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * 1000) || 0;
}

export const wait = (tries, least = 0, random = Math.random()) =>
  Math.max(least, Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries) * (0.75 + random / 4));

// Who sends says in all() what there is to send; *lock*: of windows that share it one sends at a time.
export class Queue {
  constructor({ lock, said }) {
    Object.assign(this, { lock, said, tries: 0, timer: 0, state: "idle", next: 0 });
  }

  // Begin now; for who asks with a button and after the network came back, without a pause.
  now() {
    clearTimeout(this.timer);
    this.tries = 0;
    return this.run();
  }

  run() {
    return navigator.locks.request(this.lock, { ifAvailable: true }, (lock) => (lock ? this.round() : null));
  }

  async round() {
    clearTimeout(this.timer);
    try {
      await this.all();
      this.tries = 0;
      this.tell("idle");
    } catch (error) {
      if (error instanceof Stopped || error instanceof Gone) return void this.stop(error); // asks on, and need not hold the queue
      if (!(error instanceof Later)) throw error;
      const pause = wait(this.tries++, error.pause);
      this.timer = setTimeout(() => this.run(), pause);
      this.tell("waiting", Date.now() + pause);
    }
  }

  // Also for who asked something else: without a sign-in, or without a right on this journey any more.
  stop(error) {
    this.without = error instanceof Stopped && NO_RIGHT.includes(error.message) ? "right" : "sign-in";
    return this.tell("stopped");
  }

  tell(state, next = 0) {
    Object.assign(this, { state, next });
    return this.said(state);
  }
}

export class Sending extends Queue {
  constructor({ store, vault, attached, account, journey, base, said }) {
    super({ lock: "wijkeconomie-field-sending", said });
    Object.assign(this, { store, vault, attached, account, journey, base });
  }

  async all() {
    let token = "";
    for (;;) {
      const records = (await this.store.records(this.journey)).filter((one) => !this.account.theirs(one));
      const first = records.find((one) => one.state === "waiting");
      const beside = first ? null : await this.attached.next(records);
      if (!first && !beside) return;
      this.tell("sending");
      if (token) {
        await (first ? this.one(first, token) : this.beside(beside, token));
        this.tries = 0; // one got through: the next that fails waits as short as the first did
      } else {
        token = await this.ready(); // that takes a while: look again what there is to send, and of whom
      }
    }
  }

  // A token to send with, once it is known as whom.
  async ready() {
    const [, { token, account }] = await ask(`${this.base}klaar/`);
    await this.account.met(account);
    return token;
  }

  async one(record, token) {
    const content = await this.vault.unseal(record.sealed);
    const body = JSON.stringify({ key: record.id, at: record.at, now: new Date().toISOString(), content: content.sent });
    const there = await this.store.change(record.id, ["waiting"], { tries: record.tries + 1 });
    if (!there) return; // deleted meanwhile
    const [status, answer] = await this.post(TO[record.kind], token, body);
    if (status === 200 && answer.key === record.id && answer.number > 0) {
      await this.arrived(record, content, answer);
    } else if (status === 409) {
      await this.store.change(record.id, ["waiting"], { state: "clash", fault: answer.detail });
    } else if (status >= 400) {
      await this.store.change(record.id, ["waiting"], { state: "refused", fault: answer.detail ?? "" });
    } else {
      throw new Later(0); // an answer, but no receipt
    }
    this.tell("sending");
  }

  // A photo or memo is away from here once it arrived; one that is refused stays, with the reason.
  async beside(one, token) {
    const bytes = await this.vault.unsealBytes(one.sealed);
    const change = (fields) => this.store.change(one.id, ["waiting"], fields, "photos");
    if (!(await change({}))) return; // deleted meanwhile
    const [status, answer] = await this.post(`${BESIDE[one.kind]}/${one.of}/${one.id}/`, token, bytes, one.type);
    if (status === 200 && answer.key === one.id) {
      await change({ state: "arrived", sealed: null });
    } else if (status >= 400) {
      await change({ state: "refused", fault: answer.detail ?? "" });
    } else {
      throw new Later(0);
    }
    this.tell("sending");
  }

  async arrived(record, content, { card, ...receipt }) {
    const fields = { state: "arrived", arrived: Date.now(), receipt };
    if (card && !content.card) fields.sealed = await this.vault.seal({ ...content, card: { code: card, picture: "" } });
    await this.store.change(record.id, ["waiting"], fields);
  }

  post(to, token, body, type = "application/json") {
    return ask(this.base + to, { method: "POST", body, headers: { "Content-Type": type, "X-CSRFToken": token, "X-Account": this.account.key } });
  }
}

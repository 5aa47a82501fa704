// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2

// js/field/drawing.js
function el(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
var DAY = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
var moment = (at) => at ? new Date(at).toLocaleString(document.documentElement.lang, DAY) : "";

// js/field/keeping.js
async function keepPage(path) {
  if (!("serviceWorker" in navigator)) return false;
  await navigator.serviceWorker.register(new URL("../sw.js", location.href).pathname);
  const { active } = await navigator.serviceWorker.ready;
  const channel = new MessageChannel();
  const said = new Promise((resolve) => channel.port1.onmessage = resolve);
  active.postMessage({ keep: path }, [channel.port2]);
  return (await said).data.ok;
}

// js/field/sending.js
var FIRST_PAUSE = 2e3;
var LONGEST_PAUSE = 3e5;
var PATIENCE = 6e4;
var PUT_OFF = [408, 425, 429];
var NO_RIGHT = ["403", "404"];
var Stopped = class extends Error {
};
var Gone = class extends Error {
};
var Later = class extends Error {
  constructor(pause) {
    super("later");
    this.pause = pause;
  }
};
var headers = {};
async function ask(address, options = {}) {
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
    throw new Later(0);
  }
}
function asked(after) {
  if (!after) return 0;
  const seconds = Number(after);
  return Math.max(0, Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * 1e3) || 0;
}
var wait = (tries, least = 0, random = Math.random()) => Math.max(least, Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries) * (0.75 + random / 4));
var Queue = class {
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
    return navigator.locks.request(this.lock, { ifAvailable: true }, (lock) => lock ? this.round() : null);
  }
  async round() {
    clearTimeout(this.timer);
    try {
      await this.all();
      this.tries = 0;
      this.tell("idle");
    } catch (error) {
      if (error instanceof Stopped || error instanceof Gone) return void this.stop(error);
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
};

// js/field/store.js
var NAME = "wijkeconomie-field";
var VERSION = 2;
var STORES = { lock: "name", records: "id", cards: "key", photos: "id", guides: "version" };
var asked2 = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
function open({ name: called = NAME, version = VERSION, stores = STORES } = {}) {
  const request = indexedDB.open(called, version);
  request.onupgradeneeded = () => {
    const there = request.result.objectStoreNames;
    for (const [name, keyPath] of Object.entries(stores)) if (!there.contains(name)) request.result.createObjectStore(name, { keyPath });
  };
  return asked2(request);
}
var Store = class {
  constructor(db) {
    this.db = db;
  }
  // Run *act* with object stores by name, in one transaction; resolves when it is on disk.
  async write(names, act) {
    const transaction = this.db.transaction(names, "readwrite", { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    const result = await act(...names.map((name) => transaction.objectStore(name)));
    await done;
    return result;
  }
  get(name, key) {
    return asked2(this.db.transaction([name]).objectStore(name).get(key));
  }
  all(name) {
    return asked2(this.db.transaction([name]).objectStore(name).getAll());
  }
  put(name, value) {
    return this.write([name], (store) => asked2(store.put(value)));
  }
  // Records of a journey, oldest first.
  async records(journey) {
    const found = (await this.all("records")).filter((one) => one.journey === journey);
    return found.sort((one, other) => one.made - other.made || (one.id < other.id ? -1 : 1));
  }
  // Keep *record* if nobody wrote it since we read it.  If somebody did, ours is kept beside theirs, under
  // a key of its own.  Gives what was kept.
  keep(record) {
    return this.write(["records"], async (records) => {
      const stored = await asked2(records.get(record.id));
      const same = (stored?.rev ?? 0) === record.rev;
      const next = same ? { ...record } : { ...record, id: crypto.randomUUID(), beside: record.id, rev: 0 };
      next.rev += 1;
      await asked2(records.put(next));
      return next;
    });
  }
  // Change open fields of the stored record (or photo), if it is in one of *states*; gives it or null.
  change(id, states, fields, name = "records") {
    return this.write([name], async (records) => {
      const stored = await asked2(records.get(id));
      if (!stored || !states.includes(stored.state)) return null;
      const next = { ...stored, ...fields, rev: (stored.rev ?? 0) + 1 };
      await asked2(records.put(next));
      return next;
    });
  }
  // Put *record* in the place of what is stored under *id*: what lies beside that goes along.
  replace(id, record) {
    return this.write(["records", "photos"], async (records, photos) => {
      await asked2(records.put(record));
      for (const one of await asked2(photos.getAll())) if (one.of === id) await asked2(photos.put({ ...one, of: record.id }));
      await asked2(records.delete(id));
    });
  }
  remove(id) {
    return this.write(["records", "photos"], async (records, photos) => {
      await asked2(records.delete(id));
      for (const photo of await asked2(photos.getAll())) if (photo.of === id) await asked2(photos.delete(photo.id));
    });
  }
  // A card that came along, given to one conversation only; null when there are none left.
  takeCard(journey) {
    return this.write(["cards"], async (cards) => {
      const found = (await asked2(cards.getAll())).find((one) => one.journey === journey);
      if (found) await asked2(cards.delete(found.key));
      return found ?? null;
    });
  }
  async clear() {
    await this.write([...this.db.objectStoreNames], async (...stores) => {
      for (const store of stores) await asked2(store.clear());
    });
  }
};

// js/field/vault.js
var ROUNDS = 6e5;
var KNOWN = "wijkeconomie";
var text = new TextEncoder();
async function derive(pin, salt) {
  const base2 = await crypto.subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, base2, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
var Vault = class _Vault {
  constructor(key) {
    this.key = key;
  }
  // A new lock for this PIN: what to store of it, and the vault that it opens.
  static async make(pin) {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const vault = new _Vault(await derive(pin, salt));
    return [vault, { salt, check: await vault.seal(KNOWN) }];
  }
  // The vault behind a stored lock, or null for a wrong PIN.
  static async open(pin, lock) {
    const vault = new _Vault(await derive(pin, lock.salt));
    try {
      return await vault.unseal(lock.check) === KNOWN ? vault : null;
    } catch {
      return null;
    }
  }
  async seal(value) {
    return this.sealBytes(text.encode(JSON.stringify(value)));
  }
  async unseal(sealed) {
    return JSON.parse(new TextDecoder().decode(await this.unsealBytes(sealed)));
  }
  async sealBytes(bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, bytes) };
  }
  async unsealBytes({ iv, bytes }) {
    return crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.key, bytes);
  }
};

// js/door/eye.js
var OFTEN = 250;
var AGAIN = 5e3;
var canSee = () => "BarcodeDetector" in globalThis && Boolean(navigator.mediaDevices?.getUserMedia);
var Eye = class {
  constructor({ video, seen }) {
    Object.assign(this, { video, seen, stream: null, timer: 0, last: "", at: 0, refused: false });
  }
  // On, or off; gives whether it looks now.
  async flip() {
    if (this.stream) return this.close();
    this.refused = false;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      this.video.srcObject = this.stream;
      await this.video.play();
    } catch {
      this.refused = true;
      return this.close();
    }
    const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
    this.timer = setInterval(() => void this.look(detector), OFTEN);
    return true;
  }
  close() {
    clearInterval(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = this.video.srcObject = null;
    return false;
  }
  async look(detector) {
    const [found] = await detector.detect(this.video).catch(() => []);
    if (!found || found.rawValue === this.last && Date.now() - this.at < AGAIN) return;
    [this.last, this.at] = [found.rawValue, Date.now()];
    this.seen(found.rawValue);
  }
};

// js/door/main.js
var DATABASE = { name: "wijkeconomie-door", version: 1, stores: { lock: "name", scans: "id", lists: "base" } };
var MOST = 200;
var EVERY = 3e4;
var SHOWN = 6;
var pack = JSON.parse(document.getElementById("pack").textContent);
var say = pack.words;
var base = location.pathname;
var part = (name) => document.querySelector(`[data-part="${name}"]`);
var form = document.querySelector("form");
var app = { store: null, vault: null, device: "", list: null, queue: null, over: false };
var clock = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
var word = (text2) => text2.trim().replace(/\/+$/, "").split("/").pop();
async function fingerprint(text2) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(word(text2)));
  return [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");
}
async function known(name, make) {
  const found = await app.store.get("lock", name);
  if (found) return found.key;
  const key = await make();
  await app.store.put("lock", { name, key });
  return key;
}
async function begin() {
  app.store = new Store(await open(DATABASE));
  app.device = await known("device", () => crypto.randomUUID());
  app.vault = new Vault(await known("seal", () => crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"])));
  app.queue = new Door({ lock: "wijkeconomie-door-sending", said: () => draw() });
  await readList();
  await draw();
  form.hidden = false;
  form.elements.code.focus();
  part("look").hidden = !canSee();
  await navigator.storage?.persist?.();
  await keepPage(base).catch(() => false);
  await draw();
  await round();
}
async function readList() {
  const kept = await app.store.get("lists", base);
  app.list = kept ? await app.vault.unseal(kept.sealed).catch(() => null) : null;
}
async function scan(text2) {
  if (!word(text2) || app.over) return;
  const badge = await fingerprint(text2);
  const what = form.elements.what.value;
  const stand = what === "stand" ? form.elements.stand.value : "";
  if (what === "stand" && !stand) return told("lacks", say.choose_stand);
  const before = await cameIn(badge);
  const record = { id: crypto.randomUUID(), base, badge, what, stand, at: (/* @__PURE__ */ new Date()).toISOString(), made: Date.now(), state: "waiting" };
  try {
    await app.store.put("scans", record);
  } catch {
    return told("lacks", say.not_kept);
  }
  const who = app.list?.badges[badge];
  const spare = !who && app.list?.spares.includes(badge);
  const [first, next] = who ?? [spare ? say.spare : say.unknown, ""];
  if (what === "out") told("out", say.goes.replace("{who}", first));
  else if (before && what === "in") told("again", say.again.replace("{who}", first).replace("{at}", clock(before)), next);
  else told(who ? "welcome" : "other", who ? say.welcome.replace("{who}", first) : first, next);
  await draw();
  void app.queue.now();
}
async function cameIn(badge) {
  const here = (await scans()).filter((one) => one.badge === badge && one.what !== "out").map((one) => one.at);
  return [...here, ...[app.list?.came[badge] ?? []].flat()].sort()[0];
}
function told(how, text2, next = "") {
  part("told").dataset.how = how;
  part("told").replaceChildren(el("strong", {}, text2), ...next ? [el("span", {}, next)] : []);
}
var scans = async () => (await app.store.all("scans")).filter((one) => one.base === base);
var Door = class extends Queue {
  async all() {
    const token = await refresh();
    for (; ; ) {
      const waiting = (await scans()).filter((one) => one.state === "waiting").sort((one, other) => one.made - other.made).slice(0, MOST);
      if (!waiting.length) return;
      this.tell("sending");
      await this.batch(waiting, token);
      this.tries = 0;
    }
  }
  async batch(waiting, token) {
    const sent = waiting.map(({ id, badge, what, stand, at }) => ({ key: id, badge, what, stand, at }));
    const body = JSON.stringify({ device: app.device, now: (/* @__PURE__ */ new Date()).toISOString(), scans: sent });
    const [status, answer] = await ask(`${base}scans/`, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
    if (status >= 400) return this.refuse(waiting, answer.detail ?? "");
    if (!Array.isArray(answer.received) || !(answer.received.length + answer.refused.length)) throw new Later(0);
    for (const id of answer.received) await app.store.change(id, ["waiting"], { state: "arrived" }, "scans");
    for (const id of answer.refused) await app.store.change(id, ["waiting"], { state: "refused" }, "scans");
    part("clock").hidden = !answer.clock_off;
    this.tell("sending");
  }
  async refuse(waiting, fault) {
    for (const { id } of waiting) await app.store.change(id, ["waiting"], { state: "refused", fault }, "scans");
  }
  stop(error) {
    if (error instanceof Gone) void end();
    return super.stop(error);
  }
};
async function refresh() {
  const [status, answer] = await ask(`${base}lijst/`);
  if (status !== 200 || !answer.token) throw new Later(0);
  const { token, ...list } = answer;
  app.list = list;
  await app.store.put("lists", { base, until: list.until, sealed: await app.vault.seal(list) });
  return token;
}
async function purge() {
  const kept = await app.store.get("lists", base);
  if (!kept || Date.now() < Date.parse(kept.until)) return;
  await app.store.write(["lists"], (lists) => void lists.delete(base));
  for (const one of await scans()) if (one.state === "arrived") await app.store.write(["scans"], (store) => void store.delete(one.id));
  app.list = null;
}
async function end() {
  if (app.over) return;
  app.over = true;
  const lost = (await scans()).filter((one) => one.state === "waiting").length;
  await app.store.clear();
  await globalThis.caches?.delete("wijkeconomie-field");
  app.list = null;
  form.hidden = true;
  part("recent").replaceChildren();
  told("lacks", say.stopped.replace("{n}", lost));
  part("state").textContent = "";
}
async function round() {
  if (app.over) return;
  await app.queue.run();
  await purge();
  await draw();
}
async function draw() {
  if (app.over) return;
  const all = (await scans()).sort((one, other) => other.made - one.made);
  const waits = all.filter((one) => one.state === "waiting").length;
  const state = app.queue.state === "stopped" ? "stopped_link" : waits ? app.queue.state === "waiting" || !navigator.onLine ? "offline" : "sending" : "idle";
  part("state").textContent = say[`state_${state}`].replace("{n}", waits).replace("{all}", all.length);
  part("list").textContent = app.list ? say.list.replace("{n}", Object.keys(app.list.badges).length).replace("{at}", moment(app.list.now)) : say.no_list;
  const rows = all.slice(0, SHOWN).map((one) => {
    const who = app.list?.badges[one.badge]?.[0] ?? say.nameless;
    const line = el("span", { className: "meta" }, `${clock(one.made)} · ${say[`what_${one.what}`]} · ${say[`is_${one.state}`]}`);
    return el("li", {}, el("strong", {}, who), " ", line);
  });
  part("recent").replaceChildren(...rows);
  part("none").hidden = rows.length > 0;
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text2 = form.elements.code.value;
  form.elements.code.value = "";
  form.elements.code.focus();
  void scan(text2);
});
form.addEventListener("change", () => part("stand").hidden = form.elements.what.value !== "stand");
var eye = new Eye({ video: part("video"), seen: scan });
part("look").addEventListener("click", async () => {
  const on = await eye.flip();
  part("video").hidden = !on;
  part("look").textContent = on ? say.camera_off : say.camera;
  if (eye.refused) told("lacks", say.no_camera);
});
addEventListener("online", () => app.queue?.now());
addEventListener("offline", () => void draw());
setInterval(() => void round(), EVERY);
void begin();
export {
  word
};

// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2

// js/field/drawing.js
function el(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
function radios(name, text2, choices, chosen2, on) {
  const options = choices.map(([value2, label]) => {
    const input = el("input", { type: "radio", name, value: value2, checked: value2 === chosen2, onchange: () => on(value2) });
    return el("label", { className: "big" }, input, el("span", {}, label));
  });
  return el("fieldset", { className: "ask" }, el("legend", {}, text2), el("div", { className: "bigs" }, ...options));
}
function chips(text2, things, chosen2, on) {
  const wanted = new Set(chosen2);
  const options = things.map(({ id, name }) => {
    const flip = (event) => (event.target.checked ? wanted.add(id) : wanted.delete(id), on([...wanted]));
    return el("label", { className: "big" }, el("input", { type: "checkbox", checked: wanted.has(id), onchange: flip }), el("span", {}, name));
  });
  return el("fieldset", { className: "ask" }, el("legend", {}, text2), el("div", { className: "bigs" }, ...options));
}
function fill(select, things, chosen2, on) {
  select.replaceChildren(...things.map(({ id, name }) => el("option", { value: id, selected: id === chosen2 }, name)));
  select.onchange = () => on(select.value);
}
var DAY = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
var moment = (at) => at ? new Date(at).toLocaleString(document.documentElement.lang, DAY) : "";
function size(bytes) {
  const [value2, unit] = bytes > 1e5 ? [bytes / 1e6, "MB"] : [bytes / 1e3, "kB"];
  return bytes ? `${value2.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${unit}` : "";
}
function cardPicture(picture, label) {
  const [, wide, path] = picture.match(/^(\d+) (.*)$/s);
  const made = (name, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value2] of Object.entries(attributes)) node.setAttribute(key, value2);
    return node;
  };
  const svg = made("svg", { viewBox: `0 0 ${wide} ${wide}`, class: "qr", role: "img", "aria-label": label });
  svg.append(made("rect", { width: wide, height: wide, fill: "#fff" }), made("path", { d: path, fill: "#000", "shape-rendering": "crispEdges" }));
  return svg;
}

// js/field/editor.js
var SOON = 150;
var Editor = class {
  constructor({ store, vault, record, content, saved, say: say2 }) {
    Object.assign(this, { store, vault, record, content, saved, say: say2, timer: 0, dirty: false, writing: Promise.resolve() });
  }
  // Be the only tab that writes it; false when another is.
  hold() {
    return new Promise((resolve) => {
      navigator.locks.request(`wijkeconomie-field-${this.record.id}`, { ifAvailable: true }, (lock) => {
        resolve(Boolean(lock));
        return lock && new Promise((release) => this.release = release);
      });
    });
  }
  changed() {
    this.dirty = true;
    this.saved(this.say.saving);
    this.timer ||= setTimeout(() => this.flush(), SOON);
  }
  // Write what changed; after what was being written.
  flush() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }
  async write(state = this.record.state) {
    if (!this.dirty && state === this.record.state) return;
    this.dirty = false;
    try {
      const sealed = await this.vault.seal(this.content);
      const kept2 = await this.store.keep({ ...this.record, sealed, state, changed: Date.now() });
      const moved = kept2.id !== this.record.id;
      this.record = kept2;
      if (moved) await this.besides();
      if (!this.dirty) this.saved(moved ? this.say.saved_beside : this.say.saved);
    } catch (error) {
      this.dirty = true;
      this.saved(this.say.not_saved);
      throw error;
    }
  }
  // Our words are now beside those of another tab: the card belongs to theirs.
  async besides() {
    this.content.card = null;
    const sealed = await this.vault.seal(this.content);
    this.record = await this.store.keep({ ...this.record, sealed });
  }
  async finish() {
    await this.flush();
    this.writing = this.writing.then(() => this.write("waiting"));
    await this.close();
    return this.record;
  }
  async close() {
    await this.flush();
    this.release?.();
  }
};

// js/field/condition.js
var NUMBER = /^\s*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*$/;
var DAY2 = 864e5;
function asDay(text2) {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text2);
  const at = found ? Date.parse(`${text2}T00:00:00Z`) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text2) ? at / DAY2 : NaN;
}
function asNumber(value2) {
  if (typeof value2 !== "string") return Number(value2);
  const found = NUMBER.exec(value2);
  return found ? Number(found[1]) : asDay(value2);
}
var asText = (value2) => Object.is(value2, -0) ? "0" : String(value2);
var truth = (value2) => Boolean(value2);
var chosen = (answer) => answer.split(" ").filter(Boolean);
function equal(left, right) {
  const either = (type) => typeof left === type || typeof right === type;
  if (either("boolean")) return truth(left) === truth(right);
  return either("number") ? asNumber(left) === asNumber(right) : left === right;
}
var MEANING = {
  and: (...parts) => parts.every(truth),
  or: (...parts) => parts.some(truth),
  "=": equal,
  "!=": (left, right) => !equal(left, right),
  "<": (left, right) => asNumber(left) < asNumber(right),
  "<=": (left, right) => asNumber(left) <= asNumber(right),
  ">": (left, right) => asNumber(left) > asNumber(right),
  ">=": (left, right) => asNumber(left) >= asNumber(right),
  "+": (...terms) => terms.map(asNumber).reduce((sum, one) => sum + one),
  "-": (value2) => -asNumber(value2),
  not: (value2) => !truth(value2),
  selected: (answer, choice) => chosen(asText(answer)).includes(asText(choice).trim()),
  "count-selected": (answer) => chosen(asText(answer)).length,
  "string-length": (value2) => [...asText(value2)].length,
  date: (value2) => Number.isNaN(asDay(asText(value2))) ? "" : asText(value2),
  true: () => true,
  false: () => false
};
function value([head, ...parts], given) {
  if (head === "text" || head === "number") return parts[0];
  if (head === "answer") return given.answers[parts[0]] ?? "";
  if (head === "self") return given.own;
  if (head === "today") return given.today;
  return MEANING[head](...parts.map((part2) => value(part2, given)));
}
var holds = (tree, answers, today, own = "") => truth(value(tree, { answers, today, own }));

// js/field/questions.js
var TYPES = { integer: "numeric", decimal: "decimal" };
var LATER = /* @__PURE__ */ new Set(["photo", "location"]);
function walk(questions2, parent = null) {
  return questions2.flatMap((one) => [{ question: one, parent }, ...walk(one.questions ?? [], one.name)]);
}
function asked(guide, answers, today) {
  const placed = walk(guide.questions);
  let shown = new Set(placed.map(({ question }) => question.name));
  for (let round = 0; round <= placed.length; round += 1) {
    const counted = Object.fromEntries(Object.entries(answers).filter(([name]) => shown.has(name) || name.startsWith("consent_")));
    const next = /* @__PURE__ */ new Set();
    for (const { question, parent } of placed) {
      const around = parent === null || next.has(parent);
      if (around && (!question.relevant || holds(question.relevant.tree, counted, today))) next.add(question.name);
    }
    const same = next.size === shown.size && [...next].every((name) => shown.has(name));
    shown = next;
    if (same) break;
  }
  return placed.map(({ question }) => question.name).filter((name) => shown.has(name));
}
function questions(guide, language, answers, changed) {
  const said = (words) => words?.[language] ?? words?.[guide.languages[0]] ?? "";
  const today = (/* @__PURE__ */ new Date()).toISOString().slice(0, 10);
  const rows = /* @__PURE__ */ new Map();
  const look = () => {
    const names = new Set(asked(guide, answers, today));
    for (const [name, row2] of rows) row2.hidden = !names.has(name);
  };
  const set = (name) => (text2) => (answers[name] = text2, changed(), look());
  for (const { question } of walk(guide.questions)) {
    if (!LATER.has(question.kind)) rows.set(question.name, el("div", {}, draw(question, said, answers[question.name] ?? "", set(question.name))));
  }
  look();
  return [...rows.values()];
}
function draw(question, said, answer, on) {
  const text2 = said(question.label);
  const choices = (question.choices ?? []).map(({ name, label }) => [name, said(label)]);
  if (question.kind === "group") return el("h2", {}, text2);
  if (question.kind === "note") return el("p", {}, text2);
  if (question.kind === "one") return radios(`q-${question.name}`, text2, choices, answer, on);
  if (question.kind === "many") {
    const things = choices.map(([id2, name]) => ({ id: id2, name }));
    return chips(text2, things, answer.split(" ").filter(Boolean), (ids) => on(ids.join(" ")));
  }
  const id = `q-${question.name}`;
  const input = el(question.kind === "text" ? "textarea" : "input", { id, value: answer, oninput: (event) => on(event.target.value) });
  if (question.kind === "date") input.type = "date";
  if (TYPES[question.kind]) input.inputMode = TYPES[question.kind];
  const hint = said(question.hint) ? [el("span", { className: "meta" }, said(question.hint))] : [];
  return el("p", { className: "field" }, el("label", { htmlFor: id }, text2), ...hint, input);
}

// js/field/sending.js
var FIRST_PAUSE = 2e3;
var LONGEST_PAUSE = 3e5;
var PATIENCE = 6e4;
var TO = { talk: "gesprekken/", sight: "waarnemingen/" };
var Stopped = class extends Error {
};
var Later = class extends Error {
  constructor(pause) {
    super("later");
    this.pause = pause;
  }
};
async function ask(address, options = {}) {
  let answer;
  try {
    answer = await fetch(address, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...options });
  } catch {
    throw new Later(0);
  }
  if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) throw new Stopped(String(answer.status));
  if (answer.status === 429 || answer.status >= 500) throw new Later(asked2(answer.headers.get("Retry-After")));
  try {
    return [answer.status, await answer.json()];
  } catch {
    throw new Later(0);
  }
}
function asked2(after) {
  if (!after) return 0;
  const seconds = Number(after);
  return Math.max(0, Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * 1e3) || 0;
}
var wait = (tries, least = 0, random = Math.random()) => Math.max(least, Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** tries) * (0.75 + random / 4));
var Sending = class {
  constructor({ store, vault, photos, journey, base: base2, said }) {
    Object.assign(this, { store, vault, photos, journey, base: base2, said, tries: 0, timer: 0, state: "idle", next: 0 });
  }
  // Begin now; for who asks with a button and after the network came back, without a pause.
  now() {
    clearTimeout(this.timer);
    this.tries = 0;
    return this.run();
  }
  run() {
    return navigator.locks.request("wijkeconomie-field-sending", { ifAvailable: true }, (lock) => lock ? this.round() : null);
  }
  async round() {
    clearTimeout(this.timer);
    try {
      await this.all();
      this.tries = 0;
      this.tell("idle");
    } catch (error) {
      if (error instanceof Stopped) return this.tell("stopped");
      if (!(error instanceof Later)) throw error;
      const pause = wait(this.tries++, error.pause);
      this.timer = setTimeout(() => this.run(), pause);
      this.tell("waiting", Date.now() + pause);
    }
  }
  tell(state, next = 0) {
    Object.assign(this, { state, next });
    return this.said(state);
  }
  async all() {
    let token = "";
    for (; ; ) {
      const records = await this.store.records(this.journey);
      const first = records.find((one) => one.state === "waiting");
      const photo = first ? null : await this.photos.next();
      if (!first && !photo) return;
      this.tell("sending");
      token ||= (await ask(`${this.base}klaar/`))[1].token;
      await (first ? this.one(first, token) : this.picture(photo, token));
    }
  }
  async one(record, token) {
    const content = await this.vault.unseal(record.sealed);
    const body = JSON.stringify({ key: record.id, at: record.at, now: (/* @__PURE__ */ new Date()).toISOString(), content: content.sent });
    await this.store.change(record.id, ["waiting"], { tries: record.tries + 1 });
    const [status, answer] = await this.post(TO[record.kind], token, body);
    if (status === 200 && answer.key === record.id && answer.number > 0) {
      await this.arrived(record, content, answer);
    } else if (status === 409) {
      await this.store.change(record.id, ["waiting"], { state: "clash", fault: answer.detail });
    } else if (status >= 400) {
      await this.store.change(record.id, ["waiting"], { state: "refused", fault: answer.detail ?? "" });
    } else {
      throw new Later(0);
    }
    this.tell("sending");
  }
  // A photo is away from here once it arrived; one that is refused stays, with the reason.
  async picture(photo, token) {
    const bytes = await this.vault.unsealBytes(photo.sealed);
    const [status, answer] = await this.post(`foto/${photo.of}/${photo.id}/`, token, bytes, "image/jpeg");
    if (status === 200 && answer.key === photo.id) {
      await this.store.put("photos", { ...photo, state: "arrived", sealed: null });
    } else if (status >= 400) {
      await this.store.put("photos", { ...photo, state: "refused", fault: answer.detail ?? "" });
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
    return ask(this.base + to, { method: "POST", body, headers: { "Content-Type": type, "X-CSRFToken": token } });
  }
};

// js/field/store.js
var NAME = "wijkeconomie-field";
var STORES = { lock: "name", records: "id", cards: "key", photos: "id" };
var asked3 = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
function open() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    for (const [name, keyPath] of Object.entries(STORES)) request.result.createObjectStore(name, { keyPath });
  };
  return asked3(request);
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
    return asked3(this.db.transaction([name]).objectStore(name).get(key));
  }
  all(name) {
    return asked3(this.db.transaction([name]).objectStore(name).getAll());
  }
  put(name, value2) {
    return this.write([name], (store) => asked3(store.put(value2)));
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
      const stored = await asked3(records.get(record.id));
      const same = (stored?.rev ?? 0) === record.rev;
      const next = same ? { ...record } : { ...record, id: crypto.randomUUID(), beside: record.id, rev: 0 };
      next.rev += 1;
      await asked3(records.put(next));
      return next;
    });
  }
  // Change open fields of the stored record, if it is in one of *states*; gives the record or null.
  change(id, states, fields) {
    return this.write(["records"], async (records) => {
      const stored = await asked3(records.get(id));
      if (!stored || !states.includes(stored.state)) return null;
      const next = { ...stored, ...fields, rev: stored.rev + 1 };
      await asked3(records.put(next));
      return next;
    });
  }
  remove(id) {
    return this.write(["records", "photos"], async (records, photos) => {
      await asked3(records.delete(id));
      for (const photo of await asked3(photos.getAll())) if (photo.of === id) await asked3(photos.delete(photo.id));
    });
  }
  // A card that came along, given to one conversation only; null when there are none left.
  takeCard(journey) {
    return this.write(["cards"], async (cards) => {
      const found = (await asked3(cards.getAll())).find((one) => one.journey === journey);
      if (found) await asked3(cards.delete(found.key));
      return found ?? null;
    });
  }
  async clear() {
    await this.write(Object.keys(STORES), async (...stores) => {
      for (const store of stores) await asked3(store.clear());
    });
  }
};

// js/field/photos.js
var LONGEST = 1600;
var QUALITY = 0.8;
async function drawnAnew(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = el("canvas", { width: Math.round(picture.width * scale) || 1, height: Math.round(picture.height * scale) || 1 });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return blob.arrayBuffer();
}
var Photos = class {
  constructor({ store, vault, journey }) {
    Object.assign(this, { store, vault, journey });
  }
  async of(id) {
    return (await this.store.all("photos")).filter((one) => one.of === id).sort((one, other) => one.made - other.made);
  }
  async add(id, file) {
    const sealed = await this.vault.sealBytes(await drawnAnew(file));
    await this.store.put("photos", { id: crypto.randomUUID(), of: id, journey: this.journey, made: Date.now(), state: "waiting", sealed });
  }
  remove(id) {
    return this.store.write(["photos"], (photos) => void photos.delete(id));
  }
  // Those whose text arrived, oldest first.
  async next() {
    const arrived = new Set((await this.store.records(this.journey)).filter((one) => one.state === "arrived").map((one) => one.id));
    const waiting = (await this.store.all("photos")).filter((one) => one.state === "waiting" && arrived.has(one.of));
    return waiting.sort((one, other) => one.made - other.made)[0];
  }
  // How many there are of each record, by state.
  async counts() {
    const counts = {};
    for (const { of, state } of await this.store.all("photos")) {
      counts[of] ??= { waiting: 0, arrived: 0, refused: 0 };
      counts[of][state] += 1;
    }
    return counts;
  }
};

// js/field/personal.js
var plain = (text2) => text2.replace(new RegExp("\\p{Nd}|[\\p{Zs}\\p{Cf}]|\\p{Pd}", "gu"), (sign) => {
  const only = new RegExp("\\p{Nd}", "u").test(sign) ? digit(sign) : new RegExp("\\p{Pd}", "u").test(sign) ? "-" : " ";
  return only.padEnd(sign.length);
});
function digit(sign) {
  let before = 0;
  while (new RegExp("\\p{Nd}", "u").test(String.fromCodePoint(sign.codePointAt(0) - before - 1))) before += 1;
  return String(before % 10);
}
var digits = (text2) => text2.replace(/\D/g, "");
var WEIGHTS = [9, 8, 7, 6, 5, 4, 3, 2, -1];
function eleven(number) {
  const full = [...number.padStart(9, "0")].map(Number);
  return Number(number) > 0 && full.reduce((sum, one, n) => sum + one * WEIGHTS[n], 0) % 11 === 0;
}
function mod97(iban) {
  const turned = iban.slice(4) + iban.slice(0, 4);
  return [...turned].reduce((left, sign) => Number(`${left}${parseInt(sign, 36)}`) % 97, 0) === 1;
}
var MEANT = {
  bsn: (found) => digits(found).length === 9 && eleven(digits(found)) ? found.length : 0,
  iban: (found, { iban }) => {
    const places = [...found.matchAll(/[A-Za-z0-9]/g)];
    const letters = places.map(([sign]) => sign).join("").toUpperCase();
    const length = iban[letters.slice(0, 2)];
    return length && letters.length >= length && mod97(letters.slice(0, length)) ? places[length - 1].index + 1 : 0;
  }
};
function find(text2, rules) {
  const [read, found] = [plain(text2), []];
  for (const [kind, pattern] of rules.patterns) {
    for (const match of read.matchAll(new RegExp(pattern, "gu"))) {
      const words = match.groups?.it ?? match[0];
      const start = match.index + match[0].length - words.length;
      const end = start + (MEANT[kind]?.(words, rules) ?? words.length);
      if (end > start && found.every((one) => end <= one.start || start >= one.end)) found.push({ kind, start, end });
    }
  }
  return found.sort((one, other) => one.start - other.start);
}

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
  async seal(value2) {
    return this.sealBytes(text.encode(JSON.stringify(value2)));
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

// js/field/main.js
var DAY3 = 864e5;
var KEEP_DAYS = 7;
var HIDDEN_TOO_LONG = 5 * 6e4;
var GUIDE_SAYS = { note: "note", quote_plan: "quote", quote_public: "public", photo: "photo", contact: "again" };
var pack = JSON.parse(document.getElementById("pack").textContent);
var say = pack.words;
var base = location.pathname;
var view = (name) => document.querySelector(`[data-view="${name}"]`);
var part = (name) => document.querySelector(`[data-part="${name}"]`);
var app = { store: null, vault: null, sending: null, editor: null };
function show(name) {
  for (const one of document.querySelectorAll("[data-view]")) one.hidden = one.dataset.view !== name;
  document.body.dataset.now = name;
  const heading = view(name).querySelector("h1");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}
async function unlock(event) {
  event.preventDefault();
  const [form, fault] = [event.target, part("pin-fault")];
  const pin = form.elements.pin.value;
  const lock = await app.store.get("lock", "lock");
  if (!/^\d{6,12}$/.test(pin)) return fault.textContent = say.pin_short;
  part("pin-busy").hidden = false;
  try {
    if (lock) app.vault = await Vault.open(pin, lock);
    else await makeLock(pin);
  } finally {
    part("pin-busy").hidden = true;
    form.reset();
  }
  if (!app.vault) return fault.textContent = say.pin_wrong;
  fault.textContent = "";
  await begin();
}
async function makeLock(pin) {
  const [vault, lock] = await Vault.make(pin);
  await app.store.put("lock", { name: "lock", ...lock });
  app.vault = vault;
}
async function askPin() {
  const lock = await app.store.get("lock", "lock");
  part("pin-new").hidden = Boolean(lock);
  part("pin-known").hidden = !lock;
  const unsent = (await app.store.all("records")).filter((one) => one.state !== "arrived").length;
  part("pin-lost").textContent = say.pin_lost.replace("{n}", unsent);
  show("pin");
  view("pin").querySelector("input").focus();
}
async function wipe() {
  if (!confirm(say.wipe_sure)) return;
  await app.store.clear();
  await askPin();
}
async function begin() {
  const { store, vault } = app;
  await purge();
  app.photos = new Photos({ store, vault, journey: pack.journey });
  app.sending = new Sending({ store, vault, photos: app.photos, journey: pack.journey, base, said: () => draw2() });
  await draw2();
  show("start");
  await Promise.all([prepare(), app.sending.run()]);
}
async function purge() {
  const photos = await app.store.all("photos");
  for (const one of await app.store.records(pack.journey)) {
    if (photos.some((photo) => photo.of === one.id && photo.state === "waiting")) continue;
    if (one.state === "arrived" && Date.now() - one.arrived > KEEP_DAYS * DAY3) await app.store.remove(one.id);
  }
}
async function prepare() {
  await navigator.storage?.persist?.();
  await keepPage();
  await checks();
  try {
    await takeCards();
  } catch {
  }
  await checks();
}
async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(new URL("../sw.js", location.href).pathname);
  const { active } = await navigator.serviceWorker.ready;
  const channel = new MessageChannel();
  const said = new Promise((resolve) => channel.port1.onmessage = resolve);
  active.postMessage({ keep: base }, [channel.port2]);
  await said;
}
async function takeCards() {
  const { store, vault } = app;
  const left = (await store.all("cards")).filter((one) => one.journey === pack.journey);
  if (left.length > 10) return;
  const [, { cards }] = await ask(`${base}klaar/`);
  for (const { key, ...card } of cards) await store.put("cards", { key, journey: pack.journey, sealed: await vault.seal(card) });
}
async function kept() {
  if (!("caches" in window)) return 0;
  const cache = await caches.open("wijkeconomie-field");
  if (!await cache.match(base)) return 0;
  const sizes = (await cache.keys()).map(async (one) => (await (await cache.match(one)).blob()).size);
  return (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0);
}
async function checks() {
  const bytes = await kept();
  const cards = (await app.store.all("cards")).filter((one) => one.journey === pack.journey).length;
  const items = [
    [bytes > 0, say.check_page, size(bytes)],
    [pack.consent.length > 0, say.check_consent, pack.consent.map((one) => one.name).join(" · ")],
    [true, say.check_themes, String(pack.themes.length)],
    [Boolean(pack.guide), pack.guide ? say.check_guide : say.check_no_guide, pack.guide?.title ?? ""],
    [cards > 0, say.check_cards, String(cards)],
    [await navigator.storage?.persisted?.(), say.check_kept, ""],
    [true, say.check_pin, ""]
  ];
  const rows = items.map(([ok, text2, more]) => {
    const mark = el("span", { className: "tick-mark", ariaHidden: "true" }, ok ? "✓" : "–");
    const hidden = el("span", { className: "visually-hidden" }, ok ? say.yes_ready : say.not_ready);
    return el("li", { className: ok ? "ok" : "" }, mark, hidden, ` ${text2} `, el("span", { className: "meta" }, more));
  });
  part("checks").replaceChildren(...rows);
  part("ready").textContent = bytes > 0 ? say.ready : say.not_yet;
  part("ready").dataset.ready = String(bytes > 0);
}
async function draw2() {
  const [records, photos] = [await app.store.records(pack.journey), await app.photos.counts()];
  const lists = { draft: [], waiting: [], arrived: [] };
  for (const one of records) (lists[one.state] ?? lists.waiting).push(one);
  part("queue").textContent = say.queue.replace("{here}", lists.draft.length + lists.waiting.length).replace("{sending}", app.sending.state === "sending" ? lists.waiting.length : 0).replace("{arrived}", lists.arrived.length);
  part("state").textContent = say[`state_${app.sending.state}`].replace("{at}", moment(app.sending.next));
  part("sign-in").hidden = app.sending.state !== "stopped";
  for (const [name, found] of Object.entries(lists)) {
    part(`list-${name}`).replaceChildren(...found.map((one) => row(one, photos[one.id])));
    part(`none-${name}`).hidden = found.length > 0;
  }
}
function row(record, photos) {
  const what = record.kind === "talk" ? say.talk : say.sight;
  const receipt = record.receipt && say.receipt.replace("{number}", record.receipt.number).replace("{at}", moment(record.receipt.at));
  const off = record.receipt?.clock_off ? say.clock_off : "";
  const told = [moment(record.made), size(record.sealed?.bytes.byteLength ?? 0), say[record.state], receipt, off, ...photoWords(photos)];
  const line = el("p", {}, el("strong", {}, what), ` · ${told.filter(Boolean).join(" · ")}`);
  const fault = record.fault ? [el("p", { className: "fault" }, record.fault)] : [];
  const beside = record.beside ? [el("p", { className: "meta" }, say.beside)] : [];
  return el("li", { id: `r-${record.id}` }, line, ...fault, ...beside, el("p", { className: "buttons" }, ...acts(record)));
}
function photoWords(photos) {
  const told = { waiting: say.photos_follow, arrived: say.photos_arrived, refused: say.photos_refused };
  return Object.entries(photos ?? {}).map(([state, n]) => n ? told[state].replace("{n}", n) : "");
}
function acts(record) {
  const button = (text2, act, quiet = true) => el("button", { type: "button", className: quiet ? "quiet" : "", onclick: act }, text2);
  const all = {
    resume: () => button(say.resume, () => resume(record), false),
    again: () => button(say.again, () => app.sending.now()),
    anew: () => button(say.anew, () => anew(record)),
    card: () => button(say.card, () => showCard(record)),
    file: () => button(say.file, () => saveFile(record)),
    remove: () => button(say.remove, () => remove(record))
  };
  const which = {
    draft: ["resume", "file", "remove"],
    waiting: ["again", "card", "file", "remove"],
    arrived: ["card", "remove"],
    clash: ["anew", "file", "remove"],
    refused: ["resume", "file", "remove"]
  }[record.state];
  return which.filter((name) => name !== "card" || record.kind === "talk").map((name) => all[name]());
}
async function remove(record) {
  const follow = (await app.photos.of(record.id)).some((one) => one.state === "waiting");
  const question = record.state === "arrived" && !follow ? say.remove_arrived : say.remove_sure;
  if (!confirm(question)) return;
  await app.store.remove(record.id);
  await draw2();
}
async function anew(record) {
  const content = await app.vault.unseal(record.sealed);
  const sealed = await app.vault.seal({ ...content, card: null });
  await app.store.put("records", { ...record, id: crypto.randomUUID(), beside: record.id, sealed, state: "waiting", fault: "", tries: 0, rev: 1 });
  await app.store.remove(record.id);
  await app.sending.now();
}
async function saveFile(record) {
  const { sent } = await app.vault.unseal(record.sealed);
  const text2 = JSON.stringify({ key: record.id, kind: record.kind, journey: pack.journey, at: record.at, content: sent }, null, 2);
  const link = el("a", { href: URL.createObjectURL(new Blob([text2], { type: "application/json" })), download: `${record.kind}-${record.id.slice(0, 8)}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 6e4);
}
async function showCard(record) {
  const { card, language } = await app.vault.unseal(record.sealed);
  const texts = pack.consent.find((one) => one.code === language) ?? pack.consent[0];
  speak(view("card"), texts);
  part("card-text").textContent = texts.thanks;
  part("card-code").textContent = card ? `${card.code.slice(0, 5)} ${card.code.slice(5)}` : "";
  part("card-picture").replaceChildren(...card?.picture ? [cardPicture(card.picture, say.qr)] : []);
  part("card-later").hidden = Boolean(card);
  show("card");
}
var speak = (place, texts) => Object.assign(place.querySelector("[data-spoken]"), { lang: texts.code, dir: texts.direction });
async function edit(record, content) {
  const saved = (text2) => part("saved").textContent = text2;
  app.editor = new Editor({ store: app.store, vault: app.vault, record, content, saved, say });
  if (!await app.editor.hold()) return alertBusy();
  saved("");
  if (record.kind === "sight") return sight();
  return content.sent.allows?.includes("note") ? talk() : consent();
}
function alertBusy() {
  app.editor = null;
  part("busy").hidden = false;
  return back();
}
async function fresh(kind) {
  part("busy").hidden = true;
  const card = kind === "talk" ? await app.store.takeCard(pack.journey) : null;
  const record = { id: card?.key ?? crypto.randomUUID(), journey: pack.journey, kind, state: "draft", made: Date.now(), at: (/* @__PURE__ */ new Date()).toISOString(), rev: 0, tries: 0 };
  const content = { language: "nl", said: {}, card: card ? await app.vault.unseal(card.sealed) : null, sent: kind === "talk" ? { text: "", allows: [], giver_kind: "resident", age: "", language: "nl", kind: "street", wants_answer: true, noted: { themes: [] } } : { place: "", note: "", perspective: "" } };
  await edit(record, content);
}
async function resume(record) {
  part("busy").hidden = true;
  const stored = await app.store.change(record.id, ["draft", "refused"], { state: "draft", fault: "" });
  if (stored) await edit(stored, await app.vault.unseal(stored.sealed));
}
function consent() {
  const { content } = app.editor;
  const texts = pack.consent.find((one) => one.code === content.language) ?? pack.consent[0];
  const place = view("consent");
  speak(place, texts);
  for (const name of ["title", "intro"]) part(`consent-${name}`).textContent = texts[name];
  part("unchecked").hidden = texts.checked_by_native;
  const answer = (purpose) => (value2) => {
    content.said[purpose] = value2;
    if (purpose === "answer") content.sent.wants_answer = value2 === "yes";
    content.sent.allows = pack.purposes.filter((one) => content.said[one] === "yes");
    app.editor.changed();
  };
  const choices = [["yes", texts.yes], ["no", texts.no]];
  const asks = [...pack.purposes, "answer"].map((one) => radios(one, texts[one], choices, content.said[one], answer(one)));
  part("purposes").replaceChildren(...asks);
  part("languages").replaceChildren(...pack.consent.map((one) => el("button", {
    type: "button",
    className: "quiet",
    lang: one.code,
    ariaPressed: String(one === texts),
    onclick: () => {
      content.language = content.sent.language = one.code;
      app.editor.changed();
      consent();
    }
  }, one.name)));
  part("consent-fault").textContent = "";
  show("consent");
}
async function consented() {
  const { content } = app.editor;
  if (!content.said.note) return part("consent-fault").textContent = say.ask_note;
  if (content.said.note === "yes") return talk();
  const texts = pack.consent.find((one) => one.code === content.language) ?? pack.consent[0];
  const { record } = app.editor;
  await app.editor.close();
  await app.store.remove(record.id);
  speak(view("without"), texts);
  part("without-text").textContent = texts.without;
  show("without");
}
function talk() {
  const { sent } = app.editor.content;
  const form = view("talk").querySelector("form");
  const set = (name) => (value2) => (sent[name] = value2, app.editor.changed());
  form.elements.text.value = sent.text;
  form.elements.text.oninput = (event) => {
    set("text")(event.target.value);
    clearTimeout(app.looking);
    app.looking = setTimeout(() => warn(form.elements.text, set("text")), 400);
  };
  warn(form.elements.text, set("text"));
  fill(form.elements.kind, pack.kinds, sent.kind, set("kind"));
  fill(form.elements.age, [{ id: "", name: say.not_asked }, ...pack.ages], sent.age, set("age"));
  part("who").replaceChildren(radios("giver_kind", say.who, pack.who.map((one) => [one.id, one.name]), sent.giver_kind, set("giver_kind")));
  part("themes").replaceChildren(chips(say.themes, pack.themes, sent.noted.themes, (ids) => (sent.noted.themes = ids, app.editor.changed())));
  part("themes").hidden = pack.themes.length === 0;
  part("guide").replaceChildren(...pack.guide ? guideQuestions(sent) : []);
  part("talk-fault").textContent = "";
  part("photos-talk").hidden = app.editor.content.said.photo !== "yes";
  void drawPhotos("talk");
  show("talk");
  form.elements.text.focus();
}
function guideQuestions(sent) {
  const { content } = app.editor;
  sent.noted.guide ??= pack.guide.version;
  const consents = Object.fromEntries((pack.guide.consents ?? []).map(({ purpose }) => [`consent_${purpose}`, content.said[GUIDE_SAYS[purpose]] ?? ""]));
  sent.noted.answers = { ...sent.noted.answers, ...consents };
  return questions(pack.guide, content.language, sent.noted.answers, () => app.editor.changed());
}
function warn(box, set) {
  const found = find(box.value, pack.personal);
  const buttons = found.map(({ kind, start, end }) => {
    const label = `[${pack.personal.labels[kind]}]`;
    const replace = () => {
      box.setRangeText(label, start, end, "end");
      set(box.value);
      warn(box, set);
      box.focus();
    };
    const words = box.value.slice(start, end);
    return el("p", {}, el("q", {}, words), " ", el("button", { type: "button", className: "quiet", onclick: replace }, say.replace.replace("{label}", label)));
  });
  part("warning").replaceChildren(...found.length ? [el("p", {}, say.personal), ...buttons] : []);
  part("warning").hidden = found.length === 0;
}
function sight() {
  const { sent } = app.editor.content;
  const form = view("sight").querySelector("form");
  for (const name of ["place", "note"]) {
    form.elements[name].value = sent[name];
    form.elements[name].oninput = (event) => (sent[name] = event.target.value, app.editor.changed());
  }
  fill(form.elements.perspective, [{ id: "", name: say.none }, ...pack.perspectives], sent.perspective, (value2) => (sent.perspective = value2, app.editor.changed()));
  drawSpot(sent.spot);
  part("sight-fault").textContent = "";
  void drawPhotos("sight");
  show("sight");
}
async function drawPhotos(kind, fault = "") {
  const { id } = app.editor.record;
  const input = el("input", { type: "file", accept: "image/*", id: `photo-${kind}`, onchange: () => addPhoto(kind, input.files[0]) });
  const rows = (await app.photos.of(id)).map((one, n) => {
    const drop = () => app.photos.remove(one.id).then(() => drawPhotos(kind));
    const text2 = `${say.photo} ${n + 1} · ${size(one.sealed?.bytes.byteLength ?? 0)} `;
    return el("li", {}, text2, el("button", { type: "button", className: "quiet", onclick: drop }, say.remove));
  });
  const label = el("label", { htmlFor: input.id }, say.add_photo);
  part(`photos-${kind}`).replaceChildren(el("p", { className: "field" }, label, input), el("ul", { className: "rows" }, ...rows), el("p", { className: "fault" }, fault));
}
async function addPhoto(kind, file) {
  if (!file) return;
  let fault = "";
  try {
    app.editor.changed();
    await app.editor.flush();
    await app.photos.add(app.editor.record.id, file);
  } catch {
    fault = say.no_photo;
  }
  await drawPhotos(kind, fault);
}
function drawSpot(spot) {
  part("spot").textContent = spot ? say.spot.replace("{lat}", spot.lat).replace("{lon}", spot.lon).replace("{m}", spot.accuracy) : "";
}
function locate() {
  const { sent } = app.editor.content;
  part("spot").textContent = say.locating;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const round = (value2) => Math.round(value2 * 1e3) / 1e3;
      sent.spot = { lat: round(coords.latitude), lon: round(coords.longitude), accuracy: Math.max(100, Math.round(coords.accuracy)) };
      app.editor.changed();
      drawSpot(sent.spot);
    },
    () => part("spot").textContent = say.no_spot,
    { enableHighAccuracy: true, timeout: 15e3 }
  );
}
async function finish(event) {
  event.preventDefault();
  const { record, content } = app.editor;
  const lacking = record.kind === "talk" ? !content.sent.text.trim() : !content.sent.note.trim() || !content.sent.place.trim();
  if (lacking) return part(`${record.kind}-fault`).textContent = record.kind === "talk" ? say.no_text : say.no_sight;
  const kept2 = await app.editor.finish();
  app.editor = null;
  void app.sending.now();
  await draw2();
  if (kept2.kind === "talk" && content.card) return showCard(kept2);
  return show("start");
}
async function back() {
  await app.editor?.close();
  app.editor = null;
  await draw2();
  show("start");
}
function wire() {
  const on = (name, act) => document.querySelectorAll(`[data-act="${name}"]`).forEach((one) => one.addEventListener("click", act));
  view("pin").querySelector("form").addEventListener("submit", unlock);
  for (const name of ["talk", "sight"]) view(name).querySelector("form").addEventListener("submit", finish);
  on("wipe", wipe);
  on("new-talk", () => fresh("talk"));
  on("new-sight", () => fresh("sight"));
  on("send", () => app.sending.now());
  on("consented", consented);
  on("consent", consent);
  on("locate", locate);
  on("back", back);
  on("lock", () => location.reload());
  addEventListener("online", () => app.sending?.now());
  let hidden = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hidden = Date.now();
    else if (app.vault && Date.now() - hidden > HIDDEN_TOO_LONG) location.reload();
    if (document.hidden) void app.editor?.flush();
  });
  addEventListener("pagehide", () => void app.editor?.flush());
}
app.store = new Store(await open());
wire();
await askPin();
document.documentElement.dataset.fieldReady = "";

// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2

// js/field/account.js
var NAME = "account";
var PATIENCE = 3e3;
var Account = class {
  constructor({ store, changed }) {
    Object.assign(this, { store, changed, key: "", first: new Promise((heard) => this.heard = heard) });
  }
  // Who it was when the site last said so: that holds without a network.
  async known() {
    this.key = (await this.store.get("lock", NAME))?.key ?? "";
  }
  // The site says who it is now.
  async met(key) {
    const other = key && key !== this.key;
    if (other) this.key = key;
    if (other) await this.store.put("lock", { name: NAME, key });
    this.heard();
    if (other) void this.changed();
  }
  // The key to note under; just after the page opened it waits a moment for the site to say who signed in.
  async noting() {
    setTimeout(this.heard, PATIENCE);
    await this.first;
    return this.key;
  }
  theirs(record2) {
    return Boolean(record2.account && this.key && record2.account !== this.key);
  }
};

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

// js/field/attached.js
var KINDS = ["photo", "sound"];
var LARGEST = 3e7;
var Attached = class {
  constructor({ store, vault, journey }) {
    Object.assign(this, { store, vault, journey });
  }
  async of(id, kind) {
    const found = (await this.store.all("photos")).filter((one) => one.of === id && one.kind === kind);
    return found.sort((one, other) => one.made - other.made);
  }
  // A photo that this browser cannot read (HEIC, as some phones take them) cannot be drawn anew, so it is
  // not sent: it stays here until somebody deletes it.  Throws for what is too large to be a photo.
  async addPhoto(id, file) {
    const drawn = await drawnAnew(file).catch(() => null);
    if (drawn) return this.keep({ of: id, kind: "photo", type: "image/jpeg" }, drawn);
    if (file.size > LARGEST) throw new RangeError(file.size);
    return this.keep({ of: id, kind: "photo", type: file.type, state: "refused", unread: true }, await file.arrayBuffer());
  }
  // Keep *bytes* under the key of *one*, or under a new one.
  async keep(one, bytes) {
    const sealed = await this.vault.sealBytes(bytes);
    const kept2 = { id: crypto.randomUUID(), journey: this.journey, made: Date.now(), state: "waiting", ...one, sealed };
    await this.store.put("photos", kept2);
    return kept2;
  }
  remove(id) {
    return this.store.write(["photos"], (photos) => void photos.delete(id));
  }
  // What was not taken goes; what waits stays.
  async removeRefused(of) {
    const found = (await this.store.all("photos")).filter((one) => one.of === of && one.state === "refused");
    for (const one of found) await this.remove(one.id);
  }
  // All of a kind go: somebody said no to it after all.
  async removeAll(of, kind) {
    for (const one of await this.of(of, kind)) await this.remove(one.id);
  }
  // The oldest of those beside *records* of which the text arrived.
  async next(records) {
    const arrived = new Set(records.filter((one) => one.state === "arrived").map((one) => one.id));
    const waiting = (await this.store.all("photos")).filter((one) => one.state === "waiting" && arrived.has(one.of));
    return waiting.sort((one, other) => one.made - other.made)[0];
  }
  // What lies beside each record: how many by kind and state, and the photos that are still here.
  async beside() {
    const found = {};
    const every = (await this.store.all("photos")).sort((one, other) => one.made - other.made);
    for (const one of every) {
      const here = found[one.of] ??= { counts: Object.fromEntries(KINDS.map((kind) => [kind, { waiting: 0, arrived: 0, refused: 0 }])), photos: [] };
      here.counts[one.kind][one.state] += 1;
      if (one.kind === "photo" && one.sealed) here.photos.push(one);
    }
    return found;
  }
};

// js/field/editor.js
var SOON = 150;
var Editor = class {
  constructor({ store, vault, record: record2, content, saved, say: say2 }) {
    Object.assign(this, { store, vault, record: record2, content, saved, say: say2, timer: 0, dirty: false, writing: Promise.resolve() });
  }
  // Be the only tab that writes it; false when another is.
  hold() {
    return new Promise((resolve) => {
      navigator.locks.request(`wijkeconomie-field-${this.record.id}`, { ifAvailable: true }, (lock2) => {
        resolve(Boolean(lock2));
        return lock2 && new Promise((release) => this.release = release);
      });
    });
  }
  changed() {
    this.dirty = true;
    this.saved(this.say.saving);
    this.timer ||= setTimeout(() => this.flush(), SOON);
  }
  // Write what changed; after what was being written, also where that failed: then it is tried again.
  flush() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.writing = this.writing.catch(() => {
    }).then(() => this.write());
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
  // Keep nothing more of it: this phone was stopped.
  drop() {
    clearTimeout(this.timer);
    this.write = async () => {
    };
    this.release?.();
    return this.writing.catch(() => {
    });
  }
  async finish() {
    await this.flush();
    await (this.writing = this.writing.then(() => this.write("waiting")));
    await this.close();
    return this.record;
  }
  async close() {
    await this.flush();
    this.release?.();
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
  static async open(pin, lock2) {
    const vault = new _Vault(await derive(pin, lock2.salt));
    try {
      return await vault.unseal(lock2.check) === KNOWN ? vault : null;
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
function easy(pin) {
  const steps = new Set([...pin].slice(1).map((digit2, n) => (Number(digit2) - Number(pin[n]) + 10) % 10));
  return steps.size === 1 && [0, 1, 9].includes([...steps][0]);
}

// js/field/files.js
var FORMAT = "wijkeconomie-field-1";
var SHORTEST = 10;
var NotOurs = class extends Error {
};
var WrongWords = class extends Error {
};
var PIECE = 32768;
function asText(buffer) {
  const bytes = new Uint8Array(buffer);
  let text2 = "";
  for (let at = 0; at < bytes.length; at += PIECE) text2 += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text2);
}
var asBytes = (text2) => Uint8Array.from(atob(text2), (sign) => sign.charCodeAt(0));
var written = ({ iv, bytes }) => ({ iv: asText(iv), bytes: asText(bytes) });
var read = ({ iv, bytes }) => ({ iv: asBytes(iv), bytes: asBytes(bytes) });
async function write({ store, vault, ids, passphrase }) {
  const all = await store.all("records");
  const records = [];
  for (const record2 of all.filter((one) => ids.includes(one.id))) {
    const { sealed, ...open2 } = record2;
    const content = await vault.unseal(sealed);
    const guide = content.sent.noted?.guide ? await store.get("guides", content.sent.noted.guide) : null;
    records.push({ open: open2, content, guide: guide ?? null, beside: await beside(store, vault, record2.id) });
  }
  const [lock2, { salt, check }] = await Vault.make(passphrase);
  return JSON.stringify({ format: FORMAT, salt: asText(salt), check: written(check), sealed: written(await lock2.seal(records)) });
}
async function beside(store, vault, id) {
  const found = (await store.all("photos")).filter((one) => one.of === id && one.sealed);
  return Promise.all(found.map(async ({ sealed, ...open2 }) => ({ open: open2, bytes: asText(await vault.unsealBytes(sealed)) })));
}
async function unlock(text2, passphrase) {
  let file;
  let lock2;
  try {
    file = JSON.parse(text2);
    if (file.format !== FORMAT) throw new NotOurs();
    lock2 = { salt: asBytes(file.salt), check: read(file.check) };
  } catch {
    throw new NotOurs();
  }
  const vault = await Vault.open(passphrase, lock2);
  if (!vault) throw new WrongWords();
  try {
    return await vault.unseal(read(file.sealed));
  } catch {
    throw new NotOurs();
  }
}
var STATES = { draft: "draft", waiting: "waiting" };
async function restore({ store, vault, records }) {
  const told2 = { came: 0, there: 0 };
  for (const { open: open2, content, guide, beside: attached } of records) {
    if (await store.get("records", open2.id)) {
      told2.there += 1;
      continue;
    }
    if (guide) await store.put("guides", guide);
    for (const one of attached) await store.put("photos", { ...one.open, sealed: await vault.sealBytes(asBytes(one.bytes)) });
    const state = STATES[open2.state] ?? "draft";
    await store.put("records", { ...open2, state, fault: "", tries: 0, rev: 1, sealed: await vault.seal(content) });
    told2.came += 1;
  }
  return told2;
}

// js/field/keeping.js
async function keepPage(path) {
  if (!("serviceWorker" in navigator)) return false;
  await navigator.serviceWorker.register(new URL("../sw.js", location.href).pathname);
  const { active } = await navigator.serviceWorker.ready;
  const channel = new MessageChannel();
  const said2 = new Promise((resolve) => channel.port1.onmessage = resolve);
  active.postMessage({ keep: path }, [channel.port2]);
  return (await said2).data.ok;
}

// js/field/device.js
var NAME2 = "device";
var KEPT = "wijkeconomie-field";
var TRIES = 3;
var Device = class {
  constructor({ store, headers: headers2, stopped: stopped2, deleted: deleted2 }) {
    Object.assign(this, { store, headers: headers2, stopped: stopped2, deleted: deleted2, over: false, said: new BroadcastChannel(KEPT) });
    this.said.onmessage = ({ data }) => {
      if (data.lost !== void 0) return this.deleted(data);
      if (!this.over) this.over = true, void this.stopped();
    };
  }
  // The key of this phone, made the first time; every request names it from now on.
  async known() {
    const found = await this.store.get("lock", NAME2);
    this.key = found?.key ?? crypto.randomUUID();
    if (!found) await this.store.put("lock", { name: NAME2, key: this.key });
    this.headers["X-Device"] = this.key;
  }
  // How much on this phone has not arrived: of every journey, with photos and memos.
  async count() {
    const of = async (name) => (await this.store.all(name)).filter((one) => one.state !== "arrived").length;
    const left = await of("records") + await of("photos");
    this.headers["X-Waiting"] = String(left);
    return left;
  }
  // Ask whether we may go on; without a network we do.
  async look() {
    if (this.over || !this.key) return;
    const answer = await this.ask({});
    if (answer?.stopped === true) await this.end(answer.at);
  }
  async ask(headers2) {
    try {
      const address = new URL(`../toestel/${this.key}/`, location.href);
      const answer = await fetch(address, { cache: "no-store", redirect: "error", headers: headers2, signal: AbortSignal.timeout(2e4) });
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
    await this.stopped();
    await this.store.clear();
    await globalThis.caches?.delete(KEPT);
    this.deleted({ at, lost });
    this.said.postMessage({ at, lost });
    for (let n = 0; n < TRIES; n += 1) if (await this.ask({ "X-Wiped": String(lost) })) break;
    await this.store.clear();
  }
};

// js/field/glimpses.js
var LONGEST2 = 60;
var WIDE = 144;
function shortened(text2) {
  const signs = [...text2.trim().replace(/\s+/g, " ")];
  return signs.length > LONGEST2 ? `${signs.slice(0, LONGEST2).join("").trimEnd()}…` : signs.join("");
}
var Glimpses = class {
  constructor(vault) {
    Object.assign(this, { vault, words: /* @__PURE__ */ new Map(), pictures: /* @__PURE__ */ new Map() });
  }
  // The first words of a record, or none.
  async first({ id, rev, sealed }) {
    if (!sealed) return "";
    if (this.words.get(id)?.rev !== rev) {
      const { sent } = await this.vault.unseal(sealed).catch(() => ({}));
      const text2 = sent?.text ?? [sent?.place, sent?.note].filter(Boolean).join(": ");
      this.words.set(id, { rev, text: shortened(text2) });
    }
    return this.words.get(id).text;
  }
  // Photos that are still here, small; without those that this browser cannot read.
  async small(photos, name) {
    const drawn = await Promise.all(photos.map(async (one, n) => this.drawn(await this.bitmap(one), `${name} ${n + 1}`)));
    return drawn.filter(Boolean);
  }
  drawn(picture, label) {
    if (!picture) return null;
    const canvas = el("canvas", { className: "thumb", width: picture.width, height: picture.height, role: "img", ariaLabel: label });
    canvas.getContext("2d").drawImage(picture, 0, 0);
    return canvas;
  }
  async bitmap({ id, sealed, type: type2, unread }) {
    if (!sealed || unread) return null;
    if (!this.pictures.has(id)) {
      const blob = new Blob([await this.vault.unsealBytes(sealed)], { type: type2 });
      this.pictures.set(id, await createImageBitmap(blob, { resizeWidth: WIDE, resizeQuality: "medium" }).catch(() => null));
    }
    return this.pictures.get(id);
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
var asText2 = (value2) => Object.is(value2, -0) ? "0" : String(value2);
var truth = (value2) => Boolean(value2);
var chosen = (answer) => answer.split(" ").filter(Boolean);
function equal(left, right) {
  const either = (type2) => typeof left === type2 || typeof right === type2;
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
  selected: (answer, choice) => chosen(asText2(answer)).includes(asText2(choice).trim()),
  "count-selected": (answer) => chosen(asText2(answer)).length,
  "string-length": (value2) => [...asText2(value2)].length,
  date: (value2) => Number.isNaN(asDay(asText2(value2))) ? "" : asText2(value2),
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
  const [read2, found] = [plain(text2), []];
  for (const [kind, pattern] of rules.patterns) {
    for (const match of read2.matchAll(new RegExp(pattern, "gu"))) {
      const words2 = match.groups?.it ?? match[0];
      const start = match.index + match[0].length - words2.length;
      const end = start + (MEANT[kind]?.(words2, rules) ?? words2.length);
      if (end > start && found.every((one) => end <= one.start || start >= one.end)) found.push({ kind, start, end });
    }
  }
  return found.sort((one, other) => one.start - other.start);
}

// js/field/warning.js
var SOON2 = 400;
var looking = /* @__PURE__ */ new WeakMap();
function watched(box, { rules, say: say2, set, allowed = [] }) {
  const place = el("div", { className: "warning", role: "status", hidden: true });
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    const found = find(box.value, rules).filter(({ kind }) => !allowed.includes(kind));
    place.replaceChildren(...found.length ? [el("p", {}, say2.personal), ...found.map(row2)] : []);
    place.hidden = found.length === 0;
  };
  const row2 = ({ kind, start, end }) => {
    const label = `[${rules.labels[kind]}]`;
    const words2 = box.value.slice(start, end);
    const replace = () => {
      if (box.value.slice(start, end) !== words2) return look();
      box.setRangeText(label, start, end, "end");
      set(box.value);
      look();
      box.focus();
    };
    return el("p", {}, el("q", {}, words2), " ", el("button", { type: "button", className: "quiet", onclick: replace }, say2.replace.replace("{label}", label)));
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, SOON2);
  };
  box.removeEventListener("input", looking.get(box));
  looking.set(box, soon);
  box.addEventListener("input", soon);
  look();
  return place;
}

// js/field/questions.js
var TYPES = { integer: "numeric", decimal: "decimal" };
var ELSEWHERE = /* @__PURE__ */ new Set(["photo", "location"]);
var ANSWERLESS = /* @__PURE__ */ new Set(["note", "group"]);
var INTEGER = /^-?[0-9]{1,18}$/;
var DECIMAL = /^-?[0-9]{1,18}(?:\.[0-9]{1,18})?$/;
var DAY3 = /^[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}$/;
var words = (text2) => text2.split(" ").filter(Boolean);
function pointed(kind, text2) {
  const tidy = TYPES[kind] ? text2.trim() : text2;
  return kind === "decimal" && /^-?[0-9]+,[0-9]+$/.test(tidy) ? tidy.replace(",", ".") : tidy;
}
function walk(questions, parent = null) {
  return questions.flatMap((one) => [{ question: one, parent }, ...walk(one.questions ?? [], one.name)]);
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
var exists = (day, at = Date.parse(`${day}T00:00:00Z`)) => !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
var known = (question, names) => names.length > 0 && names.every((name) => question.choices.some((one) => one.name === name));
var FAULTS = {
  integer: (_, answer) => INTEGER.test(answer) ? "" : "answer_integer",
  decimal: (_, answer) => DECIMAL.test(answer) ? "" : "answer_decimal",
  date: (_, answer) => !DAY3.test(answer) ? "answer_date" : !exists(answer) ? "answer_no_such_day" : "",
  one: (question, answer) => known(question, [answer]) ? "" : "answer_choice",
  many: (question, answer) => known(question, words(answer)) ? "" : "answer_choice"
};
function review(guide, answers, today, without = []) {
  const names = new Set(asked(guide, answers, today));
  const counted = Object.fromEntries(Object.entries(answers).filter(([name]) => names.has(name) || name.startsWith("consent_")));
  const fault = (question) => {
    const answer = answers[question.name] ?? "";
    if (!answer.trim()) return question.required && !without.includes(question.name) ? "answer_required" : "";
    const found = FAULTS[question.kind]?.(question, answer);
    if (found || !question.constraint) return found ?? "";
    return holds(question.constraint.tree, counted, today, answer) ? "" : "answer_constraint";
  };
  const placed = walk(guide.questions).filter(({ question }) => names.has(question.name) && !ANSWERLESS.has(question.kind));
  return placed.map(({ question }) => [question.name, fault(question)]).filter(([, code]) => code);
}
var Questions = class {
  constructor({ guide, language, directions: directions2, noted, say: say2, photos, rules, changed }) {
    Object.assign(this, { guide, language, directions: directions2, noted, say: say2, photos, rules, changed, rows: /* @__PURE__ */ new Map(), faults: /* @__PURE__ */ new Map() });
    this.today = (/* @__PURE__ */ new Date()).toISOString().slice(0, 10);
    noted.answers ??= {};
    noted.without ??= {};
    for (const { question } of walk(guide.questions)) this.rows.set(question.name, this.row(question));
    this.look();
  }
  get drawn() {
    const translated = walk(this.guide.questions).some(({ question }) => question.label?.[this.language]);
    const unchecked = translated && this.guide.unchecked?.includes(this.language) ? [el("p", { className: "meta" }, this.say.unchecked)] : [];
    return [...unchecked, ...this.rows.values()];
  }
  // Which language a text is really in: the one that was chosen, or the first of the guide.
  spoken(texts) {
    const language = texts?.[this.language] ? this.language : this.guide.languages[0];
    return language === "und" ? {} : { lang: language, dir: this.directions[language] ?? "auto" };
  }
  said(texts, name = "span", properties = {}) {
    const text2 = texts?.[this.language] ?? texts?.[this.guide.languages[0]] ?? "";
    return el(name, { ...this.spoken(texts), ...properties }, text2);
  }
  look() {
    const names = new Set(asked(this.guide, this.noted.answers, this.today));
    for (const [name, row2] of this.rows) row2.hidden = !names.has(name);
  }
  row(question) {
    const { name, kind } = question;
    if (kind === "group") return this.said(question.label, "h2");
    const more = kind === "photo" ? this.photo() : [];
    if (kind === "note" || ELSEWHERE.has(kind)) return el("div", {}, this.said(question.label, "p"), ...this.hint(question), ...more);
    const fault = el("p", { className: "fault", id: `f-${name}` });
    this.faults.set(name, fault);
    const asks = this.asks(question);
    Object.assign(asks, this.spoken(question.label));
    const box = kind === "text" ? [watched(asks.querySelector("textarea"), { ...this, set: (text2) => this.answer(question, text2) })] : [];
    return el("div", { className: "question" }, asks, ...box, fault, this.none(question));
  }
  // Where a photo goes; or why there can be none, and how there can.
  photo() {
    if (this.photos.may) return [el("p", { className: "meta" }, this.say.photo_below)];
    const button = el("button", { type: "button", className: "quiet", onclick: this.photos.ask }, this.say.photo_ask);
    return [el("p", {}, this.say.photo_no_yes), el("p", { className: "buttons" }, button)];
  }
  hint({ name, hint }) {
    return hint ? [this.said(hint, "span", { className: "meta hint", id: `h-${name}` })] : [];
  }
  asks(question) {
    const { name, kind } = question;
    const answer = this.noted.answers[name] ?? "";
    const set = (text2) => this.answer(question, text2);
    const choices = (question.choices ?? []).map((one) => [one.name, this.said(one.label, "bdi")]);
    if (kind !== "one" && kind !== "many") return this.typed(question, answer, set);
    const asks = kind === "one" ? radios(`q-${name}`, this.said(question.label), choices, answer, set) : chips(this.said(question.label), choices.map(([id, label]) => ({ id, name: label })), words(answer), (ids) => set(ids.join(" ")));
    asks.querySelector("legend").after(...this.hint(question));
    return asks;
  }
  typed(question, answer, set) {
    const { name, kind } = question;
    const id = `q-${name}`;
    const input = el(kind === "text" ? "textarea" : "input", { id, value: answer, oninput: () => set(input.value), onchange: () => this.tell([name], false) });
    if (kind === "date") input.type = "date";
    if (TYPES[kind]) input.inputMode = TYPES[kind];
    input.setAttribute("aria-describedby", question.hint ? `h-${name} f-${name}` : `f-${name}`);
    return el("p", { className: "field" }, this.said(question.label, "label", { htmlFor: id }), ...this.hint(question), input);
  }
  // Why there is no answer: of a question that was not asked, or that somebody would rather not answer.
  none({ name }) {
    const reasons = [["", this.say.answered], ["not_asked", this.say.not_asked], ["declined", this.say.declined]];
    const set = (reason) => {
      if (reason) this.noted.without[name] = reason;
      else delete this.noted.without[name];
      this.changed();
      this.tell([name], false);
    };
    const asks = radios(`w-${name}`, this.say.no_answer, reasons, this.noted.without[name] ?? "", set);
    return el("details", { open: name in this.noted.without }, el("summary", {}, this.say.no_answer), asks);
  }
  answer({ name, kind }, text2) {
    const tidy = this.noted.answers[name] = pointed(kind, text2);
    this.faults.get(name).textContent = "";
    if (tidy.trim() && this.noted.without[name]) {
      delete this.noted.without[name];
      this.rows.get(name).querySelector("details input").checked = true;
    }
    this.changed();
    this.look();
  }
  review() {
    const without = Object.keys(this.noted.without);
    return review(this.guide, this.noted.answers, this.today, without).filter(([name]) => this.faults.has(name));
  }
  // Say of *names*, or of all, what is wrong with them; gives how many.  That an answer is needed is said
  // at the end only.
  tell(names = [...this.faults.keys()], atEnd = true) {
    const found = new Map(this.review());
    const wrong = names.filter((name) => found.has(name) && (atEnd || found.get(name) !== "answer_required"));
    for (const name of names) {
      const question = walk(this.guide.questions).find((one) => one.question.name === name).question;
      const own = found.get(name) === "answer_constraint" && question.constraint_message;
      const text2 = wrong.includes(name) ? own ? this.said(own) : this.say[found.get(name)] : "";
      this.faults.get(name).replaceChildren(text2);
    }
    return wrong.length;
  }
  // Also what has a place elsewhere in the app is no longer open then.
  finish() {
    const wrong = this.tell();
    const first = wrong && [...this.rows.values()].find((row2) => row2.querySelector(".fault")?.textContent);
    if (first) first.querySelector("input, textarea").focus();
    if (!wrong) this.rest(walk(this.guide.questions).filter(({ question }) => ELSEWHERE.has(question.kind)).map(({ question }) => question.name));
    return !wrong;
  }
  // Of these it is noted that they were not asked, where they have no answer.
  rest(names = this.review().filter(([, code]) => code === "answer_required").map(([name]) => name)) {
    for (const name of names) if (!this.noted.answers[name]) this.noted.without[name] ??= "not_asked";
    this.changed();
  }
};

// js/field/sending.js
var FIRST_PAUSE = 2e3;
var LONGEST_PAUSE = 3e5;
var PATIENCE2 = 6e4;
var TO = { talk: "gesprekken/", sight: "waarnemingen/" };
var PUT_OFF = [408, 425, 429];
var NO_RIGHT = ["403", "404"];
var BESIDE = { photo: "foto", sound: "memo" };
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
    answer = await fetch(address, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE2), ...options, headers: { ...headers, ...options.headers } });
  } catch {
    throw new Later(0);
  }
  if (answer.status === 410) throw new Gone();
  if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) throw new Stopped(String(answer.status));
  if (PUT_OFF.includes(answer.status) || answer.status >= 500) throw new Later(asked2(answer.headers.get("Retry-After")));
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
var Queue = class {
  constructor({ lock: lock2, said: said2 }) {
    Object.assign(this, { lock: lock2, said: said2, tries: 0, timer: 0, state: "idle", next: 0 });
  }
  // Begin now; for who asks with a button and after the network came back, without a pause.
  now() {
    clearTimeout(this.timer);
    this.tries = 0;
    return this.run();
  }
  run() {
    return navigator.locks.request(this.lock, { ifAvailable: true }, (lock2) => lock2 ? this.round() : null);
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
var Sending = class extends Queue {
  constructor({ store, vault, attached, account, journey, base: base2, said: said2 }) {
    super({ lock: "wijkeconomie-field-sending", said: said2 });
    Object.assign(this, { store, vault, attached, account, journey, base: base2 });
  }
  async all() {
    let token = "";
    for (; ; ) {
      const records = (await this.store.records(this.journey)).filter((one) => !this.account.theirs(one));
      const first = records.find((one) => one.state === "waiting");
      const beside3 = first ? null : await this.attached.next(records);
      if (!first && !beside3) return;
      this.tell("sending");
      if (token) {
        await (first ? this.one(first, token) : this.beside(beside3, token));
        this.tries = 0;
      } else {
        token = await this.ready();
      }
    }
  }
  // A token to send with, once it is known as whom.
  async ready() {
    const [, { token, account }] = await ask(`${this.base}klaar/`);
    await this.account.met(account);
    return token;
  }
  async one(record2, token) {
    const content = await this.vault.unseal(record2.sealed);
    const body = JSON.stringify({ key: record2.id, at: record2.at, now: (/* @__PURE__ */ new Date()).toISOString(), content: content.sent });
    const there = await this.store.change(record2.id, ["waiting"], { tries: record2.tries + 1 });
    if (!there) return;
    const [status, answer] = await this.post(TO[record2.kind], token, body);
    if (status === 200 && answer.key === record2.id && answer.number > 0) {
      await this.arrived(record2, content, answer);
    } else if (status === 409) {
      await this.store.change(record2.id, ["waiting"], { state: "clash", fault: answer.detail });
    } else if (status >= 400) {
      await this.store.change(record2.id, ["waiting"], { state: "refused", fault: answer.detail ?? "" });
    } else {
      throw new Later(0);
    }
    this.tell("sending");
  }
  // A photo or memo is away from here once it arrived; one that is refused stays, with the reason.
  async beside(one, token) {
    const bytes = await this.vault.unsealBytes(one.sealed);
    const change = (fields) => this.store.change(one.id, ["waiting"], fields, "photos");
    if (!await change({})) return;
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
  async arrived(record2, content, { card, ...receipt }) {
    const fields = { state: "arrived", arrived: Date.now(), receipt };
    if (card && !content.card) fields.sealed = await this.vault.seal({ ...content, card: { code: card, picture: "" } });
    await this.store.change(record2.id, ["waiting"], fields);
  }
  post(to, token, body, type2 = "application/json") {
    return ask(this.base + to, { method: "POST", body, headers: { "Content-Type": type2, "X-CSRFToken": token, "X-Account": this.account.key } });
  }
};

// js/field/steps.js
var INSIDE = { field: "inside" };
var inside = () => history.state?.field === INSIDE.field;
var Steps = class {
  constructor({ outer, now: now2, back: back2 }) {
    Object.assign(this, { outer, now: now2, back: back2 });
    addEventListener("popstate", () => this.moved());
  }
  // A screen is shown: from one that is not outer, the back button has to come to us first.
  shown(name) {
    if (!this.outer(name) && !inside()) history.pushState(INSIDE, "");
  }
  async moved() {
    if (inside()) return;
    if (this.outer(this.now())) return setTimeout(() => history.back());
    await this.back();
    if (!this.outer(this.now())) setTimeout(() => history.forward());
  }
};

// js/field/streets.js
var SHOWN = 8;
var folded = (text2) => text2.normalize("NFD").replace(new RegExp("\\p{M}", "gu"), "").toLowerCase().trim();
function matching(text2, streets) {
  const wanted = folded(text2.replace(/\s+\d.*$/s, ""));
  const rank = (name) => {
    if (name.startsWith(wanted)) return 0;
    if (name.split(/[\s-]/).some((word) => word.startsWith(wanted))) return 1;
    return name.includes(wanted) ? 2 : 3;
  };
  const ranked = streets.map((name) => [rank(folded(name)), name]).filter(([one]) => one < 3);
  return ranked.sort(([one], [other]) => one - other).map(([, name]) => name);
}
function choosing({ input, place, streets, say: say2, set }) {
  const said2 = el("p", { className: "meta", role: "status" });
  const choose = (name) => {
    const number = input.value.match(/\s+\d.*$/s)?.[0] ?? " ";
    input.value = name + number;
    set(input.value.trim());
    draw2();
    input.focus();
  };
  const draw2 = () => {
    const found = matching(input.value, streets);
    const done = found.some((name) => folded(name) === folded(input.value.replace(/\s+\d.*$/s, "")));
    const buttons = done ? [] : found.slice(0, SHOWN).map((name) => el("button", { type: "button", className: "quiet", onclick: () => choose(name) }, name));
    const more = !done && found.length > SHOWN ? say2.streets_more.replace("{n}", found.length - SHOWN) : "";
    const none = input.value.trim() && found.length === 0 ? say2.street_unknown : "";
    const heading = buttons.length ? [el("p", { className: "meta" }, say2.streets.replace("{n}", found.length))] : [];
    const choices = buttons.length ? [el("p", { className: "buttons" }, ...buttons)] : [];
    said2.textContent = more || none;
    place.replaceChildren(...heading, ...choices, said2);
  };
  place.hidden = streets.length === 0;
  input.addEventListener("input", draw2);
  draw2();
  return () => input.removeEventListener("input", draw2);
}

// js/field/store.js
var NAME3 = "wijkeconomie-field";
var VERSION = 2;
var STORES = { lock: "name", records: "id", cards: "key", photos: "id", guides: "version" };
var asked3 = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
function open({ name: called = NAME3, version = VERSION, stores = STORES } = {}) {
  const request = indexedDB.open(called, version);
  request.onupgradeneeded = () => {
    const there = request.result.objectStoreNames;
    for (const [name, keyPath] of Object.entries(stores)) if (!there.contains(name)) request.result.createObjectStore(name, { keyPath });
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
  keep(record2) {
    return this.write(["records"], async (records) => {
      const stored = await asked3(records.get(record2.id));
      const same = (stored?.rev ?? 0) === record2.rev;
      const next = same ? { ...record2 } : { ...record2, id: crypto.randomUUID(), beside: record2.id, rev: 0 };
      next.rev += 1;
      await asked3(records.put(next));
      return next;
    });
  }
  // Change open fields of the stored record (or photo), if it is in one of *states*; gives it or null.
  change(id, states, fields, name = "records") {
    return this.write([name], async (records) => {
      const stored = await asked3(records.get(id));
      if (!stored || !states.includes(stored.state)) return null;
      const next = { ...stored, ...fields, rev: (stored.rev ?? 0) + 1 };
      await asked3(records.put(next));
      return next;
    });
  }
  // Put *record* in the place of what is stored under *id*: what lies beside that goes along.
  replace(id, record2) {
    return this.write(["records", "photos"], async (records, photos) => {
      await asked3(records.put(record2));
      for (const one of await asked3(photos.getAll())) if (one.of === id) await asked3(photos.put({ ...one, of: record2.id }));
      await asked3(records.delete(id));
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
    await this.write([...this.db.objectStoreNames], async (...stores) => {
      for (const store of stores) await asked3(store.clear());
    });
  }
};

// js/field/sounds.js
var EVERY = 3e3;
var LONGEST3 = 10 * 6e4;
var BITS = 24e3;
var TYPES2 = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
var canRecord = () => "MediaRecorder" in window && Boolean(navigator.mediaDevices?.getUserMedia) && Boolean(type());
var type = () => TYPES2.find((one) => window.MediaRecorder.isTypeSupported(one));
var Recording = class {
  // *keep* gets all that was recorded so far, each time; *stopped* is called after the last.
  constructor({ keep, stopped: stopped2 }) {
    Object.assign(this, { keep, stopped: stopped2, pieces: [], writing: Promise.resolve() });
  }
  // Throws where the microphone is not there or not allowed.
  async start() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    this.type = type().split(";")[0];
    this.recorder = new MediaRecorder(stream, { mimeType: type(), audioBitsPerSecond: BITS });
    this.recorder.ondataavailable = ({ data }) => data.size && this.take(data);
    this.done = new Promise((resolve) => {
      this.recorder.onstop = async () => {
        stream.getTracks().forEach((track) => track.stop());
        await this.writing;
        resolve();
        this.stopped();
      };
    });
    this.recorder.start(EVERY);
    this.limit = setTimeout(() => this.stop(), LONGEST3);
  }
  take(piece) {
    this.pieces.push(piece);
    const whole = new Blob(this.pieces);
    this.writing = this.writing.then(async () => this.keep(await whole.arrayBuffer(), this.type));
  }
  stop() {
    clearTimeout(this.limit);
    if (this.recorder.state !== "inactive") this.recorder.stop();
    return this.done;
  }
};

// js/field/main.js
var DAY4 = 864e5;
var KEEP_DAYS = 7;
var HIDDEN_TOO_LONG = 5 * 6e4;
var pack = JSON.parse(document.getElementById("pack").textContent);
var say = pack.words;
var base = location.pathname;
var view = (name) => document.querySelector(`[data-view="${name}"]`);
var part = (name) => document.querySelector(`[data-part="${name}"]`);
var app = { store: null, account: null, vault: null, sending: null, editor: null, guide: null, device: null, steps: null };
var spoken = (language) => pack.consent.find((one) => one.code === language) ?? pack.consent[0];
var directions = Object.fromEntries(pack.consent.map((one) => [one.code, one.direction]));
function show(name) {
  if (app.device?.over) name = "stopped";
  for (const one of document.querySelectorAll("[data-view]")) one.hidden = one.dataset.view !== name;
  document.body.dataset.now = name;
  const heading = view(name).querySelector("h1");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
  app.steps.shown(name);
}
var OUTER = ["pin", "start", "stopped"];
var WITH_RESIDENT = ["consent", "card", "without"];
var now = () => document.body.dataset.now;
async function stepBack() {
  if (now() === "aside") return;
  if (WITH_RESIDENT.includes(now())) return aside();
  if (now() === "talk" && app.asked) {
    await app.recording?.stop();
    return consent();
  }
  return back();
}
async function aside() {
  app.before = now();
  await app.editor?.flush();
  show("aside");
}
async function unlock2(event) {
  event.preventDefault();
  const [form, fault] = [event.target, part("pin-fault")];
  const pin = form.elements.pin.value;
  const lock2 = await app.store.get("lock", "lock");
  if (!/^\d{6,12}$/.test(pin)) return fault.textContent = say.pin_short;
  if (!lock2 && easy(pin)) return fault.textContent = say.pin_easy;
  if (!lock2 && form.elements.again.value !== pin) return fault.textContent = say.pin_differs;
  part("pin-busy").hidden = false;
  try {
    if (lock2) app.vault = await Vault.open(pin, lock2);
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
  const [vault, lock2] = await Vault.make(pin);
  await app.store.put("lock", { name: "lock", ...lock2 });
  app.vault = vault;
}
async function askPin() {
  const lock2 = await app.store.get("lock", "lock");
  part("pin-new").hidden = Boolean(lock2);
  part("pin-known").hidden = !lock2;
  part("pin-again").hidden = Boolean(lock2);
  part("pin-forgot").hidden = !lock2;
  const unsent2 = (await app.store.all("records")).filter((one) => one.state !== "arrived").length;
  part("pin-lost").textContent = say.pin_lost.replace("{n}", unsent2);
  show("pin");
  view("pin").querySelector("input").focus();
}
async function wipe() {
  if (!confirm(say.wipe_sure)) return;
  await app.store.clear();
  await app.device.known();
  await askPin();
}
async function begin() {
  const { store, vault } = app;
  await purge();
  if (pack.guide) await store.put("guides", pack.guide);
  app.attached = new Attached({ store, vault, journey: pack.journey });
  app.glimpses = new Glimpses(vault);
  app.sending = new Sending({ store, vault, attached: app.attached, account: app.account, journey: pack.journey, base, said: (state) => told(state) });
  await draw();
  show("start");
  await Promise.all([prepare(takeCards().finally(app.account.heard)), app.sending.run()]);
}
async function told(state) {
  if (state === "stopped") await app.device.look();
  await draw();
}
async function unsent() {
  const beside3 = await app.store.all("photos");
  return new Set(beside3.filter((one) => one.state !== "arrived").map((one) => one.of));
}
async function purge() {
  const following = await unsent();
  for (const one of await app.store.all("records")) {
    if (one.state !== "arrived" || Date.now() - one.arrived <= KEEP_DAYS * DAY4) continue;
    if (!following.has(one.id)) await app.store.remove(one.id);
    else if (!one.forgotten) await app.store.change(one.id, ["arrived"], { forgotten: true, sealed: await app.vault.seal({ card: null }) });
  }
}
async function prepare(cards) {
  cards.catch(() => {
  });
  await navigator.storage?.persist?.();
  await keepPage(base);
  await checks();
  try {
    await cards;
  } catch (error) {
    await app.device.look();
    if (error instanceof Stopped && !app.device.over) await app.sending.stop(error);
  }
  await checks();
}
async function takeCards() {
  const { store, vault } = app;
  const left = (await store.all("cards")).filter((one) => one.journey === pack.journey);
  await app.device.count();
  const [, { cards, account }] = await ask(`${base}klaar/`);
  await app.account.met(account);
  if (left.length > 10) return;
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
  const streets = pack.streets.length;
  const safe = await navigator.storage?.persisted?.();
  const items = [
    [bytes > 0, say.check_page, size(bytes)],
    [pack.consent.length > 0, say.check_consent, pack.consent.map((one) => one.name).join(" · ")],
    [true, say.check_themes, String(pack.themes.length)],
    [Boolean(pack.guide), pack.guide ? say.check_guide : say.check_no_guide, pack.guide?.title ?? ""],
    [streets > 0, streets ? say.check_streets : say.check_no_streets, streets ? String(streets) : ""],
    [cards > 0, say.check_cards, String(cards)],
    [safe, safe ? say.check_kept : say.check_cleared, ""],
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
async function draw() {
  if (app.device.over) return;
  if (app.sending.state !== "sending") void app.device.count();
  const turn = app.drawing = (app.drawing ?? 0) + 1;
  const [records, beside3] = [await app.store.records(pack.journey), await app.attached.beside()];
  const rows = new Map(await Promise.all(records.map(async (one) => [one, await row(one, beside3[one.id])])));
  if (turn !== app.drawing || app.device.over) return;
  const lists = { draft: [], waiting: [], arrived: [] };
  for (const one of records) (lists[one.state] ?? lists.waiting).push(one);
  part("queue").textContent = say.queue.replace("{here}", lists.draft.length + lists.waiting.length).replace("{sending}", app.sending.state === "sending" ? lists.waiting.length : 0).replace("{arrived}", lists.arrived.length);
  const state = app.sending.state === "idle" && !navigator.onLine ? "offline" : app.sending.state;
  part("state").textContent = say[`state_${state}`].replace("{at}", moment(app.sending.next)).replace("{n}", lists.waiting.length);
  part("file-all").hidden = lists.draft.length + lists.waiting.length < 2;
  for (const name of ["sign-in", "right"]) part(name).hidden = app.sending.state !== "stopped" || app.sending.without !== name;
  for (const [name, found] of Object.entries(lists)) {
    part(`list-${name}`).replaceChildren(...found.map((one) => rows.get(one)));
    part(`none-${name}`).hidden = found.length > 0;
  }
}
async function row(record2, { counts, photos = [] } = {}) {
  const what = record2.kind === "talk" ? say.talk : say.sight;
  const receipt = record2.receipt && say.receipt.replace("{number}", record2.receipt.number).replace("{at}", moment(record2.receipt.at));
  const off = record2.receipt?.clock_off ? say.clock_off : "";
  const told2 = [moment(record2.made), size(record2.sealed?.bytes.byteLength ?? 0), say[record2.state], receipt, off, record2.paper && say.from_paper, record2.forgotten && say.forgotten, ...besideWords(counts)];
  const line = el("p", {}, el("strong", {}, what), ` · ${told2.filter(Boolean).join(" · ")}`);
  const fault = record2.fault ? [el("p", { className: "fault" }, record2.fault)] : [];
  const second = record2.beside ? [el("p", { className: "meta" }, say.beside)] : [];
  const theirs = app.account.theirs(record2);
  const other = theirs && record2.state !== "arrived" ? [el("p", { className: "warning" }, say.of_another)] : [];
  const first = theirs || record2.state === "arrived" ? "" : await app.glimpses.first(record2);
  const words2 = first ? [el("p", { className: "first-words" }, el("q", { dir: "auto" }, first))] : [];
  const pictures = await app.glimpses.small(theirs ? [] : photos, say.photo);
  const small = pictures.length ? [el("p", { className: "thumbs" }, ...pictures)] : [];
  return el("li", { id: `r-${record2.id}` }, line, ...other, ...words2, ...small, ...fault, ...second, el("p", { className: "buttons" }, ...acts(record2, counts)));
}
function besideWords(counted) {
  const told2 = {
    photo: { waiting: say.photos_follow, arrived: say.photos_arrived, refused: say.photos_refused },
    sound: { waiting: say.sounds_follow, arrived: say.sounds_arrived, refused: say.sounds_refused }
  };
  return Object.entries(counted ?? {}).flatMap(([kind, counts]) => Object.entries(counts).map(([state, n]) => n ? told2[kind][state].replace("{n}", n) : ""));
}
var NOT_READING = ["file", "remove"];
function acts(record2, counted) {
  const button = (text2, act, quiet = true) => el("button", { type: "button", className: quiet ? "quiet" : "", onclick: act }, text2);
  const all = {
    resume: () => button(say.resume, () => resume(record2), false),
    again: () => button(say.again, () => app.sending.now()),
    anew: () => button(say.anew, () => anew(record2)),
    card: () => button(say.card, () => showCard(record2)),
    file: () => button(say.file, () => askSave([record2.id])),
    remove: () => button(say.remove, () => remove(record2)),
    forgo: () => button(say.forgo, () => app.attached.removeRefused(record2.id).then(draw))
  };
  const forgoes = Object.values(counted ?? {}).some((counts) => counts.refused) ? ["forgo"] : [];
  const which = {
    draft: ["resume", "file", "remove"],
    waiting: ["again", "card", "file", "remove"],
    arrived: record2.forgotten ? ["remove"] : ["card", "remove"],
    clash: ["anew", "file", "remove"],
    refused: ["resume", "file", "remove"]
  }[record2.state].filter((name) => !app.account.theirs(record2) || NOT_READING.includes(name));
  return [...which, ...forgoes].filter((name) => name !== "card" || record2.kind === "talk").map((name) => all[name]());
}
async function remove(record2) {
  const follow = (await unsent()).has(record2.id);
  const question = record2.state === "arrived" && !follow ? say.remove_arrived : say.remove_sure;
  if (!confirm(question)) return;
  await app.store.remove(record2.id);
  await draw();
}
async function anew(record2) {
  const content = await app.vault.unseal(record2.sealed);
  const sealed = await app.vault.seal({ ...content, card: null });
  const next = { ...record2, id: crypto.randomUUID(), sealed, state: "waiting", fault: "", tries: 0, rev: 1 };
  await app.store.replace(record2.id, next);
  await app.sending.now();
}
function askSave(ids) {
  app.saving = ids;
  part("save-fault").textContent = "";
  show("save");
  view("save").querySelector("input").focus();
}
async function askSaveAll() {
  const [records, following] = [await app.store.records(pack.journey), await unsent()];
  askSave(records.filter((one) => one.state !== "arrived" || following.has(one.id)).map((one) => one.id));
}
async function saveFile(event) {
  event.preventDefault();
  const passphrase = event.target.elements.passphrase.value;
  if (passphrase.length < SHORTEST) return part("save-fault").textContent = say.passphrase_short;
  const text2 = await write({ store: app.store, vault: app.vault, ids: app.saving, passphrase });
  const name = `veldwerk-${(/* @__PURE__ */ new Date()).toISOString().slice(0, 10)}-${app.saving[0].slice(0, 8)}.json`;
  const link = el("a", { href: URL.createObjectURL(new Blob([text2], { type: "application/json" })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 6e4);
  event.target.reset();
  return back();
}
async function readFile(event) {
  event.preventDefault();
  const { file, passphrase } = event.target.elements;
  const tell = (text2) => part("read-fault").textContent = text2;
  tell("");
  if (!file.files[0]) return tell(say.file_none);
  try {
    const records = await unlock(await file.files[0].text(), passphrase.value);
    if (records.some(({ open: open2 }) => open2.journey !== pack.journey)) return tell(say.file_elsewhere);
    const { came, there } = await restore({ store: app.store, vault: app.vault, records });
    event.target.reset();
    await back();
    part("state").textContent = say.file_read.replace("{came}", came).replace("{there}", there);
  } catch (error) {
    if (error instanceof WrongWords) return tell(say.file_wrong);
    if (error instanceof NotOurs) return tell(say.file_unclear);
    throw error;
  }
}
async function fromPaper(event) {
  event.preventDefault();
  const { sheet, day } = event.target.elements;
  const tell = (text2) => part("paper-fault").textContent = text2;
  tell("");
  if (!sheet.value.trim() || !day.value) return tell(say.paper_lacks);
  try {
    const [, { token }] = await ask(`${base}klaar/`);
    const headers2 = { "Content-Type": "application/json", "X-CSRFToken": token };
    const [status, answer] = await ask(`${base}blad/`, { method: "POST", headers: headers2, body: JSON.stringify({ sheet: sheet.value }) });
    if (status !== 200) return tell(answer.detail);
    const known2 = await app.store.get("records", answer.card.key);
    if (known2 && !["draft", "refused"].includes(known2.state)) return tell(say.paper_here);
    const at = (/* @__PURE__ */ new Date(`${day.value}T12:00:00`)).toISOString();
    event.target.reset();
    return known2 ? resume(known2) : fresh("talk", { card: answer.card, at });
  } catch {
    return tell(say.paper_network);
  }
}
async function showCard(record2) {
  const { card, language } = await app.vault.unseal(record2.sealed);
  const texts = spoken(language);
  speak(view("card"), texts);
  part("card-text").textContent = texts.thanks;
  part("card-code").textContent = card ? `${card.code.slice(0, 5)} ${card.code.slice(5)}` : "";
  part("card-picture").replaceChildren(...card?.picture ? [cardPicture(card.picture, say.qr)] : []);
  part("card-later").hidden = Boolean(card);
  show("card");
}
var speak = (place, texts) => Object.assign(place.querySelector("[data-spoken]"), { lang: texts.code, dir: texts.direction });
async function edit(record2, content) {
  const saved = (text2) => part("saved").textContent = text2;
  app.editor = new Editor({ store: app.store, vault: app.vault, record: record2, content, saved, say });
  if (!await app.editor.hold()) return alertBusy();
  saved("");
  app.guide = content.sent.noted?.guide ? await app.store.get("guides", content.sent.noted.guide) : null;
  if (record2.kind === "sight") return sight();
  app.asked = false;
  return content.sent.allows?.includes("note") ? talk() : consent();
}
function alertBusy() {
  app.editor = null;
  part("busy").hidden = false;
  return back();
}
async function fresh(kind, paper = null) {
  part("busy").hidden = true;
  const account = await app.account.noting();
  const taken = kind === "talk" && !paper ? await app.store.takeCard(pack.journey) : null;
  if (taken) void takeCards().catch(() => {
  });
  const card = taken ? { key: taken.key, ...await app.vault.unseal(taken.sealed) } : paper?.card;
  const record2 = { id: card?.key ?? crypto.randomUUID(), journey: pack.journey, kind, state: "draft", made: Date.now(), at: paper?.at ?? (/* @__PURE__ */ new Date()).toISOString(), account, paper: Boolean(paper), rev: 0, tries: 0 };
  const content = { language: "nl", said: {}, card: card ?? null, sent: kind === "talk" ? said(paper) : { place: "", note: "", state: "" } };
  await edit(record2, content);
}
var said = (paper) => ({
  text: "",
  allows: [],
  giver_kind: "",
  buurt: "",
  age: "",
  language: "nl",
  kind: "street",
  wants_answer: false,
  from_paper: Boolean(paper),
  noted: { themes: [], ...pack.guide && { guide: pack.guide.version } }
});
async function resume(record2) {
  part("busy").hidden = true;
  const stored = await app.store.change(record2.id, ["draft", "refused"], { state: "draft", fault: "" });
  if (stored) await edit(stored, await app.vault.unseal(stored.sealed));
}
function consent() {
  const { content } = app.editor;
  const texts = spoken(content.language);
  const place = view("consent");
  speak(place, texts);
  for (const name of ["title", "intro"]) part(`consent-${name}`).textContent = texts[name];
  content.sent.consent_text = texts.version;
  const unchecked = !texts.checked_by_native || app.guide?.unchecked?.includes(texts.code);
  part("unchecked").hidden = !unchecked;
  part("unchecked-said").hidden = !unchecked || texts.code === "nl";
  part("unchecked-said").textContent = texts.unchecked;
  const dutch = texts.code === "nl" ? null : spoken("nl");
  for (const name of ["title", "intro"]) part(`consent-${name}-dutch`).textContent = dutch?.[name] ?? "";
  const answer = (purpose) => (value2) => {
    content.said[purpose] = value2;
    if (BESIDE2[purpose] && value2 === "no") void app.attached.removeAll(app.editor.record.id, BESIDE2[purpose]);
    if (purpose === "answer") content.sent.wants_answer = value2 === "yes";
    content.sent.allows = pack.purposes.filter((one) => content.said[one] === "yes");
    app.editor.changed();
  };
  const choices = [["yes", texts.yes], ["no", texts.no]];
  const purposes = pack.purposes.filter((one) => one !== "audio" || canRecord() || content.said.audio);
  const asks = [...purposes, "answer"].map((one) => radios(one, beside2(guideSays(one, texts.code) ?? texts[one], dutch && (guideSays(one, "nl") ?? dutch[one])), choices, content.said[one], answer(one)));
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
var beside2 = (text2, dutch) => {
  const small = dutch ? [el("small", { className: "meta", lang: "nl", dir: "ltr" }, dutch)] : [];
  return el("span", {}, el("span", {}, text2), ...small);
};
var BESIDE2 = { photo: "photo", audio: "sound" };
function guideSays(purpose, language) {
  const own = app.guide?.consents?.find((one) => pack.guide_says[one.purpose] === purpose);
  return own?.text[language];
}
async function consented() {
  const { content } = app.editor;
  if (!content.said.note) return part("consent-fault").textContent = say.ask_note;
  app.asked = true;
  if (content.said.note === "yes") return talk();
  const texts = spoken(content.language);
  const { record: record2 } = app.editor;
  await app.editor.close();
  await app.store.remove(record2.id);
  speak(view("without"), texts);
  part("without-text").textContent = texts.without;
  show("without");
}
function talk() {
  const { sent } = app.editor.content;
  const form = view("talk").querySelector("form");
  const set = (name) => (value2) => (sent[name] = value2, app.editor.changed());
  form.elements.text.value = sent.text;
  form.elements.text.oninput = (event) => set("text")(event.target.value);
  warn("text", form.elements.text, set("text"));
  fill(form.elements.kind, pack.kinds, sent.kind, set("kind"));
  fill(form.elements.buurt, [{ id: "", name: say.not_asked }, ...pack.buurten], sent.buurt ?? "", set("buurt"));
  part("buurt").hidden = pack.buurten.length === 0;
  fill(form.elements.age, [{ id: "", name: say.not_asked }, ...pack.ages], sent.age, set("age"));
  part("who").replaceChildren(radios("giver_kind", say.who, pack.who.map((one) => [one.id, one.name]), sent.giver_kind, set("giver_kind")));
  part("themes").replaceChildren(chips(say.themes, pack.themes, sent.noted.themes, (ids) => (sent.noted.themes = ids, app.editor.changed())));
  part("themes").hidden = pack.themes.length === 0;
  app.questions = app.guide ? guideQuestions(sent.noted) : null;
  part("guide").replaceChildren(...app.questions?.drawn ?? []);
  part("guide-fault").hidden = true;
  for (const name of ["talk-fault", "who-fault"]) part(name).textContent = "";
  part("photos-talk").hidden = app.editor.content.said.photo !== "yes";
  part("sounds").hidden = app.editor.content.said.audio !== "yes" || !canRecord();
  void drawPhotos("talk");
  void drawSounds();
  show("talk");
  form.elements.text.focus();
}
function guideQuestions(noted) {
  const { language, said: consents } = app.editor.content;
  const known2 = (app.guide.consents ?? []).map(({ purpose }) => [`consent_${purpose}`, consents[pack.guide_says[purpose]] ?? ""]);
  noted.answers = { ...noted.answers, ...Object.fromEntries(known2) };
  const photos = { may: consents.photo === "yes", ask: consent };
  return new Questions({ guide: app.guide, language, directions, noted, say, photos, rules: pack.personal, changed: () => app.editor.changed() });
}
function restNotAsked() {
  app.questions.rest();
  part("guide").replaceChildren(...(app.questions = guideQuestions(app.editor.content.sent.noted)).drawn);
  part("guide-fault").hidden = true;
}
function warn(name, box, set, allowed = []) {
  part(`warning-${name}`).replaceChildren(watched(box, { rules: pack.personal, say, set, allowed }));
}
function sight() {
  const { sent } = app.editor.content;
  const form = view("sight").querySelector("form");
  for (const name of ["place", "note"]) {
    form.elements[name].value = sent[name];
    form.elements[name].oninput = (event) => (sent[name] = event.target.value, app.editor.changed());
  }
  fill(form.elements.state, [{ id: "", name: say.no_state }, ...pack.states], sent.state ?? "", (value2) => (sent.state = value2, app.editor.changed()));
  const set = (name) => (text2) => (sent[name] = text2, app.editor.changed());
  warn("place", form.elements.place, set("place"), ["address", "postcode"]);
  warn("note", form.elements.note, set("note"));
  app.forget?.();
  app.forget = choosing({ input: form.elements.place, place: part("streets"), streets: pack.streets, say, set: set("place") });
  drawSpot(sent.spot);
  part("sight-fault").textContent = "";
  void drawPhotos("sight");
  show("sight");
}
async function drawPhotos(kind, fault = "") {
  const { id } = app.editor.record;
  const input = el("input", { type: "file", accept: "image/*", id: `photo-${kind}`, onchange: () => addPhoto(kind, input.files[0]) });
  const rows = await besideRows(id, "photo", say.photo, () => drawPhotos(kind));
  const label = el("label", { htmlFor: input.id }, say.add_photo);
  part(`photos-${kind}`).replaceChildren(el("p", { className: "field" }, label, input), el("ul", { className: "rows" }, ...rows), el("p", { className: "fault" }, fault));
}
async function besideRows(id, kind, name, redraw) {
  const found = await app.attached.of(id, kind);
  const small = kind === "photo" ? await Promise.all(found.map((one) => app.glimpses.bitmap(one))) : [];
  return found.map((one, n) => {
    const picture = app.glimpses.drawn(small[n], `${name} ${n + 1}`);
    const drop = () => app.attached.remove(one.id).then(redraw);
    const text2 = `${name} ${n + 1} · ${size(one.sealed?.bytes.byteLength ?? 0)} `;
    const fault = one.state === "refused" ? [el("p", { className: "fault" }, one.unread ? say.photo_unread : one.fault)] : [];
    return el("li", { className: picture ? "thumbs" : "" }, ...picture ? [picture] : [], text2, el("button", { type: "button", className: "quiet", onclick: drop }, say.remove), ...fault);
  });
}
async function drawSounds(fault = "") {
  const { id } = app.editor.record;
  const busy = Boolean(app.recording);
  const button = el("button", { type: "button", className: busy ? "" : "secondary", onclick: busy ? () => app.recording.stop() : record }, busy ? say.sound_stop : say.sound_start);
  const state = el("span", { className: "meta", role: "status" }, busy ? say.sound_busy : "");
  const rows = busy ? [] : await besideRows(id, "sound", say.sound, () => drawSounds());
  part("sounds").replaceChildren(el("p", { className: "buttons" }, button, state), el("ul", { className: "rows" }, ...rows), el("p", { className: "fault" }, fault));
}
async function record() {
  app.editor.changed();
  await app.editor.flush();
  const one = { id: crypto.randomUUID(), of: app.editor.record.id, kind: "sound" };
  const keep = (bytes, type2) => app.attached.keep({ ...one, type: type2 }, bytes);
  const recording = new Recording({ keep, stopped: () => (app.recording = null, app.editor && drawSounds()) });
  try {
    await recording.start();
    app.recording = recording;
    await drawSounds();
  } catch {
    await drawSounds(say.no_microphone);
  }
}
async function addPhoto(kind, file) {
  if (!file) return;
  let fault = "";
  try {
    app.editor.changed();
    await app.editor.flush();
    await app.attached.addPhoto(app.editor.record.id, file);
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
function lacking(kind, { text: text2, note, place }) {
  if (kind === "talk") return text2.trim() ? "" : say.no_text;
  return note.trim() && place.trim() ? "" : say.no_sight;
}
async function finish(event) {
  event.preventDefault();
  await app.recording?.stop();
  const { record: record2, content } = app.editor;
  const fault = lacking(record2.kind, content.sent);
  part(`${record2.kind}-fault`).textContent = fault;
  part("who-fault").textContent = record2.kind === "talk" && !content.sent.giver_kind ? say.no_who : "";
  if (fault || part("who-fault").textContent) return view(record2.kind).querySelector(".fault:not(:empty)").scrollIntoView({ block: "center" });
  if (record2.kind === "talk" && app.questions && !app.questions.finish()) return void (part("guide-fault").hidden = false);
  const kept2 = await app.editor.finish();
  app.editor = null;
  void app.sending.now();
  await draw();
  if (kept2.kind === "talk" && content.card) return showCard(kept2);
  return show("start");
}
async function back() {
  await app.recording?.stop();
  await app.editor?.close();
  app.editor = null;
  await draw();
  show("start");
}
async function lock() {
  await app.recording?.stop();
  await app.editor?.close();
  location.reload();
}
async function stopped() {
  clearTimeout(app.sending?.timer);
  await app.recording?.stop();
  await app.editor?.drop();
  Object.assign(app, { editor: null, vault: null, sending: null, glimpses: null });
  show("stopped");
}
var deleted = ({ at, lost }) => part("stopped-told").textContent = say.stopped_told.replace("{at}", at).replace("{n}", lost);
function wire() {
  const on = (name, act) => document.querySelectorAll(`[data-act="${name}"]`).forEach((one) => one.addEventListener("click", act));
  view("pin").querySelector("form").addEventListener("submit", unlock2);
  for (const name of ["talk", "sight"]) view(name).querySelector("form").addEventListener("submit", finish);
  view("save").querySelector("form").addEventListener("submit", saveFile);
  view("read").querySelector("form").addEventListener("submit", readFile);
  view("paper").querySelector("form").addEventListener("submit", fromPaper);
  on("wipe", wipe);
  on("file-all", askSaveAll);
  on("read", () => show("read"));
  on("paper", () => show("paper"));
  on("rest", restNotAsked);
  on("new-talk", () => fresh("talk"));
  on("new-sight", () => fresh("sight"));
  on("send", () => app.sending.now());
  on("consented", consented);
  on("consent", consent);
  on("locate", locate);
  on("back", back);
  on("lock", lock);
  on("go-on", () => show(app.before));
  addEventListener("offline", () => app.sending && void draw());
  addEventListener("online", () => (void app.device.look(), app.sending?.now()));
  let hidden = 0;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hidden = Date.now();
    else if (app.vault && Date.now() - hidden > HIDDEN_TOO_LONG) location.reload();
    if (document.hidden) void app.editor?.flush();
    else void app.device.look();
  });
  addEventListener("pagehide", () => void app.editor?.flush());
}
app.store = new Store(await open());
app.device = new Device({ store: app.store, headers, stopped, deleted });
app.account = new Account({ store: app.store, changed: () => app.sending?.now() });
app.steps = new Steps({ outer: (name) => OUTER.includes(name), now, back: stepBack });
await app.device.known();
await app.account.known();
wire();
void app.device.look();
await askPin();
document.documentElement.dataset.fieldReady = "";

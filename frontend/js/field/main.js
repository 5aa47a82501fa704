// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// The field app: one page, a few views, everything on this device first.
import { cardPicture, chips, el, fill, moment, radios, size } from "./drawing.js";
import { Editor } from "./editor.js";
import { questions } from "./questions.js";
import { ask, Sending } from "./sending.js";
import { open, Store } from "./store.js";
import { Photos } from "./photos.js";
import { find } from "./personal.js";
import { Vault } from "./vault.js";

const DAY = 86_400_000;
const KEEP_DAYS = 7; // after arrival; then what was said is gone from the device
const HIDDEN_TOO_LONG = 5 * 60_000;
const GUIDE_SAYS = { note: "note", quote_plan: "quote", quote_public: "public", photo: "photo", contact: "again" };
const pack = JSON.parse(document.getElementById("pack").textContent);
const say = pack.words;
const base = location.pathname;
const view = (name) => document.querySelector(`[data-view="${name}"]`);
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const app = { store: null, vault: null, sending: null, editor: null };

function show(name) {
  for (const one of document.querySelectorAll("[data-view]")) one.hidden = one.dataset.view !== name;
  document.body.dataset.now = name;
  const heading = view(name).querySelector("h1");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

// -- the PIN

async function unlock(event) {
  event.preventDefault();
  const [form, fault] = [event.target, part("pin-fault")];
  const pin = form.elements.pin.value;
  const lock = await app.store.get("lock", "lock");
  if (!/^\d{6,12}$/.test(pin)) return (fault.textContent = say.pin_short);
  part("pin-busy").hidden = false;
  try {
    if (lock) app.vault = await Vault.open(pin, lock);
    else await makeLock(pin);
  } finally {
    part("pin-busy").hidden = true;
    form.reset();
  }
  if (!app.vault) return (fault.textContent = say.pin_wrong);
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

// -- ready to go

async function begin() {
  const { store, vault } = app;
  await purge();
  app.photos = new Photos({ store, vault, journey: pack.journey });
  app.sending = new Sending({ store, vault, photos: app.photos, journey: pack.journey, base, said: () => draw() });
  await draw();
  show("start");
  await Promise.all([prepare(), app.sending.run()]);
}

async function purge() {
  const photos = await app.store.all("photos");
  for (const one of await app.store.records(pack.journey)) {
    if (photos.some((photo) => photo.of === one.id && photo.state === "waiting")) continue;
    if (one.state === "arrived" && Date.now() - one.arrived > KEEP_DAYS * DAY) await app.store.remove(one.id);
  }
}

async function prepare() {
  await navigator.storage?.persist?.();
  await keepPage();
  await checks();
  try {
    await takeCards();
  } catch {
    // no network: what came along before is still there
  }
  await checks();
}

async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(new URL("../sw.js", location.href).pathname);
  const { active } = await navigator.serviceWorker.ready;
  const channel = new MessageChannel();
  const said = new Promise((resolve) => (channel.port1.onmessage = resolve));
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
  if (!(await cache.match(base))) return 0;
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
    [true, say.check_pin, ""],
  ];
  const rows = items.map(([ok, text, more]) => {
    const mark = el("span", { className: "tick-mark", ariaHidden: "true" }, ok ? "✓" : "–");
    const hidden = el("span", { className: "visually-hidden" }, ok ? say.yes_ready : say.not_ready);
    return el("li", { className: ok ? "ok" : "" }, mark, hidden, ` ${text} `, el("span", { className: "meta" }, more));
  });
  part("checks").replaceChildren(...rows);
  part("ready").textContent = bytes > 0 ? say.ready : say.not_yet;
  part("ready").dataset.ready = String(bytes > 0);
}

// -- what is on this device

async function draw() {
  const [records, photos] = [await app.store.records(pack.journey), await app.photos.counts()];
  const lists = { draft: [], waiting: [], arrived: [] };
  for (const one of records) (lists[one.state] ?? lists.waiting).push(one);
  part("queue").textContent = say.queue
    .replace("{here}", lists.draft.length + lists.waiting.length)
    .replace("{sending}", app.sending.state === "sending" ? lists.waiting.length : 0)
    .replace("{arrived}", lists.arrived.length);
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
  return Object.entries(photos ?? {}).map(([state, n]) => (n ? told[state].replace("{n}", n) : ""));
}

function acts(record) {
  const button = (text, act, quiet = true) => el("button", { type: "button", className: quiet ? "quiet" : "", onclick: act }, text);
  const all = {
    resume: () => button(say.resume, () => resume(record), false),
    again: () => button(say.again, () => app.sending.now()),
    anew: () => button(say.anew, () => anew(record)),
    card: () => button(say.card, () => showCard(record)),
    file: () => button(say.file, () => saveFile(record)),
    remove: () => button(say.remove, () => remove(record)),
  };
  const which = {
    draft: ["resume", "file", "remove"], waiting: ["again", "card", "file", "remove"], arrived: ["card", "remove"],
    clash: ["anew", "file", "remove"], refused: ["resume", "file", "remove"],
  }[record.state];
  return which.filter((name) => name !== "card" || record.kind === "talk").map((name) => all[name]());
}

async function remove(record) {
  const follow = (await app.photos.of(record.id)).some((one) => one.state === "waiting");
  const question = record.state === "arrived" && !follow ? say.remove_arrived : say.remove_sure;
  if (!confirm(question)) return;
  await app.store.remove(record.id);
  await draw();
}

// What was refused by its key gets a key of its own: both stay, here and there.
async function anew(record) {
  const content = await app.vault.unseal(record.sealed);
  const sealed = await app.vault.seal({ ...content, card: null });
  await app.store.put("records", { ...record, id: crypto.randomUUID(), beside: record.id, sealed, state: "waiting", fault: "", tries: 0, rev: 1 });
  await app.store.remove(record.id);
  await app.sending.now();
}

async function saveFile(record) {
  const { sent } = await app.vault.unseal(record.sealed);
  const text = JSON.stringify({ key: record.id, kind: record.kind, journey: pack.journey, at: record.at, content: sent }, null, 2);
  const link = el("a", { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: `${record.kind}-${record.id.slice(0, 8)}.json` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function showCard(record) {
  const { card, language } = await app.vault.unseal(record.sealed);
  const texts = pack.consent.find((one) => one.code === language) ?? pack.consent[0];
  speak(view("card"), texts);
  part("card-text").textContent = texts.thanks;
  part("card-code").textContent = card ? `${card.code.slice(0, 5)} ${card.code.slice(5)}` : "";
  part("card-picture").replaceChildren(...(card?.picture ? [cardPicture(card.picture, say.qr)] : []));
  part("card-later").hidden = Boolean(card);
  show("card");
}

// -- one conversation or observation

const speak = (place, texts) => Object.assign(place.querySelector("[data-spoken]"), { lang: texts.code, dir: texts.direction });

async function edit(record, content) {
  const saved = (text) => (part("saved").textContent = text);
  app.editor = new Editor({ store: app.store, vault: app.vault, record, content, saved, say });
  if (!(await app.editor.hold())) return alertBusy();
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
  const record = { id: card?.key ?? crypto.randomUUID(), journey: pack.journey, kind, state: "draft", made: Date.now(), at: new Date().toISOString(), rev: 0, tries: 0 };
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
  const answer = (purpose) => (value) => {
    content.said[purpose] = value;
    if (purpose === "answer") content.sent.wants_answer = value === "yes";
    content.sent.allows = pack.purposes.filter((one) => content.said[one] === "yes");
    app.editor.changed();
  };
  const choices = [["yes", texts.yes], ["no", texts.no]];
  const asks = [...pack.purposes, "answer"].map((one) => radios(one, texts[one], choices, content.said[one], answer(one)));
  part("purposes").replaceChildren(...asks);
  part("languages").replaceChildren(...pack.consent.map((one) => el("button", {
    type: "button", className: "quiet", lang: one.code, ariaPressed: String(one === texts), onclick: () => {
      content.language = content.sent.language = one.code;
      app.editor.changed();
      consent();
    } }, one.name)));
  part("consent-fault").textContent = "";
  show("consent");
}

async function consented() {
  const { content } = app.editor;
  if (!content.said.note) return (part("consent-fault").textContent = say.ask_note);
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
  const set = (name) => (value) => ((sent[name] = value), app.editor.changed());
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
  part("themes").replaceChildren(chips(say.themes, pack.themes, sent.noted.themes, (ids) => ((sent.noted.themes = ids), app.editor.changed())));
  part("themes").hidden = pack.themes.length === 0;
  part("guide").replaceChildren(...(pack.guide ? guideQuestions(sent) : []));
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

// Says softly what makes somebody known, and replaces it for who wants that.
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
  part("warning").replaceChildren(...(found.length ? [el("p", {}, say.personal), ...buttons] : []));
  part("warning").hidden = found.length === 0;
}

function sight() {
  const { sent } = app.editor.content;
  const form = view("sight").querySelector("form");
  for (const name of ["place", "note"]) {
    form.elements[name].value = sent[name];
    form.elements[name].oninput = (event) => ((sent[name] = event.target.value), app.editor.changed());
  }
  fill(form.elements.perspective, [{ id: "", name: say.none }, ...pack.perspectives], sent.perspective, (value) => ((sent.perspective = value), app.editor.changed()));
  drawSpot(sent.spot);
  part("sight-fault").textContent = "";
  void drawPhotos("sight");
  show("sight");
}

// The photos of what is being noted; a new one is kept at once.
async function drawPhotos(kind, fault = "") {
  const { id } = app.editor.record;
  const input = el("input", { type: "file", accept: "image/*", id: `photo-${kind}`, onchange: () => addPhoto(kind, input.files[0]) });
  const rows = (await app.photos.of(id)).map((one, n) => {
    const drop = () => app.photos.remove(one.id).then(() => drawPhotos(kind));
    const text = `${say.photo} ${n + 1} · ${size(one.sealed?.bytes.byteLength ?? 0)} `;
    return el("li", {}, text, el("button", { type: "button", className: "quiet", onclick: drop }, say.remove));
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

// Only when tapped; rounded to some 100 metres before it is kept.
function locate() {
  const { sent } = app.editor.content;
  part("spot").textContent = say.locating;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const round = (value) => Math.round(value * 1000) / 1000;
      sent.spot = { lat: round(coords.latitude), lon: round(coords.longitude), accuracy: Math.max(100, Math.round(coords.accuracy)) };
      app.editor.changed();
      drawSpot(sent.spot);
    },
    () => (part("spot").textContent = say.no_spot),
    { enableHighAccuracy: true, timeout: 15_000 },
  );
}

// Ready: from now on it is sent, again and again until the receipt.
async function finish(event) {
  event.preventDefault();
  const { record, content } = app.editor;
  const lacking = record.kind === "talk" ? !content.sent.text.trim() : !content.sent.note.trim() || !content.sent.place.trim();
  if (lacking) return (part(`${record.kind}-fault`).textContent = record.kind === "talk" ? say.no_text : say.no_sight);
  const kept = await app.editor.finish();
  app.editor = null;
  void app.sending.now();
  await draw();
  if (kept.kind === "talk" && content.card) return showCard(kept);
  return show("start");
}

async function back() {
  await app.editor?.close();
  app.editor = null;
  await draw();
  show("start");
}

// -- start

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

// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// The field app: one page, a few views, everything on this device first.
import { Account } from "./account.js";
import { Attached } from "./attached.js";
import { cardPicture, chips, el, fill, moment, radios, size } from "./drawing.js";
import { Editor } from "./editor.js";
import * as files from "./files.js";
import { keepPage } from "./keeping.js";
import { Device } from "./device.js";
import { Glimpses } from "./glimpses.js";
import { Questions } from "./questions.js";
import { ask, headers, Sending, Stopped } from "./sending.js";
import { Steps } from "./steps.js";
import { choosing } from "./streets.js";
import { open, Store } from "./store.js";
import { canRecord, Recording } from "./sounds.js";
import { easy, Vault } from "./vault.js";
import { watched } from "./warning.js";

const DAY = 86_400_000;
const KEEP_DAYS = 7; // after arrival; then what was said is gone from the device
const HIDDEN_TOO_LONG = 5 * 60_000;
const pack = JSON.parse(document.getElementById("pack").textContent);
const say = pack.words;
const base = location.pathname;
const view = (name) => document.querySelector(`[data-view="${name}"]`);
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const app = { store: null, account: null, vault: null, sending: null, editor: null, guide: null, device: null, steps: null };
const spoken = (language) => pack.consent.find((one) => one.code === language) ?? pack.consent[0];
const directions = Object.fromEntries(pack.consent.map((one) => [one.code, one.direction]));

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

// -- the back button of the phone

const OUTER = ["pin", "start", "stopped"]; // from these it leaves the app
const WITH_RESIDENT = ["consent", "card", "without"]; // behind these is nothing of ours
const now = () => document.body.dataset.now;

async function stepBack() {
  if (now() === "aside") return;
  if (WITH_RESIDENT.includes(now())) return aside();
  if (now() === "talk" && app.asked) {
    await app.recording?.stop();
    return consent();
  }
  return back();
}

// A screen without anything of ours, for whoever holds the phone; what was typed stays.
async function aside() {
  app.before = now();
  await app.editor?.flush();
  show("aside");
}

// -- the PIN

async function unlock(event) {
  event.preventDefault();
  const [form, fault] = [event.target, part("pin-fault")];
  const pin = form.elements.pin.value;
  const lock = await app.store.get("lock", "lock");
  if (!/^\d{6,12}$/.test(pin)) return (fault.textContent = say.pin_short);
  if (!lock && easy(pin)) return (fault.textContent = say.pin_easy);
  if (!lock && form.elements.again.value !== pin) return (fault.textContent = say.pin_differs);
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
  part("pin-again").hidden = Boolean(lock);
  part("pin-forgot").hidden = !lock;
  const unsent = (await app.store.all("records")).filter((one) => one.state !== "arrived").length;
  part("pin-lost").textContent = say.pin_lost.replace("{n}", unsent);
  show("pin");
  view("pin").querySelector("input").focus();
}

async function wipe() {
  if (!confirm(say.wipe_sure)) return;
  await app.store.clear();
  await app.device.known(); // another phone from now on, as far as anyone can tell
  await askPin();
}

// -- ready to go

async function begin() {
  const { store, vault } = app;
  await purge();
  if (pack.guide) await store.put("guides", pack.guide); // what was begun with an older one keeps that
  app.attached = new Attached({ store, vault, journey: pack.journey });
  app.glimpses = new Glimpses(vault);
  app.sending = new Sending({ store, vault, attached: app.attached, account: app.account, journey: pack.journey, base, said: (state) => told(state) });
  await draw();
  show("start");
  await Promise.all([prepare(takeCards().finally(app.account.heard)), app.sending.run()]);
}

// Sending stopped: perhaps this phone was, and then it cannot sign in to hear so.
async function told(state) {
  if (state === "stopped") await app.device.look();
  await draw();
}

// Of which records a photo or voice is still only here, be it that it waits or that it was refused.
async function unsent() {
  const beside = await app.store.all("photos");
  return new Set(beside.filter((one) => one.state !== "arrived").map((one) => one.of));
}

// What arrived long enough ago goes, of whichever journey: perhaps nobody opens the page of an earlier one
// again, and this device has one key.  Where something beside it did not arrive that stays, perhaps for ever
// (a photo that this phone cannot read), but the words and the card go all the same.
async function purge() {
  const following = await unsent();
  for (const one of await app.store.all("records")) {
    if (one.state !== "arrived" || Date.now() - one.arrived <= KEEP_DAYS * DAY) continue;
    if (!following.has(one.id)) await app.store.remove(one.id);
    else if (!one.forgotten) await app.store.change(one.id, ["arrived"], { forgotten: true, sealed: await app.vault.seal({ card: null }) });
  }
}

async function prepare(cards) {
  cards.catch(() => {}); // that is looked at below
  await navigator.storage?.persist?.();
  await keepPage(base);
  await checks();
  try {
    await cards;
  } catch (error) {
    await app.device.look(); // no network, and what came along before is still there; or it was stopped
    if (error instanceof Stopped && !app.device.over) await app.sending.stop(error);
  }
  await checks();
}

async function takeCards() {
  const { store, vault } = app;
  const left = (await store.all("cards")).filter((one) => one.journey === pack.journey);
  await app.device.count();
  const [, { cards, account }] = await ask(`${base}klaar/`); // also says that this phone is there
  await app.account.met(account);
  if (left.length > 10) return;
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
  if (app.device.over) return;
  if (app.sending.state !== "sending") void app.device.count();
  const turn = (app.drawing = (app.drawing ?? 0) + 1);
  const [records, beside] = [await app.store.records(pack.journey), await app.attached.beside()];
  const rows = new Map(await Promise.all(records.map(async (one) => [one, await row(one, beside[one.id])])));
  if (turn !== app.drawing || app.device.over) return; // another one began meanwhile, and knows more
  const lists = { draft: [], waiting: [], arrived: [] };
  for (const one of records) (lists[one.state] ?? lists.waiting).push(one);
  part("queue").textContent = say.queue
    .replace("{here}", lists.draft.length + lists.waiting.length)
    .replace("{sending}", app.sending.state === "sending" ? lists.waiting.length : 0)
    .replace("{arrived}", lists.arrived.length);
  const state = app.sending.state === "idle" && !navigator.onLine ? "offline" : app.sending.state;
  part("state").textContent = say[`state_${state}`].replace("{at}", moment(app.sending.next)).replace("{n}", lists.waiting.length);
  part("file-all").hidden = lists.draft.length + lists.waiting.length < 2;
  for (const name of ["sign-in", "right"]) part(name).hidden = app.sending.state !== "stopped" || app.sending.without !== name;
  for (const [name, found] of Object.entries(lists)) {
    part(`list-${name}`).replaceChildren(...found.map((one) => rows.get(one)));
    part(`none-${name}`).hidden = found.length > 0;
  }
}

async function row(record, { counts, photos = [] } = {}) {
  const what = record.kind === "talk" ? say.talk : say.sight;
  const receipt = record.receipt && say.receipt.replace("{number}", record.receipt.number).replace("{at}", moment(record.receipt.at));
  const off = record.receipt?.clock_off ? say.clock_off : "";
  const told = [moment(record.made), size(record.sealed?.bytes.byteLength ?? 0), say[record.state], receipt, off, record.paper && say.from_paper, record.forgotten && say.forgotten, ...besideWords(counts)];
  const line = el("p", {}, el("strong", {}, what), ` · ${told.filter(Boolean).join(" · ")}`);
  const fault = record.fault ? [el("p", { className: "fault" }, record.fault)] : [];
  const second = record.beside ? [el("p", { className: "meta" }, say.beside)] : [];
  const theirs = app.account.theirs(record);
  const other = theirs && record.state !== "arrived" ? [el("p", { className: "warning" }, say.of_another)] : [];
  const first = theirs || record.state === "arrived" ? "" : await app.glimpses.first(record);
  const words = first ? [el("p", { className: "first-words" }, el("q", { dir: "auto" }, first))] : [];
  const pictures = await app.glimpses.small(theirs ? [] : photos, say.photo);
  const small = pictures.length ? [el("p", { className: "thumbs" }, ...pictures)] : [];
  return el("li", { id: `r-${record.id}` }, line, ...other, ...words, ...small, ...fault, ...second, el("p", { className: "buttons" }, ...acts(record, counts)));
}

function besideWords(counted) {
  const told = {
    photo: { waiting: say.photos_follow, arrived: say.photos_arrived, refused: say.photos_refused },
    sound: { waiting: say.sounds_follow, arrived: say.sounds_arrived, refused: say.sounds_refused },
  };
  return Object.entries(counted ?? {}).flatMap(([kind, counts]) =>
    Object.entries(counts).map(([state, n]) => (n ? told[kind][state].replace("{n}", n) : "")));
}

const NOT_READING = ["file", "remove"]; // what another who is signed in here now may do with it

function acts(record, counted) {
  const button = (text, act, quiet = true) => el("button", { type: "button", className: quiet ? "quiet" : "", onclick: act }, text);
  const all = {
    resume: () => button(say.resume, () => resume(record), false),
    again: () => button(say.again, () => app.sending.now()),
    anew: () => button(say.anew, () => anew(record)),
    card: () => button(say.card, () => showCard(record)),
    file: () => button(say.file, () => askSave([record.id])),
    remove: () => button(say.remove, () => remove(record)),
    forgo: () => button(say.forgo, () => app.attached.removeRefused(record.id).then(draw)),
  };
  const forgoes = Object.values(counted ?? {}).some((counts) => counts.refused) ? ["forgo"] : [];
  const which = {
    draft: ["resume", "file", "remove"], waiting: ["again", "card", "file", "remove"], arrived: record.forgotten ? ["remove"] : ["card", "remove"],
    clash: ["anew", "file", "remove"], refused: ["resume", "file", "remove"],
  }[record.state].filter((name) => !app.account.theirs(record) || NOT_READING.includes(name));
  return [...which, ...forgoes].filter((name) => name !== "card" || record.kind === "talk").map((name) => all[name]());
}

async function remove(record) {
  const follow = (await unsent()).has(record.id);
  const question = record.state === "arrived" && !follow ? say.remove_arrived : say.remove_sure;
  if (!confirm(question)) return;
  await app.store.remove(record.id);
  await draw();
}

// What was refused by its key gets a key of its own: both stay, here and there.
async function anew(record) {
  const content = await app.vault.unseal(record.sealed);
  const sealed = await app.vault.seal({ ...content, card: null });
  const next = { ...record, id: crypto.randomUUID(), sealed, state: "waiting", fault: "", tries: 0, rev: 1 };
  await app.store.replace(record.id, next);
  await app.sending.now();
}

// -- as a file, and back

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
  if (passphrase.length < files.SHORTEST) return (part("save-fault").textContent = say.passphrase_short);
  const text = await files.write({ store: app.store, vault: app.vault, ids: app.saving, passphrase });
  const name = `veldwerk-${new Date().toISOString().slice(0, 10)}-${app.saving[0].slice(0, 8)}.json`;
  const link = el("a", { href: URL.createObjectURL(new Blob([text], { type: "application/json" })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  event.target.reset();
  return back();
}

async function readFile(event) {
  event.preventDefault();
  const { file, passphrase } = event.target.elements;
  const tell = (text) => (part("read-fault").textContent = text);
  tell("");
  if (!file.files[0]) return tell(say.file_none);
  try {
    const records = await files.unlock(await file.files[0].text(), passphrase.value);
    if (records.some(({ open }) => open.journey !== pack.journey)) return tell(say.file_elsewhere);
    const { came, there } = await files.restore({ store: app.store, vault: app.vault, records });
    event.target.reset();
    await back();
    part("state").textContent = say.file_read.replace("{came}", came).replace("{there}", there);
  } catch (error) {
    if (error instanceof files.WrongWords) return tell(say.file_wrong);
    if (error instanceof files.NotOurs) return tell(say.file_unclear);
    throw error;
  }
}

// -- typed over from paper: the key was kept for it when the sheet was made

async function fromPaper(event) {
  event.preventDefault();
  const { sheet, day } = event.target.elements;
  const tell = (text) => (part("paper-fault").textContent = text);
  tell("");
  if (!sheet.value.trim() || !day.value) return tell(say.paper_lacks);
  try {
    const [, { token }] = await ask(`${base}klaar/`);
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    const [status, answer] = await ask(`${base}blad/`, { method: "POST", headers, body: JSON.stringify({ sheet: sheet.value }) });
    if (status !== 200) return tell(answer.detail);
    const known = await app.store.get("records", answer.card.key);
    if (known && !["draft", "refused"].includes(known.state)) return tell(say.paper_here);
    const at = new Date(`${day.value}T12:00:00`).toISOString();
    event.target.reset();
    return known ? resume(known) : fresh("talk", { card: answer.card, at });
  } catch {
    return tell(say.paper_network);
  }
}

async function showCard(record) {
  const { card, language } = await app.vault.unseal(record.sealed);
  const texts = spoken(language);
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
  app.guide = content.sent.noted?.guide ? await app.store.get("guides", content.sent.noted.guide) : null;
  if (record.kind === "sight") return sight();
  app.asked = false;
  return content.sent.allows?.includes("note") ? talk() : consent();
}

function alertBusy() {
  app.editor = null;
  part("busy").hidden = false;
  return back();
}

// Something new; *paper* is the card of a sheet and the day that stands on it.
async function fresh(kind, paper = null) {
  part("busy").hidden = true;
  const account = await app.account.noting();
  const taken = kind === "talk" && !paper ? await app.store.takeCard(pack.journey) : null;
  if (taken) void takeCards().catch(() => {}); // before there are none left
  const card = taken ? { key: taken.key, ...(await app.vault.unseal(taken.sealed)) } : paper?.card;
  const record = { id: card?.key ?? crypto.randomUUID(), journey: pack.journey, kind, state: "draft", made: Date.now(), at: paper?.at ?? new Date().toISOString(), account, paper: Boolean(paper), rev: 0, tries: 0 };
  const content = { language: "nl", said: {}, card: card ?? null, sent: kind === "talk" ? said(paper) : { place: "", note: "", state: "" } };
  await edit(record, content);
}

const said = (paper) => ({
  text: "", allows: [], giver_kind: "", buurt: "", age: "", language: "nl", kind: "street", wants_answer: false, from_paper: Boolean(paper),
  noted: { themes: [], ...(pack.guide && { guide: pack.guide.version }) },
});

async function resume(record) {
  part("busy").hidden = true;
  const stored = await app.store.change(record.id, ["draft", "refused"], { state: "draft", fault: "" });
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
  const dutch = texts.code === "nl" ? null : spoken("nl"); // for who asks and cannot read the language
  for (const name of ["title", "intro"]) part(`consent-${name}-dutch`).textContent = dutch?.[name] ?? "";
  const answer = (purpose) => (value) => {
    content.said[purpose] = value;
    if (BESIDE[purpose] && value === "no") void app.attached.removeAll(app.editor.record.id, BESIDE[purpose]);
    if (purpose === "answer") content.sent.wants_answer = value === "yes";
    content.sent.allows = pack.purposes.filter((one) => content.said[one] === "yes");
    app.editor.changed();
  };
  const choices = [["yes", texts.yes], ["no", texts.no]];
  const purposes = pack.purposes.filter((one) => one !== "audio" || canRecord() || content.said.audio);
  const asks = [...purposes, "answer"].map((one) => radios(one, beside(guideSays(one, texts.code) ?? texts[one], dutch && (guideSays(one, "nl") ?? dutch[one])), choices, content.said[one], answer(one)));
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

// What is read aloud, and small beside it the same in Dutch.
const beside = (text, dutch) => {
  const small = dutch ? [el("small", { className: "meta", lang: "nl", dir: "ltr" }, dutch)] : [];
  return el("span", {}, el("span", {}, text), ...small);
};

const BESIDE = { photo: "photo", audio: "sound" };

// What the guide has to be read aloud for a purpose, instead of our own text.
function guideSays(purpose, language) {
  const own = app.guide?.consents?.find((one) => pack.guide_says[one.purpose] === purpose);
  return own?.text[language];
}

async function consented() {
  const { content } = app.editor;
  if (!content.said.note) return (part("consent-fault").textContent = say.ask_note);
  app.asked = true; // the back button leads there again
  if (content.said.note === "yes") return talk();
  const texts = spoken(content.language);
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
  form.elements.text.oninput = (event) => set("text")(event.target.value);
  warn("text", form.elements.text, set("text"));
  fill(form.elements.kind, pack.kinds, sent.kind, set("kind"));
  fill(form.elements.buurt, [{ id: "", name: say.not_asked }, ...pack.buurten], sent.buurt ?? "", set("buurt"));
  part("buurt").hidden = pack.buurten.length === 0;
  fill(form.elements.age, [{ id: "", name: say.not_asked }, ...pack.ages], sent.age, set("age"));
  part("who").replaceChildren(radios("giver_kind", say.who, pack.who.map((one) => [one.id, one.name]), sent.giver_kind, set("giver_kind")));
  part("themes").replaceChildren(chips(say.themes, pack.themes, sent.noted.themes, (ids) => ((sent.noted.themes = ids), app.editor.changed())));
  part("themes").hidden = pack.themes.length === 0;
  app.questions = app.guide ? guideQuestions(sent.noted) : null;
  part("guide").replaceChildren(...(app.questions?.drawn ?? []));
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
  const known = (app.guide.consents ?? []).map(({ purpose }) => [`consent_${purpose}`, consents[pack.guide_says[purpose]] ?? ""]);
  noted.answers = { ...noted.answers, ...Object.fromEntries(known) };
  const photos = { may: consents.photo === "yes", ask: consent };
  return new Questions({ guide: app.guide, language, directions, noted, say, photos, rules: pack.personal, changed: () => app.editor.changed() });
}

function restNotAsked() {
  app.questions.rest();
  part("guide").replaceChildren(...(app.questions = guideQuestions(app.editor.content.sent.noted)).drawn);
  part("guide-fault").hidden = true;
}

// A warning under a box that is on the page already; *allowed*: an observation may keep an address.
function warn(name, box, set, allowed = []) {
  part(`warning-${name}`).replaceChildren(watched(box, { rules: pack.personal, say, set, allowed }));
}

function sight() {
  const { sent } = app.editor.content;
  const form = view("sight").querySelector("form");
  for (const name of ["place", "note"]) {
    form.elements[name].value = sent[name];
    form.elements[name].oninput = (event) => ((sent[name] = event.target.value), app.editor.changed());
  }
  fill(form.elements.state, [{ id: "", name: say.no_state }, ...pack.states], sent.state ?? "", (value) => ((sent.state = value), app.editor.changed()));
  const set = (name) => (text) => ((sent[name] = text), app.editor.changed());
  warn("place", form.elements.place, set("place"), ["address", "postcode"]);
  warn("note", form.elements.note, set("note"));
  app.forget?.();
  app.forget = choosing({ input: form.elements.place, place: part("streets"), streets: pack.streets, say, set: set("place") });
  drawSpot(sent.spot);
  part("sight-fault").textContent = "";
  void drawPhotos("sight");
  show("sight");
}

// The photos of what is being noted; a new one is kept at once.
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
    const text = `${name} ${n + 1} · ${size(one.sealed?.bytes.byteLength ?? 0)} `;
    const fault = one.state === "refused" ? [el("p", { className: "fault" }, one.unread ? say.photo_unread : one.fault)] : [];
    return el("li", { className: picture ? "thumbs" : "" }, ...(picture ? [picture] : []), text, el("button", { type: "button", className: "quiet", onclick: drop }, say.remove), ...fault);
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
  const keep = (bytes, type) => app.attached.keep({ ...one, type }, bytes);
  const recording = new Recording({ keep, stopped: () => ((app.recording = null), app.editor && drawSounds()) });
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

function lacking(kind, { text, note, place }) {
  if (kind === "talk") return text.trim() ? "" : say.no_text;
  return note.trim() && place.trim() ? "" : say.no_sight;
}

// Ready: from now on it is sent, again and again until the receipt.
async function finish(event) {
  event.preventDefault();
  await app.recording?.stop();
  const { record, content } = app.editor;
  const fault = lacking(record.kind, content.sent);
  part(`${record.kind}-fault`).textContent = fault;
  part("who-fault").textContent = record.kind === "talk" && !content.sent.giver_kind ? say.no_who : "";
  if (fault || part("who-fault").textContent) return view(record.kind).querySelector(".fault:not(:empty)").scrollIntoView({ block: "center" });
  if (record.kind === "talk" && app.questions && !app.questions.finish()) return void (part("guide-fault").hidden = false);
  const kept = await app.editor.finish();
  app.editor = null;
  void app.sending.now();
  await draw();
  if (kept.kind === "talk" && content.card) return showCard(kept);
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

// This phone was stopped from the desk: nothing is written any more, and all of it goes.
async function stopped() {
  clearTimeout(app.sending?.timer);
  await app.recording?.stop();
  await app.editor?.drop();
  Object.assign(app, { editor: null, vault: null, sending: null, glimpses: null });
  show("stopped");
}

const deleted = ({ at, lost }) => (part("stopped-told").textContent = say.stopped_told.replace("{at}", at).replace("{n}", lost));

// -- start

function wire() {
  const on = (name, act) => document.querySelectorAll(`[data-act="${name}"]`).forEach((one) => one.addEventListener("click", act));
  view("pin").querySelector("form").addEventListener("submit", unlock);
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
app.account = new Account({ store: app.store, changed: () => app.sending?.now() }); // what waited for who signed in goes
app.steps = new Steps({ outer: (name) => OUTER.includes(name), now, back: stepBack });
await app.device.known();
await app.account.known();
wire();
void app.device.look();
await askPin();
document.documentElement.dataset.fieldReady = "";

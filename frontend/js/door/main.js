// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// The tablet at the door: a badge is kept on this device before anything else, and sent when it can be.
// The list of who comes lies here sealed, without badges: by their fingerprints.
import { el, moment } from "../field/drawing.js";
import { keepPage } from "../field/keeping.js";
import { ask, Gone, Later, Queue } from "../field/sending.js";
import { open, Store } from "../field/store.js";
import { Vault } from "../field/vault.js";
import { canSee, Eye } from "./eye.js";

const DATABASE = { name: "wijkeconomie-door", version: 1, stores: { lock: "name", scans: "id", lists: "base" } };
const MOST = 200; // scans in one message
const EVERY = 30_000;
const SHOWN = 6;
const pack = JSON.parse(document.getElementById("pack").textContent);
const say = pack.words;
const base = location.pathname;
const part = (name) => document.querySelector(`[data-part="${name}"]`);
const form = document.querySelector("form");
const app = { store: null, vault: null, device: "", list: null, queue: null, over: false };
const clock = (at) => new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

// What stands on a badge: a word, or an address that ends with it.
export const word = (text) => text.trim().replace(/\/+$/, "").split("/").pop();

async function fingerprint(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(word(text)));
  return [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");
}

// -- this device: a key that nobody can read out seals the list

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

// -- scanning

async function scan(text) {
  if (!word(text) || app.over) return;
  const badge = await fingerprint(text);
  const what = form.elements.what.value;
  const stand = what === "stand" ? form.elements.stand.value : "";
  if (what === "stand" && !stand) return told("lacks", say.choose_stand);
  const before = await cameIn(badge);
  const record = { id: crypto.randomUUID(), base, badge, what, stand, at: new Date().toISOString(), made: Date.now(), state: "waiting" };
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

// When this badge came in before, on this tablet or on another of which we heard.
async function cameIn(badge) {
  const here = (await scans()).filter((one) => one.badge === badge && one.what !== "out").map((one) => one.at);
  return [...here, ...[app.list?.came[badge] ?? []].flat()].sort()[0];
}

function told(how, text, next = "") {
  part("told").dataset.how = how;
  part("told").replaceChildren(el("strong", {}, text), ...(next ? [el("span", {}, next)] : []));
}

const scans = async () => (await app.store.all("scans")).filter((one) => one.base === base);

// -- sending

class Door extends Queue {
  async all() {
    const token = await refresh();
    for (;;) {
      const waiting = (await scans()).filter((one) => one.state === "waiting").sort((one, other) => one.made - other.made).slice(0, MOST);
      if (!waiting.length) return;
      this.tell("sending");
      await this.batch(waiting, token);
      this.tries = 0;
    }
  }

  async batch(waiting, token) {
    const sent = waiting.map(({ id, badge, what, stand, at }) => ({ key: id, badge, what, stand, at }));
    const body = JSON.stringify({ device: app.device, now: new Date().toISOString(), scans: sent });
    const [status, answer] = await ask(`${base}scans/`, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
    if (status >= 400) return this.refuse(waiting, answer.detail ?? "");
    if (!Array.isArray(answer.received) || !(answer.received.length + answer.refused.length)) throw new Later(0); // no receipt
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
}

// Who comes, as the site knows it now; gives a token to send with.
async function refresh() {
  const [status, answer] = await ask(`${base}lijst/`);
  if (status !== 200 || !answer.token) throw new Later(0);
  const { token, ...list } = answer;
  app.list = list;
  await app.store.put("lists", { base, until: list.until, sealed: await app.vault.seal(list) });
  return token;
}

// After the day the list goes, and what arrived; what waits stays until it arrived.
async function purge() {
  const kept = await app.store.get("lists", base);
  if (!kept || Date.now() < Date.parse(kept.until)) return;
  await app.store.write(["lists"], (lists) => void lists.delete(base));
  for (const one of await scans()) if (one.state === "arrived") await app.store.write(["scans"], (store) => void store.delete(one.id));
  app.list = null;
}

// The organiser stopped this tablet: nothing stays.
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

// -- what stands on the page

async function draw() {
  if (app.over) return;
  const all = (await scans()).sort((one, other) => other.made - one.made);
  const waits = all.filter((one) => one.state === "waiting").length;
  const state = app.queue.state === "stopped" ? "stopped_link" : waits ? (app.queue.state === "waiting" || !navigator.onLine ? "offline" : "sending") : "idle";
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

// -- begin

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = form.elements.code.value;
  form.elements.code.value = "";
  form.elements.code.focus();
  void scan(text);
});
form.addEventListener("change", () => (part("stand").hidden = form.elements.what.value !== "stand"));
const eye = new Eye({ video: part("video"), seen: scan });
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

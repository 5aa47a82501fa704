// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// What is on this device as a file that only its passphrase opens, here or on another device.
import { Vault } from "./vault.js";

const FORMAT = "wijkeconomie-field-1";
export const SHORTEST = 10; // signs of a passphrase: who has the file can try as often as they want

export class NotOurs extends Error {} // no file of this app, or a damaged one
export class WrongWords extends Error {}

const PIECE = 0x8000;

function asText(buffer) {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text);
}

const asBytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
const written = ({ iv, bytes }) => ({ iv: asText(iv), bytes: asText(bytes) });
const read = ({ iv, bytes }) => ({ iv: asBytes(iv), bytes: asBytes(bytes) });

// The records *ids* with what goes beside them and their guides, as the text of a file.
export async function write({ store, vault, ids, passphrase }) {
  const all = await store.all("records");
  const records = [];
  for (const record of all.filter((one) => ids.includes(one.id))) {
    const { sealed, ...open } = record;
    const content = await vault.unseal(sealed);
    const guide = content.sent.noted?.guide ? await store.get("guides", content.sent.noted.guide) : null;
    records.push({ open, content, guide: guide ?? null, beside: await beside(store, vault, record.id) });
  }
  const [lock, { salt, check }] = await Vault.make(passphrase);
  return JSON.stringify({ format: FORMAT, salt: asText(salt), check: written(check), sealed: written(await lock.seal(records)) });
}

async function beside(store, vault, id) {
  const found = (await store.all("photos")).filter((one) => one.of === id && one.sealed);
  return Promise.all(found.map(async ({ sealed, ...open }) => ({ open, bytes: asText(await vault.unsealBytes(sealed)) })));
}

// The records in a file.  Throws NotOurs or WrongWords; nothing on this device changes.
export async function unlock(text, passphrase) {
  let file;
  let lock;
  try {
    file = JSON.parse(text);
    if (file.format !== FORMAT) throw new NotOurs();
    lock = { salt: asBytes(file.salt), check: read(file.check) };
  } catch {
    throw new NotOurs();
  }
  const vault = await Vault.open(passphrase, lock);
  if (!vault) throw new WrongWords();
  try {
    return await vault.unseal(read(file.sealed));
  } catch {
    throw new NotOurs();
  }
}

const STATES = { draft: "draft", waiting: "waiting" }; // what was sent back or differs is a draft again

// Put records on this device, each under its own key.  What is here already stays as it is; gives how many
// came and how many were here.
export async function restore({ store, vault, records }) {
  const told = { came: 0, there: 0 };
  for (const { open, content, guide, beside: attached } of records) {
    if (await store.get("records", open.id)) {
      told.there += 1;
      continue;
    }
    if (guide) await store.put("guides", guide);
    for (const one of attached) await store.put("photos", { ...one.open, sealed: await vault.sealBytes(asBytes(one.bytes)) });
    const state = STATES[open.state] ?? "draft";
    await store.put("records", { ...open, state, fault: "", tries: 0, rev: 1, sealed: await vault.seal(content) });
    told.came += 1;
  }
  return told;
}

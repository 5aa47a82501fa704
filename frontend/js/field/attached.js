// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// What goes beside a conversation or observation: photos and spoken memos.  Sealed on this device; sent
// after the text, each by itself.
import { drawnAnew } from "./photos.js";

const KINDS = ["photo", "sound"];
const LARGEST = 30_000_000; // bytes of a photo that stays here unread

export class Attached {
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
    const kept = { id: crypto.randomUUID(), journey: this.journey, made: Date.now(), state: "waiting", ...one, sealed };
    await this.store.put("photos", kept);
    return kept;
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
      const here = (found[one.of] ??= { counts: Object.fromEntries(KINDS.map((kind) => [kind, { waiting: 0, arrived: 0, refused: 0 }])), photos: [] });
      here.counts[one.kind][one.state] += 1;
      if (one.kind === "photo" && one.sealed) here.photos.push(one);
    }
    return found;
  }
}

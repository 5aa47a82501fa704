// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// What is on this device: drafts with the guides under which they were begun, what waits to be sent, what
// arrived.  A record has open fields (state,
// times, receipt) and a sealed content.  Every write looks whether another tab wrote in between.
const NAME = "wijkeconomie-field";
const VERSION = 2; // 1 had no guides
const STORES = { lock: "name", records: "id", cards: "key", photos: "id", guides: "version" };

const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

// The store of the field app, or another by its own *name* and *stores*.
export function open({ name: called = NAME, version = VERSION, stores = STORES } = {}) {
  const request = indexedDB.open(called, version);
  request.onupgradeneeded = () => {
    const there = request.result.objectStoreNames;
    for (const [name, keyPath] of Object.entries(stores)) if (!there.contains(name)) request.result.createObjectStore(name, { keyPath });
  };
  return asked(request);
}

export class Store {
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
    return asked(this.db.transaction([name]).objectStore(name).get(key));
  }

  all(name) {
    return asked(this.db.transaction([name]).objectStore(name).getAll());
  }

  put(name, value) {
    return this.write([name], (store) => asked(store.put(value)));
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
      const stored = await asked(records.get(record.id));
      const same = (stored?.rev ?? 0) === record.rev;
      const next = same ? { ...record } : { ...record, id: crypto.randomUUID(), beside: record.id, rev: 0 };
      next.rev += 1;
      await asked(records.put(next));
      return next;
    });
  }

  // Change open fields of the stored record (or photo), if it is in one of *states*; gives it or null.
  change(id, states, fields, name = "records") {
    return this.write([name], async (records) => {
      const stored = await asked(records.get(id));
      if (!stored || !states.includes(stored.state)) return null;
      const next = { ...stored, ...fields, rev: (stored.rev ?? 0) + 1 };
      await asked(records.put(next));
      return next;
    });
  }

  // Put *record* in the place of what is stored under *id*: what lies beside that goes along.
  replace(id, record) {
    return this.write(["records", "photos"], async (records, photos) => {
      await asked(records.put(record));
      for (const one of await asked(photos.getAll())) if (one.of === id) await asked(photos.put({ ...one, of: record.id }));
      await asked(records.delete(id));
    });
  }

  remove(id) {
    return this.write(["records", "photos"], async (records, photos) => {
      await asked(records.delete(id));
      for (const photo of await asked(photos.getAll())) if (photo.of === id) await asked(photos.delete(photo.id));
    });
  }

  // A card that came along, given to one conversation only; null when there are none left.
  takeCard(journey) {
    return this.write(["cards"], async (cards) => {
      const found = (await asked(cards.getAll())).find((one) => one.journey === journey);
      if (found) await asked(cards.delete(found.key));
      return found ?? null;
    });
  }

  async clear() {
    await this.write([...this.db.objectStoreNames], async (...stores) => {
      for (const store of stores) await asked(store.clear());
    });
  }
}

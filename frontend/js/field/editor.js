// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// A draft that is being written: on this device within a second of every change, by one tab at a time.
const SOON = 150;

export class Editor {
  constructor({ store, vault, record, content, saved, say }) {
    Object.assign(this, { store, vault, record, content, saved, say, timer: 0, dirty: false, writing: Promise.resolve() });
  }

  // Be the only tab that writes it; false when another is.
  hold() {
    return new Promise((resolve) => {
      navigator.locks.request(`wijkeconomie-field-${this.record.id}`, { ifAvailable: true }, (lock) => {
        resolve(Boolean(lock));
        return lock && new Promise((release) => (this.release = release));
      });
    });
  }

  changed() {
    this.dirty = true;
    this.saved(this.say.saving); // "kept" only while all that stands there is
    this.timer ||= setTimeout(() => this.flush(), SOON);
  }

  // Write what changed; after what was being written, also where that failed: then it is tried again.
  flush() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.writing = this.writing.catch(() => {}).then(() => this.write());
    return this.writing;
  }

  async write(state = this.record.state) {
    if (!this.dirty && state === this.record.state) return;
    this.dirty = false;
    try {
      const sealed = await this.vault.seal(this.content);
      const kept = await this.store.keep({ ...this.record, sealed, state, changed: Date.now() });
      const moved = kept.id !== this.record.id;
      this.record = kept;
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
    this.write = async () => {};
    this.release?.();
    return this.writing.catch(() => {});
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
}

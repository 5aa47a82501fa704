// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// Who is signed in on this phone, by a key that says nothing about them: what one field worker noted is
// never sent as another who signs in on the same phone.
const NAME = "account";
const PATIENCE = 3_000;

export class Account {
  constructor({ store, changed }) {
    Object.assign(this, { store, changed, key: "", first: new Promise((heard) => (this.heard = heard)) });
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

  theirs(record) {
    return Boolean(record.account && this.key && record.account !== this.key);
  }
}

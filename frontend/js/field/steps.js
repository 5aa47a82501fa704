// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// The back button of the phone: one screen back within the app, never out of it in the middle of
// something.  There are two places in the history: before (the first screen) and inside (any other).
const INSIDE = { field: "inside" };
const inside = () => history.state?.field === INSIDE.field;

// *outer* says whether a screen is one that one may leave; *back* goes one screen back and gives where we are.
export class Steps {
  constructor({ outer, now, back }) {
    Object.assign(this, { outer, now, back });
    addEventListener("popstate", () => this.moved());
  }

  // A screen is shown: from one that is not outer, the back button has to come to us first.
  shown(name) {
    if (!this.outer(name) && !inside()) history.pushState(INSIDE, "");
  }

  async moved() {
    if (inside()) return; // we came forward ourselves
    if (this.outer(this.now())) return setTimeout(() => history.back()); // as if we were not there
    await this.back();
    if (!this.outer(this.now())) setTimeout(() => history.forward());
  }
}

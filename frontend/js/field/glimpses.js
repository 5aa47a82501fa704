// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// By what one thing on this device is told from another: its first words, and its photos, small.  Both lie
// sealed; what was opened is remembered until the page is locked, and never kept.
import { el } from "./drawing.js";

const LONGEST = 60; // signs of the first words
const WIDE = 144; // pixels of a small photo: twice as many as it is wide on the page

function shortened(text) {
  const signs = [...text.trim().replace(/\s+/g, " ")];
  return signs.length > LONGEST ? `${signs.slice(0, LONGEST).join("").trimEnd()}…` : signs.join("");
}

export class Glimpses {
  constructor(vault) {
    Object.assign(this, { vault, words: new Map(), pictures: new Map() });
  }

  // The first words of a record, or none.
  async first({ id, rev, sealed }) {
    if (!sealed) return "";
    if (this.words.get(id)?.rev !== rev) {
      const { sent } = await this.vault.unseal(sealed).catch(() => ({})); // damaged: it has no words
      const text = sent?.text ?? [sent?.place, sent?.note].filter(Boolean).join(": ");
      this.words.set(id, { rev, text: shortened(text) });
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

  async bitmap({ id, sealed, type, unread }) {
    if (!sealed || unread) return null;
    if (!this.pictures.has(id)) {
      const blob = new Blob([await this.vault.unsealBytes(sealed)], { type });
      this.pictures.set(id, await createImageBitmap(blob, { resizeWidth: WIDE, resizeQuality: "medium" }).catch(() => null));
    }
    return this.pictures.get(id);
  }
}

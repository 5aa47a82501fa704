// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// Photos: drawn anew on this device, at most 1600 pixels along a side, so that no place, time or make of
// the phone goes along; sealed; sent after the text, each by itself.
import { el } from "./drawing.js";

const LONGEST = 1600;
const QUALITY = 0.8;

// A JPEG that is only a picture; throws for what this browser cannot read.
export async function drawnAnew(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = el("canvas", { width: Math.round(picture.width * scale) || 1, height: Math.round(picture.height * scale) || 1 });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  return blob.arrayBuffer();
}

export class Photos {
  constructor({ store, vault, journey }) {
    Object.assign(this, { store, vault, journey });
  }

  async of(id) {
    return (await this.store.all("photos")).filter((one) => one.of === id).sort((one, other) => one.made - other.made);
  }

  async add(id, file) {
    const sealed = await this.vault.sealBytes(await drawnAnew(file));
    await this.store.put("photos", { id: crypto.randomUUID(), of: id, journey: this.journey, made: Date.now(), state: "waiting", sealed });
  }

  remove(id) {
    return this.store.write(["photos"], (photos) => void photos.delete(id));
  }

  // Those whose text arrived, oldest first.
  async next() {
    const arrived = new Set((await this.store.records(this.journey)).filter((one) => one.state === "arrived").map((one) => one.id));
    const waiting = (await this.store.all("photos")).filter((one) => one.state === "waiting" && arrived.has(one.of));
    return waiting.sort((one, other) => one.made - other.made)[0];
  }

  // How many there are of each record, by state.
  async counts() {
    const counts = {};
    for (const { of, state } of await this.store.all("photos")) {
      counts[of] ??= { waiting: 0, arrived: 0, refused: 0 };
      counts[of][state] += 1;
    }
    return counts;
  }
}

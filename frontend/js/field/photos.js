// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// Photos: drawn anew on this device, at most 1600 pixels along a side, so that no place, time or make of
// the phone goes along.
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

// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// The camera that reads the QR code of a badge, where the browser can do so by itself.
const OFTEN = 250; // milliseconds between two looks
const AGAIN = 5_000; // the same badge before the camera is one scan for so long

export const canSee = () => "BarcodeDetector" in globalThis && Boolean(navigator.mediaDevices?.getUserMedia);

export class Eye {
  constructor({ video, seen }) {
    Object.assign(this, { video, seen, stream: null, timer: 0, last: "", at: 0, refused: false });
  }

  // On, or off; gives whether it looks now.
  async flip() {
    if (this.stream) return this.close();
    this.refused = false;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      this.video.srcObject = this.stream;
      await this.video.play();
    } catch {
      this.refused = true;
      return this.close();
    }
    const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
    this.timer = setInterval(() => void this.look(detector), OFTEN);
    return true;
  }

  close() {
    clearInterval(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = this.video.srcObject = null;
    return false;
  }

  async look(detector) {
    const [found] = await detector.detect(this.video).catch(() => []);
    if (!found || (found.rawValue === this.last && Date.now() - this.at < AGAIN)) return;
    [this.last, this.at] = [found.rawValue, Date.now()];
    this.seen(found.rawValue);
  }
}

// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// A spoken memo: recorded only after a yes to it, kept every few seconds, so that a phone that dies loses
// no more than those.
const EVERY = 3_000;
const LONGEST = 10 * 60_000;
const BITS = 24_000; // a second: speech, 1.8 MB in ten minutes
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

export const canRecord = () => "MediaRecorder" in window && Boolean(navigator.mediaDevices?.getUserMedia) && Boolean(type());
const type = () => TYPES.find((one) => window.MediaRecorder.isTypeSupported(one));

export class Recording {
  // *keep* gets all that was recorded so far, each time; *stopped* is called after the last.
  constructor({ keep, stopped }) {
    Object.assign(this, { keep, stopped, pieces: [], writing: Promise.resolve() });
  }

  // Throws where the microphone is not there or not allowed.
  async start() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    this.type = type().split(";")[0];
    this.recorder = new MediaRecorder(stream, { mimeType: type(), audioBitsPerSecond: BITS });
    this.recorder.ondataavailable = ({ data }) => data.size && this.take(data);
    this.done = new Promise((resolve) => {
      this.recorder.onstop = async () => {
        stream.getTracks().forEach((track) => track.stop());
        await this.writing;
        resolve();
        this.stopped();
      };
    });
    this.recorder.start(EVERY);
    this.limit = setTimeout(() => this.stop(), LONGEST);
  }

  take(piece) {
    this.pieces.push(piece);
    const whole = new Blob(this.pieces);
    this.writing = this.writing.then(async () => this.keep(await whole.arrayBuffer(), this.type));
  }

  stop() {
    clearTimeout(this.limit);
    if (this.recorder.state !== "inactive") this.recorder.stop();
    return this.done;
  }
}

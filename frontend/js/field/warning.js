// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// Says softly, under a box in which somebody types, what makes somebody known, and replaces it for who
// wants that.  It holds nothing up.
import { el } from "./drawing.js";
import { find } from "./personal.js";

const SOON = 400; // milliseconds after the last key

const looking = new WeakMap();

// What stands under *box*; *set* is told each new text.  *allowed* are kinds that this box is for.
export function watched(box, { rules, say, set, allowed = [] }) {
  const place = el("div", { className: "warning", role: "status", hidden: true });
  let timer = 0;
  const look = () => {
    clearTimeout(timer);
    const found = find(box.value, rules).filter(({ kind }) => !allowed.includes(kind));
    place.replaceChildren(...(found.length ? [el("p", {}, say.personal), ...found.map(row)] : []));
    place.hidden = found.length === 0;
  };
  const row = ({ kind, start, end }) => {
    const label = `[${rules.labels[kind]}]`;
    const words = box.value.slice(start, end);
    const replace = () => {
      if (box.value.slice(start, end) !== words) return look(); // typed on since
      box.setRangeText(label, start, end, "end");
      set(box.value);
      look();
      box.focus();
    };
    return el("p", {}, el("q", {}, words), " ", el("button", { type: "button", className: "quiet", onclick: replace }, say.replace.replace("{label}", label)));
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, SOON);
  };
  box.removeEventListener("input", looking.get(box)); // of the draft before this one
  looking.set(box, soon);
  box.addEventListener("input", soon);
  look();
  return place;
}

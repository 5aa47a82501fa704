// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// Choose a street without knowing where one is: from the list that came along, by typing a part of it.
import { el } from "./drawing.js";

const SHOWN = 8; // buttons at once: what a thumb can look over

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();

// The streets that go with what was typed: first those that begin so, then with a word that does, then
// the rest.  A number after the name does not matter.
export function matching(text, streets) {
  const wanted = folded(text.replace(/\s+\d.*$/s, ""));
  const rank = (name) => {
    if (name.startsWith(wanted)) return 0;
    if (name.split(/[\s-]/).some((word) => word.startsWith(wanted))) return 1;
    return name.includes(wanted) ? 2 : 3;
  };
  const ranked = streets.map((name) => [rank(folded(name)), name]).filter(([one]) => one < 3);
  return ranked.sort(([one], [other]) => one - other).map(([, name]) => name);
}

// Draws in *place* what may be chosen, again at every key in *input*; *set* is told what was chosen.
export function choosing({ input, place, streets, say, set }) {
  const said = el("p", { className: "meta", role: "status" });
  const choose = (name) => {
    const number = input.value.match(/\s+\d.*$/s)?.[0] ?? " "; // a number that stands there stays
    input.value = name + number;
    set(input.value.trim());
    draw();
    input.focus();
  };
  const draw = () => {
    const found = matching(input.value, streets);
    const done = found.some((name) => folded(name) === folded(input.value.replace(/\s+\d.*$/s, "")));
    const buttons = done ? [] : found.slice(0, SHOWN).map((name) => el("button", { type: "button", className: "quiet", onclick: () => choose(name) }, name));
    const more = !done && found.length > SHOWN ? say.streets_more.replace("{n}", found.length - SHOWN) : "";
    const none = input.value.trim() && found.length === 0 ? say.street_unknown : "";
    const heading = buttons.length ? [el("p", { className: "meta" }, say.streets.replace("{n}", found.length))] : [];
    const choices = buttons.length ? [el("p", { className: "buttons" }, ...buttons)] : [];
    said.textContent = more || none;
    place.replaceChildren(...heading, ...choices, said);
  };
  place.hidden = streets.length === 0;
  input.addEventListener("input", draw);
  draw();
  return () => input.removeEventListener("input", draw);
}

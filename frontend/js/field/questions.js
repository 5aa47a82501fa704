// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// The questions of a guide on the phone; what is not asked, given the answers so far, is hidden.
import { holds } from "./condition.js";
import { chips, el, radios } from "./drawing.js";

const TYPES = { integer: "numeric", decimal: "decimal" };
const LATER = new Set(["photo", "location"]); // the app has its own places for these

function walk(questions, parent = null) {
  return questions.flatMap((one) => [{ question: one, parent }, ...walk(one.questions ?? [], one.name)]);
}

// The names of what is asked: conditions look at each other without a ring, so this comes to rest.
export function asked(guide, answers, today) {
  const placed = walk(guide.questions);
  let shown = new Set(placed.map(({ question }) => question.name));
  for (let round = 0; round <= placed.length; round += 1) {
    const counted = Object.fromEntries(Object.entries(answers).filter(([name]) => shown.has(name) || name.startsWith("consent_")));
    const next = new Set();
    for (const { question, parent } of placed) {
      const around = parent === null || next.has(parent);
      if (around && (!question.relevant || holds(question.relevant.tree, counted, today))) next.add(question.name);
    }
    const same = next.size === shown.size && [...next].every((name) => shown.has(name));
    shown = next;
    if (same) break;
  }
  return placed.map(({ question }) => question.name).filter((name) => shown.has(name));
}

export function questions(guide, language, answers, changed) {
  const said = (words) => words?.[language] ?? words?.[guide.languages[0]] ?? "";
  const today = new Date().toISOString().slice(0, 10);
  const rows = new Map();
  const look = () => {
    const names = new Set(asked(guide, answers, today));
    for (const [name, row] of rows) row.hidden = !names.has(name);
  };
  const set = (name) => (text) => ((answers[name] = text), changed(), look());
  for (const { question } of walk(guide.questions)) {
    if (!LATER.has(question.kind)) rows.set(question.name, el("div", {}, draw(question, said, answers[question.name] ?? "", set(question.name))));
  }
  look();
  return [...rows.values()];
}

function draw(question, said, answer, on) {
  const text = said(question.label);
  const choices = (question.choices ?? []).map(({ name, label }) => [name, said(label)]);
  if (question.kind === "group") return el("h2", {}, text);
  if (question.kind === "note") return el("p", {}, text);
  if (question.kind === "one") return radios(`q-${question.name}`, text, choices, answer, on);
  if (question.kind === "many") {
    const things = choices.map(([id, name]) => ({ id, name }));
    return chips(text, things, answer.split(" ").filter(Boolean), (ids) => on(ids.join(" ")));
  }
  const id = `q-${question.name}`;
  const input = el(question.kind === "text" ? "textarea" : "input", { id, value: answer, oninput: (event) => on(event.target.value) });
  if (question.kind === "date") input.type = "date";
  if (TYPES[question.kind]) input.inputMode = TYPES[question.kind];
  const hint = said(question.hint) ? [el("span", { className: "meta" }, said(question.hint))] : [];
  return el("p", { className: "field" }, el("label", { htmlFor: id }, text), ...hint, input);
}

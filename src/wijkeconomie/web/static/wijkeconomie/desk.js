// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2

// js/field/condition.js
var NUMBER = /^\s*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*$/;
var DAY = 864e5;
function asDay(text) {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const at = found ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? at / DAY : NaN;
}
function asNumber(value2) {
  if (typeof value2 !== "string") return Number(value2);
  const found = NUMBER.exec(value2);
  return found ? Number(found[1]) : asDay(value2);
}
var asText = (value2) => Object.is(value2, -0) ? "0" : String(value2);
var truth = (value2) => Boolean(value2);
var chosen = (answer) => answer.split(" ").filter(Boolean);
function equal(left, right) {
  const either = (type) => typeof left === type || typeof right === type;
  if (either("boolean")) return truth(left) === truth(right);
  return either("number") ? asNumber(left) === asNumber(right) : left === right;
}
var MEANING = {
  and: (...parts) => parts.every(truth),
  or: (...parts) => parts.some(truth),
  "=": equal,
  "!=": (left, right) => !equal(left, right),
  "<": (left, right) => asNumber(left) < asNumber(right),
  "<=": (left, right) => asNumber(left) <= asNumber(right),
  ">": (left, right) => asNumber(left) > asNumber(right),
  ">=": (left, right) => asNumber(left) >= asNumber(right),
  "+": (...terms) => terms.map(asNumber).reduce((sum, one) => sum + one),
  "-": (value2) => -asNumber(value2),
  not: (value2) => !truth(value2),
  selected: (answer, choice) => chosen(asText(answer)).includes(asText(choice).trim()),
  "count-selected": (answer) => chosen(asText(answer)).length,
  "string-length": (value2) => [...asText(value2)].length,
  date: (value2) => Number.isNaN(asDay(asText(value2))) ? "" : asText(value2),
  true: () => true,
  false: () => false
};
function value([head, ...parts], given) {
  if (head === "text" || head === "number") return parts[0];
  if (head === "answer") return given.answers[parts[0]] ?? "";
  if (head === "self") return given.own;
  if (head === "today") return given.today;
  return MEANING[head](...parts.map((part) => value(part, given)));
}
var holds = (tree, answers, today, own = "") => truth(value(tree, { answers, today, own }));

// js/field/questions.js
var TYPES = { integer: "numeric", decimal: "decimal" };
function pointed(kind, text) {
  const tidy = TYPES[kind] ? text.trim() : text;
  return kind === "decimal" && /^-?[0-9]+,[0-9]+$/.test(tidy) ? tidy.replace(",", ".") : tidy;
}
function walk(questions, parent = null) {
  return questions.flatMap((one) => [{ question: one, parent }, ...walk(one.questions ?? [], one.name)]);
}
function asked(guide2, answers, today) {
  const placed = walk(guide2.questions);
  let shown = new Set(placed.map(({ question }) => question.name));
  for (let round = 0; round <= placed.length; round += 1) {
    const counted = Object.fromEntries(Object.entries(answers).filter(([name]) => shown.has(name) || name.startsWith("consent_")));
    const next = /* @__PURE__ */ new Set();
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

// js/field/desk.js
var { guide, says } = JSON.parse(document.getElementById("desk").textContent);
var rows = document.querySelectorAll("[data-question]");
var { form } = document.querySelector('input[name="guide"]');
function consent({ purpose }) {
  const box = form.querySelector(`input[name="allows"][value="${says[purpose]}"]`);
  return [`consent_${purpose}`, box ? box.checked ? "yes" : "no" : ""];
}
function look() {
  const typed = new FormData(form);
  const answer = ({ question: { name, kind } }) => [name, pointed(kind, typed.getAll(`q-${name}`).join(" "))];
  const answers = Object.fromEntries([...walk(guide.questions).map(answer), ...(guide.consents ?? []).map(consent)]);
  const day = (typed.get("held_at") || (/* @__PURE__ */ new Date()).toISOString()).slice(0, 10);
  const names = new Set(asked(guide, answers, day));
  for (const row of rows) row.hidden = !names.has(row.dataset.question);
}
for (const hint of document.querySelectorAll("[data-only-if]")) hint.hidden = true;
form.addEventListener("input", look);
addEventListener("pageshow", look);
look();

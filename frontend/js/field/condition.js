// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// What a condition of a guide means, from its tree: the same as fieldwork/condition.py, case by case
// (tests/fieldwork/conditions.json).
const NUMBER = /^\s*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))\s*$/;
const DAY = 86_400_000;

function asDay(text) {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const at = found ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? at / DAY : NaN;
}

function asNumber(value) {
  if (typeof value !== "string") return Number(value);
  const found = NUMBER.exec(value);
  return found ? Number(found[1]) : asDay(value);
}

const asText = (value) => (Object.is(value, -0) ? "0" : String(value));
const truth = (value) => Boolean(value); // NaN, 0 and no text do not hold
const chosen = (answer) => answer.split(" ").filter(Boolean);

function equal(left, right) {
  const either = (type) => typeof left === type || typeof right === type;
  if (either("boolean")) return truth(left) === truth(right);
  return either("number") ? asNumber(left) === asNumber(right) : left === right;
}

const MEANING = {
  and: (...parts) => parts.every(truth),
  or: (...parts) => parts.some(truth),
  "=": equal,
  "!=": (left, right) => !equal(left, right),
  "<": (left, right) => asNumber(left) < asNumber(right),
  "<=": (left, right) => asNumber(left) <= asNumber(right),
  ">": (left, right) => asNumber(left) > asNumber(right),
  ">=": (left, right) => asNumber(left) >= asNumber(right),
  "+": (...terms) => terms.map(asNumber).reduce((sum, one) => sum + one),
  "-": (value) => -asNumber(value),
  not: (value) => !truth(value),
  selected: (answer, choice) => chosen(asText(answer)).includes(asText(choice).trim()),
  "count-selected": (answer) => chosen(asText(answer)).length,
  "string-length": (value) => [...asText(value)].length,
  date: (value) => (Number.isNaN(asDay(asText(value))) ? "" : asText(value)),
  true: () => true,
  false: () => false,
};

function value([head, ...parts], given) {
  if (head === "text" || head === "number") return parts[0];
  if (head === "answer") return given.answers[parts[0]] ?? "";
  if (head === "self") return given.own;
  if (head === "today") return given.today;
  return MEANING[head](...parts.map((part) => value(part, given)));
}

export const holds = (tree, answers, today, own = "") => truth(value(tree, { answers, today, own }));

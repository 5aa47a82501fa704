// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// The questions of a guide on the phone; what is not asked, given the answers so far, is hidden.
import { holds } from "./condition.js";
import { chips, el, radios } from "./drawing.js";
import { watched } from "./warning.js";

const TYPES = { integer: "numeric", decimal: "decimal" };
const ELSEWHERE = new Set(["photo", "location"]); // the app has its own places for these
const ANSWERLESS = new Set(["note", "group"]);
const INTEGER = /^-?[0-9]{1,18}$/;
const DECIMAL = /^-?[0-9]{1,18}(?:\.[0-9]{1,18})?$/;
const DAY = /^[0-9]{4}-(?:0[1-9]|1[0-2])-[0-9]{2}$/;
const words = (text) => text.split(" ").filter(Boolean);

// A number may be typed with a comma, and with spaces around it.
export function pointed(kind, text) {
  const tidy = TYPES[kind] ? text.trim() : text;
  return kind === "decimal" && /^-?[0-9]+,[0-9]+$/.test(tidy) ? tidy.replace(",", ".") : tidy;
}

export function walk(questions, parent = null) {
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

const exists = (day, at = Date.parse(`${day}T00:00:00Z`)) => !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
const known = (question, names) => names.length > 0 && names.every((name) => question.choices.some((one) => one.name === name));
const FAULTS = {
  integer: (_, answer) => (INTEGER.test(answer) ? "" : "answer_integer"),
  decimal: (_, answer) => (DECIMAL.test(answer) ? "" : "answer_decimal"),
  date: (_, answer) => (!DAY.test(answer) ? "answer_date" : !exists(answer) ? "answer_no_such_day" : ""),
  one: (question, answer) => (known(question, [answer]) ? "" : "answer_choice"),
  many: (question, answer) => (known(question, words(answer)) ? "" : "answer_choice"),
};

// What is wrong with the answers: [[name, code]], the same as fieldwork/answers.py, case by case
// (tests/fieldwork/reviews.json).  *without* names those of which it was said why there is no answer.
export function review(guide, answers, today, without = []) {
  const names = new Set(asked(guide, answers, today));
  const counted = Object.fromEntries(Object.entries(answers).filter(([name]) => names.has(name) || name.startsWith("consent_")));
  const fault = (question) => {
    const answer = answers[question.name] ?? "";
    if (!answer.trim()) return question.required && !without.includes(question.name) ? "answer_required" : "";
    const found = FAULTS[question.kind]?.(question, answer);
    if (found || !question.constraint) return found ?? "";
    return holds(question.constraint.tree, counted, today, answer) ? "" : "answer_constraint";
  };
  const placed = walk(guide.questions).filter(({ question }) => names.has(question.name) && !ANSWERLESS.has(question.kind));
  return placed.map(({ question }) => [question.name, fault(question)]).filter(([, code]) => code);
}

// The questions of a guide as they are asked in *language*: what is typed goes into *noted* at once.
export class Questions {
  constructor({ guide, language, directions, noted, say, photos, rules, changed }) {
    Object.assign(this, { guide, language, directions, noted, say, photos, rules, changed, rows: new Map(), faults: new Map() });
    this.today = new Date().toISOString().slice(0, 10);
    noted.answers ??= {};
    noted.without ??= {};
    for (const { question } of walk(guide.questions)) this.rows.set(question.name, this.row(question));
    this.look();
  }

  get drawn() {
    const translated = walk(this.guide.questions).some(({ question }) => question.label?.[this.language]);
    const unchecked = translated && this.guide.unchecked?.includes(this.language) ? [el("p", { className: "meta" }, this.say.unchecked)] : [];
    return [...unchecked, ...this.rows.values()];
  }

  // Which language a text is really in: the one that was chosen, or the first of the guide.
  spoken(texts) {
    const language = texts?.[this.language] ? this.language : this.guide.languages[0];
    return language === "und" ? {} : { lang: language, dir: this.directions[language] ?? "auto" };
  }

  said(texts, name = "span", properties = {}) {
    const text = texts?.[this.language] ?? texts?.[this.guide.languages[0]] ?? "";
    return el(name, { ...this.spoken(texts), ...properties }, text);
  }

  look() {
    const names = new Set(asked(this.guide, this.noted.answers, this.today));
    for (const [name, row] of this.rows) row.hidden = !names.has(name);
  }

  row(question) {
    const { name, kind } = question;
    if (kind === "group") return this.said(question.label, "h2");
    const more = kind === "photo" ? this.photo() : [];
    if (kind === "note" || ELSEWHERE.has(kind)) return el("div", {}, this.said(question.label, "p"), ...this.hint(question), ...more);
    const fault = el("p", { className: "fault", id: `f-${name}` });
    this.faults.set(name, fault);
    const asks = this.asks(question);
    Object.assign(asks, this.spoken(question.label));
    const box = kind === "text" ? [watched(asks.querySelector("textarea"), { ...this, set: (text) => this.answer(question, text) })] : [];
    return el("div", { className: "question" }, asks, ...box, fault, this.none(question));
  }

  // Where a photo goes; or why there can be none, and how there can.
  photo() {
    if (this.photos.may) return [el("p", { className: "meta" }, this.say.photo_below)];
    const button = el("button", { type: "button", className: "quiet", onclick: this.photos.ask }, this.say.photo_ask);
    return [el("p", {}, this.say.photo_no_yes), el("p", { className: "buttons" }, button)];
  }

  hint({ name, hint }) {
    return hint ? [this.said(hint, "span", { className: "meta hint", id: `h-${name}` })] : [];
  }

  asks(question) {
    const { name, kind } = question;
    const answer = this.noted.answers[name] ?? "";
    const set = (text) => this.answer(question, text);
    const choices = (question.choices ?? []).map((one) => [one.name, this.said(one.label, "bdi")]);
    if (kind !== "one" && kind !== "many") return this.typed(question, answer, set);
    const asks = kind === "one"
      ? radios(`q-${name}`, this.said(question.label), choices, answer, set)
      : chips(this.said(question.label), choices.map(([id, label]) => ({ id, name: label })), words(answer), (ids) => set(ids.join(" ")));
    asks.querySelector("legend").after(...this.hint(question));
    return asks;
  }

  typed(question, answer, set) {
    const { name, kind } = question;
    const id = `q-${name}`;
    const input = el(kind === "text" ? "textarea" : "input", { id, value: answer, oninput: () => set(input.value), onchange: () => this.tell([name], false) });
    if (kind === "date") input.type = "date";
    if (TYPES[kind]) input.inputMode = TYPES[kind];
    input.setAttribute("aria-describedby", question.hint ? `h-${name} f-${name}` : `f-${name}`);
    return el("p", { className: "field" }, this.said(question.label, "label", { htmlFor: id }), ...this.hint(question), input);
  }

  // Why there is no answer: of a question that was not asked, or that somebody would rather not answer.
  none({ name }) {
    const reasons = [["", this.say.answered], ["not_asked", this.say.not_asked], ["declined", this.say.declined]];
    const set = (reason) => {
      if (reason) this.noted.without[name] = reason;
      else delete this.noted.without[name];
      this.changed();
      this.tell([name], false);
    };
    const asks = radios(`w-${name}`, this.say.no_answer, reasons, this.noted.without[name] ?? "", set);
    return el("details", { open: name in this.noted.without }, el("summary", {}, this.say.no_answer), asks);
  }

  answer({ name, kind }, text) {
    const tidy = (this.noted.answers[name] = pointed(kind, text));
    this.faults.get(name).textContent = "";
    if (tidy.trim() && this.noted.without[name]) {
      delete this.noted.without[name];
      this.rows.get(name).querySelector("details input").checked = true;
    }
    this.changed();
    this.look();
  }

  review() {
    const without = Object.keys(this.noted.without);
    return review(this.guide, this.noted.answers, this.today, without).filter(([name]) => this.faults.has(name));
  }

  // Say of *names*, or of all, what is wrong with them; gives how many.  That an answer is needed is said
  // at the end only.
  tell(names = [...this.faults.keys()], atEnd = true) {
    const found = new Map(this.review());
    const wrong = names.filter((name) => found.has(name) && (atEnd || found.get(name) !== "answer_required"));
    for (const name of names) {
      const question = walk(this.guide.questions).find((one) => one.question.name === name).question;
      const own = found.get(name) === "answer_constraint" && question.constraint_message;
      const text = wrong.includes(name) ? (own ? this.said(own) : this.say[found.get(name)]) : "";
      this.faults.get(name).replaceChildren(text);
    }
    return wrong.length;
  }

  // Also what has a place elsewhere in the app is no longer open then.
  finish() {
    const wrong = this.tell();
    const first = wrong && [...this.rows.values()].find((row) => row.querySelector(".fault")?.textContent);
    if (first) first.querySelector("input, textarea").focus();
    if (!wrong) this.rest(walk(this.guide.questions).filter(({ question }) => ELSEWHERE.has(question.kind)).map(({ question }) => question.name));
    return !wrong;
  }

  // Of these it is noted that they were not asked, where they have no answer.
  rest(names = this.review().filter(([, code]) => code === "answer_required").map(([name]) => name)) {
    for (const name of names) if (!this.noted.answers[name]) this.noted.without[name] ??= "not_asked";
    this.changed();
  }
}

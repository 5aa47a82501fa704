// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// The questions of a guide on the page at a desk: what is not asked, given the answers so far, is hidden.  The
// server decides by the same rules what counts, also without this.
import { asked, pointed, walk } from "./questions.js";

const { guide, says } = JSON.parse(document.getElementById("desk").textContent);
const rows = document.querySelectorAll("[data-question]");
const { form } = document.querySelector('input[name="guide"]');

function consent({ purpose }) {
  const box = form.querySelector(`input[name="allows"][value="${says[purpose]}"]`);
  return [`consent_${purpose}`, box ? (box.checked ? "yes" : "no") : ""];
}

function look() {
  const typed = new FormData(form);
  const answer = ({ question: { name, kind } }) => [name, pointed(kind, typed.getAll(`q-${name}`).join(" "))];
  const answers = Object.fromEntries([...walk(guide.questions).map(answer), ...(guide.consents ?? []).map(consent)]);
  const day = (typed.get("held_at") || new Date().toISOString()).slice(0, 10);
  const names = new Set(asked(guide, answers, day));
  for (const row of rows) row.hidden = !names.has(row.dataset.question);
}

for (const hint of document.querySelectorAll("[data-only-if]")) hint.hidden = true;
form.addEventListener("input", look);
addEventListener("pageshow", look); // a browser that goes back fills in what was typed
look();

// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// What a page can do more with scripts; every page works without.

const root = document.documentElement;
const systemDark = matchMedia("(prefers-color-scheme: dark)");

const isDark = () => (root.dataset.theme ?? (systemDark.matches ? "dark" : "light")) === "dark";

function themeToggle(button) {
  const dark = button.textContent;
  const show = () => (button.textContent = isDark() ? button.dataset.light : dark);
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem("wijkeconomie-theme", root.dataset.theme);
    } catch {
      // The choice then holds for this page only.
    }
    show();
    document.dispatchEvent(new CustomEvent("wijkeconomie:theme"));
  });
  systemDark.addEventListener("change", show);
  show();
}

// Suggestions: arrow keys walk from the box through the links and back, Escape closes.
function suggestions(input) {
  const list = document.getElementById(input.dataset.suggest);
  if (!list) return;
  const links = () => [...list.querySelectorAll("a")];
  const close = () => list.replaceChildren();
  const walk = (event) => {
    const stops = [input, ...links()];
    const at = stops.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      close();
      input.focus();
    } else if (step && at >= 0 && stops.length > 1) {
      event.preventDefault();
      stops[(at + step + stops.length) % stops.length].focus();
    }
  };
  input.addEventListener("keydown", walk);
  list.addEventListener("keydown", walk);
  input.form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !input.form.contains(event.relatedTarget)) close();
  });
  document.addEventListener("click", (event) => {
    if (!input.form.contains(event.target)) close();
  });
}

// A form of choices answers at once; its button stays for who has no scripts.
function autosubmit(form) {
  for (const button of form.querySelectorAll("button:not([name])")) button.hidden = true;
  // What changes more than the part that HTMX puts in place asks for the whole page.
  form.addEventListener("change", ({ target }) => ("whole" in target.dataset ? form.submit() : form.requestSubmit()));
}

// A table wider than the page says so; on a phone a cut-off column is easily taken for the last one.
const MORE = { nl: "Schuif de tabel opzij: er staan meer kolommen naast.", en: "Slide the table sideways: there are more columns beside it." };
const widths = new ResizeObserver((seen) => {
  for (const { target } of seen) {
    const box = target.closest(".scroll");
    box.previousElementSibling.hidden = box.scrollWidth <= box.clientWidth;
  }
});

function slide(box) {
  const hint = document.createElement("p");
  hint.className = "slide no-print";
  hint.textContent = MORE[root.lang] ?? MORE.nl;
  hint.hidden = true;
  box.before(hint);
  widths.observe(box);
  widths.observe(box.firstElementChild);
}

// - and + and = say which way the selected words point; a number keeps them under that theme, and with Shift it
// ticks one of several.
const SIDES = { "-": "worse", "+": "better", "=": "both" };

function keys(form) {
  const boxes = [...form.querySelectorAll("input[name=theme]")].slice(0, 9);
  boxes.forEach((box, i) => box.setAttribute("aria-keyshortcuts", String(i + 1)));
  boxes.forEach((box, i) => box.parentElement.append(Object.assign(document.createElement("kbd"), { textContent: i + 1 })));
  for (const hint of form.querySelectorAll("[data-keys]")) hint.hidden = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const typing = event.target.matches("textarea, select, button, a, input:not([type=checkbox])");
    const box = boxes[Number(/^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1]) - 1];
    const chosen = form.elements.words.value && !typing;
    if (chosen && SIDES[event.key]) {
      event.preventDefault();
      form.elements.says.value = SIDES[event.key];
    } else if (chosen && box) {
      event.preventDefault();
      box.checked = event.shiftKey ? !box.checked : true;
      if (!event.shiftKey) form.requestSubmit();
    } else if (chosen && event.key === "Enter" && boxes.some((one) => one.checked)) form.requestSubmit();
  });
}

// Words selected in a text go to the form beside it, with their place in code points.
function quoting(text) {
  const form = document.querySelector("form[data-quoting]");
  if (!form) return;
  document.addEventListener("selectionchange", () => {
    const chosen = document.getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return;
    const range = chosen.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    form.elements.words.value = range.toString();
    form.elements.start.value = [...before.toString()].length;
  });
  keys(form);
  form.elements.words.addEventListener("input", () => {
    form.elements.start.value = ""; // typed over: its place is looked for
  });
}

// Who was signed out while typing loses nothing: the page looks before it sends, and stays if it cannot.
const OUT = {
  nl: ["U was uitgelogd. Log in; uw concept is bewaard.", "Inloggen in een nieuw tabblad", "Druk daarna hier nog een keer op de knop.", "Geen verbinding. Uw tekst staat er nog; druk zo nog een keer op de knop."],
  en: ["You were logged out. Your draft was kept.", "Sign in in a new tab", "Then press the button here once more.", "No connection. Your text is still here; press the button once more in a moment."],
};

function kept(form) {
  const [out, where, then, offline] = OUT[root.lang] ?? OUT.nl;
  const told = Object.assign(document.createElement("p"), { className: "notice notice-error", hidden: true });
  told.setAttribute("role", "alert");
  form.prepend(told);
  let looked = false;
  form.addEventListener("submit", async (event) => {
    if (looked) return;
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    const page = await fetch(location.href, { redirect: "manual" }).catch(() => null);
    if (!page || page.type === "opaqueredirect") {
      const link = Object.assign(document.createElement("a"), { href: form.dataset.kept, target: "_blank", textContent: where });
      const words = document.createElement("span");
      words.append(...(page ? [out, " ", link, ". ", then] : [offline]));
      told.replaceChildren(words);
      told.hidden = false;
      form.ariaBusy = "false";
      return;
    }
    const token = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(await page.text());
    if (token) form.elements.csrfmiddlewaretoken.value = token[1]; // a new one came with signing in
    looked = true;
    form.requestSubmit(event.submitter);
    looked = false;
  });
  addEventListener("pagehide", () => (form.ariaBusy = "false"));
}

// The picture on a giver's card ends with its code, behind the # that no server is told.
function cardCode(input) {
  const code = location.hash.slice(1);
  if (!/^[2-9a-z]{10}$/.test(code)) return;
  input.value ||= code;
  history.replaceState(null, "", location.pathname + location.search);
}

/** A link to the same page in another language takes along the code that was typed, behind #. */
function withCode(link) {
  link.addEventListener("click", () => {
    const code = document.querySelector("[data-card-code]")?.value.trim();
    if (code) link.hash = code;
  });
}

// Copies what stands in a field; without a clipboard the button stays away.
function copying(button) {
  if (!navigator.clipboard) return;
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.done;
    } catch {
      field.select(); // it may be refused: then it can be copied by hand
    }
  });
}

function start(scope) {
  scope.querySelectorAll("[data-copy]").forEach(copying);
  scope.querySelectorAll("[data-with-code]").forEach(withCode);
  scope.querySelectorAll("[data-card-code]").forEach(cardCode);
  scope.querySelectorAll("[data-reading]").forEach(quoting);
  scope.querySelectorAll("form[data-kept]").forEach(kept);
  scope.querySelectorAll(".scroll").forEach(slide);
  scope.querySelectorAll("[data-theme-toggle]").forEach(themeToggle);
  scope.querySelectorAll("input[data-suggest]").forEach(suggestions);
  scope.querySelectorAll("form[data-autosubmit]").forEach(autosubmit);
}

start(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) start(event.detail.elt);
});

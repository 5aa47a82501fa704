// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// Pieces of the page.  What people typed becomes text, never marks.

export function el(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// A question with big buttons, of which one is chosen.
export function radios(name, text, choices, chosen, on) {
  const options = choices.map(([value, label]) => {
    const input = el("input", { type: "radio", name, value, checked: value === chosen, onchange: () => on(value) });
    return el("label", { className: "big" }, input, el("span", {}, label));
  });
  return el("fieldset", { className: "ask" }, el("legend", {}, text), el("div", { className: "bigs" }, ...options));
}

// Things of which any number is chosen, by id.
export function chips(text, things, chosen, on) {
  const wanted = new Set(chosen);
  const options = things.map(({ id, name }) => {
    const flip = (event) => (event.target.checked ? wanted.add(id) : wanted.delete(id), on([...wanted]));
    return el("label", { className: "big" }, el("input", { type: "checkbox", checked: wanted.has(id), onchange: flip }), el("span", {}, name));
  });
  return el("fieldset", { className: "ask" }, el("legend", {}, text), el("div", { className: "bigs" }, ...options));
}

export function fill(select, things, chosen, on) {
  select.replaceChildren(...things.map(({ id, name }) => el("option", { value: id, selected: id === chosen }, name)));
  select.onchange = () => on(select.value);
}

const DAY = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" };
export const moment = (at) => (at ? new Date(at).toLocaleString(document.documentElement.lang, DAY) : "");

export function size(bytes) {
  const [value, unit] = bytes > 100_000 ? [bytes / 1e6, "MB"] : [bytes / 1e3, "kB"];
  return bytes ? `${value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${unit}` : "";
}

// A QR code: how many modules wide, and their path.
export function cardPicture(picture, label) {
  const [, wide, path] = picture.match(/^(\d+) (.*)$/s);
  const made = (name, attributes) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const svg = made("svg", { viewBox: `0 0 ${wide} ${wide}`, class: "qr", role: "img", "aria-label": label });
  svg.append(made("rect", { width: wide, height: wide, fill: "#fff" }), made("path", { d: path, fill: "#000", "shape-rendering": "crispEdges" }));
  return svg;
}

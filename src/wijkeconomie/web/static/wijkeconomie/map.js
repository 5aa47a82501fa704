// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// The map one can move.  Tiles hold code and name; the values come apart and are joined by
// feature-state, so another indicator needs no other tiles.  Without this script the SVG map stays.

const STEPS = ["b3", "b2", "b1", "m0", "a1", "a2", "a3", "s1", "s2", "s3", "s4", "s5"];
const TOKENS = {
  b3: "--behind-3", b2: "--behind-2", b1: "--behind-1", m0: "--level", a1: "--ahead-1", a2: "--ahead-2",
  a3: "--ahead-3", s1: "--step-1", s2: "--step-2", s3: "--step-3", s4: "--step-4", s5: "--step-5",
};
const WORDS = {
  nl: {
    "Map.Title": "Kaart. Pijltjes verschuiven, plus en min vergroten en verkleinen.",
    "NavigationControl.ZoomIn": "Vergroot", "NavigationControl.ZoomOut": "Verklein",
    "CooperativeGesturesHandler.WindowsHelpText": "Gebruik Ctrl en het scrollwiel om de kaart te vergroten",
    "CooperativeGesturesHandler.MacHelpText": "Gebruik ⌘ en het scrollwiel om de kaart te vergroten",
    "CooperativeGesturesHandler.MobileHelpText": "Gebruik twee vingers om de kaart te bewegen",
    "Popup.Close": "Sluit",
  },
  en: {
    "Map.Title": "Map. Arrows move it, plus and minus zoom.",
    "NavigationControl.ZoomIn": "Zoom in", "NavigationControl.ZoomOut": "Zoom out",
    "CooperativeGesturesHandler.WindowsHelpText": "Use Ctrl and scroll to zoom the map",
    "CooperativeGesturesHandler.MacHelpText": "Use ⌘ and scroll to zoom the map",
    "CooperativeGesturesHandler.MobileHelpText": "Use two fingers to move the map",
    "Popup.Close": "Close",
  },
};

// A colour as the browser resolves it now, light or dark: the canvas knows no light-dark().
function colour(token) {
  const probe = document.createElement("i");
  probe.className = "visually-hidden";
  document.body.append(probe);
  probe.style.color = `var(${token})`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

// Hatching means unknown, on every map.
function hatching() {
  const size = 16;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.strokeStyle = colour("--ink-soft");
  pen.lineWidth = 2;
  for (const offset of [-size, 0, size]) {
    pen.moveTo(offset, size);
    pen.lineTo(offset + size, 0);
  }
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}

const STEP = ["coalesce", ["feature-state", "step"], "outside"];

function paint() {
  const cases = STEPS.flatMap((name) => [name, colour(TOKENS[name])]);
  return ["match", STEP, ...cases, colour("--paper-soft")];
}

// What lies outside is pale, not unknown; opacity can read feature-state, a pattern cannot.
const HATCHED = ["case", ["==", STEP, "unknown"], 1, 0];
const COLOURED = ["case", ["==", STEP, "unknown"], 0, 1];
const WIDTH = ["case", ["boolean", ["feature-state", "current"], false], 3.5, ["boolean", ["feature-state", "hover"], false], 2.5, 0.75];
const FAINT = ["case", ["==", STEP, "outside"], 0.3, 1];
const EDGE = () => [
  "case",
  ["any", ["boolean", ["feature-state", "current"], false], ["boolean", ["feature-state", "hover"], false]],
  colour("--ink"), colour("--line-strong"),
];

// No bounds: tiles that only the neighbours lie in are asked for too, or outlines would stop at the
// edge of a tile, somewhere in the picture.
function style(tiles) {
  return {
    version: 8,
    sources: {
      areas: { type: "vector", tiles: [new URL(tiles, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}")], minzoom: 8, maxzoom: 13, promoteId: "code" },
    },
    layers: [],
  };
}

function addLayers(map) {
  const layer = { source: "areas", "source-layer": "areas" };
  map.addImage("hatching", hatching(), { pixelRatio: 2 });
  map.addLayer({ ...layer, id: "unknown", type: "fill", paint: { "fill-pattern": "hatching", "fill-opacity": HATCHED } });
  map.addLayer({ ...layer, id: "known", type: "fill", paint: { "fill-color": paint(), "fill-opacity": COLOURED } });
  map.addLayer({ ...layer, id: "edge", type: "line", paint: { "line-color": EDGE(), "line-width": WIDTH, "line-opacity": FAINT } });
}

// Names as HTML above the canvas: the map has no letters of its own.  The largest areas come first;
// a name that would run off the edge moves inwards, one that would touch another waits until one
// zooms in.
function nameAreas(map, Marker, names, values) {
  const size = ({ bounds: [west, south, east, north] }) => (east - west) * (north - south);
  const known = Object.entries(values).filter(([code, { bounds }]) => bounds && names.get(code));
  const labels = known.sort(([, one], [, other]) => size(other) - size(one)).map(([code, found]) => {
    const element = document.createElement("span");
    element.className = "map-name";
    element.textContent = names.get(code);
    element.setAttribute("aria-hidden", "true"); // the select and the status line say it
    const [west, south, east, north] = found.bounds;
    const at = found.label ?? [(west + east) / 2, (south + north) / 2];
    const marker = new Marker({ element, opacityWhenCovered: "1" }).setLngLat(at).addTo(map);
    element.removeAttribute("role");
    element.removeAttribute("aria-label");
    element.removeAttribute("tabindex");
    // measured, for a narrow page has its own letters
    return { element, at, marker, half: element.offsetWidth / 2 + 3, deep: element.offsetHeight + 2 };
  });
  const place = () => {
    const { clientWidth: wide, clientHeight: high } = map.getContainer();
    const taken = [];
    for (const { element, at, marker, half, deep } of labels) {
      const point = map.project(at);
      const inside = (value, room, end) => Math.min(Math.max(value, room), end - room);
      const [x, y] = [inside(point.x, half, wide), inside(point.y, 10, high)];
      const seen = point.x > 0 && point.x < wide && point.y > 0 && point.y < high && 2 * half < wide;
      const free = seen && taken.every((other) => Math.abs(other.x - x) > other.half + half || Math.abs(other.y - y) > (other.deep + deep) / 2);
      if (free) taken.push({ x, y, half, deep });
      marker.setOffset(free ? [x - point.x, y - point.y] : [0, 0]);
      element.classList.toggle("no-room", !free);
    }
  };
  map.on("moveend", place);
  place();
}

const target = (code) => ({ source: "areas", sourceLayer: "areas", id: code });

function popupContent(name, found) {
  const box = document.createElement("div");
  const title = document.createElement("p");
  const link = document.createElement("a");
  link.href = found.url;
  link.textContent = name;
  title.append(link);
  const value = document.createElement("p");
  value.textContent = found.text;
  box.append(title, value);
  return box;
}

// Of the still map only its key remains beside the moving one; on paper it is whole again.
// Answers how to make it whole for good.
function onlyKey(still) {
  const picture = still.querySelector("svg");
  const whole = picture.getAttribute("viewBox");
  const [, , width, height] = whole.split(" ").map(Number);
  const key = picture.querySelector(".map-key").getBBox();
  const crop = () => {
    still.classList.add("key-only");
    picture.setAttribute("viewBox", `0 ${key.y - 4} ${width} ${height - key.y + 4}`);
  };
  const restore = () => {
    still.classList.remove("key-only");
    picture.setAttribute("viewBox", whole);
  };
  addEventListener("beforeprint", restore);
  addEventListener("afterprint", crop);
  crop();
  return () => {
    removeEventListener("beforeprint", restore);
    removeEventListener("afterprint", crop);
    restore();
  };
}

// Answers how to end it: the still map returns.
async function start(box) {
  const { Map: Map_, Marker, NavigationControl, Popup, setWorkerUrl } = await import(
    new URL("maplibre-gl.mjs", new URL(box.dataset.worker, location.href)).href
  );
  setWorkerUrl(box.dataset.worker);
  const language = box.dataset.language === "en" ? "en" : "nl";
  const words = WORDS[language];
  const bounds = box.dataset.bounds.split(",").map(Number);
  const answer = await fetch(box.dataset.values, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const { values } = await answer.json();

  const canvas = box.querySelector("[data-map-canvas]");
  const still = box.querySelector("[data-map-static]");
  canvas.hidden = false;
  const map = new Map_({
    container: canvas, style: style(box.dataset.tiles), bounds, fitBoundsOptions: { padding: 12 },
    minZoom: 8, maxZoom: 16, dragRotate: false, pitchWithRotate: false, touchPitch: false, attributionControl: false,
    cooperativeGestures: true, locale: words, fadeDuration: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  const ending = new AbortController();
  const { signal } = ending;
  let current = null;
  let popup = null;
  const status = box.querySelector("[data-map-status]");
  const told = (code, name) => { status.textContent = code ? `${name}: ${values[code].text}` : ""; };
  const pick = (code, name) => {
    if (current) map.setFeatureState(target(current), { current: false });
    current = code;
    if (code) map.setFeatureState(target(code), { current: true });
    told(code, name);
  };
  const show = (code, name, at) => {
    pick(code, name);
    popup?.remove();
    popup = new Popup({ closeButton: true, focusAfterOpen: false, maxWidth: "16rem" })
      .setLngLat(at)
      .setDOMContent(popupContent(name, values[code]))
      .addTo(map);
  };
  await new Promise((loaded) => map.once("load", loaded)); // before that an area cannot be marked
  addLayers(map);
  for (const [code, found] of Object.entries(values)) map.setFeatureState(target(code), { step: found.step });
  const names = new Map([...box.querySelectorAll("[data-map-select] option[value]")].map((option) => [option.value, option.textContent]));
  nameAreas(map, Marker, names, values);
  const whole = onlyKey(still);
  canvas.tabIndex = -1;
  map.once("idle", () => { box.dataset.ready = ""; });

  let hovered = null;
  const hover = (code, name) => {
    if (hovered === code) return;
    if (hovered) map.setFeatureState(target(hovered), { hover: false });
    hovered = code;
    if (code) {
      map.setFeatureState(target(code), { hover: true });
      told(code, name);
    }
    map.getCanvas().classList.toggle("over-area", Boolean(code));
  };
  map.on("mousemove", "known", ({ features }) => hover(values[features[0].id] ? features[0].id : null, features[0].properties.name));
  map.on("mouseleave", "known", () => hover(null));
  map.on("click", "known", ({ features, lngLat }) => {
    if (!values[features[0].id]) return;
    show(features[0].id, features[0].properties.name, lngLat);
    if (choice) choice.value = features[0].id;
  });

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const back = () => {
    popup?.remove();
    pick(null);
    map.fitBounds(bounds, { padding: 12, animate: !calm() });
  };
  const entire = box.querySelector("[data-map-whole]");
  entire.hidden = status.hidden = false;
  const choice = box.querySelector("[data-map-select]");
  entire.addEventListener("click", () => {
    if (choice) choice.value = "";
    back();
  }, { signal });
  choice?.addEventListener("change", () => {
    const code = choice.value;
    if (!code) {
      back();
      return;
    }
    const found = values[code];
    if (!found?.bounds) return;
    const [west, south, east, north] = found.bounds;
    map.fitBounds(found.bounds, { padding: 80, maxZoom: 14, animate: !calm() });
    show(code, choice.selectedOptions[0].textContent, found.label ?? [(west + east) / 2, (south + north) / 2]);
  }, { signal });

  const redraw = () => {
    map.setPaintProperty("known", "fill-color", paint());
    map.setPaintProperty("edge", "line-color", EDGE());
    map.updateImage("hatching", hatching());
  };
  document.addEventListener("wijkeconomie:theme", redraw, { signal });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw, { signal });
  return () => {
    ending.abort();
    map.remove();
    whole();
    canvas.hidden = entire.hidden = status.hidden = true;
    delete box.dataset.ready;
    if (choice) choice.value = "";
  };
}

function offer(box) {
  const button = box.querySelector("[data-map-start]");
  const back = box.querySelector("[data-map-stop]");
  const choice = box.querySelector("[data-map-select]");
  let running = null;
  const begin = async () => {
    running = start(box);
    button.hidden = true;
    try {
      await running;
      back.hidden = false;
    } catch (error) {
      // No WebGL or no network: the still map and its links remain.
      console.warn("map", error);
      box.querySelector("[data-map-canvas]").hidden = true;
      if (choice) choice.closest(".field").hidden = true;
    }
  };
  button.addEventListener("click", async () => {
    await begin();
    box.querySelector(".maplibregl-canvas")?.focus();
  });
  back.addEventListener("click", async () => {
    const stop = await running;
    running = null;
    stop();
    back.hidden = true;
    button.hidden = false;
    button.focus();
  });
  choice?.addEventListener("change", async () => {
    if (running) return;
    await begin();
    choice.dispatchEvent(new Event("change"));
  });
}

const offerAll = (scope) => {
  if (scope.matches?.("[data-map]")) offer(scope);
  scope.querySelectorAll("[data-map]").forEach(offer);
};
offerAll(document);
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) offerAll(event.detail.elt);
});

// SPDX-FileCopyrightText: The wijkeconomie contributors
// SPDX-License-Identifier: EUPL-1.2
// The service worker of the field app, and of the tablet at the door of a fair: a page is kept together with everything that it names, so that
// it starts in aeroplane mode.  What is no GET is never touched: it goes to the server or it fails.
const KEPT = "wijkeconomie-field";
const PAGE = /\/(veld\/[0-9a-f-]{36}|deur\/[0-9a-f]{32}\.[\w-]+)\/$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate" && PAGE.test(url.pathname)) event.respondWith(page(event, url.pathname));
  else if (url.pathname.startsWith("/static/") || url.pathname.endsWith("/app.webmanifest")) event.respondWith(kept(event.request));
});

// "keep" from a page: keep me now, and say what is kept.
self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(renew(event.data.keep).then((ok) => event.ports[0].postMessage({ ok })));
});

async function page(event, path) {
  const cache = await caches.open(KEPT);
  const found = await cache.match(path);
  if (!found) return fetch(event.request);
  event.waitUntil(renew(path));
  return found;
}

async function kept(request) {
  const cache = await caches.open(KEPT);
  return (await cache.match(request.url)) ?? fetch(request);
}

// A page of a server that we can reach and that knows us, with all that it names, or nothing.
async function renew(path) {
  const cache = await caches.open(KEPT);
  try {
    const answer = await fetch(path, { redirect: "error", cache: "no-cache" });
    if (!answer.ok) return false;
    const text = await answer.clone().text();
    if (!text.includes("data-field-app")) return false; // somebody else's page, of a hotel say
    for (const address of named(text)) {
      if (!(await cache.match(address))) await cache.add(new Request(address, { credentials: "same-origin" }));
    }
    await cache.put(path, answer);
    await forget(cache);
    return true;
  } catch {
    return false;
  }
}

function named(text) {
  const found = [...text.matchAll(/(?:href|src)="([^"#]+)/g)].map(([, address]) => address.replaceAll("&amp;", "&"));
  return [...new Set(found.filter((one) => one.startsWith("/static/") || one.endsWith("/app.webmanifest")))];
}

// What no kept page names any more.
async function forget(cache) {
  const requests = await cache.keys();
  const pages = requests.filter((one) => PAGE.test(new URL(one.url).pathname));
  const wanted = new Set(pages.map((one) => one.url));
  for (const one of pages) {
    for (const address of named(await (await cache.match(one)).text())) wanted.add(new URL(address, location.origin).href);
  }
  for (const one of requests) if (!wanted.has(one.url)) await cache.delete(one);
}

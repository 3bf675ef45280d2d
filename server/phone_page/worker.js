// Keeps the page itself, so that it opens without signal; what is recorded is kept by the page.
"use strict";
const KEPT = "canvass-page-1";
const SHELL = ["./", "page.js", "page.css"];
const PATIENCE_MS = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

// The newest page where there is signal, the one that is kept where there is none, or too little.
async function answer(request) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request, { ignoreSearch: true });
  const stop = new AbortController();
  const timer = kept ? setTimeout(() => stop.abort(), PATIENCE_MS) : 0;
  try {
    const found = await fetch(request.url, { signal: stop.signal, cache: "no-cache" });
    if (found.ok) await cache.put(request, found.clone());
    return found.ok || !kept ? found : kept;
  } catch (error) {
    if (kept) return kept;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

self.addEventListener("fetch", (event) => {
  const scope = self.registration.scope;
  const name = event.request.url.split(/[?#]/)[0].slice(scope.length) || "./";
  if (event.request.method === "GET" && event.request.url.startsWith(scope) && SHELL.includes(name)) {
    event.respondWith(answer(event.request));
  }
});

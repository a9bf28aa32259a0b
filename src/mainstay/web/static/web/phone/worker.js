/* The service worker of the phone. RELEASE (set by the address that loads this file) lists what one release needs:
   all of it is fetched before the release may work, and it answers from that copy alone. Data is never kept here. */
"use strict";

const PREFIX = `${self.RELEASE.name}-`;
const NAME = PREFIX + self.RELEASE.version;
const LISTED = new Set([self.RELEASE.page, ...self.RELEASE.files]);

/** Fetch everything past the browser's own cache; one failure fails the release, and the one before goes on working. */
async function install() {
  const cache = await caches.open(NAME);
  await cache.addAll([...LISTED].map(address => new Request(address, { cache: "reload", credentials: "omit" })));
}

/** Forget the releases before this one. */
async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter(name => name.startsWith(PREFIX) && name !== NAME).map(name => caches.delete(name)));
  await self.clients.claim();
}

/** Answer from this release's copy; what somebody deleted there comes from the network. */
async function kept(address, request) {
  const cache = await caches.open(NAME);
  return (await cache.match(address)) || fetch(request);
}

self.addEventListener("install", event => event.waitUntil(install()));
self.addEventListener("activate", event => event.waitUntil(activate()));

self.addEventListener("message", event => {
  if (event.data === "take-over") self.skipWaiting();
});

self.addEventListener("fetch", event => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (LISTED.has(address.pathname)) event.respondWith(kept(address.pathname, event.request));
});

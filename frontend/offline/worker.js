// The service worker: keeps the app's files by their content, so that it opens without a network.
//
// The build puts `self.site` before this: the version, and each file's digest by the part of the site that it belongs to.
// A part's name holds its content's hash and is its cache's name. So versions share what they have in common, a page can
// only ever ask for files of its own version, and an update need not wait for older pages to close. What is not the file
// that the build made is not kept. Requests with anything in them are none of its business.

const { version, page, parts } = self.site;
const scope = self.registration.scope;
const PAGE = `page/${version}`;
const PART = /^(?:panel|runtime|app|models)\/[0-9a-f]{16}(?=\/)/;
const AT_ONCE = 4;
const arriving = new Map(); // one fetch of a file, however many wait for it

const isLater = (part) => part.startsWith("models/"); // large, and not needed to open the app

function keepFile(part, name) {
  const address = `${scope}${part}/${name}`;
  if (!arriving.has(address))
    arriving.set(address, fetchFile(part, address, parts[part][name]).finally(() => arriving.delete(address)));
  return arriving.get(address);
}

async function fetchFile(part, address, integrity) {
  const cache = await caches.open(part);
  if (!(await cache.match(address, { ignoreVary: true }))) await cache.put(address, await fetch(address, { integrity }));
}

async function keepPart(part, goOn = async () => true) {
  const names = Object.keys(parts[part]);
  const keepNext = async () => {
    for (let name; (name = names.shift()) && (await goOn()); ) await keepFile(part, name);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, keepNext));
}

async function keepPage() {
  const cache = await caches.open(PAGE);
  await cache.put(`${scope}parts`, Response.json(Object.keys(parts)));
  await cache.put(scope, await fetch(scope, { integrity: page, cache: "no-cache" }));
}

async function install() {
  for (const part of Object.keys(parts).filter((part) => !isLater(part))) await keepPart(part);
  await keepPage();
  await self.skipWaiting();
}

const isKept = () => caches.has(PAGE); // not any more, once the person has deleted everything

async function keepLater() {
  if (await isKept()) for (const part of Object.keys(parts).filter(isLater)) await keepPart(part, isKept);
}

async function isWhole() {
  for (const part of Object.keys(parts).filter(isLater)) {
    if (!(await caches.has(part))) return false;
    const kept = await (await caches.open(part)).keys();
    if (kept.length < Object.keys(parts[part]).length) return false;
  }
  return isKept();
}

// What neither this version nor one that a page still runs needs. Such a page holds a lock of its version's name. Not
// while a newer version arrives: what that has gathered so far looks as if nobody needed it.
async function tidy() {
  const running = (await navigator.locks.query()).held.map(({ name }) => name);
  const needed = new Set(Object.keys(parts));
  const names = await caches.keys();
  const { installing, waiting } = self.registration;
  if (installing || waiting || self.serviceWorker?.state === "redundant") return;
  for (const name of names.filter((name) => name === PAGE || running.includes(name))) {
    needed.add(name);
    const list = await caches.match(`${scope}parts`, { cacheName: name });
    for (const part of list ? await list.json() : []) needed.add(part);
  }
  for (const name of names) if (!needed.has(name)) await caches.delete(name);
}

async function tell() {
  const state = { version, whole: await isWhole() };
  for (const client of await self.clients.matchAll()) client.postMessage(state);
}

async function openPage(event) {
  const kept = await caches.match(scope, { cacheName: PAGE, ignoreVary: true });
  if (!kept) return fetch(event.request);
  event.waitUntil(keepPage().catch(() => {})); // the headers may have changed since, without the page
  return kept;
}

async function openFile(request, part) {
  const find = () => caches.match(request.url, { cacheName: part, ignoreVary: true });
  const kept = await find();
  if (kept) return kept;
  const name = request.url.slice(scope.length + part.length + 1);
  if (!(parts[part]?.[name] && (await isKept()))) return fetch(request);
  await keepFile(part, name);
  return (await find()) ?? fetch(request);
}

const receive = {
  ask: tell,
  async keep() {
    await tidy();
    await keepLater().finally(tell);
  },
};

self.oninstall = (event) => event.waitUntil(install());
self.onactivate = (event) => event.waitUntil(self.clients.claim().then(tell));
self.onmessage = (event) => event.waitUntil(receive[event.data]().catch(() => {})); // what is not kept, `tell` tells
self.onfetch = (event) => {
  const { method, url } = event.request;
  if (method !== "GET" || !url.startsWith(scope)) return;
  const path = url.slice(scope.length).replace(/[?#].*/, "");
  const part = PART.exec(path)?.[0];
  if (part) event.respondWith(openFile(event.request, part));
  else if (event.request.mode === "navigate" && ["", "index.html"].includes(path)) event.respondWith(openPage(event));
};

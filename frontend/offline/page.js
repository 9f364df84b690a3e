// Starts the service worker once the app is on the page, and tells Python: `offline.state` with
// { reachable: whether the server answers, kept: "" | "opening" | "whole", update: whether a newer version is there }.

import { emit } from "../boot/bridge.js";

const RETRY_MS = 30_000; // while the server can't be reached
const LATER_MS = 10_000; // what the person asks for first is fetched first
const version = document.querySelector("meta[name=version]").content;
const workers = navigator.serviceWorker; // absent from some private windows
const state = { reachable: navigator.onLine, kept: "", update: false };
let retry;

export async function watch() {
  addEventListener("online", check);
  addEventListener("offline", check);
  document.addEventListener("visibilitychange", () => document.hidden || check());
  if (!workers) return check();
  navigator.locks.request(`page/${version}`, { mode: "shared" }, () => new Promise(() => {})); // as long as we are open
  workers.onmessage = ({ data }) => {
    state.update = data.version !== version;
    state.kept = data.whole ? "whole" : "opening";
    emit("offline.state", { ...state });
  };
  await rendered();
  await workers.register(new URL("../../../offline.js", import.meta.url)).catch(() => {}); // `check` will tell
  check();
  (await workers.ready).active.postMessage("ask");
  if (navigator.connection?.saveData) return;
  setTimeout(async () => (await workers.getRegistration())?.active?.postMessage("keep"), LATER_MS);
}

export function reload() {
  location.reload();
}

// Looking for a newer version is also how one finds out whether the server is there.
async function check() {
  clearTimeout(retry);
  const registration = await workers?.getRegistration();
  const looked = registration && navigator.onLine ? registration.update() : Promise.resolve();
  state.reachable = navigator.onLine && (await looked.then(() => true, () => false));
  if (!state.reachable) retry = setTimeout(check, RETRY_MS);
  emit("offline.state", { ...state });
}

function rendered() {
  return new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      if (list.getEntriesByName("rendered").length) resolve(observer.disconnect());
    });
    observer.observe({ type: "mark", buffered: true });
  });
}

// The loading progress: a bar, a sentence, and a readable page when loading fails.

import manifest from "../manifest.js";

const element = (id) => document.getElementById(id);
const wanted = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in manifest.messages);
export const language = wanted ?? "en";
const messages = manifest.messages[language];

// The bar's share of each stage, from the time that each takes on a fast connection.
const STAGES = { download: [0, 60], start: [60, 95], draw: [95, 100] };
const EXPECTED_START_MS = 1500;
const loaded = new Map();
const total = Object.values(manifest.sizes).reduce((sum, size) => sum + size, 0);
let stage = "download";
let creeping;

export function show() {
  document.documentElement.lang = language;
  element("skip").textContent = messages.skip;
  element("bar").setAttribute("aria-label", messages.progress);
  element("once").textContent = messages.once;
  element("loading").hidden = false;
  fetched();
}

export function fetched(path, bytes) {
  if (path) loaded.set(path, bytes);
  if (stage !== "download") return;
  const sum = [...loaded.values()].reduce((all, size) => all + size, 0);
  const megabytes = (size) => (size / 1e6).toLocaleString(language, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
  const text = messages.download.replace("{loaded}", megabytes(sum)).replace("{total}", megabytes(total));
  draw(sum / total, text);
  if (sum >= total) enter("start");
}

export function enter(next) {
  if (stage === next) return;
  stage = next;
  clearInterval(creeping);
  draw(0, messages[stage]);
  if (stage !== "start") return;
  const began = performance.now(); // Python reports nothing while it starts: approach the end, never reach it
  creeping = setInterval(() => draw(1 - Math.exp(-(performance.now() - began) / EXPECTED_START_MS)), 100);
}

export function finish() {
  clearInterval(creeping);
  element("boot").remove();
}

// Before the app is there, this is the page; afterwards it lies below it, and what the person has done stays.
export function fail(kind, details) {
  clearInterval(creeping);
  const running = !element("boot");
  const messages = manifest.messages[document.documentElement.lang]; // the app may have been switched since
  if (element("failure").hidden) {
    element("failure-title").textContent = messages[running ? "failed_later" : "failed"];
    element("failure-text").textContent = messages[running ? "failed_later_text" : `failed_${kind}`];
    element("failure-summary").textContent = messages.details;
    element("failure-details").textContent = details;
    element("retry").textContent = messages[running ? "reload" : "retry"];
    element("retry").onclick = () => location.reload();
    element("dismiss").textContent = messages.dismiss;
    element("dismiss").hidden = !running;
    element("dismiss").onclick = () => (element("failure").hidden = true);
  }
  element("failure").classList.toggle("later", running);
  element("failure").hidden = false;
  if (!running) element("boot").hidden = true;
}

function draw(share, text) {
  const [from, to] = STAGES[stage];
  const percent = Math.round(from + (to - from) * Math.min(share, 1));
  element("bar").setAttribute("aria-valuenow", percent);
  if (text) {
    element("stage").textContent = text;
    element("bar").setAttribute("aria-valuetext", text);
  }
  element("bar").firstElementChild.style.transform = `translateX(${percent - 100}%)`;
}

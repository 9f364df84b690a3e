// Draws clips on a time axis and tells what a person does with them: `timeline.moved` {line, start, dragged},
// `timeline.seek` {seconds}, `timeline.wanted` {lines} for waveforms, `timeline.undo` and `timeline.redo`.
// Where a clip comes to lie is Python's to say. Of thousands of clips only those in sight are in the document.

import { emit } from "../boot/bridge.js";
import { find } from "../boot/page.js";

const ZOOMS = [2, 5, 10, 20, 40, 80, 160]; // pixels a second
const STEP = 0.1; // seconds an arrow key moves a clip; with Shift, ten times as far
const SLACK = 4; // pixels before a press becomes a drag
const TICKS = [0.5, 1, 2, 5, 10, 30, 60, 300]; // seconds between two times on the ruler
const REDRAWN_MILLISECONDS = [50, 200, 800]; // after which Bokeh may have made a new host
const TICK_PIXELS = 70; // at least, between two

let told = null; // what Python said last
let parts = null; // the elements of the host that it is drawn in
let zoom = 4;
let dragged = null;
const shown = new Map(); // clip elements by line
const shapes = new Map(); // the waveform of a take, as an SVG path, by the take's key

export function draw({ host, lines, starts, seconds, labels, keys, cues, length, words }) {
  told = { host, lines, starts, seconds, labels: labels.split("\n"), keys: keys.split("\n"), cues, length, words };
  told.lanes = lanes();
  return appear();
}

// Draws in the host, which Bokeh may have made anew since.
function appear() {
  const element = find(document, `#${told.host}`);
  if (!element) return false;
  if (parts?.element !== element) build(element);
  parts.clips.style.height = `${68 * (1 + Math.max(0, ...told.lanes))}px`;
  place();
  return true;
}

// The waveform of a take: the peak (0 to 255) of equal stretches.
export function shape({ key, peaks }) {
  const top = Array.from(peaks, (peak, at) => `L${at} ${50 - peak / 5.4}`).join("");
  const bottom = Array.from(peaks, (_, at) => `L${peaks.length - 1 - at} ${50 + peaks[peaks.length - 1 - at] / 5.4}`).join("");
  shapes.set(key, { path: `M0 50${top}${bottom}Z`, width: peaks.length - 1 });
  if (told) place();
}

export function head({ seconds, follow }) {
  if (!parts) return;
  const left = seconds * ZOOMS[zoom];
  parts.head.style.left = `${left}px`;
  parts.ruler.setAttribute("aria-valuenow", seconds.toFixed(1));
  parts.ruler.setAttribute("aria-valuetext", clock(seconds));
  const { scroll } = parts;
  const away = left < scroll.scrollLeft || left > scroll.scrollLeft + scroll.clientWidth - 40;
  if (follow && away) scroll.scrollLeft = left - 40;
  parts.seconds = seconds;
}

export function scale({ by }) {
  if (!parts) return;
  const { scroll } = parts;
  const middle = (scroll.scrollLeft + scroll.clientWidth / 2) / ZOOMS[zoom];
  zoom = Math.min(Math.max(zoom + by, 0), ZOOMS.length - 1);
  place();
  scroll.scrollLeft = middle * ZOOMS[zoom] - scroll.clientWidth / 2;
  head({ seconds: parts.seconds });
}

function build(element) {
  const make = (name, into) => {
    const made = document.createElement("div");
    made.className = name;
    into.append(made);
    return made;
  };
  const before = parts?.seconds ?? 0;
  element.replaceChildren();
  shown.clear();
  const scroll = make("scroll", element);
  const track = make("track", scroll);
  parts = { element, scroll, track, ruler: make("ruler", track), cues: make("cues", track), clips: make("clips", track) };
  parts.head = make("head", track);
  parts.ruler.tabIndex = 0;
  parts.ruler.setAttribute("role", "slider");
  parts.ruler.setAttribute("aria-valuemin", "0");
  head({ seconds: before });
  parts.ruler.onclick = (event) => seek(event);
  parts.cues.onclick = (event) => seek(event);
  parts.ruler.onkeydown = (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, Home: -Infinity }[event.key];
    if (by) keyed(event, () => emit("timeline.seek", { seconds: Math.max(0, parts.seconds + by) }));
  };
  parts.clips.onclick = (event) => event.target === parts.clips && seek(event);
  scroll.onscroll = place;
  new ResizeObserver(place).observe(scroll);
  element.onkeydown = (event) => {
    if (!(event.ctrlKey || event.metaKey)) return;
    const redo = event.key === "y" || (event.key.toLowerCase() === "z" && event.shiftKey);
    if (redo || event.key === "z") keyed(event, () => emit(redo ? "timeline.redo" : "timeline.undo"));
  };
}

function keyed(event, action) {
  event.preventDefault();
  action();
}

function seek(event) {
  const left = event.clientX - parts.track.getBoundingClientRect().left;
  emit("timeline.seek", { seconds: Math.max(0, left / ZOOMS[zoom]) });
}

// Clips that sound at once lie below each other: each gets the first lane that is free at its start.
function lanes() {
  const ends = [];
  return Array.from(told.starts, (start, at) => {
    let lane = ends.findIndex((end) => end <= start + 1e-6);
    if (lane < 0) lane = ends.length;
    ends[lane] = start + told.seconds[at];
    return lane;
  });
}

// Brings the document to what is in sight.
function place() {
  if (!told || !parts) return;
  if (!parts.element.isConnected) {
    for (const wait of REDRAWN_MILLISECONDS) setTimeout(appear, wait);
    return;
  }
  const { scroll, track, ruler } = parts;
  const perSecond = ZOOMS[zoom];
  track.style.width = `${Math.max(told.length * perSecond + 80, scroll.clientWidth)}px`;
  ruler.setAttribute("aria-label", told.words.position);
  ruler.setAttribute("aria-valuemax", told.length.toFixed(1));
  const from = (scroll.scrollLeft - scroll.clientWidth) / perSecond;
  const to = (scroll.scrollLeft + 2 * scroll.clientWidth) / perSecond;
  placeTicks(from, to);
  placeCues(from, to);
  const seen = new Set();
  const wanted = [];
  for (let at = 0; at < told.lines.length; at++) {
    if (told.starts[at] > to || told.starts[at] + told.seconds[at] < from) continue;
    seen.add(told.lines[at]);
    if (!placeClip(at)) wanted.push(told.lines[at]);
  }
  for (const [line, clip] of shown) {
    if (seen.has(line) || dragged?.line === line) continue;
    clip.remove();
    shown.delete(line);
  }
  if (wanted.length) emit("timeline.wanted", { lines: wanted });
}

function placeTicks(from, to) {
  const every = TICKS.find((seconds) => seconds * ZOOMS[zoom] >= TICK_PIXELS) ?? TICKS.at(-1);
  const ticks = [];
  for (let at = Math.max(0, Math.floor(from / every)); at * every <= Math.min(to, told.length + 60); at++) {
    const tick = document.createElement("span");
    tick.textContent = clock(at * every);
    tick.style.left = `${at * every * ZOOMS[zoom]}px`;
    ticks.push(tick);
  }
  parts.ruler.replaceChildren(...ticks);
}

function placeCues(from, to) {
  const spans = [];
  for (let at = 0; at < told.cues.length; at += 2) {
    const [start, end] = told.cues.subarray(at, at + 2);
    if (start > to || end < from) continue;
    const span = document.createElement("span");
    span.style.left = `${start * ZOOMS[zoom]}px`;
    span.style.width = `${(end - start) * ZOOMS[zoom]}px`;
    spans.push(span);
  }
  parts.cues.hidden = !told.cues.length;
  parts.cues.replaceChildren(...spans);
}

// Whether its waveform is known.
function placeClip(at) {
  const line = told.lines[at];
  const clip = shown.get(line) ?? newClip(line);
  const width = told.seconds[at] * ZOOMS[zoom];
  const known = shapes.get(told.keys[at]);
  if (known && clip.dataset.key !== told.keys[at]) {
    clip.dataset.key = told.keys[at];
    clip.querySelector("path").setAttribute("d", known.path);
    clip.querySelector("svg").setAttribute("viewBox", `0 0 ${known.width} 100`);
  }
  clip.querySelector("span").textContent = width > 60 ? told.labels[at] : line + 1;
  clip.style.width = `${width}px`;
  clip.style.left = `${told.starts[at] * ZOOMS[zoom]}px`;
  clip.style.top = `${68 * told.lanes[at]}px`;
  clip.classList.toggle("over", told.lanes[at] > 0);
  clip.setAttribute("aria-label", told.labels[at]);
  clip.setAttribute("aria-valuenow", told.starts[at].toFixed(2));
  clip.setAttribute("aria-valuetext", told.words.starts.replace("{at}", clock(told.starts[at], 2)));
  clip.setAttribute("aria-valuemin", "0");
  clip.setAttribute("aria-valuemax", (told.length + 60).toFixed(2));
  return Boolean(known);
}

function newClip(line) {
  const clip = document.createElement("div");
  clip.className = "clip";
  clip.tabIndex = 0;
  clip.setAttribute("role", "slider");
  clip.innerHTML = '<svg preserveAspectRatio="none" aria-hidden="true"><path></path></svg><span aria-hidden="true"></span>';
  const start = () => told.starts[told.lines.indexOf(line)];
  const move = (to, by) => emit("timeline.moved", { line, start: to, dragged: by === "pointer" });
  clip.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = (event.shiftKey ? 10 : 1) * STEP;
    if (event.key === "ArrowLeft") keyed(event, () => move(start() - by));
    else if (event.key === "ArrowRight") keyed(event, () => move(start() + by));
    else if (event.key === "Enter" || event.key === " ") keyed(event, () => emit("timeline.seek", { seconds: start() }));
  };
  clip.ondragstart = (event) => event.preventDefault();
  clip.onpointerdown = (event) => {
    if (event.button) return;
    const from = event.clientX;
    const listening = new AbortController(); // on the window: a pointer is faster than the clip that it drags
    const listen = (name, action) => addEventListener(name, action, { signal: listening.signal });
    dragged = { line };
    let by = 0;
    listen("pointermove", (event) => {
      by = event.clientX - from;
      if (Math.abs(by) < SLACK && !clip.classList.contains("dragged")) return;
      clip.classList.add("dragged");
      clip.style.translate = `${Math.max(by, -start() * ZOOMS[zoom])}px`;
    });
    const drop = () => {
      listening.abort();
      dragged = null;
      clip.classList.remove("dragged");
      clip.style.translate = "";
    };
    listen("pointercancel", drop);
    listen("pointerup", () => {
      const moved = clip.classList.contains("dragged");
      drop();
      if (moved) move(start() + by / ZOOMS[zoom], "pointer");
      else emit("timeline.seek", { seconds: start() });
    });
  };
  shown.set(line, clip);
  parts.clips.append(clip);
  return clip;
}

function clock(seconds, digits = 0) {
  const minutes = Math.floor(seconds / 60);
  const rest = (seconds - 60 * minutes).toFixed(digits || (seconds % 1 ? 1 : 0));
  return `${minutes}:${rest.padStart(rest.includes(".") ? rest.length - rest.indexOf(".") + 2 : 2, "0")}`;
}

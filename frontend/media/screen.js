// The opened video as it plays, with the narration on the page's audio clock, and its own sound lowered under speech.

import { emit } from "../boot/bridge.js";
import { find } from "../boot/page.js";

const DRIFT_SECONDS = 0.06; // more than this between picture and narration is mended
const TRIES = 100; // for Bokeh to have drawn the place of the screen
const TRY_MILLISECONDS = 50;

let screen = null;
let context = null;
let original = null; // the gain of the video's own sound
let sounding = [];
let anchor = null; // where picture and audio clock met: { clock, at, rate }
let narration = { clips: [], curve: [], gain: 1 };

export function load(file) {
  screen = document.createElement("video");
  screen.controls = true;
  screen.playsInline = true;
  screen.preload = "auto";
  screen.src = URL.createObjectURL(file);
  for (const name of ["playing", "seeked", "ratechange"]) screen.addEventListener(name, follow);
  for (const name of ["pause", "waiting", "seeking", "ended"]) screen.addEventListener(name, hush);
  screen.addEventListener("play", () => context?.resume());
  screen.addEventListener("timeupdate", keepUp);
  screen.addEventListener("seeked", () => emit("media.time", screen.currentTime));
  screen.addEventListener("error", () => emit("media.unplayable"));
}

export function forget() {
  if (!screen) return;
  hush();
  screen.pause();
  URL.revokeObjectURL(screen.src);
  screen.removeAttribute("src");
  screen.load();
  screen.remove();
  context?.close();
  screen = context = original = null;
  narration = { clips: [], curve: [], gain: 1 };
}

// Puts the screen into the element `id`, as soon as that is drawn.
export async function show({ id, label }) {
  for (let turn = 0; screen && turn < TRIES; turn++) {
    const place = find(document, `#${CSS.escape(id)}`);
    if (place) {
      screen.setAttribute("aria-label", label);
      place.replaceChildren(screen);
      return true;
    }
    await new Promise((done) => setTimeout(done, TRY_MILLISECONDS));
  }
  return false;
}

// The speech to be heard: clips { id, start, samples } at `rate` Hz, samples null for those that are here, and the own
// sound's gain as a curve of [second, gain].
export function narrate({ clips, rate, gain, curve }) {
  if (!screen) return;
  if (!context) {
    context = new AudioContext({ latencyHint: "interactive" });
    original = new GainNode(context);
    context.createMediaElementSource(screen).connect(original).connect(context.destination);
  }
  const known = new Map(narration.clips.map(({ id, buffer }) => [id, buffer]));
  const heard = clips.map(({ id, start, samples }) => ({ id, start, buffer: known.get(id) ?? bufferOf(samples, rate) }));
  narration = { clips: heard, curve, gain };
  follow();
}

function bufferOf(samples, rate) {
  const buffer = context.createBuffer(1, Math.max(samples.length, 1), rate);
  buffer.copyToChannel(samples, 0);
  return buffer;
}

export function seek({ seconds }) {
  if (screen && Math.abs(screen.currentTime - seconds) > DRIFT_SECONDS) screen.currentTime = seconds;
}

export function pause() {
  screen?.pause();
}

function hush() {
  for (const source of sounding) source.stop();
  sounding = [];
  anchor = null;
}

function follow() {
  hush();
  if (!context) return;
  const clock = context.currentTime;
  const { currentTime: at, playbackRate: rate } = screen;
  lower(clock, at, rate);
  if (screen.paused || screen.seeking || screen.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) return;
  anchor = { clock, at, rate };
  const loudness = new GainNode(context, { gain: narration.gain });
  loudness.connect(context.destination);
  for (const { start, buffer } of narration.clips) {
    const passed = at - start;
    if (passed >= buffer.duration) continue;
    const source = new AudioBufferSourceNode(context, { buffer, playbackRate: rate });
    source.connect(loudness);
    source.start(clock + Math.max(0, -passed) / rate, Math.max(0, passed));
    sounding.push(source);
  }
}

function lower(clock, at, rate) {
  const { curve } = narration;
  const next = curve.findIndex(([second]) => second > at);
  original.gain.cancelScheduledValues(0);
  original.gain.setValueAtTime(level(curve, next, at), clock);
  if (next < 0) return;
  for (const [second, gain] of curve.slice(next)) original.gain.linearRampToValueAtTime(gain, clock + (second - at) / rate);
}

function level(curve, next, at) {
  if (!curve.length) return 1;
  if (next < 0) return curve.at(-1)[1];
  if (next === 0) return curve[0][1];
  const [[from, low], [to, high]] = [curve[next - 1], curve[next]];
  return low + ((high - low) * (at - from)) / (to - from);
}

function keepUp() {
  emit("media.time", screen.currentTime);
  if (!anchor) return;
  const expected = anchor.at + (context.currentTime - anchor.clock) * anchor.rate;
  if (Math.abs(expected - screen.currentTime) > DRIFT_SECONDS) follow();
}

// Plays pieces of sound one after another, each starting on the very sample where the last one ends. The audio context
// runs at the sound's own rate, so that pieces need no resampling of their own and meet without a click.

import { emit } from "../boot/bridge.js";

const LEAD_SECONDS = 0.05; // before the first piece, and again after a starvation
const PROGRESS_MILLISECONDS = 100;

let stream = null;

// Begins stream `id` at `rate` Hz; another that plays is stopped.
export async function start({ id, rate }) {
  stop();
  const context = new AudioContext({ sampleRate: rate, latencyHint: "interactive" });
  const timer = setInterval(progress, PROGRESS_MILLISECONDS);
  stream = { id, context, timer, sources: new Set(), heard: 0, next: 0, finished: false };
  await context.resume();
}

// Adds float32 samples to stream `id`; they sound at once or when those before them are over.
export function push({ id, samples }) {
  if (stream?.id !== id || !samples.length) return;
  const { context, sources } = stream;
  const buffer = context.createBuffer(1, samples.length, context.sampleRate);
  buffer.copyToChannel(samples, 0);
  samples.fill(0);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  if (stream.next <= context.currentTime) stream.next = context.currentTime + LEAD_SECONDS;
  source.start(stream.next);
  source.begin = stream.next;
  stream.next += buffer.duration;
  sources.add(source);
  source.onended = () => {
    sources.delete(source);
    if (stream?.id !== id) return;
    stream.heard += buffer.duration;
    ended();
  };
}

// No more comes for stream `id`: `player.ended` is sent when the last piece is over.
export function finish({ id }) {
  if (stream?.id !== id) return;
  stream.finished = true;
  ended();
}

export function stop() {
  if (!stream) return;
  const { id, context, timer } = stream;
  stream = null;
  clearInterval(timer);
  context.close();
  emit("player.ended", { id });
}

function ended() {
  if (stream.finished && !stream.sources.size) stop();
}

// How much of the stream has been heard, pauses of starvation left out.
function progress() {
  const { id, context, sources, heard } = stream;
  const [current] = sources;
  const within = current ? Math.min(Math.max(context.currentTime - current.begin, 0), current.buffer.duration) : 0;
  emit("player.progress", { id, seconds: heard + within });
}

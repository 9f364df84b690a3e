// The microphone, on the page because only the page has it. Samples gather here while recording and move to Python in
// one piece; the level is painted without Python, as the CSS variable --level of the page (0 to 1).

import { emit } from "../boot/bridge.js";

const MAX_SECONDS = 45;
const EVENT_SECONDS = 0.2;

let session = null; // { stream, context, node } while the microphone is open
let blocks = null; // what was recorded, while recording
let heard = { peak: 0, energy: 0, count: 0 };

// Opens the microphone and begins to report its level. Throws the DOMException of getUserMedia.
export async function open({ device = null }) {
  await close();
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 };
  if (device) audio.deviceId = { exact: device };
  if (!navigator.mediaDevices) throw new DOMException("needs https or localhost", "SecurityError");
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  const context = new AudioContext();
  session = { stream, context };
  const [track] = stream.getAudioTracks();
  track.onended = () => lost();
  await context.audioWorklet.addModule(new URL("./worklet.js", import.meta.url));
  await context.resume();
  const node = new AudioWorkletNode(context, "recorder", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
  node.port.onmessage = ({ data }) => receive(data);
  context.createMediaStreamSource(stream).connect(node);
  session.node = node;
  const settings = track.getSettings();
  return { device: settings.deviceId ?? "", label: track.label, sample_rate: context.sampleRate };
}

// The microphones to choose from; their names are empty until one was opened.
export async function devices() {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter(({ kind }) => kind === "audioinput").map(({ deviceId, label }) => ({ device: deviceId, label }));
}

export function start() {
  if (!session) throw new DOMException("no microphone is open", "InvalidStateError");
  blocks = [];
}

// Ends the recording: float32 samples at `sample_rate`. Nothing of them stays on the page.
export function stop() {
  const count = blocks.reduce((sum, block) => sum + block.length, 0);
  const samples = new Float32Array(count);
  let at = 0;
  for (const block of blocks) {
    samples.set(block, at);
    at += block.length;
    block.fill(0);
  }
  blocks = null;
  return { samples, sample_rate: session.context.sampleRate };
}

export async function close() {
  blocks?.forEach((block) => block.fill(0));
  blocks = null;
  const { stream, context } = session ?? {};
  session = null;
  stream?.getTracks().forEach((track) => {
    track.onended = null;
    track.stop();
  });
  await context?.close();
  document.documentElement.style.removeProperty("--level");
}

async function lost() {
  await close();
  emit("capture.lost");
}

function receive(block) {
  if (!session) return;
  let peak = 0;
  let energy = 0;
  for (const sample of block) {
    peak = Math.max(peak, Math.abs(sample));
    energy += sample * sample;
  }
  const decibels = 10 * Math.log10(energy / block.length + 1e-12);
  document.documentElement.style.setProperty("--level", Math.max(0, Math.min(1, 1 + (decibels + 6) / 54)).toFixed(3));
  heard = { peak: Math.max(heard.peak, peak), energy: heard.energy + energy, count: heard.count + block.length };
  if (heard.count >= EVENT_SECONDS * session.context.sampleRate) {
    emit("capture.level", { rms: Math.sqrt(heard.energy / heard.count), peak: heard.peak });
    heard = { peak: 0, energy: 0, count: 0 };
  }
  if (blocks && blocks.length * block.length < MAX_SECONDS * session.context.sampleRate) blocks.push(block);
}

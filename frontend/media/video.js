// A video that the person opens: what it is, its picture as packets, its sound as samples.

import { mediabunny } from "./library.js";
import { forget, load } from "./screen.js";

const ACCEPT = "video/mp4,video/webm,video/quicktime,.mp4,.m4v,.mov,.webm,.mkv";
const SIDE = Math.SQRT1_2; // of centre and surround channels in a stereo downmix (ITU-R BS.775)

let opened = null;
let reading = null; // the sound as it is decoded: { next, samples, held }

export const video = () => opened;

// Facts of the chosen file, { name, problem } for one that is of no use, null when none was chosen.
export function choose() {
  return new Promise((resolve, reject) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = ACCEPT;
    input.oncancel = () => resolve(null);
    input.onchange = () => open(input.files[0]).then(resolve, reject);
    input.click();
  });
}

async function open(file) {
  const { BlobSource, Input, MATROSKA, MP4, QTFF, WEBM } = await mediabunny();
  const input = new Input({ source: new BlobSource(file), formats: [MP4, QTFF, WEBM, MATROSKA] });
  try {
    if (!(await input.canRead())) return { name: file.name, problem: "format" };
    const picture = await input.getPrimaryVideoTrack();
    if (!picture || !(await picture.getCodec())) return { name: file.name, problem: "picture" };
    const track = await input.getPrimaryAudioTrack();
    const audible = track && (await track.canDecode());
    const facts = {
      name: file.name,
      size: file.size,
      seconds: await input.computeDuration([picture]),
      width: await picture.getDisplayWidth(),
      height: await picture.getDisplayHeight(),
      codec: await picture.getCodec(),
      sound: track && { codec: await track.getCodec(), rate: await track.getSampleRate(), audible },
    };
    close();
    opened = { file, input, picture, track: audible ? track : null };
    load(file);
    return facts;
  } catch (error) {
    console.warn(error);
    input.dispose();
    return { name: file.name, problem: "broken" };
  }
}

export function close() {
  stopReading();
  opened?.input.dispose();
  opened = null;
  forget();
}

// `count` samples of the sound from number `first` on, at its own rate: the left channel, then the right one.
export async function sound({ first, count }) {
  const { AudioSampleSink } = await mediabunny();
  const rate = await opened.track.getSampleRate();
  if (reading?.next !== first) {
    stopReading();
    reading = { samples: new AudioSampleSink(opened.track).samples(first / rate), held: null };
  }
  const target = new Float32Array(2 * count);
  for (;;) {
    const sample = reading.held ?? (await reading.samples.next()).value;
    reading.held = null;
    if (!sample) break;
    const at = Math.round(sample.timestamp * rate) - first;
    if (at < count) copy(sample, target, at, count);
    if (at + sample.numberOfFrames <= count) sample.close();
    else {
      reading.held = sample;
      break;
    }
  }
  reading.next = first + count;
  return target;
}

function stopReading() {
  reading?.held?.close();
  reading?.samples.return();
  reading = null;
}

function copy(sample, target, at, count) {
  const from = Math.max(0, -at);
  const to = Math.min(sample.numberOfFrames, count - at);
  if (to <= from) return;
  const channels = Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
    const plane = new Float32Array(sample.numberOfFrames);
    sample.copyTo(plane, { format: "f32-planar", planeIndex });
    return plane;
  });
  const [left, right = left, centre, , leftBack, rightBack] = channels;
  const surround = channels.length === 6;
  for (let i = from; i < to; i++) {
    target[at + i] = left[i] + (surround ? SIDE * (centre[i] + leftBack[i]) : 0);
    target[count + at + i] = right[i] + (surround ? SIDE * (centre[i] + rightBack[i]) : 0);
  }
}

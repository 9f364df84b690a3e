// Files that are written here: sound from Python, and with it the packets of the opened video's picture, as they are.

import { encoder, mediabunny } from "./library.js";
import { video } from "./video.js";

const PRIMING = 1_024; // samples of silence that the AAC encoder puts before the sound
const KINDS = {
  wav: { format: "WavOutputFormat", codec: "pcm-s16" },
  flac: { format: "FlacOutputFormat", codec: "flac" },
  mp3: { format: "Mp3OutputFormat", codec: "mp3" },
  opus: { format: "OggOutputFormat", codec: "opus" },
  m4a: { format: "Mp4OutputFormat", codec: "aac" },
  mp4: { format: "Mp4OutputFormat", codec: "aac" },
};

let writing = null;
let written = null; // the last file that was finished: a Blob

// The kinds that this browser can write.
export async function formats() {
  const { canEncodeAudio } = await mediabunny();
  const opus = await canEncodeAudio("opus", { numberOfChannels: 1, sampleRate: 48_000 });
  return Object.keys(KINDS).filter((kind) => kind !== "opus" || opus);
}

// Begins a file of a kind; "mp4" takes the picture of the opened video along.
export async function begin({ kind, rate, channels, bitrate, tags, language }) {
  await cancel();
  const library = await mediabunny();
  const { format, codec } = KINDS[kind];
  await encoder(codec);
  const target = new Pieces();
  const movie = {};
  const onMoov = (data, offset) => Object.assign(movie, { data: data.slice(), offset });
  const output = new library.Output({
    format: new library[format]({ fastStart: false, onMoov }),
    target: new library.StreamTarget(target.stream, { chunked: true }),
  });
  const quality = bitrate ? new library.Quality({ bitrate }) : undefined;
  const sound = new library.AudioSampleSource({ codec, quality });
  output.addAudioTrack(sound, { languageCode: language });
  const picture = kind === "mp4" ? await beginPicture(library, output) : null;
  output.setMetadataTags(tags);
  await output.start();
  writing = { output, target, movie, sound, picture, rate, channels, at: codec === "aac" ? -PRIMING : 0 };
}

async function beginPicture({ EncodedPacketSink, EncodedVideoPacketSource }, output) {
  const { picture } = video();
  const source = new EncodedVideoPacketSource(await picture.getCodec());
  output.addVideoTrack(source, { rotation: await picture.getRotation(), flip: await picture.getFlip() });
  const packets = new EncodedPacketSink(picture).packets();
  return { source, packets, held: null, meta: { decoderConfig: await picture.getDecoderConfig() } };
}

// The next samples: one channel after the other.
export async function write({ samples }) {
  const { AudioSample } = await mediabunny();
  const { sound, picture, rate, channels } = writing;
  const timestamp = writing.at / rate;
  const sample = new AudioSample({
    data: samples, format: "f32-planar", numberOfChannels: channels, sampleRate: rate, timestamp,
  });
  writing.at += samples.length / channels;
  if (picture) await copyPicture(writing.at / rate);
  await sound.add(sample);
  sample.close();
}

// Packets up to that second, so that picture and sound lie side by side in the file and neither waits in memory.
async function copyPicture(seconds) {
  const { picture } = writing;
  while (!picture.done) {
    const packet = picture.held ?? (await picture.packets.next()).value;
    picture.held = null;
    if (!packet) {
      picture.done = true;
      picture.source.close();
    } else if (packet.timestamp > seconds) {
      picture.held = packet;
      return;
    } else {
      await picture.source.add(packet, picture.meta);
      picture.meta = undefined;
    }
  }
}

// Completes the file: its size, and of an MP4 the movie box and where it lies.
export async function end() {
  if (writing.picture) await copyPicture(Infinity);
  writing.sound.close();
  await writing.output.finalize();
  written = writing.target.blob();
  const { data = null, offset = 0 } = writing.movie;
  writing = null;
  return { size: written.size, movie: data, offset };
}

export async function cancel() {
  const left = writing;
  writing = null;
  await left?.picture?.packets.return();
  if (left?.output.state === "started") await left.output.cancel();
}

// Gives the finished file away; of an MP4, with `tail` in place of everything from `offset` on.
export function finished({ mime, tail = null, offset = 0 }) {
  const file = new Blob(tail ? [written.slice(0, offset), tail] : [written], { type: mime });
  written = null;
  return file;
}

// What is written, in blobs that the browser may keep on disk; a later piece may replace part of earlier ones.
class Pieces {
  #pieces = []; // [offset, blob], in order, none over another
  stream = new WritableStream({ write: ({ data, position }) => this.#put(position, new Blob([data])) });

  #put(offset, blob) {
    const end = offset + blob.size;
    const around = this.#pieces.flatMap(([at, old]) => [
      [at, old.slice(0, Math.max(0, offset - at))],
      [Math.max(at, end), old.slice(Math.max(0, end - at))],
    ]);
    this.#pieces = [...around, [offset, blob]].filter(([, { size }]) => size).sort(([a], [b]) => a - b);
  }

  blob() {
    return new Blob(this.#pieces.map(([, blob]) => blob));
  }
}

// mediabunny, which reads and writes media files, and its encoders; each fetched when it is first needed.

import manifest from "../manifest.js";

const folder = new URL(`../../../${manifest.runtime}/media/`, import.meta.url);
const load = (name) => import(new URL(name, folder).href);

let loading;

export function mediabunny() {
  loading ??= load("mediabunny.min.mjs");
  return loading;
}

// One encoder for every browser, though some have an AAC encoder of their own: what is tested is what everybody gets.
const ENCODERS = {
  aac: async () => (await load("aac-encoder.mjs")).registerAacEncoder(),
  mp3: async () => (await load("mp3-encoder.mjs")).registerMp3Encoder(),
  flac: async () => (await load("flac-encoder.mjs")).registerFlacEncoder(),
};

export async function encoder(codec) {
  await mediabunny();
  await ENCODERS[codec]?.();
}

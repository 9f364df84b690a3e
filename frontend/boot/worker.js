// The web worker: fetches the runtime and the app, starts Python, runs the app, then carries messages both ways.

import { buffersOf } from "./bridge.js";
import { startPython } from "./python.js";
import manifest from "../manifest.js";

const address = (path) => new URL(path, import.meta.url).href;
const addresses = {
  runtime: address(`../../../${manifest.runtime}/`),
  app: address("../"),
  models: manifest.models && address(`../../../${manifest.models}/`),
};

let session;
let bridge;
let trouble = "network"; // what a failure now would most likely mean

async function download(path, size) {
  const response = await fetch(path);
  const bytes = new Uint8Array(size);
  let filled = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes.set(value, filled);
    filled += value.length;
    self.postMessage({ type: "progress", path, loaded: filled });
  }
  if (filled !== size) throw new Error(`${filled} of ${size} bytes: ${path}`);
  return bytes;
}

// Pyodide never settles when its WebAssembly cannot be fetched: every fetch of the start reports to `lost`.
function watchFetches() {
  const fetchAsIs = self.fetch;
  const lost = new Promise((_, reject) => {
    self.fetch = async (...request) => {
      try {
        const response = await fetchAsIs(...request);
        if (!response.ok) throw new Error(`${response.status} ${response.url}`);
        return response;
      } catch (error) {
        reject(error);
        throw error;
      }
    };
  });
  return { lost, done: () => (self.fetch = fetchAsIs) };
}

async function start(facts) {
  const fetches = watchFetches();
  const fetched = (group, path) => download(addresses[group] + path, manifest.sizes[`${group}/${path}`]);
  const starting = startPython(addresses.runtime, (path) => fetched("runtime", path), fetched("app", "app.zip"));
  const pyodide = await Promise.race([starting, fetches.lost]);
  fetches.done();
  trouble = "app";
  self.postMessage({ type: "stage", stage: "start" });
  session = pyodide.pyimport("frontend.boot.session");
  bridge = pyodide.pyimport("frontend.bridge");
  const [document, items, roots] = await session.render(pyodide.toPy({ facts, addresses }));
  self.postMessage({ type: "render", document, items, roots });
}

let onnxruntimeModule;
self.onnxruntime = () => {
  onnxruntimeModule ??= import(`${addresses.runtime}onnxruntime/ort.wasm.min.mjs`).then((ort) => {
    ort.env.wasm.wasmPaths = `${addresses.runtime}onnxruntime/`;
    ort.env.wasm.numThreads = 1;
    return ort;
  });
  return onnxruntimeModule;
};

// BokehJS takes null where Python's None would become undefined.
self.objectOfEntries = (entries) => Object.fromEntries(Array.from(entries, ([key, value]) => [key, value ?? null]));

self.postToPage = (type, number, name, args) =>
  self.postMessage({ type, number, name, args }, buffersOf(args));

const receive = {
  start: ({ facts }) =>
    start(facts).catch((error) => {
      console.error(error);
      self.postMessage({ type: "failed", kind: trouble, message: String(error?.message ?? error) });
    }),
  rendered: () => session.link((patch, buffers) => self.postMessage({ type: "patch", patch, buffers })),
  patch: ({ patch }) => {
    try {
      session.apply(patch);
    } finally {
      self.postMessage({ type: "idle" });
    }
  },
  answer: ({ number, value, failure }) => bridge.answer(number, value, failure ?? null),
  event: ({ name, value }) => bridge?.emit(name, value),
};

self.onmessage = ({ data }) => receive[data.type](data);

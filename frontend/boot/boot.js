// The main thread: starts the worker, loads BokehJS beside it, puts the app on the page and keeps both in step.

import manifest from "../manifest.js";
import * as bridge from "./bridge.js";
import * as progress from "./progress.js";

const address = (path) => new URL(`../../../${manifest.runtime}/${path}`, import.meta.url).href;
const prefers = (query) => matchMedia(`(${query})`).matches;

let page; // the BokehJS document
let patching = 0; // while Python's change is applied, it is not sent back
let busy = false; // while Python applies a change of ours
let queue = [];

function loadScript(path) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.async = false; // fetched in parallel, run in order
    script.src = address(path);
    script.onload = () => resolve(progress.fetched(path, manifest.sizes[`runtime/${path}`]));
    script.onerror = () => reject(Object.assign(new Error(script.src), { kind: "network" }));
    document.head.append(script);
  });
}

function send(events) {
  busy = true;
  worker.postMessage({ type: "patch", patch: page.create_json_patch(events) });
}

function changed(event) {
  if (event.setter_id === "py" || patching) return;
  if (!busy) return send([event]);
  queue = queue.filter((old) => !(event.attr && old.model === event.model && old.attr === event.attr));
  queue.push(event);
}

const receive = {
  progress: ({ path, loaded }) => progress.fetched(path, loaded),
  stage: ({ stage }) => progress.enter(stage),
  failed: ({ kind, message }) => progress.fail(kind, message),
  call: bridge.answer,
  patch({ patch, buffers }) {
    patching++;
    try {
      page.apply_json_patch(patch, buffers);
      page._new_models.clear(); // Python knows what it made: events need not send it back
    } finally {
      patching--;
    }
  },
  idle() {
    busy = false;
    if (queue.length) send(queue.splice(0));
  },
  async render({ document: json, items, roots }) {
    await scripts;
    progress.enter("draw");
    const [item] = JSON.parse(items);
    const [root] = JSON.parse(roots);
    const views = await Bokeh.embed.embed_items(JSON.parse(json), [{ ...item, roots: { [root]: "app" }, root_ids: [root] }]);
    page = [...views[0].roots.values()][0].model.document;
    page.on_change(changed, false);
    progress.finish();
    worker.postMessage({ type: "rendered" });
    performance.mark("rendered");
  },
};

function failed(error, kind = "app") {
  console.error(error);
  progress.fail(error.kind ?? kind, error.stack ?? String(error));
}

function start() {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => Promise.resolve(receive[data.type](data)).catch(failed);
  // Before its first word, a worker fails because a module of it could not be fetched.
  worker.onerror = (event) => failed(new Error(event.message ?? "worker.js"), event.message ? "app" : "network");
  bridge.connect(worker);
  worker.postMessage({
    type: "start",
    facts: {
      language: progress.language,
      languages: [...navigator.languages],
      dark: prefers("prefers-color-scheme: dark"),
      reduced_motion: prefers("prefers-reduced-motion: reduce"),
      search: location.search,
    },
  });
  return worker;
}

progress.show();
const scripts = Promise.all(manifest.scripts.map(loadScript));
scripts.catch(failed);
const worker = typeof WebAssembly === "object" ? start() : failed(new Error("WebAssembly"), "browser");

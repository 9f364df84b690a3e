// node snapshot.mjs IN OUT PANEL_ADDRESS: start Python from the archives in IN, import what the app always needs, and
// leave in OUT the memory as it then is, how to link it again, and the names of the files that are now in memory.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

process.on("uncaughtException", (error) => {
  console.error(error.message); // Node would print the whole line of Pyodide's one-line source
  process.exit(1);
});
const [from, to, panelAddress] = process.argv.slice(2);
const pyodideFolder = resolve(from, "pyodide");
const { startPython, unpack } = await import("../frontend/boot/python.js");
const read = (...path) => new Uint8Array(readFileSync(resolve(...path)));

// What Panel imports from `js`, and Node lacks: looked up by name again when the snapshot starts in a browser.
globalThis.XMLHttpRequest ??= class {};
globalThis.objectOfEntries ??= () => {};

// The same bytes from every build.
process.env.TZ = "UTC"; // Python's `time` would hold the builder's
const CLOCK = Date.UTC(2026, 0, 1);
Date.now = () => CLOCK;
performance.now = () => 0;

const { loadPyodide } = await import(pathToFileURL(join(pyodideFolder, "pyodide.mjs")));
const pyodide = await loadPyodide({
  indexURL: pyodideFolder + "/",
  lockFileContents: readFileSync(join(pyodideFolder, "lock.json"), "utf8"),
  packageBaseUrl: pyodideFolder,
  env: { HOME: "/home/pyodide", LANG: "C.UTF-8", PYTHONHASHSEED: "0", PANEL_CDN_ROOT: panelAddress },
  _sysExecutable: "python", // not this script's path
  fsInit: async (FS, { sitePackages }) => unpack(FS, sitePackages, read(from, "site.zip")),
  _makeSnapshot: true,
});
const module = pyodide._module;
const firstSlot = module.wasmTable.length;
const imported = pyodide
  .runPython(
    `
import gc, importlib, random, sys

for name in (
    "numpy", "bokeh.plotting", "panel", "panel.io.pyodide", "fastjsonschema", "markdown_it", "mdit_py_plugins",
    "asyncio", "base64", "contextlib", "dataclasses", "datetime", "hashlib", "importlib.resources", "wave", "zipfile",
):
    importlib.import_module(name)
assert "numpy.random" not in sys.modules, "its generators would be the same for everyone"
random.seed(0)  # for the same bytes from every build; boot/python.js seeds it anew at every start
importlib.invalidate_caches()
gc.collect()
gc.freeze()
[file for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))]
`,
  )
  .toJs();
for (const name of Object.keys(pyodide.loadedPackages)) delete pyodide.loadedPackages[name];

const libraries = Object.entries(module.LDSO.loadedLibsByHandle)
  .map(([handle, { name, global, exports }]) => ({ handle: Number(handle), name, global, exports }))
  .filter(({ handle }) => handle)
  .map((library) => ({
    ...library,
    memoryBase: module.HEAPU32[(library.handle + 12) >>> 2],
    tableBase: module.HEAPU32[(library.handle + 20) >>> 2],
    tableSize: module.HEAPU32[(library.handle + 24) >>> 2],
  }))
  .sort((one, other) => one.tableBase - other.tableBase);
const exported = new Map();
for (const { name, exports } of libraries)
  for (const [symbol, entry] of Object.entries(exports)) exported.set(entry, { library: name, symbol });
const slots = [];
for (let index = firstSlot; index < module.wasmTable.length; index++) {
  const entry = module.wasmTable.get(index);
  if (!entry || libraries.some(({ tableBase, tableSize }) => index >= tableBase && index < tableBase + tableSize)) continue;
  if (!exported.has(entry)) throw new Error(`slot ${index} holds ${entry.name}, which no library exports`);
  slots.push({ index, ...exported.get(entry) });
}
const got = Object.fromEntries(Object.entries(module.GOT).map(([symbol, { value }]) => [symbol, value]));

const snapshot = pyodide.makeMemorySnapshot();
const facts = {
  lock: JSON.parse(readFileSync(join(pyodideFolder, "lock.json"), "utf8")),
  size: snapshot.length,
  links: {
    libraries: libraries.map(({ name, handle, global, memoryBase, tableBase }) => ({ name, handle, global, memoryBase, tableBase })),
    slots,
    slotCount: module.wasmTable.length,
  },
};
mkdirSync(join(to, "python"), { recursive: true });
writeFileSync(join(to, "python/snapshot.bin"), snapshot);
writeFileSync(join(to, "python/snapshot.json"), JSON.stringify(facts));
writeFileSync(join(to, "imported.json"), JSON.stringify(imported));

// Starts Python where a snapshot left off: its memory is read back with Panel already imported, which takes a fraction of
// the time that importing takes. `steps/snapshot.mjs` takes the snapshot, and proves with this very file that it starts.

import { entries } from "./archive.js";

// `download(path)` gives the bytes of a file of the runtime; `app` is an archive of more Python, or a promise of one.
export async function startPython(runtime, download, app) {
  const text = async (path) => new TextDecoder().decode(await download(path));
  const facts = text("python/snapshot.json").then(JSON.parse);
  const [memory, site] = [download("python/snapshot.bin"), download("python/site.zip")];
  const modules = [import(`${runtime}pyodide/pyodide.mjs`), import(`${runtime}pyodide/pyodide.asm.mjs`)];
  const [{ loadPyodide }, { default: createModule }] = await Promise.all(modules);
  const { lock, size, links } = await facts;
  const snapshot = new Uint8Array(size); // given at once, filled below, so that WebAssembly compiles meanwhile
  const pyodide = await loadPyodide({
    indexURL: `${runtime}pyodide/`,
    stdLibURL: `${runtime}python/python_stdlib.zip`,
    lockFileContents: lock,
    packageBaseUrl: runtime,
    _loadSnapshot: snapshot,
    fsInit: async (FS, { sitePackages }) => {
      for (const archive of await Promise.all([site, app])) if (archive) unpack(FS, sitePackages, archive);
    },
    createPyodideModule: async (settings) => {
      const module = await createModule(settings);
      snapshot.set(await memory);
      await relink(module, size, links);
      return module;
    },
  });
  pyodide.pyimport("random").seed(); // or everyone would draw what the snapshot would have drawn
  return pyodide;
}

export function unpack(FS, root, bytes) {
  const made = new Set();
  for (const [name, content] of entries(bytes)) {
    const path = `${root}/${name}`;
    const folder = path.slice(0, path.lastIndexOf("/"));
    if (!made.has(folder)) FS.mkdirTree(folder);
    made.add(folder);
    FS.writeFile(path, content, { canOwn: true });
  }
}

// The extension modules that were loaded, at the addresses and in the table slots where the memory expects them. What
// their start-up writes is overwritten by the snapshot right after.
async function relink(module, size, { libraries, slots, slotCount }) {
  const { wasmTable, LDSO, GOT } = module;
  while (module.HEAPU8.length < size) module._malloc(size - module.HEAPU8.length);
  module.memoryBaseOf = (name) => libraries.find((library) => library.name === name)?.memoryBase;
  for (const { name, handle, global, tableBase } of libraries) {
    wasmTable.grow(tableBase - wasmTable.length);
    await module.loadDynamicLibrary(name, { global, nodelete: true, loadAsync: true }, {});
    LDSO.loadedLibsByHandle[handle] = LDSO.loadedLibsByName[name];
  }
  if (wasmTable.length < slotCount) wasmTable.grow(slotCount - wasmTable.length);
  for (const { index, library, symbol } of slots) {
    const entry = LDSO.loadedLibsByName[library].exports[symbol];
    wasmTable.set(index, entry);
    module.wasmTableMirror[index] = entry;
    if (GOT[symbol]) GOT[symbol].value = index;
  }
}

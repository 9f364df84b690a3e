// The built runtime and the sources as they are, in a worker as the app has it.

import { entries } from "/source/frontend/boot/archive.js";

const python = (async () => {
  const { runtime } = await (await fetch("/harness/addresses.json")).json();
  const { loadPyodide } = await import(`${runtime}pyodide/pyodide.mjs`);
  const bytes = async (address) => new Uint8Array(await (await fetch(address)).arrayBuffer());
  const archives = [await bytes(`${runtime}site.zip`), await bytes("/harness/sources.zip")];
  const pyodide = await loadPyodide({
    indexURL: `${runtime}pyodide/`,
    lockFileContents: await (await fetch(`${runtime}pyodide/lock.json`)).json(),
    packageBaseUrl: runtime,
    fsInit: async (FS, { sitePackages }) => {
      for (const archive of archives) {
        for (const [name, content] of entries(archive)) {
          const path = `${sitePackages}/${name}`;
          FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
          FS.writeFile(path, content);
        }
      }
    },
  });
  const origin = self.location.origin;
  const addresses = { runtime: new URL(runtime, origin).href, app: `${origin}/source/frontend/`, models: null };
  pyodide.pyimport("frontend.bridge").connect(pyodide.toPy({ facts: {}, addresses }));
  return pyodide;
})();

let space;
self.onmessage = async ({ data: { number, code, values } }) => {
  try {
    const pyodide = await python;
    space ??= pyodide.globals;
    space.set("values", pyodide.toPy(JSON.parse(values)));
    const result = await pyodide.runPythonAsync(code);
    space.set("result", result);
    self.postMessage({ number, value: pyodide.runPython("import json; json.dumps(result)") });
  } catch (error) {
    self.postMessage({ number, failure: String(error?.message ?? error) });
  }
};

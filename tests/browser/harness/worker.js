// The built runtime and the sources as they are, in a worker as the app has it.

import { startPython } from "/source/frontend/boot/python.js";

const python = (async () => {
  const origin = self.location.origin;
  const { runtime } = await (await fetch("/harness/addresses.json")).json();
  const bytes = async (address) => new Uint8Array(await (await fetch(address)).arrayBuffer());
  const sources = bytes("/harness/sources.zip");
  const pyodide = await startPython(origin + runtime, (path) => bytes(runtime + path), sources);
  const addresses = { runtime: origin + runtime, app: `${origin}/source/frontend/`, models: null };
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

// node snapshot_check.mjs RUNTIME: start the snapshot as a browser would, then use what was linked again.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";

process.on("uncaughtException", (error) => {
  console.error(error.message); // Node would print the whole line of Pyodide's one-line source
  process.exit(1);
});
const runtime = resolve(process.argv[2]) + "/";
const { startPython } = await import("../frontend/boot/python.js");
globalThis.XMLHttpRequest ??= class {};
globalThis.objectOfEntries ??= () => {};

const pyodide = await startPython(runtime, async (path) => new Uint8Array(readFileSync(runtime + path)));
await pyodide.runPythonAsync(`
import asyncio, json, logging, numpy as np, panel as pn, random, uuid

matrix = np.arange(12.0).reshape(3, 4)
assert (matrix @ matrix.T).trace() == 506
assert np.allclose(np.linalg.inv(2 * np.eye(3)), np.eye(3) / 2)
assert np.fft.rfft(np.ones(8))[0] == 8
assert abs(np.random.default_rng(0).normal()) < 10
assert random.random() != random.Random(0).random()
try:
    np.zeros(2) @ np.zeros(3)
except ValueError:
    pass
else:
    raise AssertionError("an exception was lost")

import panel.io.pyodide as runtime
from panel.io.state import state

runtime.init_doc()
pn.Column(pn.widgets.FloatSlider(), pn.pane.Markdown("**snapshot**")).server_doc(doc=state.curdoc, location=False)
documents, _, _ = await runtime.write_doc(state.curdoc)
assert "snapshot" in documents
await asyncio.sleep(0)
`);

"""What code in the worker begins with when it runs a network there."""

ENCODER = """
import js, numpy as np
from pyodide.code import run_js
from frontend import bridge, onnx_web

run_js('''self.onnxruntime = async () => {
  const ort = await import("/runtime/onnxruntime/ort.wasm.min.mjs");
  ort.env.wasm.wasmPaths = self.location.origin + "/runtime/onnxruntime/";
  ort.env.wasm.numThreads = 1;
  return ort;
}''')
bridge._page["addresses"]["models"] = js.location.origin + "/source/.cache/models/"
encoder = await onnx_web.load("speaker_encoder.onnx")
"""

// node precompile.mjs PYODIDE_DIR IN.zip OUT.zip [IN.zip OUT.zip …]
// Replaces every .py of an archive by the bytecode that this very Pyodide compiles, so that the browser need not.

import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const [runtime, ...archives] = process.argv.slice(2);
const { loadPyodide } = await import(resolve(runtime, "pyodide.mjs"));
const pyodide = await loadPyodide({ indexURL: resolve(runtime) + "/" });

pyodide.runPython(`
import importlib._bootstrap_external as bootstrap
import importlib.util
import io
import zipfile


def precompile(packed):
    source = zipfile.ZipFile(io.BytesIO(packed))
    compiled = io.BytesIO()
    with zipfile.ZipFile(compiled, "w", zipfile.ZIP_STORED) as target:
        for name in sorted(source.namelist()):
            data = source.read(name)
            if name.endswith(".py"):
                code = compile(data, name, "exec", dont_inherit=True, optimize=0)
                data = bytes(bootstrap._code_to_hash_pyc(code, importlib.util.source_hash(data), False))
                name += "c"
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            target.writestr(entry, data)
    return compiled.getvalue()
`);

const precompile = pyodide.globals.get("precompile");
while (archives.length) {
  const [from, to] = archives.splice(0, 2);
  const compiled = precompile(pyodide.toPy(new Uint8Array(readFileSync(from))).tobytes());
  writeFileSync(to, compiled.toJs());
  compiled.destroy();
}

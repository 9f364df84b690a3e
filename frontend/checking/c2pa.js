// A worker for one operation of the official C2PA library on a file; its memory goes when the worker ends.

const operations = {
  // The reader's report as JSON; null when it finds no credentials, or none that it can read.
  async read({ blob, mime, settings }) {
    try {
      return (await library.WasmReader.fromBlob(mime, blob, settings)).json();
    } catch {
      return null;
    }
  },

  // The file with its credentials, all but the signature: where that goes, `seal` stands, as long. A Blob,
  // since the file may be large; `store` is a copy of the credentials alone, and `at` where the seal begins.
  async prepare({ blob, mime, settings, definition, seal }) {
    const builder = library.WasmBuilder.fromJson(definition, settings);
    const signer = { sign: async () => seal, reserveSize: seal.length, alg: "es256" };
    const { asset, manifest } = await builder.signAndGetManifestBytes(signer, mime, blob);
    return { asset: new Blob([asset], { type: mime }), store: manifest, at: find(asset, seal) };
  },
};

let library;

self.onmessage = async ({ data: { operation, details } }) => {
  try {
    library = await import(details.library);
    await library.default({ module_or_path: details.wasm });
    self.postMessage({ value: await operations[operation](details) });
  } catch (error) {
    self.postMessage({ failure: String(error?.message ?? error) });
  }
};

function find(bytes, part) {
  for (let at = bytes.indexOf(part[0]); at >= 0; at = bytes.indexOf(part[0], at + 1)) {
    if (part.every((value, index) => bytes[at + index] === value)) return at;
  }
  throw new Error("no seal");
}

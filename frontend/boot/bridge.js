// The page's door to Python: `emit(name, value)` reaches the callbacks that Python registered with `on(name, …)`, and
// Python's `await call("folder.function", **arguments)` runs the export `function` of `frontend/folder/page.js`, which
// is imported on the first call. Buffers behind typed arrays are moved, not copied: emit a `.slice()` to keep one.

let worker;

export function connect(to) {
  worker = to;
}

export function emit(name, value = null) {
  worker.postMessage({ type: "event", name, value }, buffersOf(value));
}

let turn = Promise.resolve(); // functions start in the order of the calls, however late a module arrives

export async function answer({ number, name, args }) {
  const found = handlerOf(name);
  const mine = (turn = Promise.allSettled([turn, found]));
  try {
    await mine;
    const handler = await found;
    const value = (await handler(args)) ?? null;
    worker.postMessage({ type: "answer", number, value }, buffersOf(value));
  } catch (error) {
    const failure = { name: error?.name ?? "Error", message: error?.message ?? String(error) };
    worker.postMessage({ type: "answer", number, value: null, failure });
  }
}

async function handlerOf(name) {
  const parts = name.split(".");
  const exported = parts.pop();
  const handler = (await import(`../${parts.join("/")}/page.js`))[exported];
  if (!handler) throw Object.assign(new Error(name), { name: "UnknownHandlerError" });
  return handler;
}

// Every distinct ArrayBuffer behind a value that structured clone would copy.
export function buffersOf(value, found = new Set()) {
  if (value instanceof ArrayBuffer) found.add(value);
  else if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (Array.isArray(value)) for (const item of value) buffersOf(item, found);
  else if (value && Object.getPrototypeOf(value) === Object.prototype)
    for (const item of Object.values(value)) buffersOf(item, found);
  return [...found];
}

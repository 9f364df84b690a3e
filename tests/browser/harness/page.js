// Lets a test run Python in a worker of this page: `await run(code)` gives what the code returns, as JSON would.

const worker = new Worker("worker.js", { type: "module" });
const waiting = new Map();
let count = 0;

worker.onmessage = ({ data: { number, value, failure } }) => {
  const { resolve, reject } = waiting.get(number);
  waiting.delete(number);
  if (failure) reject(new Error(failure));
  else resolve(JSON.parse(value));
};

window.run = (code, values = {}) =>
  new Promise((resolve, reject) => {
    waiting.set((count += 1), { resolve, reject });
    worker.postMessage({ number: count, code, values: JSON.stringify(values) });
  });

// node unbundle.mjs ENCODER.mjs WORKER_NAME FOLDER
// An encoder of mediabunny carries its worker as a text, from which it makes a blob. Our content policy lets workers come
// from our own files alone: here the text becomes the file WORKER_NAME in FOLDER, and the encoder starts that.

import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runInNewContext } from "node:vm";

const [encoder, worker, folder] = process.argv.slice(2);
const CALL = /return inlineWorker\((["'`][^]*["'`])\);\n}\n/g;
const source = readFileSync(encoder, "utf-8");
const calls = [...source.matchAll(CALL)];
if (calls.length !== 1) throw new Error(`${basename(encoder)}: ${calls.length} workers inside, not one`);
writeFileSync(join(folder, worker), runInNewContext(calls[0][1]));
const started = `return new Worker(new URL("./${worker}", import.meta.url));\n}\n`;
const linked = source.replace(CALL, () => started).replaceAll(/from "mediabunny"/g, 'from "./mediabunny.min.mjs"');
writeFileSync(join(folder, basename(encoder)), linked);

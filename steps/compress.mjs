// node compress.mjs FOLDER: puts a .br and a .gz beside every file that either makes smaller by a tenth.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const SMALLEST = 1024; // below this, headers outweigh the gain
const LARGE = 4 << 20; // from here on, the best brotli takes minutes for a few per cent

const [folder] = process.argv.slice(2);
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isFile() || entry.name.startsWith(".") || /\.(png|ico|br|gz)$/.test(entry.name)) continue;
  const data = readFileSync(path);
  if (data.length < SMALLEST) continue;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: data.length < LARGE ? 11 : 6,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
  };
  for (const [suffix, packed] of [[".br", brotliCompressSync(data, { params })], [".gz", gzipSync(data, { level: 9 })]])
    if (packed.length < data.length * 0.9) writeFileSync(path + suffix, packed);
}

// The files of an uncompressed zip archive, each a view into the archive's own bytes.

const END = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;

export function* entries(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.byteLength - 22; // our archives carry no comment
  if (view.getUint32(end, true) !== END) throw new Error("not an archive");
  const count = view.getUint16(end + 10, true);
  const text = new TextDecoder();
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (view.getUint32(at, true) !== DIRECTORY_ENTRY) throw new Error("damaged archive");
    const size = view.getUint32(at + 20, true);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const header = view.getUint32(at + 42, true);
    const name = text.decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
    yield [name, bytes.subarray(start, start + size)];
    at += 46 + nameLength + extraLength + view.getUint16(at + 32, true);
  }
}

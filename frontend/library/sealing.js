// A worker for one slow, memory-hungry operation on a passphrase; ending it frees the memory and the secrets in it.

const operations = {
  // A key to wrap others with, that no script can export.
  async derive(_, { passphrase, salt, memoryKib, passes }) {
    const raw = await self.hashwasm.argon2id({
      password: passphrase,
      salt,
      memorySize: memoryKib,
      iterations: passes,
      parallelism: 1,
      hashLength: 32,
      outputType: "binary",
    });
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["wrapKey", "unwrapKey"]);
    raw.fill(0);
    return key;
  },

  async encrypt({ Encrypter }, { passphrase, bytes, workFactor }) {
    const encrypter = new Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(workFactor);
    return encrypter.encrypt(bytes);
  },

  async decrypt({ Decrypter }, { passphrase, bytes }) {
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase);
    return decrypter.decrypt(bytes);
  },
};

// A file that age refuses is told from a library that could not be fetched and from memory that is short.
self.onmessage = async ({ data: { operation, details } }) => {
  let reading = false;
  try {
    const loaded = await import(details.library);
    reading = operation === "decrypt";
    self.postMessage({ value: await operations[operation](loaded, details) });
  } catch (error) {
    const refused = reading && !(error instanceof RangeError); // which is what short memory throws
    self.postMessage({ refused, failure: String(error?.message ?? error) });
  }
};

// A worker for one slow, memory-hungry operation on a passphrase; ending it frees the memory and the secrets in it.

const operations = {
  // A key to wrap others with, that no script can export.
  async derive({ argon2, passphrase, salt, memoryKib, passes }) {
    await import(argon2);
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

  async encrypt({ age, passphrase, bytes, workFactor }) {
    const encrypter = new (await import(age)).Encrypter();
    encrypter.setPassphrase(passphrase);
    encrypter.setScryptWorkFactor(workFactor);
    return encrypter.encrypt(bytes);
  },

  async decrypt({ age, passphrase, bytes }) {
    const decrypter = new (await import(age)).Decrypter();
    decrypter.addPassphrase(passphrase);
    return decrypter.decrypt(bytes);
  },
};

self.onmessage = async ({ data: { operation, details } }) => {
  try {
    self.postMessage({ value: await operations[operation](details) });
  } catch (error) {
    self.postMessage({ failure: String(error?.message ?? error) });
  }
};

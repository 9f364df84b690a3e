// What the library asks of the page: a file that the person chooses, and to forget what only the page can reach.

export function choose({ accept, limit }) {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = accept;
    input.oncancel = () => resolve(null);
    input.onchange = async () => {
      const [file] = input.files;
      const bytes = new Uint8Array(await file.slice(0, limit).arrayBuffer());
      resolve({ name: file.name, bytes });
    };
    input.click();
  });
}

export async function erase() {
  localStorage.clear();
  sessionStorage.clear();
  for (const registration of (await navigator.serviceWorker?.getRegistrations()) ?? []) await registration.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
  const folder = await navigator.storage.getDirectory();
  for await (const name of folder.keys()) await folder.removeEntry(name, { recursive: true });
  const erased = (await indexedDB.databases()).map(
    ({ name }) =>
      new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = resolve;
        request.onerror = () => reject(request.error);
      }),
  );
  await Promise.all(erased);
}

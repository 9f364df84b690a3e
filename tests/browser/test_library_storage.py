"""The voice library on Chromium's own storage, cipher and tabs: what native tests can't show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser.conftest import FLAGS
from tests.browser.harness.server import serve
from tests.browser.harness.voices import PRELUDE

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serve() as served:
        yield served


@pytest.fixture(scope="module")
def context(playwright: Playwright, chromium: str) -> Iterator[BrowserContext]:
    """A private window: storage that ends with it."""
    with playwright.chromium.launch(executable_path=chromium, args=list(FLAGS)) as browser:
        yield browser.new_context()


def python(page: Page, address: str) -> Run:
    """Python in a worker of that page; keyword arguments are `values` to the code."""
    page.goto(address)
    page.wait_for_function("() => 'run' in window")
    page.evaluate("code => run(code)", PRELUDE)
    return lambda code, **values: page.evaluate("([code, values]) => run(code, values)", [code, values])


@pytest.fixture(scope="module")
def tabs(context: BrowserContext, address: str) -> tuple[Run, Run]:
    return python(context.new_page(), address), python(context.new_page(), address)


@pytest.fixture
def run(tabs: tuple[Run, Run]) -> Run:
    tabs[0]("vault = await opened(); await vault.delete_everything()")
    return tabs[0]


def test_keeps_locks_and_refuses(run: Run) -> None:
    assert run(
        """
        anna = voice()
        await vault.add(anna)
        assert (await opened()).voices == (anna,)
        await vault.set_passphrase("correct horse")
        other = await opened()
        refused = 0
        for attempt in (other.unlock("wrong horse"), other.add(voice(1)), vault.remove_passphrase("wrong horse")):
            try:
                await attempt
            except (WrongPassphrase, Locked):
                refused += 1
        assert other.state == "locked" and not other.voices
        await other.unlock("correct horse")
        await other.remove_passphrase("correct horse")
        [refused, (await opened()).voices == (anna,)]
        """
    ) == [3, True]


def test_no_key_can_be_exported(run: Run) -> None:
    assert run(
        """
        from pyodide.ffi import JsException
        async def exportable(key):
            try:
                await js.crypto.subtle.exportKey("raw", key)
            except JsException:
                return False
            return True
        await vault.add(voice())
        plain = (await IndexedDbStore().read()).lock.key
        await vault.set_passphrase("correct horse")
        lock = (await IndexedDbStore().read()).lock
        found = [await exportable(key) for key in (plain, vault._key, vault._wrapping)]
        await vault.remove_passphrase("correct horse")
        [*found, lock.key is None]
        """
    ) == [False, False, False, True]


def test_a_changed_byte_anywhere_in_a_record_is_noticed(run: Run) -> None:
    assert (
        run(
            """
        anna = voice()
        await vault.add(anna)
        store = IndexedDbStore()
        whole = await store.read()
        sealed = whole.records[anna.id]
        unnoticed = []
        for at in [*range(0, len(sealed), 97), 0, 11, 12, len(sealed) - 1]:
            spoilt = bytearray(sealed)
            spoilt[at] ^= 1
            try:
                await WebCipher().open(whole.lock.key, bytes(spoilt), f"ownvoice/voice/1/{anna.id}".encode())
            except ports.NotAuthentic:
                continue
            unnoticed.append(at)
        unnoticed
        """
        )
        == []
    )


def test_delete_leaves_no_byte_in_any_storage(run: Run, context: BrowserContext) -> None:
    found = run(
        """
        anna, ben = voice(0), voice(1, "Ben")
        await vault.add(anna)
        await vault.add(ben)
        before = dict((await IndexedDbStore().read()).records)
        await vault.delete(anna.id)
        after = await IndexedDbStore().read()
        [anna.to_json(), before[anna.id].hex(), before[ben.id].hex(), list(after.records) == [ben.id]]
        """
    )
    anna, sealed, other, only = found
    assert only
    held = stored(context.pages[0])
    assert "ownvoice-library" in held["names"]
    secrets = [anna["profile"]["embedding"], anna["id"], anna["name"] + ",", sealed[:64], other[:64]]
    assert not [secret for secret in secrets if secret in held["content"]]
    run("await vault.delete_everything()")
    assert stored(context.pages[0]) == {"names": [], "content": ""}


def stored(page: Page) -> dict[str, Any]:
    """Everything that the origin keeps, as text; binary as hex."""
    kept: dict[str, Any] = page.evaluate(
        """async () => {
          const names = [], parts = [];
          const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
          const write = (value) =>
            JSON.stringify(value, (_, it) => (ArrayBuffer.isView(it) ? hex(new Uint8Array(it.buffer)) : it));
          for (const { name } of await indexedDB.databases()) {
            names.push(name);
            const open = indexedDB.open(name);
            await new Promise((done) => (open.onsuccess = done));
            for (const store of open.result.objectStoreNames) {
              const rows = open.result.transaction(store).objectStore(store);
              for (const request of [rows.getAllKeys(), rows.getAll()]) {
                await new Promise((done) => (request.onsuccess = done));
                parts.push(write(request.result));
              }
            }
            open.result.close();
          }
          for (const name of await caches.keys()) {
            names.push(name);
            for (const request of await (await caches.open(name)).keys()) {
              const response = await (await caches.open(name)).match(request);
              parts.push(request.url, hex(new Uint8Array(await response.arrayBuffer())));
            }
          }
          for await (const [name, entry] of (await navigator.storage.getDirectory()).entries()) {
            names.push(name);
            if (entry.kind === "file") parts.push(hex(new Uint8Array(await (await entry.getFile()).arrayBuffer())));
          }
          for (const area of [localStorage, sessionStorage]) {
            names.push(...Object.keys(area));
            parts.push(...Object.values(area));
          }
          return { names, content: parts.join("\\n") };
        }"""
    )
    return kept


def test_export_delete_import_gives_the_same_voice_bit_for_bit(run: Run) -> None:
    assert run(
        """
        anna = voice(3, "Jörg 🎙")
        await vault.add(anna)
        file = await sealing.encrypt(export.packed(vault.voices), "file passphrase", 12)
        await vault.delete(anna.id)
        gone = (await opened()).voices
        for back in await export.unpacked(file, "file passphrase", sealing.decrypt, ENCODER):
            await vault.add(back)
        again = (await opened()).voices
        wire = lambda it: json.dumps(it.to_json(), sort_keys=True)
        [len(gone), again == (anna,), wire(again[0]) == wire(anna), anna.profile["embedding"].encode() in file]
        """
    ) == [0, True, True, False]


def test_every_part_of_an_export_is_guarded(run: Run) -> None:
    """A byte in each word of the header, and one in 701 of the rest; then every kind of cut."""
    outcome = run(
        """
        anna = voice()
        await vault.add(anna)
        file = await sealing.encrypt(export.packed([anna]), "file passphrase", 4)
        header = file.index(b"---") + 48
        words = [at for at in range(header) if not at or file[at - 1] in b" \\n"]
        places = [*words, *range(20, header + 20, 11), *range(header + 20, len(file), 701), len(file) - 1]
        spoilt = [file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :] for at in places]
        spoilt += [file[:at] for at in (0, 1, 21, header, len(file) // 2, len(file) - 1)] + [file + b"x", file * 2]
        kinds, taken = {}, 0
        for content in spoilt:
            try:
                await export.unpacked(content, "file passphrase", sealing.decrypt, ENCODER)
                taken += 1
            except ImportRefused as refusal:
                kinds[refusal.kind] = kinds.get(refusal.kind, 0) + 1
        try:
            await export.unpacked(file, "other", sealing.decrypt, ENCODER)
        except ImportRefused as refusal:
            wrong = refusal.kind
        [taken, kinds, wrong, (await opened()).voices == (anna,), len(spoilt)]
        """
    )
    assert outcome[0] == 0 and outcome[2] == "locked" and outcome[3], outcome
    assert set(outcome[1]) == {"foreign", "newer", "locked", "damaged"}


def test_two_tabs_see_each_other_and_lose_nothing(run: Run, tabs: tuple[Run, Run]) -> None:
    other = tabs[1]
    other("vault = await opened()")
    run("anna = voice(0); await vault.add(anna)")
    other("import asyncio; await asyncio.sleep(0.2); assert vault.stale; await vault.add(voice(1, 'Ben'))")
    run("await vault.update(anna.id, lambda it: it.renamed('Anne'))")
    assert other("await vault.refresh(); sorted(it.name for it in vault.voices)") == ["Anne", "Ben"]
    run("await vault.set_passphrase('correct horse')")
    assert other("await asyncio.sleep(0.2); await vault.refresh(); vault.state") == "locked"
    other("await vault.unlock('correct horse'); vault.lock()")
    assert run("import asyncio; await asyncio.sleep(0.2); vault.state") == "locked"
    run("await vault.delete_everything()")
    assert other("await vault.refresh(); [vault.state, len(vault.voices)]") == ["open", 0]


def test_a_full_disk_refuses_and_loses_nothing(context: BrowserContext, address: str) -> None:
    assert context.browser is not None
    with context.browser.new_context() as narrow:  # Chromium asks for the quota before the first write, then counts
        page = narrow.new_page()
        run = python(page, address)
        quota = {"origin": address.removesuffix("/harness/"), "quotaSize": 200_000}
        narrow.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", quota)
        outcome = run(
            """
            vault = await opened()
            full = False
            for seed in range(80):
                kept = vault.voices
                try:
                    await vault.add(voice(seed))
                except ports.StorageFull:
                    full = True
                    break
            same = (await opened()).voices == vault.voices == kept
            refused = False
            try:
                await vault.set_passphrase("correct horse")
            except ports.StorageFull:
                refused = True
            same = same and (await opened()).voices == kept
            await vault.delete(kept[0].id)
            [full, len(kept) > 3, refused, same, (await opened()).voices == kept[1:]]
            """
        )
    assert outcome == [True, True, True, True, True]


def test_storage_that_is_forbidden_is_named(run: Run) -> None:
    assert run(
        """
        from pyodide.code import run_js
        kept = js.indexedDB
        run_js("Object.defineProperty(self, 'indexedDB', { value: undefined, configurable: true })")
        try:
            await IndexedDbStore().read()
        except ports.StorageUnavailable:
            outcome = "unavailable"
        finally:
            run_js("delete self.indexedDB")
        [outcome, (await opened()).state]
        """
    ) == ["unavailable", "open"]


def test_a_newer_database_is_left_alone(run: Run) -> None:
    assert (
        run(
            """
        from pyodide.code import run_js
        await run_js(
            "new Promise((done) => (indexedDB.open('newer', 7).onsuccess = (it) => done(it.target.result.close())))"
        )
        try:
            await IndexedDbStore("newer").read()
        except ports.NewerLibrary:
            outcome = "newer"
        await IndexedDbStore("newer").destroy()
        outcome
        """
        )
        == "newer"
    )


@pytest.mark.parametrize("delay_ms", [0, 8, 40])
def test_a_page_closed_in_the_middle_leaves_old_or_new(
    run: Run, context: BrowserContext, address: str, delay_ms: int
) -> None:
    run("for seed in range(20):\n    await vault.add(voice(seed, 'Old'))")
    page = context.new_page()
    python(page, address)("vault = await opened()")
    page.evaluate(
        """code => {
          void run(code);
          return new Promise((done) => new BroadcastChannel("writing").addEventListener("message", done));
        }""",
        """
        from dataclasses import replace
        class Telling(IndexedDbStore):
            async def write(self, change):
                js.BroadcastChannel.new("writing").postMessage("now")
                await super().write(change)
        vault._store = Telling()
        new = {it.id: replace(it, name="New") for it in vault.voices}
        await vault._commit(lambda: new, new_key=True)
        """,
    )
    page.wait_for_timeout(delay_ms)
    page.close()
    names = run("again = await opened(); [sorted({it.name for it in again.voices}), len(again.voices)]")
    assert names in ([["Old"], 20], [["New"], 20])
    assert run("len(again.unreadable)") == 0

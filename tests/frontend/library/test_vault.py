"""The vault's promises, with a store that fails where a browser's can't be made to."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace

import pytest

from frontend.library import vault as module
from frontend.library.ports import Conflict, NewerLibrary, StorageFull
from frontend.library.vault import Locked, NoSuchVoice, Vault, WrongPassphrase
from tests.frontend.library.doubles import FaultyStore, Hub, NativeCipher, vault, voice

PASSPHRASE = "correct horse"


@pytest.fixture(autouse=True)
def quick_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DERIVATION", (64, 1))


def run(coroutine: Coroutine[object, object, None]) -> None:
    asyncio.run(coroutine)


async def opened(store: FaultyStore, hub: Hub | None = None) -> Vault:
    library = vault(store, hub)
    await library.refresh()
    return library


def test_what_is_stored_comes_back_equal_and_never_in_the_clear() -> None:
    async def scenario() -> None:
        store, anna = FaultyStore(), voice()
        await (await opened(store)).add(anna)
        again = await opened(store)
        assert again.voices == (anna,)
        for secret in (anna.profile["embedding"], "Anna", anna.id):
            assert secret.encode() not in store.bytes_held()

    run(scenario())


def test_passphrase_locks_unlocks_changes_and_goes() -> None:
    async def scenario() -> None:
        store, anna = FaultyStore(), voice()
        library = await opened(store)
        await library.add(anna)
        with pytest.raises(ValueError, match="at least"):
            await library.set_passphrase("short")
        await library.set_passphrase(PASSPHRASE)
        library.lock()
        assert (library.state, library.voices) == ("locked", ())
        with pytest.raises(Locked):
            await library.add(voice(1))
        before = dict(store.records)
        with pytest.raises(WrongPassphrase):
            await library.unlock("wrong horse")
        assert store.records == before and library.state == "locked"
        await library.unlock(PASSPHRASE)
        assert library.voices == (anna,)
        with pytest.raises(WrongPassphrase):
            await library.set_passphrase("battery staple", "wrong horse")
        with pytest.raises(WrongPassphrase):
            await library.remove_passphrase("wrong horse")
        await library.set_passphrase("battery staple", PASSPHRASE)
        fresh = await opened(store)
        with pytest.raises(WrongPassphrase):
            await fresh.unlock(PASSPHRASE)
        await fresh.unlock("battery staple")
        await fresh.remove_passphrase("battery staple")
        assert (await opened(store)).voices == (anna,)

    run(scenario())


def test_a_failed_write_leaves_what_was_there() -> None:
    async def scenario() -> None:
        store, anna = FaultyStore(), voice()
        library = await opened(store)
        await library.add(anna)
        await library.set_passphrase(PASSPHRASE)
        before = await store.snapshot()
        store.fault = StorageFull("no room")
        for attempt in (
            library.add(voice(1)),
            library.update(anna.id, lambda it: it.renamed("Other")),
            library.set_passphrase("battery staple", PASSPHRASE),
            library.remove_passphrase(PASSPHRASE),
        ):
            with pytest.raises(StorageFull):
                await attempt
            assert await store.snapshot() == before
            assert library.voices == (anna,) and library.state == "open"

    run(scenario())


def test_delete_seals_the_others_under_a_new_key() -> None:
    async def scenario() -> None:
        store, anna, ben = FaultyStore(), voice(0), voice(1, "Ben")
        library = await opened(store)
        await library.add(anna)
        await library.add(ben)
        before = await store.snapshot()
        await library.delete(anna.id)
        after = await store.snapshot()
        assert before.lock and after.lock and before.lock.key != after.lock.key
        assert set(after.records) == {ben.id} and after.records[ben.id] != before.records[ben.id]
        stale = replace(before, lock=after.lock)  # what a disk might still hold, and the key that is left
        store.records = dict(stale.records)
        assert (await opened(store)).unreadable == {anna.id: "damaged", ben.id: "damaged"}
        with pytest.raises(NoSuchVoice):
            await library.delete("0" * 32)

    run(scenario())


def test_delete_works_in_a_full_store() -> None:
    class Full(FaultyStore):
        async def write(self, change: object) -> None:
            if self.records:
                raise StorageFull
            await super().write(change)  # type: ignore[arg-type]

    async def scenario() -> None:
        store, anna, ben = Full(), voice(0), voice(1)
        library = await opened(store)
        await library.add(anna)
        store.records[ben.id] = await NativeCipher().seal(b"0" * 32, b"", b"")
        await library.refresh()
        with pytest.raises(StorageFull):
            await library.add(voice(2))
        await library.delete(ben.id)
        assert set(store.records) == {anna.id}

    run(scenario())


def test_delete_everything_even_when_locked() -> None:
    async def scenario() -> None:
        store = FaultyStore()
        library = await opened(store)
        await library.add(voice())
        await library.set_passphrase(PASSPHRASE)
        library.lock()
        await library.delete_everything()
        assert store.records == {} and store.lock is None and library.voices == ()
        await library.add(voice(1))
        assert len((await opened(store)).voices) == 1

    run(scenario())


def test_two_tabs_lose_nothing() -> None:
    async def scenario() -> None:
        store, hub = FaultyStore(), Hub()
        one, two = await opened(store, hub), await opened(store, hub)
        anna, ben = voice(0), voice(1, "Ben")
        await one.add(anna)
        assert two.stale
        await two.add(ben)
        await one.update(anna.id, lambda it: it.renamed("Anne"))
        await two.update(anna.id, lambda it: replace(it, used=it.used + 1))
        final = await opened(store)
        assert {(it.name, it.used) for it in final.voices} == {("Anne", 1), ("Ben", 0)}
        await two.delete(anna.id)
        with pytest.raises(NoSuchVoice):
            await one.update(anna.id, lambda it: it.renamed("Annie"))
        await one.delete_everything()
        await two.add(ben)
        assert (await opened(store)).voices == (ben,)

    run(scenario())


def test_a_change_overtaken_in_the_middle_is_made_again() -> None:
    async def scenario() -> None:
        store = FaultyStore()
        one, two = await opened(store), await opened(store)  # two tabs that can't hear each other
        anna = voice()
        await one.add(anna)
        await two.refresh()
        store.before_write = lambda: two.update(anna.id, lambda it: replace(it, used=it.used + 1))
        await one.update(anna.id, lambda it: it.renamed("Anne"))
        (final,) = (await opened(store)).voices
        assert (final.name, final.used) == ("Anne", 1)
        store.fault = Conflict("always")
        with pytest.raises(Conflict):
            await one.update(anna.id, lambda it: it.renamed("Never"))

    run(scenario())


def test_a_passphrase_set_in_one_tab_locks_the_other() -> None:
    async def scenario() -> None:
        store, hub = FaultyStore(), Hub()
        one, two = await opened(store, hub), await opened(store, hub)
        await one.add(voice())
        await two.refresh()
        await one.set_passphrase(PASSPHRASE)
        with pytest.raises(Locked):
            await two.add(voice(1))
        await two.unlock(PASSPHRASE)
        await two.delete(two.voices[0].id)
        await one.refresh()
        assert (one.state, one.voices) == ("open", ())
        two.lock()
        assert one.state == "locked"

    run(scenario())


def test_damaged_swapped_and_newer_records_are_kept_and_told() -> None:
    async def scenario() -> None:
        store, anna, ben = FaultyStore(), voice(0), voice(1)
        library = await opened(store)
        await library.add(anna)
        await library.add(ben)
        store.records = {anna.id: store.records[ben.id], ben.id: store.records[anna.id]}
        await library.refresh()
        assert library.voices == () and library.unreadable == {anna.id: "damaged", ben.id: "damaged"}
        await library.add(voice(2))
        assert len(store.records) == 3
        assert store.lock is not None
        store.lock = replace(store.lock, format=2)
        with pytest.raises(NewerLibrary):
            await library.refresh()

    run(scenario())

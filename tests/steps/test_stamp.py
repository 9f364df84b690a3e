"""Work is done once for the same inputs, and whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from steps import archive, stamp


def test_made_once_for_a_key_and_anew_for_another(tmp_path: Path) -> None:
    folder, made = tmp_path / "made", []

    def make(fresh: Path) -> None:
        made.append(fresh)
        (fresh / f"file{len(made)}").write_text("content")

    assert stamp.once(folder, "a", make)
    assert not stamp.once(folder, "a", make)
    assert stamp.once(folder, "b", make)
    assert [path.name for path in stamp.tree(folder)] == [stamp.STAMP, "file2"]


def test_interrupted_work_leaves_the_old_and_is_repeated(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    stamp.once(folder, "a", lambda fresh: (fresh / "old").touch())

    def stop(fresh: Path) -> None:
        (fresh / "half").touch()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stamp.once(folder, "b", stop)
    assert (folder / "old").exists()
    assert stamp.once(folder, "b", lambda fresh: (fresh / "new").touch())
    assert [path.name for path in stamp.tree(folder)] == [stamp.STAMP, "new"]


def test_digest_tells_parts_apart(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"same")
    second.write_bytes(b"same")
    digests = [
        stamp.digest("ab", "c"),
        stamp.digest("a", "bc"),
        stamp.digest(first),
        stamp.digest(second),
    ]
    assert len(set(digests)) == len(digests)


def test_archive_is_the_same_whatever_the_order(tmp_path: Path) -> None:
    packed = archive.pack({"b/y.py": b"1", "a/x.py": b"2"})
    assert packed == archive.pack({"a/x.py": b"2", "b/y.py": b"1"})
    path = tmp_path / "packed.zip"
    path.write_bytes(packed)
    assert archive.read(path) == {"a/x.py": b"2", "b/y.py": b"1"}

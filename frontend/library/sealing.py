"""Passphrases at work: Argon2id for the library's key and age files, each in a worker that ends with it.

Argon2id is hash-wasm's; age (age-encryption.org/v1) is the implementation of age's own authors.
"""

from __future__ import annotations

from typing import Any

from frontend.one_shot import WorkerError, run

AGE = "runtime/sealing/age-encryption/dist/index.js"
ARGON2 = "runtime/sealing/hash-wasm/dist/argon2.umd.min.js"


class SealingError(Exception):
    """A file that age refuses to open with this passphrase; the message is its own."""


class SealingUnavailable(Exception):
    """The operation could not be done here: its library could not be fetched, or memory is short."""


async def derive_key(passphrase: str, salt: bytes, memory_kib: int, passes: int) -> Any:
    """A CryptoKey for wrapping, by Argon2id with one lane. Raises SealingUnavailable."""
    from pyodide.ffi import to_js

    return await _run("derive", ARGON2, passphrase=passphrase, salt=to_js(salt), memoryKib=memory_kib, passes=passes)


async def encrypt(plain: bytes, passphrase: str, work_factor: int) -> bytes:
    """An age file of `plain`; scrypt takes 2^work_factor steps and as many KiB. Raises SealingUnavailable."""
    from pyodide.ffi import to_js

    sealed = await _run("encrypt", AGE, passphrase=passphrase, bytes=to_js(plain), workFactor=work_factor)
    content: bytes = sealed.to_bytes()
    return content


async def decrypt(sealed: bytes, passphrase: str) -> bytes:
    """What is in an age file. Raises SealingError for a file or passphrase that is not right, SealingUnavailable."""
    from pyodide.ffi import to_js

    plain = await _run("decrypt", AGE, passphrase=passphrase, bytes=to_js(sealed))
    content: bytes = plain.to_bytes()
    return content


async def _run(operation: str, library: str, **details: Any) -> Any:
    from frontend.bridge import url

    try:
        return await run("app/library/sealing.js", operation, library=url(library), **details)
    except WorkerError as error:
        raise (SealingError if error.refused else SealingUnavailable)(str(error)) from None

"""Passphrases at work: Argon2id for the library's key and age files, each in a worker that ends with it.

Argon2id is hash-wasm's; age (age-encryption.org/v1) is the implementation of age's own authors.
"""

from __future__ import annotations

import asyncio
from typing import Any

AGE = "runtime/sealing/age-encryption/dist/index.js"
ARGON2 = "runtime/sealing/hash-wasm/dist/argon2.umd.min.js"


class SealingError(Exception):
    """The operation failed; its message is the library's own."""


async def derive_key(passphrase: str, salt: bytes, memory_kib: int, passes: int) -> Any:
    """A CryptoKey for wrapping, by Argon2id with one lane. Raises SealingError when memory is short."""
    from pyodide.ffi import to_js

    return await _run("derive", passphrase=passphrase, salt=to_js(salt), memoryKib=memory_kib, passes=passes)


async def encrypt(plain: bytes, passphrase: str, work_factor: int) -> bytes:
    """An age file of `plain`; scrypt takes 2^work_factor steps and as many KiB. Raises SealingError."""
    from pyodide.ffi import to_js

    sealed = await _run("encrypt", passphrase=passphrase, bytes=to_js(plain), workFactor=work_factor)
    content: bytes = sealed.to_bytes()
    return content


async def decrypt(sealed: bytes, passphrase: str) -> bytes:
    """What is in an age file. Raises SealingError."""
    from pyodide.ffi import to_js

    plain = await _run("decrypt", passphrase=passphrase, bytes=to_js(sealed))
    content: bytes = plain.to_bytes()
    return content


async def _run(operation: str, **details: Any) -> Any:
    import js
    from pyodide.ffi import create_once_callable

    from frontend.bridge import url

    message = js.Object.new()
    message.operation, message.details = operation, js.Object.new()
    for name, value in (("age", url(AGE)), ("argon2", url(ARGON2)), *details.items()):
        setattr(message.details, name, value)
    answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    options = js.Object.new()
    options.type = "module"
    worker = js.Worker.new(url("app/library/sealing.js"), options)
    try:
        worker.onmessage = create_once_callable(lambda event: answered.set_result(event.data))
        worker.onerror = create_once_callable(
            lambda event: answered.set_exception(SealingError(getattr(event, "message", None) or "no worker"))
        )
        worker.postMessage(message)
        answer = await answered
    finally:
        worker.terminate()
    if hasattr(answer, "failure"):
        raise SealingError(answer.failure)
    return answer.value

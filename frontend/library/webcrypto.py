"""The browser's cipher: AES-256-GCM of WebCrypto (NIST SP 800-38D), with keys that no script can export."""

from __future__ import annotations

import os
from typing import Any

from frontend.library import sealing
from frontend.library.ports import Key, KeyDerivation, NotAuthentic

NONCE_BYTES = 12
DATA_KEY = ("encrypt", "decrypt")


class WebCipher:
    """A `Cipher`. A data key seals far fewer than the 2^32 messages that random nonces allow."""

    async def new_key(self) -> Key:
        """A random key, not extractable."""
        import js

        return await js.crypto.subtle.generateKey(_algorithm(length=256), False, _list(*DATA_KEY))

    async def derive_key(self, passphrase: str, derivation: KeyDerivation) -> Key:
        """The wrapping key of a passphrase. Raises SealingUnavailable."""
        return await sealing.derive_key(passphrase, derivation.salt, derivation.memory_kib, derivation.passes)

    async def new_wrapped_key(self, wrapping: Key, bound: bytes) -> tuple[Key, bytes]:
        """A random key, not extractable, and the same wrapped; it is extractable only between these two steps."""
        import js

        subtle, nonce = js.crypto.subtle, os.urandom(NONCE_BYTES)
        fresh = await subtle.generateKey(_algorithm(length=256), True, _list(*DATA_KEY))
        wrapped = nonce + (await subtle.wrapKey("raw", fresh, wrapping, _gcm(nonce, bound))).to_bytes()
        return await self.unwrap_key(wrapping, wrapped, bound), wrapped

    async def unwrap_key(self, wrapping: Key, wrapped: bytes, bound: bytes) -> Key:
        """The key inside, not extractable. Raises NotAuthentic."""
        import js
        from pyodide.ffi import JsException, to_js

        nonce, content = wrapped[:NONCE_BYTES], to_js(wrapped[NONCE_BYTES:])
        try:
            return await js.crypto.subtle.unwrapKey(
                "raw", content, wrapping, _gcm(nonce, bound), "AES-GCM", False, _list(*DATA_KEY)
            )
        except JsException:
            raise NotAuthentic from None

    async def seal(self, key: Key, plain: bytes, bound: bytes) -> bytes:
        """Nonce, ciphertext and tag."""
        import js
        from pyodide.ffi import to_js

        nonce = os.urandom(NONCE_BYTES)
        sealed: bytes = (await js.crypto.subtle.encrypt(_gcm(nonce, bound), key, to_js(plain))).to_bytes()
        return nonce + sealed

    async def open(self, key: Key, sealed: bytes, bound: bytes) -> bytes:
        """What was sealed. Raises NotAuthentic."""
        import js
        from pyodide.ffi import JsException, to_js

        nonce, content = sealed[:NONCE_BYTES], to_js(sealed[NONCE_BYTES:])
        try:
            plain: bytes = (await js.crypto.subtle.decrypt(_gcm(nonce, bound), key, content)).to_bytes()
        except JsException:
            raise NotAuthentic from None
        return plain


def _gcm(nonce: bytes, bound: bytes) -> Any:
    from pyodide.ffi import to_js

    return _algorithm(iv=to_js(nonce), additionalData=to_js(bound))


def _algorithm(**fields: Any) -> Any:
    import js

    algorithm = js.Object.new()
    algorithm.name = "AES-GCM"
    for name, value in fields.items():
        setattr(algorithm, name, value)
    return algorithm


def _list(*items: str) -> Any:
    import js

    return js.Array.of(*items)

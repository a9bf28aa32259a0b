"""Codes of authentication (报文鉴别码): the first eight bytes over everything before them.

SM4-CMAC (GB/T 32907 with GB/T 15852.1), AES-CMAC (NIST SP 800-38B), and the retail MAC of ANSI X9.19
(ISO 9797-1 algorithm 3, padding 1) that older lines still have.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable

Mac = Callable[[bytes], bytes]
WIDTH = 8
KEY_BYTES = 16
NONE, SM4, AES, X919 = "none", "sm4-cmac", "aes-cmac", "x9.19"
_BLOCK = 8


def mac_function(name: str, key: bytes) -> Mac | None:
    """Return the function of a method and a key of 16 bytes; None for the method "none".

    Raises ValueError for a method or a length of key that does not exist.
    """
    if name == NONE:
        return None
    if len(key) != KEY_BYTES:
        raise ValueError("the key of a line has 16 bytes")
    if name == X919:
        return _retail(key)
    if name not in {SM4, AES}:
        raise ValueError(f"no method of authentication is called {name}")
    # Only the process that speaks with banks needs the library.
    from cryptography.hazmat.primitives.ciphers import algorithms
    from cryptography.hazmat.primitives.cmac import CMAC

    algorithm = algorithms.SM4(key) if name == SM4 else algorithms.AES(key)

    def cmac(data: bytes) -> bytes:
        made = CMAC(algorithm)
        made.update(data)
        return made.finalize()[:WIDTH]

    return cmac


def _retail(key: bytes) -> Mac:
    """DES in CBC with the left half of the key; the last block then goes through the right half and the left again."""
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers import Cipher, modes

    left, right = key[:_BLOCK], key[_BLOCK:]
    chain = TripleDES(left * 3)
    last = Cipher(TripleDES(left + right + left), modes.ECB())  # noqa: S305  # one block, as the standard says

    def retail(data: bytes) -> bytes:
        padded = data + bytes(-len(data) % _BLOCK) if data else bytes(_BLOCK)
        before = bytes(_BLOCK)
        if len(padded) > _BLOCK:
            encryptor = Cipher(chain, modes.CBC(bytes(_BLOCK))).encryptor()
            before = encryptor.update(padded[:-_BLOCK])[-_BLOCK:]
        mixed = bytes(a ^ b for a, b in zip(before, padded[-_BLOCK:], strict=True))
        return last.encryptor().update(mixed)

    return retail


def same(one: bytes, other: bytes) -> bool:
    """Compare two codes without telling by the time it takes where they differ."""
    return hmac.compare_digest(one, other)

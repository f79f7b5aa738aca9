"""Check digits: whether a string of letters is an identifier or only looks like one."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode
from binascii import crc_hqx
from collections.abc import Callable, Mapping

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE58_XRP = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_CONSTANT, _BECH32M_CONSTANT = 1, 0x2BC830A3
_SEGWIT_PREFIXES = ("bc", "tb", "ltc")


def is_luhn(value: str) -> bool:
    """Whether the digits of `value` end in the check digit of ISO/IEC 7812-1 annex B."""
    digits = [int(letter) for letter in value if letter.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return len(digits) >= 12 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_iban(value: str) -> bool:
    """Whether `value` is an IBAN by its length and ISO 7064 mod 97-10 check digits."""
    bare = "".join(value.replace("-", " ").split()).upper()
    if not (15 <= len(bare) <= 34 and bare.isascii() and bare.isalnum()):
        return False
    if not (bare[:2].isalpha() and bare[2:4].isdecimal()):
        return False
    return int("".join(str(int(letter, 36)) for letter in bare[4:] + bare[:4])) % 97 == 1


def is_base58check(value: str) -> bool:
    """Whether `value` is Base58Check as Bitcoin, Litecoin, Dogecoin and Tron write addresses."""
    return _ends_in_its_hash(_decode_base58(value, _BASE58))


def is_xrp(value: str) -> bool:
    """Whether `value` is an address of the XRP Ledger: Base58Check in an alphabet of its own."""
    decoded = _decode_base58(value, _BASE58_XRP)
    return len(decoded) == 25 and decoded[0] == 0 and _ends_in_its_hash(decoded)


def is_solana(value: str) -> bool:
    """Whether `value` has the length of a Solana address or signature: it has no checksum."""
    return len(_decode_base58(value, _BASE58)) in (32, 64)


def is_ton(value: str) -> bool:
    """Whether `value` is a TON address in its user-friendly form: 36 bytes that end in a CRC-16."""
    try:
        decoded = urlsafe_b64decode(value)
    except ValueError:
        return False
    return len(decoded) == 36 and crc_hqx(decoded[:34], 0) == int.from_bytes(decoded[34:], "big")


def _decode_base58(value: str, alphabet: str) -> bytes:
    """The bytes of `value`; none where a letter is not in the alphabet."""
    number = 0
    for letter in value:
        digit = alphabet.find(letter)
        if digit < 0:
            return b""
        number = number * 58 + digit
    zeros = len(value) - len(value.lstrip(alphabet[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _ends_in_its_hash(decoded: bytes) -> bool:
    payload, check = decoded[:-4], decoded[-4:]
    twice = hashlib.sha256(hashlib.sha256(payload).digest()).digest()
    return len(payload) >= 21 and twice[:4] == check


def is_bech32(value: str) -> bool:
    """Whether `value` is an address in Bech32 (BIP 173) or Bech32m (BIP 350)."""
    if value not in (value.lower(), value.upper()):
        return False
    prefix, one, data = value.lower().rpartition("1")
    if not one or not prefix or len(data) < 6 or any(letter not in _BECH32 for letter in data):
        return False
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    checksum = 1
    for piece in (*expanded, *(_BECH32.index(letter) for letter in data)):
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ piece
        for bit, generator in enumerate(
            (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
        ):
            checksum ^= generator if top >> bit & 1 else 0
    if prefix in _SEGWIT_PREFIXES:
        # BIP 350: version 0 keeps the constant of BIP 173, all later ones have the new one.
        return checksum == (_BECH32_CONSTANT if data[0] == "q" else _BECH32M_CONSTANT)
    return checksum in (_BECH32_CONSTANT, _BECH32M_CONSTANT)


def is_eip55(value: str) -> bool:
    """Whether `value` is an Ethereum address; mixed case must be the checksum of EIP-55."""
    bare = value[2:]
    if bare in (bare.lower(), bare.upper()):
        return True
    digest = keccak256(bare.lower().encode()).hex()
    return all(
        letter.isdecimal() or letter.isupper() == (int(nibble, 16) >= 8)
        for letter, nibble in zip(bare, digest, strict=False)
    )


def keccak256(data: bytes) -> bytes:
    """Keccak-256 with the padding from before FIPS 202, as Ethereum uses it (not SHA3-256)."""
    rate = 136
    padded = bytearray(data + b"\0" * (rate - len(data) % rate))
    padded[len(data)] |= 0x01
    padded[-1] |= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), rate):
        for lane in range(rate // 8):
            at = start + 8 * lane
            lanes[lane] ^= int.from_bytes(padded[at : at + 8], "little")
        _permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _round_constants() -> tuple[int, ...]:
    """FIPS 202 3.2.5: one bit each from a linear feedback shift register."""
    constants, register = [], 1
    for _ in range(24):
        constant = 0
        for power in range(7):
            if register & 1:
                constant |= 1 << ((1 << power) - 1)
            register = register << 1 ^ (0x171 if register & 0x80 else 0)
        constants.append(constant)
    return tuple(constants)


_ROUND_CONSTANTS = _round_constants()
_ALL_BITS = (1 << 64) - 1


def _permute(lanes: list[int]) -> None:
    """Keccak-f[1600] (FIPS 202 3.3) in place; lane (x, y) is `lanes[x + 5 * y]`."""
    for constant in _ROUND_CONSTANTS:
        columns = [
            lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20]
            for x in range(5)
        ]
        for x in range(5):
            change = columns[x - 1] ^ _turn(columns[(x + 1) % 5], 1)
            for y in range(0, 25, 5):
                lanes[x + y] ^= change
        x, y, moved = 1, 0, lanes[1]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            at = x + 5 * y
            lanes[at], moved = _turn(moved, (step + 1) * (step + 2) // 2 % 64), lanes[at]
        for y in range(0, 25, 5):
            row = lanes[y : y + 5]
            for x in range(5):
                lanes[x + y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5])
        lanes[0] ^= constant


def _turn(lane: int, bits: int) -> int:
    return (lane << bits | lane >> 64 - bits) & _ALL_BITS


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "luhn": is_luhn,
    "iban": is_iban,
    "base58check": is_base58check,
    "bech32": is_bech32,
    "eip55": is_eip55,
    "xrp": is_xrp,
    "solana": is_solana,
    "ton": is_ton,
}


def passes_check(check: str, value: str) -> bool:
    """Whether `value` holds the check of that name; `none` always does."""
    test = CHECKS.get(check)
    return test is None or test(value)

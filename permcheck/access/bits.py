"""Sets of small integers in one Python int: union and intersection cost a machine word for 64 members."""

from collections.abc import Iterable, Iterator


def members(bits: int) -> Iterator[int]:
    """The members, smallest first. Linear in the number of members and of bytes, whatever the set."""
    if bits.bit_count() < _FEW:
        while bits:
            lowest = bits & -bits
            yield lowest.bit_length() - 1
            bits ^= lowest
        return
    at = 0
    for chunk in bits.to_bytes((bits.bit_length() + 7) // 8, "little"):
        if chunk:
            for i in _IN_BYTE[chunk]:
                yield at + i
        at += 8


_IN_BYTE = tuple(tuple(i for i in range(8) if chunk >> i & 1) for chunk in range(256))


def first(bits: int) -> int:
    """The smallest member of a set that has some."""
    return (bits & -bits).bit_length() - 1


def of(numbers: Iterable[int]) -> int:
    """The set of these numbers."""
    listed = list(numbers)
    if len(listed) < _FEW:
        found = 0
        for number in listed:
            found |= 1 << number
        return found
    # A whole set for each member is what would cost.
    marked = bytearray((max(listed) >> 3) + 1)
    for number in listed:
        marked[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(marked, "little")


_FEW = 8


def span(start: int, end: int) -> int:
    """The set start, start + 1, … end - 1."""
    return (1 << end) - (1 << start) if end > start else 0

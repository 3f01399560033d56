#!/usr/bin/env python3
"""Decode pictures coded with a model: decode_coded.py MODEL.nmfi FILE.nmfi [OUT.raw]

A second decoder, written from lib/codec/FORMAT.md, sections 4, 5, 13 and 14, alone;
counters, range coder and names are those of decode_set.py. It prints size, names
and checksum of the pictures, and stops with an error where the model is another
one or the checksum of the file is not that of the pictures.
"""

import math
import struct
import sys

from decode_set import SQUASH, Counter, Decoder, Table, crc32c, decode_names

CRC64 = list(range(256))
for _ in range(8):
    CRC64 = [(c >> 1) ^ (0xC96C5795D7870F42 if c & 1 else 0) for c in CRC64]


def crc64(data):
    crc = 2**64 - 1
    for byte in data:
        crc = (crc >> 8) ^ CRC64[(crc ^ byte) & 255]
    return crc ^ (2**64 - 1)


def sections(data, kind):
    assert data[:8] == b"\x89NMI\r\n\x1a\n"
    assert struct.unpack_from("<HHI", data, 8) == (1, kind, crc32c(data[:12]))
    at, found = 16, {}
    while at < len(data):
        name = data[at:at + 4].decode()
        size, = struct.unpack_from("<Q", data, at + 4)
        end = at + 12 + size
        assert struct.unpack_from("<I", data, end)[0] == crc32c(data[at:end])
        found[name] = data[at + 12:end]
        at = end + 4
    return found


class Model:
    def __init__(self, data):
        found = sections(data, 1)
        geom, comp, mode = found["GEOM"], found["COMP"], found["mODE"]
        self.id = crc64(geom + comp + mode)
        self.width, self.height, self.channels, _ = struct.unpack("<4I", geom)
        k, p = struct.unpack_from("<QQ", comp)
        numbers = struct.unpack_from("<%df" % (k * p), comp, 16)
        self.components = [self.whole(numbers[j * p:(j + 1) * p]) for j in range(k)]
        m, self.bits, zero = struct.unpack_from("<HBB", mode)
        assert zero == 0
        self.mean = struct.unpack_from("<%dI" % k, mode, 4)
        self.deviation = struct.unpack_from("<%dI" % m, mode, 4 + 4 * k)
        rest = struct.unpack_from("<%di" % (m * k), mode, 4 + 4 * (k + m))
        self.direction = [rest[i * k:(i + 1) * k] for i in range(m)]

    @staticmethod
    def whole(component):
        if max(component) == 0:
            return [0] * len(component)
        e = math.frexp(max(component))[1]
        return [math.floor(math.ldexp(v, 14 - e) + 0.5) for v in component]


ROOT = [65536, 71468, 77936, 84990, 92682, 101070, 110218, 120194]


def step_size(step):
    return ROOT[step % 8] << step // 8 >> 12


def class_of(deviation, s):
    t = 64 * deviation // s
    if t == 0:
        return 0
    b = t.bit_length() - 1
    return min(47, 1 + 4 * b + ((4 * t >> b) % 4))


def primed_counter(x=0):
    c = Counter()
    c.n = 40
    c.p = 64 * SQUASH[max(-2047, min(2047, x)) + 2048]
    return c


class Numbers(Decoder):
    def __init__(self, data, model, step):
        super().__init__(data)
        s = step_size(step)
        self.classes = [class_of(d, s) for d in model.deviation]
        self.shift = [primed_counter() for _ in range(8)]
        self.size = [[primed_counter(a + b * (2 * c - 49)) for c in range(48)]
                     for a, b in ((-50, 76), (-422, 54), (-449, 41))]
        self.escape = Table()

    def primed(self, counter):
        bit = self.bit(min(max(counter.p >> 6, 32), 65504))
        counter.learn(bit, 250)
        return bit

    def signed_as(self, n):
        return -n if n and self.bits(1) else n

    def picture(self):
        shifts = []
        for _ in range(2):
            n = 0
            while n < 8 and self.primed(self.shift[n]):
                n += 1
            shifts.append(self.signed_as(n))
        steps = []
        for c in self.classes:
            n = 0
            while n < 24 and self.primed(self.size[min(n, 2)][c]):
                n += 1
            if n == 24:
                n = 23 + self.gamma(self.escape)
            steps.append(self.signed_as(n))
        return shifts, steps


def paint(model, step, shifts, steps):
    w, h, c = model.width, model.height, model.channels
    s = step_size(step)
    used = [(r * s, d) for r, d in zip(steps, model.direction) if r]
    weights = [max(0, min(2**31 - 1, mean + (sum(v * d[j] for v, d in used)
                                             >> model.bits + 4)))
               for j, mean in enumerate(model.mean)]
    pairs = [(a, v) for a, v in zip(weights, model.components) if a]
    level = [min(255, 2**23 + sum(a * v[p] for a, v in pairs) >> 24)
             for p in range(w * h * c)]
    out = bytearray()
    for y in range(h):
        line = min(max(y + shifts[1], 0), h - 1)
        for x in range(w):
            at = (line * w + min(max(x + shifts[0], 0), w - 1)) * c
            out += bytes(level[at:at + c])
    return out


def decode(model, data):
    names = []
    if data[:2] == b"\x9e\x4e":
        step, model_id, check = struct.unpack_from("<BHH", data, 2)
        code, n, mask = data[7:], 1, 0xFFFF
    else:
        found = sections(data, 3)
        n, model_id, step = struct.unpack("<IQB", found["HEAD"])
        code, mask = found["CODE"], 2**64 - 1
        check, = struct.unpack_from("<I", found["ENDS"], 8)
        if "nAME" in found:
            names = decode_names(found["nAME"], n)
    assert step <= 127
    assert model_id == model.id & mask, "another model"
    numbers = Numbers(code, model, step)
    pixels = bytearray()
    for _ in range(n):
        pixels += paint(model, step, *numbers.picture())
    assert check == crc32c(pixels) & mask
    return n, names, pixels


def main():
    with open(sys.argv[1], "rb") as file:
        model = Model(file.read())
    with open(sys.argv[2], "rb") as file:
        n, names, pixels = decode(model, file.read())
    print("%d x %d, %d channels, %d pictures"
          % (model.width, model.height, model.channels, n))
    for name in names:
        print(name.decode(errors="backslashreplace"))
    print("checksum %08x" % crc32c(pixels))
    if len(sys.argv) > 3:
        with open(sys.argv[3], "wb") as file:
            file.write(pixels)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Decode a compressed set: decode_set.py FILE.nmfi [OUT.raw]

A second decoder, written from lib/codec/FORMAT.md, sections 7 to 12, alone, with
nothing but the standard library: slow, without limits, and proof that the text
is enough. It prints size, names and checksum of the pictures, and stops with an
error where the checksum of the file is another.
"""

import math
import struct
import sys


CRC = list(range(256))
for _ in range(8):
    CRC = [(c >> 1) ^ (0x82F63B78 if c & 1 else 0) for c in CRC]


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ CRC[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


def quotient(a, b):
    return abs(a) // b * (1 if a >= 0 else -1)


class Counter:
    def __init__(self):
        self.p, self.n = 1 << 21, 0

    def learn(self, bit, limit):
        pace = 655360 // (10 * self.n + 16)
        if bit:
            self.p += ((1 << 22) - 1 - self.p) * pace >> 16
        else:
            self.p -= self.p * pace >> 16
        self.p = min(max(self.p, 2000), (1 << 22) - 2000)
        self.n = min(self.n + 1, limit)


class Table(dict):
    """Counters, or sets of weights, by index; made when first asked for."""

    def __init__(self, make=Counter):
        super().__init__()
        self.make = make

    def __missing__(self, index):
        self[index] = self.make()
        return self[index]


def weights(n, value):
    return Table(lambda: [value] * (n + 1))


STRETCH = []
for i in range(4096):
    q = (i + 0.5) / 4096
    STRETCH.append(max(-2047, min(2047, math.floor(256 * math.log(q / (1 - q)) + 0.5))))
SQUASH = [math.floor(65536 / (1 + math.exp(-x / 256)) + 0.5) for x in range(-2048, 2048)]


def squash(x):
    return SQUASH[max(-2047, min(2047, x)) + 2048]


class Decoder:
    def __init__(self, data, pace=0):
        self.data, self.at, self.pace = data, 0, pace
        self.range, self.code = 2**32 - 1, 0
        for _ in range(4):
            self.code = self.code << 8 | self.byte()

    def byte(self):
        self.at += 1
        assert self.at <= len(self.data) + 4, "bytes at their end"
        return self.data[self.at - 1] if self.at <= len(self.data) else 0

    def bit(self, p):
        bound = self.range * p >> 16
        bit = self.code < bound
        if bit:
            self.range = bound
        else:
            self.range -= bound
            self.code -= bound
        while self.range < 1 << 24:
            self.range <<= 8
            self.code = self.code << 8 | self.byte()
        return int(bit)

    def bits(self, n):
        value = 0
        for _ in range(n):
            value = 2 * value + self.bit(32768)
        return value

    def counted(self, counter):
        bit = self.bit(min(max(counter.p >> 6, 32), 65504))
        counter.learn(bit, 60)
        return bit

    def gamma(self, c):
        n = 0
        while self.counted(c[n]):
            n += 1
            assert n <= 20
        if n == 0:
            return 1
        first = self.counted(c[30 + n])
        return (2 + first) * 2 ** (n - 1) + self.bits(n - 1)

    def signed(self, c):
        g = self.gamma(c)
        return -(g >> 1) if g & 1 else g >> 1

    def mixed(self, counters, a, b):
        s = [STRETCH[c.p >> 10] for c in counters] + [100]
        x = sum(w * t for w, t in zip(a, s)) >> 16
        y = sum(w * t for w, t in zip(b, s)) >> 16
        bit = self.bit(squash(x + y >> 1))
        for w, z in ((a, x), (b, y)):
            error = (65536 * bit - squash(z)) * self.pace
            for i, t in enumerate(s):
                w[i] = max(-2**24, min(2**24, w[i] + (t * error + 2**17 >> 18)))
        for c in counters:
            c.learn(bit, 250)
        return bit


def sections(data):
    assert data[:8] == b"\x89NMI\r\n\x1a\n"
    assert struct.unpack_from("<HHI", data, 8) == (1, 2, crc32c(data[:12]))
    at, found = 16, {}
    while at < len(data):
        name = data[at:at + 4].decode()
        size = struct.unpack_from("<Q", data, at + 4)[0]
        end = at + 12 + size
        assert struct.unpack_from("<I", data, end)[0] == crc32c(data[at:end])
        found[name] = data[at + 12:end]
        at = end + 4
    return found


def size_class(v):
    return 0 if v <= 0 else 1 + sum(b <= v for b in (5, 10, 16, 26, 40, 64, 112))


def walk(w, h):
    for d in range(w + h - 1):
        for t in range(d + 1):
            y = t if d % 2 else d - t
            if y < h and d - y < w:
                yield d - y, y


class Images:
    """Coefficients of images, one after another: sections 9 and 15."""

    def __init__(self, data, planes, columns, rows, bw, bh, has_ends):
        self.d = Decoder(data, 8)
        self.planes, self.columns, self.rows = planes, columns, rows
        self.places = list(walk(bw, bh))
        self.last = bw + bh - 1
        self.has_ends = has_ends
        self.escape, self.sign = Table(), Table()
        self.t = [Table() for _ in range(8)]
        self.wa, self.wb = weights(8, 16384), weights(8, 16384)
        self.e = [Table() for _ in range(5)]
        self.ea, self.eb = weights(5, 22938), weights(5, 22938)
        self.mean, self.mean_end = {}, {}
        self.done = self.pictures = 0

    def end(self, plane, n_block, ends):
        M = self.mean_end.get((plane, n_block), 0)
        here = M + 32 >> 6
        now = ends[plane]
        left = now[-1] if n_block % self.columns else here
        above = now[n_block - self.columns] if n_block >= self.columns else here
        near = (left + above + 1) // 2
        first = ends[0][n_block] if plane else here
        E = 0
        while E < self.last:
            span = lambda v: max(-5, min(5, v - E))
            t = self.e
            if not self.d.mixed([t[0][plane, span(here), span(near)],
                                 t[1][plane, span(left), span(above)],
                                 t[2][plane, span(first), span(near)],
                                 t[3][E, span(here)], t[4][plane, E]],
                                self.ea[plane, E], self.eb[span(here)]):
                break
            E += 1
        now.append(E)
        self.mean_end[plane, n_block] = M + quotient(
            64 * E - M, min(self.pictures // 2 + 2, 25))
        return E

    def image(self):
        """Blocks [plane][block][z]."""
        d, t, wa, wb, mean = self.d, self.t, self.wa, self.wb, self.mean
        columns = self.columns
        excess = parts = 0
        component = []
        ends = []
        for plane in range(self.planes):
            blocks = []
            ends.append([])
            for n_block in range(columns * self.rows):
                left = blocks[-1] if n_block % columns else None
                above = blocks[n_block - columns] if n_block >= columns else None
                values, sizes = [], {}
                near = [b for b in (left, above) if b]
                end = self.end(plane, n_block, ends) if self.has_ends else self.last
                for z, (x, y) in enumerate(self.places):
                    if x + y >= end:
                        values.append(0)
                        continue
                    at = lambda u, v: sizes.get((u, v), 0)
                    next_ = at(x, y - 1) + at(x - 1, y)
                    far = (at(x - 1, y - 1) + at(x, y - 2) + at(x - 2, y)
                           + at(x + 1, y - 1) + at(x - 1, y + 1))
                    usual = mean.get((plane, z), 0)
                    U = size_class(usual >> 6)
                    N = size_class((2 * next_ + far) * 16 // 6)
                    A = size_class((next_ + far) * 4)
                    W = size_class((next_ + far) * 6)
                    B = size_class(sum(abs(b[z]) for b in near) * 8)
                    X = size_class(excess // parts) if parts > 8 else 4
                    n = 0
                    while n < 23:
                        s = min(n, 3)
                        counters = [t[0][plane, z, s], t[1][U, N, s],
                                    t[2][U, X, s], t[3][U, N, B, s],
                                    t[4][U, A, n], t[5][X, W, s], t[6][U, n],
                                    t[7][U, N, X, s]]
                        third = 0 if z < 6 else 1 if z < 40 else 2
                        if not d.mixed(counters, wa[s, third],
                                       wb[min(n, 7), min(N, 7)]):
                            break
                        n += 1
                    if n == 23:
                        n = 22 + d.gamma(self.escape)
                    minus = 0
                    if n:
                        minus = (d.counted(self.sign[plane]) if z == 0
                                 else d.bit(32768))
                    predicted = 0
                    if z == 0 and near and not self.has_ends:
                        predicted = (sum(b[0] for b in near) >> 1
                                     if len(near) == 2 else near[0][0])
                    values.append(predicted + (-n if minus else n))
                    m = min(n, 30)
                    sizes[x, y] = m
                    usual += quotient(1024 * m - usual, min(self.done // 2 + 2, 25))
                    mean[plane, z] = usual
                    if usual > 20:
                        excess += min(16384 * m // (usual + 102), 64)
                        parts += 1
                blocks.append(values)
                self.done += 1
            component.append(blocks)
        self.pictures += 1
        return component


def decode_basis(data, k, planes, columns, rows, bw, bh):
    """Exponents, and blocks [component][plane][block][z]."""
    images = Images(data, planes, columns, rows, bw, bh, False)
    steps = Table()
    exponents, before = [], 0
    for _ in range(k):
        before += images.d.signed(steps)
        assert -64 <= before <= 63
        exponents.append(before)
    return exponents, [images.image() for _ in range(k)]


def cosines(n):
    return [[math.floor(16384 * math.sqrt((2 if u else 1) / n)
                        * math.cos(math.pi * (2 * x + 1) * u / (2 * n)) + 0.5)
             for x in range(n)] for u in range(n)]


def rounded(a, n):
    return a + (1 << n - 1) >> n


def scale(e):
    """A component's factor and shift."""
    return (65536, 77936, 92682, 110218)[(e + 64) % 4], 32 - (e + 64) // 4


def paint(component, factor, shift, low, w, h, columns, bw, bh):
    """Samples of an image, channels interleaved."""
    cut = 2**30
    across, down, through = cosines(bw), cosines(bh), cosines(3)
    planes = []
    for blocks in component:
        plane = [0] * (w * h)
        for number, values in enumerate(blocks):
            used = [(x, y, v) for (x, y), v in zip(walk(bw, bh), values) if v]
            for by in range(bh):
                for bx in range(bw):
                    x, y = number % columns * bw + bx, number // columns * bh + by
                    if x < w and y < h:
                        s = sum(v * across[u][bx] * down[f][by] for u, f, v in used)
                        t = rounded(rounded(s, 12) * factor, shift)
                        plane[y * w + x] = max(-cut, min(cut, t))
        planes.append(plane)
    if len(planes) == 1:
        return [max(t, low) for t in planes[0]]
    return [max(low, min(cut, rounded(sum(p[i] * through[f][c] for f, p
                                        in enumerate(planes)), 14)))
            for i in range(w * h) for c in range(3)]


def sign_of(d):
    return 0 if d == 0 else 1 if d < 0 else 2


def decode_activations(data, n, k):
    d = Decoder(data, 25)
    parents = []
    for j in range(k):
        width = (j - 1).bit_length() if j else 0
        pair = d.bits(width), d.bits(width)
        assert all(p < j or (p == 0 and j == 0) for p in pair)
        parents.append(pair)
    distance, escape = Table(), Table()
    plain, plain_a, plain_b = [Table(), Table()], weights(2, 22938), weights(2, 22938)
    same, same_a, same_b = [Table() for _ in range(10)], weights(10, 19661), weights(10, 19661)
    more, more_a, more_b = [Table() for _ in range(7)], weights(7, 19661), weights(7, 19661)
    size, size_a, size_b = [Table() for _ in range(4)], weights(4, 19661), weights(4, 19661)
    values, changes, references = [], [], []
    for i in range(n):
        back = d.gamma(distance) - 1 if i else 0
        assert back <= min(i, 65535)
        row, change = [], []
        ref = i - back if back else None
        references.append(ref)
        activity = 128
        for j in range(k):
            if ref is None:
                v = 0
                before = min(row[j - 1] if j else 0, 5)
                while v < 48:
                    s = min(v, 13)
                    if not d.mixed([plain[0][j, s], plain[1][j, s, before]],
                                   plain_a[j], plain_b[s]):
                        break
                    v += 1
                if v == 48:
                    v = 47 + d.gamma(escape)
                row.append(v)
                change.append(0)
                continue
            r = values[ref][j]
            L, was = min(r, 7), changes[ref][j]
            C, D = min(abs(was), 3), sign_of(was)
            rr = references[ref]
            E = sign_of(values[rr][j] - r) if rr is not None else 0
            p1, p2 = (sign_of(change[p]) for p in parents[j]) if j else (0, 0)
            Q = 3 * p1 + p2
            last = change[j - 1] if j else 0
            second = change[j - 2] if j > 1 else 0
            z1, z2 = min(abs(last), 3), min(abs(second), 3)
            t1, t2 = sign_of(last), sign_of(second)
            G = sum(b <= activity for b in (24, 48, 72, 96, 124, 160, 220))
            H = 16 * j // k
            t = same
            v = r
            if not d.mixed([t[0][j, Q, C], t[1][j, Q, min(r, 4)], t[2][j, L],
                            t[3][j, L, C], t[4][G, L, C], t[5][j, G],
                            t[6][z1, z2, C, H], t[7][j, z1, C], t[8][G, L, H],
                            t[9][j, G, min(r, 2)]], same_a[j], same_b[G, min(r, 3)]):
                t = more
                up = r == 0 or d.mixed([t[0][j, Q], t[1][j, p1, D], t[2][j, L],
                                        t[3][L, t1, t2, D], t[4][j, D, E],
                                        t[5][j, t1, D], t[6][L, G]],
                                       more_a[j], more_b[D, E])
                up = int(up)
                limit = 65535 - r if up else r
                m = 1
                t = size
                while m < limit and m < 24:
                    if not d.mixed([t[0][j, m], t[1][G, up, m], t[2][L, up, m],
                                    t[3][j, up, m]], size_a[j], size_b[m]):
                        break
                    m += 1
                if m < limit and m == 24:
                    m = 23 + d.gamma(escape)
                v = r + m if up else r - m
            assert 0 <= v <= 65535
            row.append(v)
            change.append(max(-3, min(3, v - r)))
            for _ in range(2 if j < 12 else 1):
                activity += 256 * min(abs(v - r), 3) - activity >> 4
        values.append(row)
        changes.append(change)
    return values


def counted_on(name):
    end = len(name)
    while end and not name[end - 1:end].isdigit():
        end -= 1
    start = end
    while start and name[start - 1:start].isdigit():
        start -= 1
    if start == end:
        return name
    number = str(int(name[start:end]) + 1).zfill(end - start)
    return name[:start] + number.encode() + name[end:]


def decode_names(data, n):
    d = Decoder(data)
    next_, same, byte = Counter(), Table(), Table()
    names, name = [], b""
    for _ in range(n):
        if d.counted(next_):
            name = counted_on(name)
        else:
            length = d.gamma(same) - 1
            assert length <= len(name)
            name = name[:length]
            while True:
                last, node = name[-1] if name else 0, 1
                for _ in range(8):
                    node = 2 * node + d.counted(byte[last, node])
                if node == 256:
                    break
                name += bytes([node - 256])
        names.append(name)
    return names


def decode(data):
    found = sections(data)
    head = struct.unpack_from("<IHHHBBBB", found["BASE"])
    n, w, h, k, channels, bw, bh, flags = head
    assert flags == 0
    columns, rows = -(-w // bw), -(-h // bh)
    exponents, basis = decode_basis(found["BASE"][14:], k, channels, columns,
                                    rows, bw, bh)
    components = [paint(c, *scale(e), 0, w, h, columns, bw, bh)
                  for c, e in zip(basis, exponents)]
    residual = None
    if "RESI" in found:
        step, rw, rh = struct.unpack_from("<HBB", found["RESI"])
        across, down = -(-w // rw), -(-h // rh)
        residual = Images(found["RESI"][4:], channels, across, down, rw, rh, True)
    pixels = bytearray()
    for row in decode_activations(found["CODE"], n, k):
        used = [(a, c) for a, c in zip(row, components) if a]
        rest = [0] * (w * h * channels)
        if residual:
            rest = paint(residual.image(), step, 6, -2**30, w, h, across, rw, rh)
        for p in range(w * h * channels):
            total = min(2**30, 2**15 + sum(a * c[p] for a, c in used))
            pixels.append(max(0, min(255, total + rest[p] >> 16)))
    names = decode_names(found["nAME"], n) if "nAME" in found else []
    assert struct.unpack_from("<I", found["ENDS"], 8)[0] == crc32c(pixels)
    return (w, h, channels, n), names, pixels


def main():
    with open(sys.argv[1], "rb") as file:
        size, names, pixels = decode(file.read())
    print("%d x %d, %d channels, %d pictures" % size)
    for name in names:
        print(name.decode(errors="backslashreplace"))
    print("checksum %08x" % crc32c(pixels))
    if len(sys.argv) > 2:
        with open(sys.argv[2], "wb") as file:
            file.write(pixels)


if __name__ == "__main__":
    main()

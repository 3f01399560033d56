#!/usr/bin/env python3
"""Write the .nmfi files of valid/ and invalid/ beside this script.

An encoder written from lib/codec/FORMAT.md alone, with nothing but the standard
library, so that the C code is tested against the text and not against itself.
Run it after a new case was added here; files that are there must not change:
they are what people have on their disks. What each must come to is in
test_golden_models.c.
"""

import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
MAGIC = b"\x89NMI\r\n\x1a\n"


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def signed(data):
    return data + struct.pack("<I", crc32c(data))


def header(version=1, kind=1):
    return signed(MAGIC + struct.pack("<HH", version, kind))


def section(name, payload):
    return signed(name + struct.pack("<Q", len(payload)) + payload)


def container(sections, head=None):
    parts = [head or header()] + [section(*s) for s in sections]
    chain = crc32c(b"".join(part[-4:] for part in parts))
    end = struct.pack("<II", len(sections), chain)
    return b"".join(parts) + section(b"ENDS", end)


def meta(n_samples=4, seed=7, max_iter=200, n_iter=12, tol=1e-4, error=0.125,
         sparse_h=0.5, sparse_w=0.25, solver=b"hals", init=0, stop=1):
    return (b"META", struct.pack("<QQQQdddd16sII", n_samples, seed, max_iter,
                                 n_iter, tol, error, sparse_h, sparse_w,
                                 solver, init, stop))


def geom(width=3, height=2, channels=1, stride=0):
    return (b"GEOM", struct.pack("<IIII", width, height, channels, stride))


def matrix(name, rows, cols, values=None):
    if values is None:
        values = [(5 * i) % 8 / 8 for i in range(rows * cols)]
    return (name, struct.pack(f"<QQ{len(values)}f", rows, cols, *values))


def mthd(method, objective=2.5):
    return (b"MTHD", struct.pack("<Id", method, objective))


def goal(*numbers):
    return b"gOAL", struct.pack(f"<{len(numbers)}d", *numbers)


def vari(*numbers):
    return (b"VARI", struct.pack(f"<{len(numbers)}d", *numbers))


def pict(pictures, count=None):
    payload = struct.pack("<Q", len(pictures) if count is None else count)
    for name, width, height, n_rows in pictures:
        payload += struct.pack("<QIIH", n_rows, width, height, len(name)) + name
    return (b"PICT", payload)


COMP = matrix(b"COMP", 2, 6)
ACTV = matrix(b"ACTV", 4, 2)
FACES = [(b"faces/a.pgm", 3, 2, 1), ("faces/\u00e9.pgm".encode(), 3, 2, 1),
         (b"faces/new\nline", 3, 2, 1), (b"", 0, 0, 1)]
VIEW = (b"vIEW", '{"version":1,"name":"caf\u00e9 \U0001f600"}'.encode())
PLAIN = [meta(), geom(), COMP]

# Other methods than NMF: 1 pca, 2 svd, 3 vq, 4 plsa.
SIGNED = matrix(b"COMP", 2, 6, [(3 * i) % 8 / 4 - 0.75 for i in range(12)])
MEAN = matrix(b"MEAN", 1, 6, [0.5, -0.25, 0.125, 0.0, -0.0, 1.0])
VARI = vari(3.0, 2.25, 0.75, 1.0, 0.25, 0.125)
SCORES = matrix(b"ACTV", 4, 2, [1.5, -2.0, 0.0, 0.25, -0.5, -0.5, 3.0, 8.0])
LABELS = matrix(b"ACTV", 4, 2, [1, 0, 0, 1, 1, 0, -0.0, 1])
PCA = [meta(solver=b"pca", n_iter=0), mthd(1), geom(), SIGNED, MEAN, VARI]
VQ = [meta(solver=b"vq"), mthd(3), geom(), SIGNED]
PLSA = [meta(solver=b"plsa"), mthd(4), geom(), COMP]
FULL = [meta(), geom(), COMP, ACTV, pict(FACES)]

VALID = {
    "components": container(PLAIN),
    "no-geometry": container([meta(), COMP]),
    "no-fit": container([meta(0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, b"", 0, 0), COMP]),
    "activations": container([meta(), geom(), COMP, ACTV]),
    "init-nndsvd": container([meta(init=2), COMP]),
    "init-nndsvdar": container([meta(init=4), geom(), COMP]),
    "stop-validation": container([meta(stop=6), COMP]),
    "pictures": container(FULL),
    "patches-rgb": container([
        meta(9, 2**64 - 1, 2**40, 1, solver=b"a-solver-of-15c", init=1, stop=4),
        geom(2, 1, 3, 1), COMP, matrix(b"ACTV", 9, 2),
        pict([(b"wide.png", 7, 1, 6), (b"small.png", 4, 1, 3)])]),
    "ancillary": container([
        (b"nOTE", b"passed over"), meta(), geom(), (b"nOTE", b""), COMP,
        (b"xyZZ", bytes(50))]),
    "session": container(FULL + [VIEW]),
    "session-plain": container(PLAIN + [(b"nOTE", b"between"), (b"vIEW", b"{")]),
    "method-pca": container(PCA + [SCORES, pict(FACES)]),
    "method-pca-plain": container([
        meta(9, solver=b"arpack", init=2), mthd(1, 0.0), SIGNED, MEAN]),
    "method-pca-session": container(PCA[:3] + [(b"nOTE", b"x")] + PCA[3:]
                                    + [VIEW]),
    "method-svd": container([meta(solver=b"svd", n_iter=0), mthd(2), geom(),
                             SIGNED, VARI, SCORES]),
    "method-vq": container(VQ + [LABELS, pict(FACES)]),
    "method-plsa": container(PLSA + [ACTV]),
    "goal-kl": container([meta(solver=b"mu"), goal(1, 0.5, 0.25, 0.75, 0, 0, 0),
                          COMP]),
    "goal-shaped": container([meta(solver=b"shaped"),
                              goal(2, 0, 0, 0, 0.5, 0.75, 10), geom(), COMP]),
    "one-number": container([meta(1), geom(1, 1), matrix(b"COMP", 1, 1, [-0.0]),
                             matrix(b"ACTV", 1, 1, [3.0])]),
}


def changed(data, offset, new):
    return data[:offset] + new + data[offset + len(new):]


def wrong_chain():
    body = header() + b"".join(section(*s) for s in PLAIN)
    return body + section(b"ENDS", struct.pack("<II", 3, 1))


def without_section(data, index):
    """Cut a section out and leave the end as it is."""
    at = 16
    for _ in range(index):
        at += 16 + struct.unpack_from("<Q", data, at + 4)[0]
    size = 16 + struct.unpack_from("<Q", data, at + 4)[0]
    return data[:at] + data[at + size:]


def comp(values):
    return container([meta(), geom(), matrix(b"COMP", 2, 6, values)])


GOOD = [0.5] * 12
BASE = VALID["components"]
INVALID = {
    # the container
    "empty": b"",
    "magic-only": MAGIC,
    "magic-text-mode": changed(BASE, 4, b"\n\n\x1a\n"),
    "header-checksum": changed(BASE, 12, b"\0\0\0\0"),
    "version-0": container(PLAIN, header(version=0)),
    "version-2": container(PLAIN, header(version=2)),
    "kind-0": container(PLAIN, header(kind=0)),
    "kind-77": container(PLAIN, header(kind=77)),
    "no-end": BASE[:-24],
    "cut-short": BASE[:-1],
    "trailing-byte": BASE + b"\0",
    "trailing-section": BASE + section(b"nOTE", b""),
    "section-removed": without_section(BASE, 1),
    "chain-wrong": wrong_chain(),
    "section-name": container([meta(), (b"GE0M", b""), COMP]),
    "section-checksum": changed(BASE, 40, b"\xff"),
    "section-huge": changed(BASE, 20, b"\xff" * 8),
    "end-longer": BASE[:-24] + section(b"ENDS", bytes(9)),
    # which sections, in which order
    "critical-unknown": container([meta(), geom(), (b"LOSS", b"kl"), COMP]),
    "no-meta": container([geom(), COMP]),
    "no-comp": container([meta(), geom()]),
    "comp-twice": container([meta(), COMP, COMP]),
    "geom-late": container([meta(), COMP, geom()]),
    "pict-without-actv": container([meta(), COMP, pict(FACES)]),
    # META
    "meta-short": container([(b"META", meta()[1][:-1]), COMP]),
    "meta-long": container([(b"META", meta()[1] + b"\0"), COMP]),
    "meta-nan": container([meta(error=float("nan")), COMP]),
    "meta-infinite": container([meta(error=float("inf")), COMP]),
    "meta-negative": container([meta(tol=-1.0), COMP]),
    "meta-solver-open": container([meta(solver=b"sixteen-letters!"), COMP]),
    "meta-solver-gap": container([meta(solver=b"ha\0ls"), COMP]),
    "meta-solver-control": container([meta(solver=b"ha\x1b[31m"), COMP]),
    "meta-init-99": container([meta(init=99), COMP]),
    "meta-stop": container([meta(stop=200), COMP]),
    # GEOM
    "geom-short": container([meta(), (b"GEOM", bytes(15)), COMP]),
    "geom-zero": container([meta(), geom(0), COMP]),
    "geom-channels": container([meta(), geom(3, 1, 2), COMP]),
    "geom-mismatch": container([meta(), geom(3, 3), COMP]),
    "geom-huge": container([meta(), geom(2**32 - 1, 2**32 - 1, 3), COMP]),
    # COMP and ACTV
    "comp-empty": container([meta(), (b"COMP", b"")]),
    "comp-no-rows": container([meta(), matrix(b"COMP", 0, 6, [])]),
    "comp-short": container([meta(), matrix(b"COMP", 2, 6, GOOD[:-1])]),
    "comp-long": container([meta(), matrix(b"COMP", 2, 6, GOOD + [0.5])]),
    "comp-wraps": container([meta(), matrix(b"COMP", 2**62, 4, GOOD)]),
    "comp-wraps-to-12": container([meta(), matrix(b"COMP", 2**62 + 12, 1, GOOD)]),
    "comp-nan": comp(GOOD[:-1] + [float("nan")]),
    "comp-infinite": comp([float("inf")] + GOOD[1:]),
    "comp-negative": comp(GOOD[:5] + [-0.25] + GOOD[6:]),
    "actv-negative": container(PLAIN + [matrix(b"ACTV", 4, 2, [-1.0] * 8)]),
    "actv-components": container(PLAIN + [matrix(b"ACTV", 4, 3)]),
    "actv-samples": container(PLAIN + [matrix(b"ACTV", 5, 2)]),
    # MTHD and what comes with it
    "mthd-short": container([meta(), (b"MTHD", b"\3\0\0\0"), COMP]),
    "mthd-long": container([meta(), (b"MTHD", mthd(3)[1] + b"\0"), COMP]),
    "mthd-nmf": container([meta(), mthd(0), COMP]),
    "mthd-5": container([meta(), mthd(5), COMP]),
    "mthd-nan": container([meta(), mthd(3, float("nan")), COMP]),
    "mthd-negative": container([meta(), mthd(3, -1.0), COMP]),
    "mthd-late": container([meta(), geom(), mthd(3), COMP]),
    "mthd-twice": container([meta(), mthd(3), mthd(3), COMP]),
    "mean-missing": container(PCA[:4] + [VARI]),
    "mean-of-nmf": container(PLAIN + [MEAN]),
    "mean-of-vq": container(VQ + [MEAN]),
    "mean-short": container(PCA[:4] + [matrix(b"MEAN", 1, 5)]),
    "mean-two-rows": container(PCA[:4] + [matrix(b"MEAN", 2, 6)]),
    "mean-late": container(PCA[:4] + [VARI, MEAN]),
    "mean-infinite": container(
        PCA[:4] + [matrix(b"MEAN", 1, 6, [float("-inf")] * 6)]),
    "vari-of-nmf": container(PLAIN + [VARI]),
    "vari-of-vq": container(VQ + [VARI]),
    "vari-empty": container(PCA[:5] + [(b"VARI", b"")]),
    "vari-short": container(PCA[:5] + [vari(3.0, 2.0, 1.0)]),
    "vari-odd": container(PCA[:5] + [(b"VARI", VARI[1] + b"\0")]),
    "vari-negative": container(
        PCA[:5] + [vari(3.0, 2.0, 1.0, 1.0, -1.0, 1.0)]),
    "vari-nan": container(
        PCA[:5] + [vari(float("nan"), 2.0, 1.0, 1.0, 1.0, 1.0)]),
    "pca-nan": container(PCA[:3] + [
        matrix(b"COMP", 2, 6, GOOD[:-1] + [float("nan")]), MEAN]),
    "plsa-negative": container(PLSA[:3] + [SIGNED]),
    "plsa-actv-negative": container(PLSA + [SCORES]),
    "vq-two-ones": container(
        VQ + [matrix(b"ACTV", 4, 2, [1, 0, 0, 1, 1, 1, 1, 0])]),
    "vq-no-one": container(
        VQ + [matrix(b"ACTV", 4, 2, [0, 0, 0, 1, 1, 0, 1, 0])]),
    "vq-half": container(
        VQ + [matrix(b"ACTV", 4, 2, [1, 0, 0, 1, 0.5, 1, 1, 0])]),
    # PICT
    "pict-empty": container(PLAIN + [ACTV, (b"PICT", b"")]),
    "pict-none": container(PLAIN + [ACTV, pict([])]),
    "pict-count-huge": container(PLAIN + [ACTV, pict(FACES, 2**61)]),
    "pict-count-high": container(PLAIN + [ACTV, pict(FACES, 5)]),
    "pict-count-low": container(PLAIN + [ACTV, pict(FACES, 3)]),
    "pict-name-nul": container(PLAIN + [ACTV, pict([(b"a\0b", 3, 2, 4)])]),
    "pict-no-rows": container(
        PLAIN + [ACTV, pict([(b"a", 3, 2, 4), (b"b", 3, 2, 0)])]),
    "pict-rows-few": container(PLAIN + [ACTV, pict([(b"a", 3, 2, 3)])]),
    "pict-rows-wrap": container(
        PLAIN + [ACTV, pict([(b"a", 3, 2, 6), (b"b", 3, 2, 2**64 - 2)])]),
    "pict-side": container(PLAIN + [ACTV, pict([(b"a", 2**31, 2, 4)])]),
    # gOAL
    "goal-short": container([meta(), goal(1, 0, 0, 0, 0, 0), COMP]),
    "goal-beta": container([meta(), goal(9, 0, 0, 0, 0, 0, 0), COMP]),
    "goal-nan": container([meta(), goal(float("nan"), 0, 0, 0, 0, 0, 0), COMP]),
    "goal-alpha": container([meta(), goal(1, -1, 0, 0, 0, 0, 0), COMP]),
    "goal-ratio": container([meta(), goal(1, 0, 0, 1.5, 0, 0, 0), COMP]),
    "goal-sparseness": container([meta(), goal(2, 0, 0, 0, 1, 0, 0), COMP]),
    "goal-smooth": container([meta(), goal(2, 0, 0, 0, 0, 0, float("inf")),
                              COMP]),
    "goal-late": container([meta(), COMP, goal(1, 0, 0, 0, 0, 0, 0)]),
    "goal-of-pca": container(PCA[:1] + [goal(1, 0, 0, 0, 0, 0, 0)] + PCA[1:]),
    # vIEW
    "view-empty": container(PLAIN + [(b"vIEW", b"")]),
    "view-nul": container(PLAIN + [(b"vIEW", b"{}\0")]),
    "view-latin1": container(PLAIN + [(b"vIEW", b'{"a":"caf\xe9"}')]),
    "view-overlong": container(PLAIN + [(b"vIEW", b"\xc0\xaf")]),
    "view-surrogate": container(PLAIN + [(b"vIEW", b"\xed\xa0\x80")]),
    "view-cut": container(PLAIN + [(b"vIEW", b"\xf0\x9f\x98")]),
    "view-beyond": container(PLAIN + [(b"vIEW", b"\xf4\x90\x80\x80")]),
    "view-twice": container(PLAIN + [VIEW, VIEW]),
    "view-early": container([meta(), geom(), VIEW, COMP]),
}


def main():
    for folder, files in (("valid", VALID), ("invalid", INVALID)):
        for name, data in files.items():
            path = HERE / folder / f"{name}.nmfi"
            path.parent.mkdir(exist_ok=True)
            if path.exists() and path.read_bytes() != data:
                raise SystemExit(f"{path} would change: keep it, add another")
            path.write_bytes(data)


if __name__ == "__main__":
    main()

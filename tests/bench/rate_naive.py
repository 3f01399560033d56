#!/usr/bin/python3
"""A compressed set beside what one would do at first: factors of 6 bits, and xz.

    rate_naive.py NMFIMG INPUT PSNR [K ...]

For each K (default: 8 to 160) `nmfimg fit` learns W and H; every component and
its activations are divided by their largest entry and rounded to 6 bits, a byte
each, and xz at its best packs them (rows or columns first, whichever is
smaller), with two floats a component for the scales. The bytes at PSNR are
interpolated in their logarithm between the two ranks around it. `nmfimg
compress --target-psnr PSNR` is what stands beside it, its file decoded again.
Prints CSV: k, bytes, psnr of each rank; then a line with the two and their
ratio.
"""
import lzma
import os
import subprocess
import sys
import tempfile

import numpy as np

LEVELS = 63


def nmfimg(*arguments):
    subprocess.run((sys.argv[1],) + arguments + ("--quiet",), check=True,
                   stdout=subprocess.DEVNULL)


def psnr(X, Y):
    """Of pictures in [0, 1], as 8 bits."""
    gaps = np.round(np.clip(Y, 0, 1) * 255) - np.round(X * 255)
    return 10 * np.log10(255.0 ** 2 / np.square(gaps).mean())


def pack(symbols):
    how = dict(format=lzma.FORMAT_XZ, preset=9 | lzma.PRESET_EXTREME)
    return min(len(lzma.compress(m.tobytes(), **how))
               for m in (symbols, np.ascontiguousarray(symbols.T)))


def naive(folder, source, X, k):
    """Bytes and PSNR of 6-bit factors of that rank."""
    path = {name: os.path.join(folder, name)
            for name in ("m.nmfi", "W.npy", "H.npy")}
    nmfimg("fit", source, "-k", str(k), "--keep-activations", "-f",
           "-o", path["m.nmfi"])
    nmfimg("export", path["m.nmfi"], "-f", "--components", path["H.npy"],
           "--activations", path["W.npy"])
    W, H = np.load(path["W.npy"]), np.load(path["H.npy"])
    across = np.maximum(W.max(axis=0), 1e-30)
    down = np.maximum(H.max(axis=1), 1e-30)
    w = np.round(W / across * LEVELS).astype(np.uint8)
    h = np.round(H / down[:, None] * LEVELS).astype(np.uint8)
    Y = (w * (across / LEVELS)) @ (h * (down / LEVELS)[:, None])
    return pack(w) + pack(h) + 8 * k, psnr(X, Y)


def at(points, wanted):
    """Bytes at a PSNR between two points; None beyond them."""
    points = sorted(points, key=lambda point: point[1])
    for (a, low), (b, high) in zip(points, points[1:]):
        if low <= wanted <= high:
            t = (wanted - low) / (high - low)
            return float(np.exp((1 - t) * np.log(a) + t * np.log(b)))
    return None


def main():
    source, wanted = sys.argv[2], float(sys.argv[3])
    ranks = [int(k) for k in sys.argv[4:]] or [8, 12, 16, 24, 32, 48, 64, 80,
                                               96, 128, 160]
    points = []
    with tempfile.TemporaryDirectory() as folder:
        x = os.path.join(folder, "X.npy")
        ours = os.path.join(folder, "ours.nmfi")
        nmfimg("matrix", source, "-o", x)
        X = np.load(x)
        print("k,bytes,psnr_db", flush=True)
        for k in ranks:
            points.append(naive(folder, source, X, k))
            print("%d,%d,%.3f" % ((k,) + points[-1]), flush=True)
            if points[-1][1] > wanted:
                break
        nmfimg("compress", source, "--target-psnr", str(wanted), "--no-names",
               "-o", ours)
        size = os.path.getsize(ours)
    other = at(points, wanted)
    if other is None:
        sys.exit("no two ranks enclose %g dB" % wanted)
    print("at %.2f dB: 6 bits and xz %.0f bytes, nmfimg %d bytes, %.1f %%"
          % (wanted, other, size, 100 * size / other))


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""The exact solver, bpp, beside RcppML's: time to the same error.

    exact.py --bench BENCH_FIT --data DATA [--cases cbcl,orl] [--doublings 6]

BENCH_FIT   the program of a release build with -DNMFIMG_BUILD_BENCH=ON
DATA        a folder with faces/cbcl and faces/orl

One thread, CPU time; each run of RcppML is followed by one of bpp, so that a
busy machine meets both. RcppML (Debian's r-cran-rcppml) takes no start of the
caller's for dense data and tells no trace: it is run for 1, 2, 4, ...
iterations from one seed, and bpp's trace is read where it has that error, the
seconds between two iterations split in proportion. k is 49.
"""
import argparse
import csv
import io
import os
import subprocess
import tempfile

import numpy as np
from PIL import Image

ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
K = 49
PEER = r"""
suppressMessages(library(RcppML)); setRcppMLthreads(1L)
a <- commandArgs(TRUE); m <- as.integer(a[2]); n <- as.integer(a[3])
X <- t(matrix(readBin(a[1], "numeric", m * n, size = 4), n, m))
p0 <- proc.time()
r <- nmf(X, as.integer(a[4]), tol = 0, maxit = as.integer(a[5]),
         verbose = FALSE, seed = 42L)
p <- proc.time() - p0
if (!is.list(r)) r <- list(w = r@w, d = r@d, h = r@h)
E <- sqrt(sum((X - r$w %*% (r$d * r$h))^2) / sum(X^2))
cat(sprintf("%.6f %.9f\n", p[["user.self"]] + p[["sys.self"]], E))
"""


def pictures(folder):
    paths = sorted(os.path.join(where, name)
                   for where, _, names in os.walk(folder) for name in names
                   if name.endswith((".pgm", ".png", ".bmp", ".gif")))
    return np.array([np.asarray(Image.open(path).convert("L"), np.float32)
                     .ravel() / 255 for path in paths])


def peer(folder, X, n_iter):
    arguments = [os.path.join(folder, "X.f32"), *X.shape, K, n_iter]
    out = subprocess.run(
        ["Rscript", "-e", PEER, *(str(a) for a in arguments)],
        env=ONE_THREAD, check=True, capture_output=True, text=True).stdout
    return tuple(float(word) for word in out.split())


def ours(bench, folder, seconds):
    paths = [os.path.join(folder, name + ".npy") for name in ("X", "W", "H")]
    out = subprocess.run([bench, *paths, "bpp", str(seconds), "1"],
                         env=ONE_THREAD, check=True, capture_output=True,
                         text=True).stdout
    rows = list(csv.reader(io.StringIO(out)))[1:]
    return [(float(row[1]), float(row[3])) for row in rows]


def seconds_to(trace, error):
    """When a trace of (seconds, error) has that error; None: not yet."""
    before = None
    for now in trace:
        if now[1] <= error:
            if before is None:
                return now[0]
            part = (before[1] - error) / (before[1] - now[1])
            return before[0] + part * (now[0] - before[0])
        before = now
    return None


def measure(name, options, folder):
    X = pictures(os.path.join(options.data, "faces", name))
    rng = np.random.RandomState(11)
    scale = np.sqrt(X.mean() / K)
    X.tofile(os.path.join(folder, "X.f32"))
    np.save(os.path.join(folder, "X"), X)
    for factor, shape in (("H", (K, X.shape[1])), ("W", (X.shape[0], K))):
        F = np.abs(scale * rng.standard_normal(shape)).astype(np.float32)
        np.save(os.path.join(folder, factor), F)
    print(f"{name}: {X.shape[0]} x {X.shape[1]}, k {K}")
    print("| RcppML | error | RcppML | bpp | ratio |")
    print("| ---: | ---: | ---: | ---: | ---: |", flush=True)
    for n in range(1, options.doublings + 1):
        took, error = peer(folder, X, 2 ** n)
        mine = seconds_to(ours(options.bench, folder, took), error)
        told = "-" if mine is None else f"{mine:.3f} s"
        ratio = "-" if mine is None else f"{took / mine:.1f}x"
        print(f"| {2 ** n} iterations | {error:.5f} | {took:.3f} s | {told} "
              f"| {ratio} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--cases", default="cbcl,orl")
    parser.add_argument("--doublings", type=int, default=6)
    options = parser.parse_args()
    for name in options.cases.split(","):
        with tempfile.TemporaryDirectory() as folder:
            measure(name, options, folder)


if __name__ == "__main__":
    main()

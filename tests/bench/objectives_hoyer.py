#!/usr/bin/python3
"""Parts of a given sparseness: ours and the algorithm of Hoyer's paper.

    objectives_hoyer.py NMFIMG X.npy K SPARSENESS [SECONDS [SEEDS]]

From the same starts, the paper's (projected gradients in H with a step that is
tried out, multiplicative updates of W; JMLR 5 (2004), section 3.2, with W and H
exchanged) for SECONDS of CPU time (default 60), and `nmfimg fit
--sparseness-H SPARSENESS` on one thread until it ends by itself. Prints CSV:
seed, iterations and seconds of ours, its relative error, iterations of theirs,
their error, and after how many iterations and seconds ours was below that for
the first time. The paper's projection is replaced by the exact one, which only
helps it.
"""
import csv
import os
import subprocess
import sys
import tempfile
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np


def project(g, l1):
    """The nearest h >= 0 of length 1 and that l1 norm."""
    left = g
    while True:
        n, mean = left.size, left.mean()
        spread = np.square(left - mean).sum()
        z = mean - l1 * np.sqrt(spread / (n * (n - l1 * l1)))
        above = left[left > z]
        if above.size == n:
            break
        left = above
    h = np.maximum(g - z, 0)
    return h / np.linalg.norm(h)


def theirs(X, W, H, sparseness, seconds):
    root = np.sqrt(X.shape[1])
    l1 = root - sparseness * (root - 1)
    squares = np.square(X).sum()
    H = np.array([project(h, l1) for h in H])
    step, error = 1.0, None
    start = time.process_time()
    n_iter = 0
    while time.process_time() - start < seconds:
        W = W * (X @ H.T) / (W @ (H @ H.T) + 1e-9)
        Q, G = W.T @ X, W.T @ W

        def loss(H):
            return squares - 2 * (Q * H).sum() + (G * (H @ H.T)).sum()

        before, gradient = loss(H), G @ H - Q
        while True:
            moved = np.array([project(h, l1) for h in H - step * gradient])
            if loss(moved) <= before or step < 1e-200:
                break
            step /= 2
        step *= 1.2
        H = moved
        n_iter += 1
        error = np.sqrt(loss(H) / squares)
    return n_iter, error


def ours(program, folder, path, sparseness):
    trace = f"{folder}/trace.csv"
    subprocess.run(
        [program, "fit", path, "--init", "custom", "--init-W",
         f"{folder}/W.npy", "--init-H", f"{folder}/H.npy", "--sparseness-H",
         str(sparseness), "--threads", "1", "--quiet", "--trace", trace, "-f"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(trace, newline="") as file:
        return [(int(row["iter"]), float(row["cpu_s"]),
                 float(row["relative_error"])) for row in csv.DictReader(file)]


def main():
    program, path, k, sparseness = (sys.argv[1], sys.argv[2], int(sys.argv[3]),
                                    float(sys.argv[4]))
    seconds = float(sys.argv[5]) if len(sys.argv) > 5 else 60.0
    seeds = int(sys.argv[6]) if len(sys.argv) > 6 else 3
    X = np.load(path).astype(np.float64)
    print("seed,our_iter,our_s,our_error,their_iter,their_error,below_iter,"
          "below_s")
    for seed in range(seeds):
        random = np.random.RandomState(seed)
        scale = np.sqrt(X.mean() / k)
        W = np.abs(random.randn(X.shape[0], k)) * scale
        H = np.abs(random.randn(k, X.shape[1])) * scale
        with tempfile.TemporaryDirectory() as folder:
            np.save(f"{folder}/W.npy", W.astype(np.float32))
            np.save(f"{folder}/H.npy", H.astype(np.float32))
            trace = ours(program, folder, path, sparseness)
        n_iter, error = theirs(X, W, H, sparseness, seconds)
        below = next((row for row in trace if row[2] < error),
                     (float("nan"), float("nan")))
        print(seed, trace[-1][0], f"{trace[-1][1]:.3f}", f"{trace[-1][2]:.5f}",
              n_iter, f"{error:.5f}", below[0], f"{below[1]:.3f}", sep=",",
              flush=True)


main()

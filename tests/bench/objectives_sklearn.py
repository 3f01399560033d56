#!/usr/bin/python3
"""What our solvers and scikit-learn's reach from the same starts.

    objectives_sklearn.py NMFIMG [X.npy]

NMFIMG is the program. X is a table of numbers > 0; without it, three made-up
ones. For each solver and loss that both have, 2,000 iterations each from three
starts; prints CSV: solver, beta, data, seed, ours, theirs, ratio, and how often
one iteration of ours goes into one of theirs (CPU time, one thread). Fails
where ours is more than 0.2 % above theirs.
"""
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np
from sklearn.decomposition import NMF
from sklearn.decomposition._nmf import _beta_divergence

warnings.filterwarnings("ignore")

N_ITER = 2000
MOST = 1.002
PAIRS = [("cd", 2), ("hals", 2), ("mu", 2), ("mu", 1), ("mu", 0), ("mu", 0.5),
         ("mu", 1.5), ("mu", 2.5), ("mu-plain", 2), ("mu-plain", 1),
         ("mu-plain", 0), ("mu-plain", 0.5), ("mu-plain", 1.5),
         ("mu-plain", 2.5)]


def made_up():
    for seed, (m, n, k) in enumerate([(150, 60, 6), (60, 150, 6), (100, 80, 9)]):
        random = np.random.RandomState(seed)
        X = random.rand(m, k) ** 3 @ random.rand(k, n) ** 3
        X += 0.05 + 0.2 * random.rand(m, n)
        yield f"{m}x{n}", X.astype(np.float32), k


def theirs(X, W, H, solver, beta):
    solver = "cd" if solver in ("cd", "hals") else "mu"
    model = NMF(W.shape[1], init="custom", solver=solver, beta_loss=beta,
                max_iter=N_ITER, tol=0)
    start = time.process_time()
    A = model.fit_transform(X, W=W.copy(), H=H.copy())
    seconds = time.process_time() - start
    divergence = _beta_divergence(X.astype(np.float64), A.astype(np.float64),
                                  model.components_.astype(np.float64), beta)
    return divergence, seconds


def ours(program, folder, solver, beta):
    out = subprocess.run(
        [program, "fit", f"{folder}/X.npy", "--init", "custom", "--init-W",
         f"{folder}/W.npy", "--init-H", f"{folder}/H.npy", "--solver", solver,
         "--beta-loss", str(beta), "--max-iter", str(N_ITER), "--tol", "0",
         "--threads", "1", "--quiet", "--json"],
        check=True, capture_output=True, text=True)
    report = json.loads(out.stdout)
    return report["objective"], report["cpu_seconds"]


def compare(program, name, X, k, folder):
    worst = 0.0
    np.save(f"{folder}/X.npy", X)
    for seed in range(3):
        random = np.random.RandomState(seed)
        scale = np.sqrt(X.mean() / k)
        W = np.abs(scale * random.randn(len(X), k)).astype(np.float32)
        H = np.abs(scale * random.randn(k, X.shape[1])).astype(np.float32)
        np.save(f"{folder}/W.npy", W)
        np.save(f"{folder}/H.npy", H)
        for solver, beta in PAIRS:
            a, a_seconds = ours(program, folder, solver, beta)
            b, b_seconds = theirs(X, W, H, solver, beta)
            worst = max(worst, a / b)
            print(f"{solver},{beta},{name},{seed},{a:.6g},{b:.6g},{a / b:.5f},"
                  f"{b_seconds / a_seconds:.1f}", flush=True)
    return worst


def main():
    program = sys.argv[1]
    print("solver,beta,data,seed,ours,theirs,ratio,times")
    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 2:
            X = np.load(sys.argv[2]).astype(np.float32)
            worst = compare(program, "X", X, min(20, min(X.shape) // 2), folder)
        else:
            worst = max(compare(program, *data, folder) for data in made_up())
    print(f"the worst ratio is {worst:.5f}", file=sys.stderr)
    return 1 if worst > MOST else 0


if __name__ == "__main__":
    sys.exit(main())

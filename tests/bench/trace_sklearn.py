#!/usr/bin/python3
"""The error of scikit-learn's coordinate descent over time, from a given start.

    trace_sklearn.py X.npy W0.npy H0.npy SECONDS float32|float64

Prints CSV as bench_fit does: iter, cpu_s, wall_s, relative_error. The clocks
rest while the error is computed. Ends after SECONDS of CPU time. X of unsigned
bytes is divided by 255. Threads: OMP_NUM_THREADS and OPENBLAS_NUM_THREADS.

The solver tells nobody what it does between its iterations, so its update of
one factor is wrapped: every second call ends an iteration.
"""
import sys
import time
import warnings

import numpy as np
import sklearn.decomposition._nmf as nmf

warnings.filterwarnings("ignore")


class Stop(Exception):
    pass


class Trace:
    """Wraps the update of a factor; knows W and H and keeps the time."""

    def __init__(self, X, seconds):
        self.X = X
        self.squares = sum(float(np.sum(np.square(rows), dtype=np.float64))
                           for rows in np.array_split(X, 64))
        self.seconds = seconds
        self.update = nmf._update_coordinate_descent
        self.n_calls = 0
        self.cpu = self.wall = 0.0
        self.W = None

    def start(self):
        self.cpu_since = time.process_time()
        self.wall_since = time.perf_counter()

    def pause(self):
        self.cpu += time.process_time() - self.cpu_since
        self.wall += time.perf_counter() - self.wall_since

    def error(self, W, H):
        total = 0.0
        for i in range(0, self.X.shape[0], 512):
            R = self.X[i:i + 512] - W[i:i + 512] @ H
            total += float(np.sum(np.square(R), dtype=np.float64))
        return (total / self.squares) ** 0.5

    def __call__(self, X, A, Bt, *args, **kwargs):
        result = self.update(X, A, Bt, *args, **kwargs)
        self.n_calls += 1
        if self.n_calls % 2 == 1:
            self.W = A
            return result
        self.pause()
        error = self.error(self.W, A.T)
        print(f"{self.n_calls // 2},{self.cpu:.6f},{self.wall:.6f},"
              f"{error:.9f}", flush=True)
        if self.cpu > self.seconds:
            raise Stop
        self.start()
        return result


def load(path, dtype):
    X = np.load(path)
    scale = 255 if X.dtype == np.uint8 else 1
    return np.ascontiguousarray(X.astype(dtype) / dtype.type(scale))


def main():
    paths, seconds = sys.argv[1:4], float(sys.argv[4])
    dtype = np.dtype(sys.argv[5])
    X, W0, H0 = (load(path, dtype) for path in paths)
    trace = Trace(X, seconds)
    nmf._update_coordinate_descent = trace
    model = nmf.NMF(W0.shape[1], init="custom", solver="cd",
                    max_iter=10 ** 6, tol=0)
    print("iter,cpu_s,wall_s,relative_error")
    trace.start()
    try:
        model.fit_transform(X, W=W0.copy(), H=H0.copy())
    except Stop:
        pass


if __name__ == "__main__":
    main()

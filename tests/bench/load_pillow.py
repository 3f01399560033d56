#!/usr/bin/env python3
"""The work of bench_load with Pillow and NumPy, one line of the same form.

    load_pillow.py FOLDER [RUNS]

Grey pictures of one size: names sorted, decoded, float32, divided by 255.
"""
import os
import statistics
import sys
import time

import numpy as np
from PIL import Image


def load(folder):
    paths = sorted(os.path.join(where, name)
                   for where, _, names in os.walk(folder) for name in names)
    X = None
    for i, path in enumerate(paths):
        with Image.open(path) as image:
            pixels = np.asarray(image)
        if X is None:
            X = np.empty((len(paths), pixels.size), np.float32)
        X[i] = pixels.ravel()
    X *= 1 / 255
    return X


def main():
    folder = sys.argv[1]
    times = []
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 15):
        start = time.perf_counter()
        X = load(folder)
        times.append((time.perf_counter() - start) * 1e3)
    print(f"load input={folder} rows={X.shape[0]} cols={X.shape[1]} "
          f"runs={len(times)} first_ms={times[0]:.2f} "
          f"median_ms={statistics.median(times):.2f} "
          f"min_ms={min(times):.2f}")


main()

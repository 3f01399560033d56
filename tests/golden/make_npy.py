#!/usr/bin/env python3
"""Write npy/*.npy: what numpy.save() makes of small arrays.

Run once, by NumPy 1.24, as `python3 make_npy.py` in this folder. The files are
kept: test_golden_npy.c reads them for ever and writes the same bytes. Floats
are 0, 0.25, 0.5 ..., bytes 0, 10, 20 ..., both counted in C order.
"""
import numpy as np


def save(name, array, version=None):
    with open(f"npy/{name}.npy", "wb") as file:
        np.lib.format.write_array(file, array, version=version)


def floats(dtype, *shape):
    return (0.25 * np.arange(np.prod(shape))).reshape(shape).astype(dtype)


def whole(dtype, *shape):
    return (10 * np.arange(np.prod(shape))).reshape(shape).astype(dtype)


for code in "<f4", ">f4", "<f8", ">f8":
    name = code[1:] + ("-big" if code[0] == ">" else "")
    save(name, floats(code, 2, 3))
    save(name + "-fortran", np.asfortranarray(floats(code, 2, 3)))
save("f4-3d", floats("<f4", 2, 3, 4))
save("f4-3d-fortran", np.asfortranarray(floats("<f4", 2, 3, 4)))
save("u1", whole("|u1", 2, 3))
save("u1-fortran", np.asfortranarray(whole("|u1", 2, 3)))
save("u1-4d", whole("|u1", 2, 3, 2, 2))
save("u1-4d-fortran", np.asfortranarray(whole("|u1", 2, 3, 2, 2)))
save("f4-version-2", floats("<f4", 2, 3), (2, 0))
save("f4-version-3", floats("<f4", 2, 3), (3, 0))

# Refused, each with a sentence that tells why.
save("refused-0d", np.array(0.5, "<f4"))
save("refused-1d", floats("<f4", 3))
save("refused-5d", floats("<f4", 1, 1, 1, 2, 3))
save("refused-no-rows", floats("<f4", 0, 3))
save("refused-no-columns", floats("<f4", 2, 0))
save("refused-b1", whole("|u1", 2, 3) > 20)
save("refused-i1", whole("|i1", 2, 3))
save("refused-u2", whole("<u2", 2, 3))
save("refused-i8", whole("<i8", 2, 3))
save("refused-f2", floats("<f2", 2, 3))
save("refused-c8", floats("<c8", 2, 3))
save("refused-text", np.array([["a", "bc"]]))
save("refused-records", np.zeros((2, 3), [("x", "<f4"), ("y", "<f4")]))
save("refused-objects", np.array([[None, 1]], dtype=object))

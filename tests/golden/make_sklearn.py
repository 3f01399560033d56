#!/usr/bin/env python3
"""Write sklearn.tsv: starts, updates and decompositions as scikit-learn has them.

Run once, with scikit-learn 1.2.1, as `python3 make_sklearn.py` in this folder.
test_golden_sklearn.c makes the same X and compares. In double, so that what is
recorded is right to all the digits given.
"""
import numpy as np
from sklearn.decomposition import MiniBatchNMF, NMF, PCA, TruncatedSVD
from sklearn.decomposition._nmf import _initialize_nmf

i, j = np.mgrid[0:24, 0:15]
X = ((7 * i * i + 11 * j * j + 5 * i * j + 3 * j) % 101) / 100
K = 5
BETAS = [-1.2, 0, 0.5, 1, 1.5, 2, 2.5]
N_ITER = 25


def start(m, n):
    """Factors to start from, as the test makes them."""
    i, t = np.mgrid[0:m, 0:K]
    s, j = np.mgrid[0:K, 0:n]
    return (0.1 + (3 * i * i + 5 * t + 7 * i * t) % 17 / 17,
            0.1 + (5 * j * j + 2 * s + 3 * s * j) % 19 / 19)


with open("sklearn.tsv", "w") as file:

    def save(name, values):
        for (row, col), value in np.ndenumerate(np.atleast_2d(values)):
            file.write(f"{name}\t{row}\t{col}\t{value:.9g}\n")

    file.write("name\trow\tcol\tvalue\n")
    for init in "nndsvd", "nndsvda":
        W, H = _initialize_nmf(X, K, init, random_state=0)
        save(init + "-W", W)
        save(init + "-H", H)
    pca = PCA(K, svd_solver="full").fit(X)
    save("pca-mean", pca.mean_)
    save("pca-components", pca.components_)
    save("pca-variance", pca.explained_variance_)
    save("pca-ratio", pca.explained_variance_ratio_)
    save("pca-singular", pca.singular_values_)
    save("pca-transform", pca.transform(X))
    svd = TruncatedSVD(K, algorithm="arpack", random_state=0).fit(X)
    save("svd-components", svd.components_)
    save("svd-variance", svd.explained_variance_)
    save("svd-ratio", svd.explained_variance_ratio_)
    save("svd-singular", svd.singular_values_)
    for name, data in ("tall", X + 0.05), ("wide", X.T + 0.05):
        for beta in BETAS:
            W, H = start(*data.shape)
            nmf = NMF(K, init="custom", solver="mu", beta_loss=beta, tol=0,
                      max_iter=N_ITER).fit(data, W=W, H=H)
            save(f"mu-{name}-{beta}-H", nmf.components_)
            W, H = start(*data.shape)
            batches = MiniBatchNMF(
                K, init="custom", batch_size=7, forget_factor=0.7, tol=0,
                beta_loss=beta, max_no_improvement=None, max_iter=3,
                alpha_W=0.01 if beta == 2 else 0, l1_ratio=0.5)
            save(f"minibatch-{name}-{beta}-W", batches.fit_transform(data, W=W, H=H))
            save(f"minibatch-{name}-{beta}-H", batches.components_)

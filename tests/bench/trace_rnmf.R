#!/usr/bin/Rscript
# The method "lee" of the R package NMF from a given start, by its own stopping
# rule:
#
#     trace_rnmf.R X.f32 W0.f32 H0.f32 ROWS COLS K MOST_ITERATIONS
#
# Raw float32, row after row. Prints "iterations cpu_s relative_error".
suppressMessages(library(NMF))
a <- commandArgs(TRUE)
size <- as.integer(a[4:6])
load <- function(path, rows, cols) {
    t(matrix(readBin(path, "numeric", rows * cols, size = 4), cols, rows))
}
X <- load(a[1], size[1], size[2])
start <- nmfModel(W = load(a[2], size[1], size[3]),
                  H = load(a[3], size[3], size[2]))
before <- proc.time()
m <- nmf(X, size[3], method = "lee", seed = start, nrun = 1, .options = "-p",
         maxIter = as.integer(a[7]))
took <- proc.time() - before
error <- sqrt(sum((X - basis(m) %*% coef(m))^2) / sum(X^2))
cat(niter(m),
    sprintf("%.6f %.9f\n", took[["user.self"]] + took[["sys.self"]], error))

#!/usr/bin/Rscript
# RcppML::nmf by its own default stopping rule, on one thread:
#
#     trace_rcppml.R X.f32 ROWS COLS K SEED
#
# X.f32: raw float32, row after row. Prints "iterations cpu_s relative_error".
# For dense data it takes a seed, no start of the caller's.
suppressMessages(library(RcppML))
a <- commandArgs(TRUE)
rows <- as.integer(a[2])
cols <- as.integer(a[3])
X <- t(matrix(readBin(a[1], "numeric", rows * cols, size = 4), cols, rows))
setRcppMLthreads(1L)
before <- proc.time()
m <- nmf(X, as.integer(a[4]), seed = as.integer(a[5]), verbose = FALSE)
took <- proc.time() - before
if (!is.list(m)) m <- list(w = m@w, d = m@d, h = m@h, iter = m@misc$iter)
error <- sqrt(sum((X - m$w %*% (m$d * m$h))^2) / sum(X^2))
cat(if (is.null(m$iter)) NA else m$iter,
    sprintf("%.6f %.9f\n", took[["user.self"]] + took[["sys.self"]], error))

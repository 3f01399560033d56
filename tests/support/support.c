#define _XOPEN_SOURCE 700 /* nftw */
#include "support.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *support_data(const char *relative_path)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", NMFIMG_DATA, relative_path);
    return access(path, R_OK) == 0 ? path : NULL;
}

static char temp_folder[256];

static int remove_entry(const char *path, const struct stat *status, int type,
                        struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static void remove_temp(void)
{
    nftw(temp_folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *support_temp(void)
{
    if (!temp_folder[0]) {
        const char *parent = getenv("TMPDIR");
        snprintf(temp_folder, sizeof temp_folder, "%s/nmfimg-test-XXXXXX",
                 parent ? parent : "/tmp");
        if (!mkdtemp(temp_folder)) {
            print_error("no temporary folder %s\n", temp_folder);
            abort();
        }
        atexit(remove_temp);
    }
    return temp_folder;
}

const char *support_temp_path(const char *name)
{
    static char paths[4][4096];
    static size_t next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", support_temp(), name);
    return path;
}

void support_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    SUPPORT_ASSERT(file != NULL, "cannot write '%s'", path);
    SUPPORT_ASSERT(fwrite(bytes, 1, size, file) == size, "writing '%s'", path);
    SUPPORT_ASSERT(fclose(file) == 0, "closing '%s'", path);
}

/* Steele, Lea and Flood's SplitMix64 (OOPSLA 2014). */
float support_uniform(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    z ^= z >> 31;
    return (float)(z >> 40) / 16777216.0F;
}

nmf_matrix support_random(size_t rows, size_t cols, uint64_t seed)
{
    nmf_matrix m = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_matrix_init(&m, rows, cols, &err), err);
    for (size_t i = 0; i < rows * cols; i++) {
        m.data[i] = support_uniform(&seed);
    }
    return m;
}

nmf_matrix support_random_rank(size_t rows, size_t cols, size_t rank,
                               uint64_t seed)
{
    nmf_matrix W = support_random(rows, rank, seed);
    nmf_matrix H = support_random(rank, cols, seed + 1);
    nmf_matrix X = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_matrix_init(&X, rows, cols, &err), err);
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < cols; j++) {
            float sum = 0.0F;
            for (size_t t = 0; t < rank; t++) {
                sum += nmf_matrix_row(&W, i)[t] * nmf_matrix_row(&H, t)[j];
            }
            nmf_matrix_row(&X, i)[j] = sum;
        }
    }
    nmf_matrix_release(&W);
    nmf_matrix_release(&H);
    return X;
}

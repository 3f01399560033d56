/*
 * The built-in sets: their table, and the small ones of them.
 *
 * To add a set: write its draw function, add a line to the table, say in its
 * summary how many true parts it has.
 */
#include "image/builtin.h"

#include "core/error.h"
#include "core/rng.h"
#include "image/builtin_faces.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* ---- @swimmer ---------------------------------------------------------- */

enum { SWIMMER_SIDE = 32, LIMB_PIXELS = 5, LIMB_STATES = 4, N_LIMBS = 4 };

typedef struct place {
    unsigned char row, column;
} place;

/*
 * The upper left arm: up, diagonally up, level, diagonally down. The other
 * limbs mirror it in column 15, row 15, or both.
 */
static const place arm[LIMB_STATES][LIMB_PIXELS] = {
    {{4, 14}, {5, 14}, {6, 14}, {7, 14}, {8, 14}},
    {{4, 9}, {5, 10}, {6, 11}, {7, 12}, {8, 13}},
    {{9, 9}, {9, 10}, {9, 11}, {9, 12}, {9, 13}},
    {{10, 13}, {11, 12}, {12, 11}, {13, 10}, {14, 9}},
};

/* Limb 0 upper left, 1 upper right, 2 lower left, 3 lower right. */
static void swimmer_limb(float *image, unsigned limb, unsigned state)
{
    for (size_t i = 0; i < LIMB_PIXELS; i++) {
        size_t row = arm[state][i].row;
        size_t column = arm[state][i].column;
        row = limb & 2U ? 30 - row : row;
        column = limb & 1U ? 30 - column : column;
        image[row * SWIMMER_SIDE + column] = 1.0F;
    }
}

static void swimmer_torso(float *image)
{
    for (size_t row = 9; row <= 21; row++) {
        image[row * SWIMMER_SIDE + 15] = 1.0F;
    }
    for (size_t row = 9; row <= 21; row += 12) {
        image[row * SWIMMER_SIDE + 14] = 1.0F;
        image[row * SWIMMER_SIDE + 16] = 1.0F;
    }
}

/*
 * Donoho and Stodden (NIPS 2003): a torso and four limbs in four positions
 * each, every combination once. Written in base 4, the index of an image gives
 * the positions of the upper left (last digit), upper right, lower left and
 * lower right limb (first digit).
 */
static nmf_status swimmer_draw(nmf_matrix *X, uint64_t seed, nmf_error *err)
{
    (void)seed;
    (void)err;
    for (unsigned i = 0; i < X->rows; i++) {
        float *image = nmf_matrix_row(X, i);
        memset(image, 0, X->cols * sizeof *image);
        swimmer_torso(image);
        for (unsigned limb = 0; limb < N_LIMBS; limb++) {
            swimmer_limb(image, limb, i >> (2 * limb) & 3U);
        }
    }
    return NMF_OK;
}

/* ---- @bars ------------------------------------------------------------- */

enum { BARS_SIDE = 8 };

/*
 * Foldiak (1990), in the linear form: each of 8 horizontal and 8 vertical
 * bars is there with probability 1/8, a pixel counts the bars that cover it,
 * and 2, the most there can be, is scaled to 1. So about one image in eight is
 * empty, as in the original.
 */
static nmf_status bars_draw(nmf_matrix *X, uint64_t seed, nmf_error *err)
{
    (void)err;
    for (size_t i = 0; i < X->rows; i++) {
        nmf_rng rng = nmf_rng_init(seed, i);
        float across[BARS_SIDE];
        float down[BARS_SIDE];
        for (size_t j = 0; j < BARS_SIDE; j++) {
            across[j] = nmf_rng_next(&rng) >> 61 == 0 ? 0.5F : 0.0F;
            down[j] = nmf_rng_next(&rng) >> 61 == 0 ? 0.5F : 0.0F;
        }
        float *image = nmf_matrix_row(X, i);
        for (size_t p = 0; p < (size_t)BARS_SIDE * BARS_SIDE; p++) {
            image[p] = across[p / BARS_SIDE] + down[p % BARS_SIDE];
        }
    }
    return NMF_OK;
}

/* ---- @noise ------------------------------------------------------------ */

enum { NOISE_SIDE = 32 };

/* Independent pixels, uniform in [0, 1), 24 bits: nothing to be learned. */
static nmf_status noise_draw(nmf_matrix *X, uint64_t seed, nmf_error *err)
{
    (void)err;
    for (size_t i = 0; i < X->rows; i++) {
        nmf_rng rng = nmf_rng_init(seed, i);
        float *image = nmf_matrix_row(X, i);
        for (size_t p = 0; p < X->cols; p++) {
            image[p] = (float)(nmf_rng_next(&rng) >> 40) * 0x1p-24F;
        }
    }
    return NMF_OK;
}

/* ---- all of them ------------------------------------------------------- */

typedef struct builtin {
    const char *name;
    const char *summary;
    size_t n_samples;
    size_t side; /* images are square and grey */
    nmf_status (*draw)(nmf_matrix *X, uint64_t seed, nmf_error *err);
} builtin;

static const builtin builtins[] = {
    {"@faces",
     "1000 faces of 32x32: 20 parts (heads, brows, eyes, noses, mouths)",
     NMF_FACES_N_IMAGES, NMF_FACES_SIDE, nmf_faces_draw},
    {"@swimmer",
     "256 swimmers of 32x32: 17 parts (a torso, four limbs in four positions)",
     256, SWIMMER_SIDE, swimmer_draw},
    {"@bars", "1000 images of 8x8: 16 parts (horizontal and vertical bars)",
     1000, BARS_SIDE, bars_draw},
    {"@noise", "1000 images of 32x32 uniform noise: no parts to be found", 1000,
     NOISE_SIDE, noise_draw},
};

enum { N_BUILTINS = sizeof builtins / sizeof *builtins };

const char *nmf_builtin_name(size_t i)
{
    return i < N_BUILTINS ? builtins[i].name : NULL;
}

const char *nmf_builtin_summary(size_t i)
{
    return i < N_BUILTINS ? builtins[i].summary : NULL;
}

static const builtin *find(const char *name, nmf_error *err)
{
    char list[128] = "";
    size_t length = 0;
    for (size_t i = 0; i < N_BUILTINS; i++) {
        if (strcmp(builtins[i].name, name) == 0) {
            return &builtins[i];
        }
        const char *comma = i == 0 ? "" : i + 1 < N_BUILTINS ? ", " : " and ";
        length += (size_t)snprintf(list + length, sizeof list - length, "%s%s",
                                   comma, builtins[i].name);
        assert(length < sizeof list);
    }
    nmf_error_set(err, NMF_ERR_ARGUMENT,
                  "'%s': no built-in set of this name; there are %s", name,
                  list);
    return NULL;
}

nmf_status nmf_builtin_size(size_t *n_samples, nmf_geometry *geometry,
                            const char *name, nmf_error *err)
{
    const builtin *set = find(name, err);
    if (!set) {
        return NMF_ERR_ARGUMENT;
    }
    *n_samples = set->n_samples;
    *geometry = (nmf_geometry){set->side, set->side, 1, 0};
    return NMF_OK;
}

nmf_status nmf_builtin_draw(nmf_matrix *X, const char *name, uint64_t seed,
                            nmf_error *err)
{
    const builtin *set = find(name, err);
    if (!set) {
        return NMF_ERR_ARGUMENT;
    }
    assert(X->rows == set->n_samples && X->cols == set->side * set->side);
    return set->draw(X, seed, err);
}

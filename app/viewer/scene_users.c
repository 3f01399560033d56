#include "scene_users.h"

#include "scene_alloc.h"
#include "scene_sums.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

nmf_status scene_users_init(scene_users *out, const nmf_dataset *data, size_t k,
                            nmf_error *err)
{
    *out = (scene_users){0};
    out->data = data;
    (void)nmf_dataset_pictures(data, &out->n_pictures);
    nmf_status status = nmf_matrix_init(&out->sums, out->n_pictures, k, err);
    out->total = scene_alloc(out->n_pictures, sizeof *out->total, err);
    out->mass = scene_alloc(k, sizeof *out->mass, err);
    if (status != NMF_OK || !out->total || !out->mass) {
        scene_users_release(out);
        return NMF_ERR_MEMORY;
    }
    return NMF_OK;
}

void scene_users_release(scene_users *users)
{
    if (!users) {
        return;
    }
    nmf_matrix_release(&users->sums);
    free(users->total);
    free(users->mass);
    *users = (scene_users){0};
}

/* sum += the sizes of the rows of one picture, k numbers. In float: half a
 * million patches of a picture lose digits that nobody sees. */
static void sum_rows(float *restrict sum, const nmf_matrix *W, size_t first,
                     size_t n_rows)
{
    const size_t k = W->cols;
    for (size_t i = first; i < first + n_rows; i++) {
        const float *restrict w = nmf_matrix_row(W, i);
        for (size_t t = 0; t < k; t++) {
            sum[t] += fabsf(w[t]);
        }
    }
}

void scene_users_update(scene_users *users, const nmf_matrix *W,
                        const nmf_matrix *H)
{
    size_t n = 0;
    const nmf_picture *pictures = nmf_dataset_pictures(users->data, &n);
    const size_t k = W->cols;
    scene_masses(users->mass, H);
    for (size_t p = 0; p < n; p++) {
        float *sum = nmf_matrix_row(&users->sums, p);
        memset(sum, 0, k * sizeof *sum);
        sum_rows(sum, W, pictures[p].first_row, pictures[p].n_rows);
        double total = 0.0;
        for (size_t t = 0; t < k; t++) {
            total += (double)sum[t] * users->mass[t];
        }
        users->total[p] = total;
    }
}

static float use_of(const scene_users *users, size_t p, size_t t, scene_use by)
{
    float sum = nmf_matrix_row(&users->sums, p)[t];
    if (by == SCENE_BY_ACTIVATION) {
        return sum;
    }
    double total = users->total[p];
    return total > 0.0 ? (float)((double)sum * users->mass[t] / total) : 0.0F;
}

size_t scene_users_find(const scene_users *users, size_t t, scene_use by,
                        scene_user *out, size_t n)
{
    size_t found = 0;
    for (size_t p = 0; p < users->n_pictures; p++) {
        scene_user user = {p, use_of(users, p, t, by)};
        bool is_full = found == n;
        if (!(user.use > 0.0F) ||
            (is_full && (n == 0 || user.use <= out[n - 1].use))) {
            continue;
        }
        size_t i = is_full ? n - 1 : found;
        for (; i > 0 && out[i - 1].use < user.use; i--) {
            out[i] = out[i - 1];
        }
        out[i] = user;
        found += is_full ? 0 : 1;
    }
    return found;
}

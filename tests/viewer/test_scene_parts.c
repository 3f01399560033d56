/* Numbers and order of parts, users of parts, mixes: beside plain loops. */
#include "scene_sets.h"

#include "scene.h"

#include <math.h>
#include <string.h>

/* ---- Parts. */

static scene_parts parts_of(const scene_set *set)
{
    nmf_error err = {0};
    scene_parts parts = {0};
    SUPPORT_OK(scene_parts_init(&parts, nmf_dataset_geometry(set->data),
                                set->X->cols, set->k, &err),
               err);
    scene_parts_update(&parts, &set->W, &set->H);
    return parts;
}

static double column_sum(const nmf_matrix *m, size_t j)
{
    double sum = 0.0;
    for (size_t i = 0; i < m->rows; i++) {
        sum += (double)nmf_matrix_row(m, i)[j];
    }
    return sum;
}

static double row_sum(const nmf_matrix *m, size_t i)
{
    double sum = 0.0;
    for (size_t j = 0; j < m->cols; j++) {
        sum += (double)nmf_matrix_row(m, i)[j];
    }
    return sum;
}

static void numbers_of_parts_are_what_plain_loops_give(void **state)
{
    scene_set set = {0};
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        scene_parts parts = parts_of(&set);
        const scene_shape *shape = &parts.shape;
        double all = 0.0;
        double energy = 0.0;
        for (size_t t = 0; t < set.k; t++) {
            all += column_sum(&set.W, t) * row_sum(&set.H, t);
        }
        for (size_t t = 0; t < set.k; t++) {
            const scene_part *part = &parts.part[t];
            const float *h = nmf_matrix_row(&set.H, t);
            nmf_matrix row = nmf_matrix_view(nmf_matrix_row(&set.H, t), 1,
                                             set.X->cols, set.X->cols);
            double mass = row_sum(&set.H, t);
            double x = 0.0;
            double y = 0.0;
            float largest = 0.0F;
            for (size_t j = 0; j < set.X->cols; j++) {
                size_t pixel = j / shape->channels;
                x += (double)h[j] * ((double)(pixel % shape->width) + 0.5);
                y += (double)h[j] * ((double)(pixel / shape->width) + 0.5);
                largest = fmaxf(largest, h[j]);
            }
            SUPPORT_NEAR(part->mass, mass, 1e-9 * mass);
            SUPPORT_NEAR(part->activation, column_sum(&set.W, t), 1e-6);
            SUPPORT_NEAR(part->energy, column_sum(&set.W, t) * mass / all,
                         1e-9);
            SUPPORT_NEAR(part->sparseness, nmf_matrix_sparseness(&row), 1e-6);
            SUPPORT_NEAR(part->x, x / mass, 1e-9 * (double)shape->width);
            SUPPORT_NEAR(part->y, y / mass, 1e-9 * (double)shape->height);
            assert_true(part->largest == largest);
            assert_true(parts.largest >= largest);
            energy += part->energy;
        }
        SUPPORT_NEAR(energy, 1.0, 1e-12);
        SUPPORT_NEAR(parts.sparseness_w, nmf_matrix_sparseness(&set.W), 1e-6);
        SUPPORT_NEAR(parts.sparseness_h, nmf_matrix_sparseness(&set.H), 1e-6);
        scene_parts_release(&parts);
        scene_set_release(&set);
    }
}

/* W D and D^-1 H are the same model. */
static void energy_does_not_depend_on_the_scale(void **state)
{
    scene_set set = {0};
    (void)state;
    assert_true(scene_set_load(&set, 0));
    scene_parts before = parts_of(&set);
    for (size_t t = 0; t < set.k; t++) {
        float scale = powf(4.0F, (float)t - 3.0F);
        for (size_t i = 0; i < set.W.rows; i++) {
            nmf_matrix_row(&set.W, i)[t] *= scale;
        }
        for (size_t j = 0; j < set.H.cols; j++) {
            nmf_matrix_row(&set.H, t)[j] /= scale;
        }
    }
    scene_parts after = parts_of(&set);
    for (size_t t = 0; t < set.k; t++) {
        SUPPORT_NEAR(after.part[t].energy, before.part[t].energy, 1e-9);
        SUPPORT_NEAR(after.part[t].sparseness, before.part[t].sparseness, 1e-9);
        SUPPORT_NEAR(after.part[t].x, before.part[t].x, 1e-9);
    }
    scene_parts_release(&before);
    scene_parts_release(&after);
    scene_set_release(&set);
}

static void a_part_of_zeros_or_a_model_without_activations_is_fine(void **state)
{
    scene_set set = {0};
    nmf_matrix none = {0};
    (void)state;
    assert_true(scene_set_load(&set, 0));
    none.cols = set.k;
    memset(nmf_matrix_row(&set.H, 2), 0, set.X->cols * sizeof(float));
    scene_parts parts = parts_of(&set);
    assert_true(parts.part[2].energy == 0.0);
    assert_true(parts.part[2].sparseness == 0.0);
    assert_true(parts.part[2].x == (double)parts.shape.width / 2.0);
    SUPPORT_NEAR(parts.sparseness_h, nmf_matrix_sparseness(&set.H), 1e-6);
    scene_parts_update(&parts, &none, &set.H);
    double masses = 0.0;
    for (size_t t = 0; t < set.k; t++) {
        masses += parts.part[t].mass;
    }
    SUPPORT_NEAR(parts.part[1].energy, parts.part[1].mass / masses, 1e-12);
    assert_true(parts.part[1].activation == 0.0 && parts.sparseness_w == 0.0);
    memset(set.H.data, 0, set.k * set.X->cols * sizeof(float));
    scene_parts_update(&parts, &set.W, &set.H);
    assert_true(parts.part[0].energy == 0.0 && parts.sparseness_h == 0.0);
    scene_parts_release(&parts);
    scene_set_release(&set);
}

/* Nine parts of 6 x 6, each one pixel: where, and how often it is used. */
static void parts_are_ordered_as_planted(void **state)
{
    static const struct {
        size_t x, y;
        float use;
    } planted[9] = {{5, 5, 3}, {0, 0, 1}, {5, 0, 2}, {0, 5, 9}, {2, 2, 4},
                    {3, 0, 2}, {4, 3, 8}, {0, 3, 7}, {2, 5, 6}};
    static const size_t by_energy[9] = {3, 6, 7, 8, 4, 0, 2, 5, 1};
    static const size_t by_position[9] = {1, 5, 2, 7, 4, 6, 3, 8, 0};
    const nmf_geometry geometry = {6, 6, 1, 0};
    float w[9];
    float h[9 * 36] = {0};
    nmf_error err = {0};
    scene_parts parts = {0};
    (void)state;
    for (size_t t = 0; t < 9; t++) {
        w[t] = planted[t].use;
        h[t * 36 + planted[t].y * 6 + planted[t].x] = 1.0F;
    }
    nmf_matrix W = nmf_matrix_view(w, 1, 9, 9);
    nmf_matrix H = nmf_matrix_view(h, 9, 36, 36);
    SUPPORT_OK(scene_parts_init(&parts, &geometry, 36, 9, &err), err);
    scene_parts_update(&parts, &W, &H);
    scene_parts_sort(&parts, SCENE_ORDER_ENERGY);
    assert_memory_equal(parts.order, by_energy, sizeof by_energy);
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(parts.place[parts.order[i]], i);
    }
    scene_parts_sort(&parts, SCENE_ORDER_POSITION);
    assert_memory_equal(parts.order, by_position, sizeof by_position);
    /* All are one pixel: equally sparse, and so by index. */
    scene_parts_sort(&parts, SCENE_ORDER_SPARSENESS);
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(parts.order[i], i);
    }
    h[4 * 36] = 1.0F; /* part 4 is two pixels now, part 1 three */
    h[1 * 36 + 1] = 1.0F;
    h[1 * 36 + 2] = 1.0F;
    scene_parts_update(&parts, &W, &H);
    scene_parts_sort(&parts, SCENE_ORDER_SPARSENESS);
    assert_int_equal(parts.order[6], 8);
    assert_int_equal(parts.order[7], 4);
    assert_int_equal(parts.order[8], 1);
    parts.part[3].share = 0.7;
    parts.part[6].share = 0.3;
    scene_parts_update(&parts, &W, &H); /* leaves them alone */
    scene_parts_sort(&parts, SCENE_ORDER_SHARE);
    assert_int_equal(parts.order[0], 3);
    assert_int_equal(parts.order[1], 6);
    assert_int_equal(parts.order[2], 0);
    scene_parts_sort(&parts, SCENE_ORDER_INDEX);
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(parts.order[i], i);
    }
    scene_parts_release(&parts);
}

static void compression_counts_numbers(void **state)
{
    (void)state;
    SUPPORT_NEAR(scene_compression(400, 10304, 49),
                 400.0 * 10304.0 / (49.0 * 10704.0), 1e-12);
    assert_true(scene_compression(5, 5, 0) == 0.0);
}

/* ---- Shapes. */

static void rows_without_a_geometry_become_strips_and_blocks(void **state)
{
    static const size_t expected[][3] = {
        {1, 1, 1},  {32, 32, 1}, {33, 6, 6},
        {36, 6, 6}, {37, 7, 6},  {784, 28, 28},
    };
    const nmf_geometry unknown = {0};
    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        scene_shape shape = scene_shape_of_row(&unknown, expected[i][0]);
        assert_true(shape.is_wrapped && shape.channels == 1);
        assert_int_equal(shape.width, expected[i][1]);
        assert_int_equal(shape.height, expected[i][2]);
        assert_int_equal(shape.n_values, expected[i][0]);
    }
    const nmf_geometry rgb = {4, 3, 3, 0};
    scene_shape shape = scene_shape_of_row(&rgb, 36);
    assert_true(!shape.is_wrapped && shape.width == 4 && shape.height == 3 &&
                shape.channels == 3 && shape.n_values == 36);
    assert_int_equal(scene_shape_bytes(&shape), 48);
}

/* ---- Users. */

static void users_are_the_heaviest_in_order(void **state)
{
    scene_set set = {0};
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        nmf_error err = {0};
        scene_users users = {0};
        scene_user found[4];
        size_t n = 0;
        const nmf_picture *pictures = nmf_dataset_pictures(set.data, &n);
        SUPPORT_OK(scene_users_init(&users, set.data, set.k, &err), err);
        scene_users_update(&users, &set.W, &set.H);
        for (size_t t = 0; t < set.k; t++) {
            for (int by = SCENE_BY_SHARE; by <= SCENE_BY_ACTIVATION; by++) {
                double *use = test_calloc(n, sizeof *use);
                for (size_t p = 0; p < n; p++) {
                    double total = 0.0;
                    for (size_t s = 0; s < set.k; s++) {
                        nmf_matrix rows = nmf_matrix_view(
                            nmf_matrix_row(&set.W, pictures[p].first_row),
                            pictures[p].n_rows, set.k, set.W.ld);
                        double sum = column_sum(&rows, s);
                        double amount = sum * row_sum(&set.H, s);
                        total += amount;
                        if (s == t) {
                            use[p] = by == SCENE_BY_SHARE ? amount : sum;
                        }
                    }
                    if (by == SCENE_BY_SHARE && total > 0.0) {
                        use[p] /= total;
                    }
                }
                size_t count =
                    scene_users_find(&users, t, (scene_use)by, found, 4);
                assert_true(count <= 4 && count <= n);
                for (size_t u = 0; u < count; u++) {
                    size_t p = found[u].picture;
                    SUPPORT_NEAR((double)found[u].use, use[p],
                                 1e-5 * use[p] + 1e-7);
                    use[p] = -1.0; /* taken */
                    for (size_t q = 0; q < n; q++) {
                        SUPPORT_ASSERT(use[q] <=
                                           (double)found[u].use +
                                               1e-5 * (double)found[u].use,
                                       "%s, part %zu: picture %zu is left out",
                                       set.name, t, q);
                    }
                }
                for (size_t q = 0; count < 4 && q < n; q++) {
                    assert_true(use[q] <= 0.0);
                }
                test_free(use);
            }
        }
        assert_int_equal(scene_users_find(&users, 0, SCENE_BY_SHARE, found, 0),
                         0);
        scene_users_release(&users);
        scene_set_release(&set);
    }
}

static void equal_users_come_in_their_order(void **state)
{
    scene_set set = {0};
    nmf_error err = {0};
    scene_users users = {0};
    scene_user found[5];
    (void)state;
    assert_true(scene_set_load(&set, 8));
    memset(set.W.data, 0, set.W.rows * set.k * sizeof(float));
    for (size_t p = 2; p < 9; p += 2) {
        nmf_matrix_row(&set.W, p)[1] = 0.5F;
    }
    nmf_matrix_row(&set.W, 7)[1] = 0.75F;
    SUPPORT_OK(scene_users_init(&users, set.data, set.k, &err), err);
    scene_users_update(&users, &set.W, &set.H);
    assert_int_equal(scene_users_find(&users, 1, SCENE_BY_ACTIVATION, found, 3),
                     3);
    assert_int_equal(found[0].picture, 7);
    assert_int_equal(found[1].picture, 2);
    assert_int_equal(found[2].picture, 4);
    /* Of these only part 1 is used: all of each. */
    assert_int_equal(scene_users_find(&users, 1, SCENE_BY_SHARE, found, 5), 5);
    assert_int_equal(found[0].picture, 2);
    assert_int_equal(found[4].picture, 8);
    SUPPORT_NEAR((double)found[4].use, 1.0, 1e-6);
    assert_int_equal(scene_users_find(&users, 0, SCENE_BY_SHARE, found, 5), 0);
    scene_users_release(&users);
    scene_set_release(&set);
}

/* ---- Mixes. */

static nmf_matrix rows_of(const scene_set *set, size_t p)
{
    size_t n = 0;
    const nmf_picture *picture = nmf_dataset_pictures(set->data, &n) + p;
    return nmf_matrix_view(nmf_matrix_row(&set->W, picture->first_row),
                           picture->n_rows, set->k, set->W.ld);
}

static scene_mix mix_of(const scene_set *set, size_t p)
{
    nmf_error err = {0};
    scene_mix mix = {0};
    nmf_matrix rows = rows_of(set, p);
    SUPPORT_OK(scene_mix_init(&mix, set->k, &err), err);
    SUPPORT_OK(scene_mix_reset(&mix, &rows, &set->W, &err), err);
    return mix;
}

static void a_reset_mix_is_the_fit_and_a_value_changes_its_part(void **state)
{
    scene_set set = {0};
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        scene_mix mix = mix_of(&set, 1);
        nmf_matrix rows = rows_of(&set, 1);
        assert_true(mix.is_factor == (rows.rows > 1));
        assert_memory_equal(mix.weights.data, rows.data,
                            rows.rows * set.k * sizeof(float));
        mix.value[0] = 0.5F;
        scene_mix_apply(&mix, &rows);
        for (size_t r = 0; r < rows.rows; r++) {
            for (size_t t = 0; t < set.k; t++) {
                float fitted = nmf_matrix_row(&rows, r)[t];
                float expected = t > 0           ? fitted
                                 : mix.is_factor ? 0.5F * fitted
                                                 : 0.5F;
                assert_true(nmf_matrix_row(&mix.weights, r)[t] == expected);
            }
        }
        for (size_t t = 0; t < set.k && !mix.is_factor; t++) {
            float limit = 2.0F * nmf_matrix_row(&rows, 0)[t];
            for (size_t r = 0; r < set.W.rows; r++) {
                limit = fmaxf(limit, nmf_matrix_row(&set.W, r)[t]);
            }
            assert_true(mix.limit[t] == limit);
        }
        scene_mix_release(&mix);
        scene_set_release(&set);
    }
}

static void a_random_mix_has_values_of_the_set_and_obeys_the_seed(void **state)
{
    scene_set set = {0};
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        size_t n = 0;
        const nmf_picture *pictures = nmf_dataset_pictures(set.data, &n);
        scene_mix mix = mix_of(&set, 0);
        nmf_matrix rows = rows_of(&set, 0);
        bool is_other = false;
        for (uint64_t seed = 0; seed < 8; seed++) {
            float first[8];
            scene_mix_random(&mix, set.data, &set.W, 0, seed);
            memcpy(first, mix.value, set.k * sizeof *first);
            for (size_t t = 0; t < set.k; t++) {
                bool is_known = false;
                for (size_t p = 0; p < n; p++) {
                    nmf_matrix drawn = rows_of(&set, p);
                    double there =
                        column_sum(&drawn, t) / (double)pictures[p].n_rows;
                    double here =
                        column_sum(&rows, t) / (double)pictures[0].n_rows;
                    double value =
                        mix.is_factor ? fmin(there / here, 2.0) : there;
                    is_known =
                        is_known || fabs(value - (double)mix.value[t]) < 1e-6;
                }
                SUPPORT_ASSERT(is_known, "%s: part %zu: %g", set.name, t,
                               (double)mix.value[t]);
                float expected =
                    mix.is_factor ? rows.data[t] * mix.value[t] : mix.value[t];
                assert_true(mix.weights.data[t] == expected);
            }
            scene_mix_random(&mix, set.data, &set.W, 0, seed + 1);
            is_other = is_other ||
                       memcmp(first, mix.value, set.k * sizeof *first) != 0;
            scene_mix_random(&mix, set.data, &set.W, 0, seed);
            assert_memory_equal(first, mix.value, set.k * sizeof *first);
        }
        assert_true(is_other);
        scene_mix_release(&mix);
        scene_set_release(&set);
    }
}

static void a_morph_goes_from_one_picture_to_the_other(void **state)
{
    scene_set set = {0};
    (void)state;
    for (size_t i = 0; scene_set_load(&set, i); i++) {
        scene_mix mix = mix_of(&set, 0);
        nmf_matrix a = rows_of(&set, 0);
        nmf_matrix b = rows_of(&set, 1);
        size_t n_bytes = a.rows * set.k * sizeof(float);
        if (a.rows != b.rows) {
            assert_false(scene_mix_morph(&mix, set.data, &set.W, 0, 1, 0.5F));
            assert_memory_equal(mix.weights.data, a.data, n_bytes);
        } else {
            assert_true(scene_mix_morph(&mix, set.data, &set.W, 0, 1, 1.0F));
            assert_memory_equal(mix.weights.data, b.data, n_bytes);
            assert_true(scene_mix_morph(&mix, set.data, &set.W, 0, 1, 0.25F));
            for (size_t j = 0; j < a.rows * set.k; j++) {
                SUPPORT_NEAR(
                    (double)mix.weights.data[j],
                    0.75 * (double)a.data[j] + 0.25 * (double)b.data[j], 1e-7);
            }
            assert_true(mix.is_factor || mix.value[0] == mix.weights.data[0]);
            assert_true(scene_mix_morph(&mix, set.data, &set.W, 0, 1, 0.0F));
            assert_memory_equal(mix.weights.data, a.data, n_bytes);
        }
        assert_false(scene_mix_morph(&mix, set.data, &set.W, 0, 9999, 0.5F));
        scene_mix_release(&mix);
        scene_set_release(&set);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_parts_are_what_plain_loops_give),
        cmocka_unit_test(energy_does_not_depend_on_the_scale),
        cmocka_unit_test(
            a_part_of_zeros_or_a_model_without_activations_is_fine),
        cmocka_unit_test(parts_are_ordered_as_planted),
        cmocka_unit_test(compression_counts_numbers),
        cmocka_unit_test(rows_without_a_geometry_become_strips_and_blocks),
        cmocka_unit_test(users_are_the_heaviest_in_order),
        cmocka_unit_test(equal_users_come_in_their_order),
        cmocka_unit_test(a_reset_mix_is_the_fit_and_a_value_changes_its_part),
        cmocka_unit_test(a_random_mix_has_values_of_the_set_and_obeys_the_seed),
        cmocka_unit_test(a_morph_goes_from_one_picture_to_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Model files of valid/ decode to what they held when they were made, for
 * ever; those of invalid/ are refused for a recorded reason. make_models.py,
 * which knows FORMAT.md alone, made both.
 */
#include "support.h"

#include "codec/crc.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

typedef struct valid_case {
    const char *name;
    uint64_t id;      /* 0: another method, which has none */
    uint32_t content; /* content_checksum() */
    bool canonical;   /* our encoder makes the same bytes */
} valid_case;

static const valid_case valid_cases[] = {
    {"activations", 0xda1fd86e63ccf839U, 0x6857de47U, true},
    {"ancillary", 0xda1fd86e63ccf839U, 0x727780e3U, false},
    {"components", 0xda1fd86e63ccf839U, 0x727780e3U, true},
    {"goal-kl", 0xda1fd86e63ccf839U, 0x537328b9U, true},
    {"goal-shaped", 0xda1fd86e63ccf839U, 0xdafd26e2U, true},
    {"init-nndsvd", 0xda1fd86e63ccf839U, 0xe22e8213U, true},
    {"init-nndsvdar", 0xda1fd86e63ccf839U, 0x3a1f442bU, true},
    {"method-pca", 0, 0xcbf02912U, true},
    {"method-pca-plain", 0, 0x76930551U, false},
    {"method-pca-session", 0, 0x889d07c4U, false},
    {"method-plsa", 0, 0x4e492eb9U, true},
    {"method-svd", 0, 0xf4a93511U, true},
    {"method-vq", 0, 0x9129347dU, true},
    {"no-fit", 0xda1fd86e63ccf839U, 0x0541ca5aU, true},
    {"no-geometry", 0xda1fd86e63ccf839U, 0xc61ae077U, true},
    {"one-number", 0xbff4b1d6e9fed8beU, 0x418403ecU, true},
    {"patches-rgb", 0xda1fd86e63ccf839U, 0xbf12a909U, true},
    {"pictures", 0xda1fd86e63ccf839U, 0x167ea440U, true},
    {"session", 0xda1fd86e63ccf839U, 0xa1d37fbbU, true},
    {"session-plain", 0xda1fd86e63ccf839U, 0x2a85f61dU, false},
    {"stop-validation", 0xda1fd86e63ccf839U, 0x96c1e2deU, true},
};

typedef struct invalid_case {
    const char *name;
    nmf_status status;
    const char *says; /* a part of the message */
} invalid_case;

static const invalid_case invalid_cases[] = {
    {"empty", NMF_ERR_FORMAT, "not a .nmfi file"},
    {"magic-only", NMF_ERR_FORMAT, "cut short in its header"},
    {"magic-text-mode", NMF_ERR_FORMAT, "not a .nmfi file"},
    {"header-checksum", NMF_ERR_FORMAT, "header is damaged"},
    {"version-0", NMF_ERR_FORMAT, "header is damaged"},
    {"version-2", NMF_ERR_UNSUPPORTED, "version 2"},
    {"kind-0", NMF_ERR_FORMAT, "header is damaged"},
    {"kind-77", NMF_ERR_UNSUPPORTED, "kind 77"},
    {"no-end", NMF_ERR_FORMAT, "no section ENDS"},
    {"cut-short", NMF_ERR_FORMAT, "ENDS has 8 bytes, but 7 remain"},
    {"trailing-byte", NMF_ERR_FORMAT, "1 bytes after"},
    {"trailing-section", NMF_ERR_FORMAT, "16 bytes after"},
    {"section-removed", NMF_ERR_FORMAT, "taken out"},
    {"chain-wrong", NMF_ERR_FORMAT, "taken out"},
    {"section-name", NMF_ERR_FORMAT, "no section begins"},
    {"section-checksum", NMF_ERR_FORMAT, "META is damaged"},
    {"section-huge", NMF_ERR_FORMAT, "18446744073709551615 bytes, but"},
    {"end-longer", NMF_ERR_FORMAT, "ENDS has 9 bytes"},
    {"critical-unknown", NMF_ERR_UNSUPPORTED, "section LOSS"},
    {"no-meta", NMF_ERR_FORMAT, "META: is missing"},
    {"no-comp", NMF_ERR_FORMAT, "COMP: is missing"},
    {"comp-twice", NMF_ERR_FORMAT, "COMP: appears twice"},
    {"geom-late", NMF_ERR_FORMAT, "GEOM: stands too late"},
    {"pict-without-actv", NMF_ERR_FORMAT, "without ACTV"},
    {"meta-short", NMF_ERR_FORMAT, "88 bytes"},
    {"meta-long", NMF_ERR_FORMAT, "88 bytes"},
    {"meta-nan", NMF_ERR_FORMAT, "measure"},
    {"meta-infinite", NMF_ERR_FORMAT, "measure"},
    {"meta-negative", NMF_ERR_FORMAT, "measure"},
    {"meta-solver-open", NMF_ERR_FORMAT, "proper name"},
    {"meta-solver-gap", NMF_ERR_FORMAT, "proper name"},
    {"meta-solver-control", NMF_ERR_FORMAT, "proper name"},
    {"meta-init-99", NMF_ERR_UNSUPPORTED, "init 99"},
    {"meta-stop", NMF_ERR_UNSUPPORTED, "stop reason 200"},
    {"geom-short", NMF_ERR_FORMAT, "16 bytes"},
    {"geom-zero", NMF_ERR_FORMAT, "no proper size"},
    {"geom-channels", NMF_ERR_FORMAT, "no proper size"},
    {"geom-mismatch", NMF_ERR_FORMAT,
     "components of 6 numbers, but images of 3 x 3"},
    {"geom-huge", NMF_ERR_FORMAT, "no proper size"},
    {"comp-empty", NMF_ERR_FORMAT, "do not make its 0 bytes"},
    {"comp-no-rows", NMF_ERR_FORMAT, "0 x 6 numbers"},
    {"comp-short", NMF_ERR_FORMAT, "do not make its 60 bytes"},
    {"comp-long", NMF_ERR_FORMAT, "do not make its 68 bytes"},
    {"comp-wraps", NMF_ERR_FORMAT, "do not make"},
    {"comp-wraps-to-12", NMF_ERR_FORMAT, "do not make"},
    {"comp-nan", NMF_ERR_DATA, ""},
    {"comp-infinite", NMF_ERR_DATA, ""},
    {"comp-negative", NMF_ERR_DATA, "-0.25"},
    {"actv-negative", NMF_ERR_DATA, "-1"},
    {"actv-components", NMF_ERR_FORMAT, "number of components"},
    {"actv-samples", NMF_ERR_FORMAT, "number of samples"},
    {"mthd-short", NMF_ERR_FORMAT, "MTHD: expected 12 bytes"},
    {"mthd-long", NMF_ERR_FORMAT, "MTHD: expected 12 bytes"},
    {"mthd-nmf", NMF_ERR_FORMAT, "MTHD: no other method"},
    {"mthd-5", NMF_ERR_UNSUPPORTED, "method 5"},
    {"mthd-nan", NMF_ERR_FORMAT, "no proper objective"},
    {"mthd-negative", NMF_ERR_FORMAT, "no proper objective"},
    {"mthd-late", NMF_ERR_FORMAT, "MTHD: stands too late"},
    {"mthd-twice", NMF_ERR_FORMAT, "MTHD: appears twice"},
    {"mean-missing", NMF_ERR_FORMAT, "MEAN: is missing"},
    {"mean-of-nmf", NMF_ERR_FORMAT, "MEAN: is of method pca alone"},
    {"mean-of-vq", NMF_ERR_FORMAT, "MEAN: is of method pca alone"},
    {"mean-short", NMF_ERR_FORMAT, "MEAN: not one row"},
    {"mean-two-rows", NMF_ERR_FORMAT, "MEAN: not one row"},
    {"mean-late", NMF_ERR_FORMAT, "MEAN: stands too late"},
    {"mean-infinite", NMF_ERR_DATA, "mean: "},
    {"vari-of-nmf", NMF_ERR_FORMAT, "VARI: is of methods pca and svd alone"},
    {"vari-of-vq", NMF_ERR_FORMAT, "VARI: is of methods pca and svd alone"},
    {"vari-empty", NMF_ERR_FORMAT, "VARI: expected 24 bytes a component"},
    {"vari-short", NMF_ERR_FORMAT, "VARI: expected 24 bytes a component"},
    {"vari-odd", NMF_ERR_FORMAT, "VARI: expected 24 bytes a component"},
    {"vari-negative", NMF_ERR_FORMAT, "VARI: a measure is negative"},
    {"vari-nan", NMF_ERR_FORMAT, "VARI: a measure is negative"},
    {"pca-nan", NMF_ERR_DATA, "components: "},
    {"plsa-negative", NMF_ERR_DATA, "components: negative entry -0.75"},
    {"plsa-actv-negative", NMF_ERR_DATA, "activations: negative entry -2"},
    {"vq-two-ones", NMF_ERR_DATA, "row 2 (from 0) of vq"},
    {"vq-no-one", NMF_ERR_DATA, "row 0 (from 0) of vq"},
    {"vq-half", NMF_ERR_DATA, "row 2 (from 0) of vq"},
    {"pict-empty", NMF_ERR_FORMAT, "no pictures"},
    {"pict-none", NMF_ERR_FORMAT, "no pictures"},
    {"pict-count-huge", NMF_ERR_FORMAT, "more than it can hold"},
    {"pict-count-high", NMF_ERR_FORMAT, "a picture is out of range"},
    {"pict-count-low", NMF_ERR_FORMAT, "fewer rows"},
    {"pict-name-nul", NMF_ERR_FORMAT, "out of range"},
    {"pict-no-rows", NMF_ERR_FORMAT, "out of range"},
    {"pict-rows-few", NMF_ERR_FORMAT, "fewer rows"},
    {"pict-rows-wrap", NMF_ERR_FORMAT, "more rows than ACTV"},
    {"pict-side", NMF_ERR_FORMAT, "out of range"},
    {"goal-short", NMF_ERR_FORMAT, "gOAL: expected 56 bytes"},
    {"goal-beta", NMF_ERR_FORMAT, "gOAL: a number is out of its range"},
    {"goal-nan", NMF_ERR_FORMAT, "gOAL: a number is out of its range"},
    {"goal-alpha", NMF_ERR_FORMAT, "gOAL: a number is out of its range"},
    {"goal-ratio", NMF_ERR_FORMAT, "gOAL: a number is out of its range"},
    {"goal-sparseness", NMF_ERR_FORMAT, "gOAL: a number is out of its range"},
    {"goal-smooth", NMF_ERR_FORMAT, "gOAL: a number is out of its range"},
    {"goal-late", NMF_ERR_FORMAT, "gOAL: stands too late"},
    {"goal-of-pca", NMF_ERR_FORMAT, "gOAL: is of NMF alone"},
    {"view-empty", NMF_ERR_FORMAT, "vIEW: expected 1 to 16777216 bytes"},
    {"view-nul", NMF_ERR_FORMAT, "vIEW: no UTF-8, or a zero"},
    {"view-latin1", NMF_ERR_FORMAT, "vIEW: no UTF-8"},
    {"view-overlong", NMF_ERR_FORMAT, "vIEW: no UTF-8"},
    {"view-surrogate", NMF_ERR_FORMAT, "vIEW: no UTF-8"},
    {"view-cut", NMF_ERR_FORMAT, "vIEW: no UTF-8"},
    {"view-beyond", NMF_ERR_FORMAT, "vIEW: no UTF-8"},
    {"view-twice", NMF_ERR_FORMAT, "vIEW: appears twice"},
    {"view-early", NMF_ERR_FORMAT, "COMP: stands too late"},
};

static const char *golden_path(const char *folder, const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/golden/%s/%s.nmfi", NMFIMG_TESTS, folder,
             name);
    return path;
}

static uint32_t add_matrix(uint32_t crc, const nmf_matrix *m)
{
    for (size_t i = 0; m && i < m->rows; i++) {
        for (size_t j = 0; j < m->cols; j++) {
            char text[64];
            snprintf(text, sizeof text, "[%zu,%zu]=%a ", i, j,
                     (double)nmf_matrix_row(m, i)[j]);
            crc = nmf_crc32c(crc, text, strlen(text));
        }
    }
    return crc;
}

static uint32_t add_text(uint32_t crc, const char *text)
{
    return nmf_crc32c(crc, text, strlen(text));
}

static uint32_t model_checksum(const nmf_model_file *file)
{
    const nmf_summary *s = nmf_model_summary(file->model);
    const nmf_geometry *g = &file->geometry;
    char text[1024];
    snprintf(text, sizeof text,
             "%s init %d seed %llu tol %a max_iter %zu n_samples %zu n_iter "
             "%zu stop %d error %a sparseness %a %a; %zu x %zu x %zu / %zu; ",
             s->solver, (int)s->init, (unsigned long long)s->seed, s->tol,
             s->max_iter, s->n_samples, s->n_iter, (int)s->stop_reason,
             s->relative_error, s->sparseness_components,
             s->sparseness_activations, g->width, g->height, g->channels,
             g->patch_stride);
    return add_text(0, text);
}

static uint32_t decomposition_checksum(const nmf_model_file *file)
{
    const nmf_decomposition *d = file->decomposition;
    const nmf_decomposition_summary *s = nmf_decomposition_get_summary(d);
    const nmf_component_variance *v = nmf_decomposition_variances(d);
    const nmf_geometry *g = &file->geometry;
    char text[1024];
    snprintf(text, sizeof text,
             "%s seed %llu tol %a max_iter %zu n_samples %zu n_iter %zu stop "
             "%d error %a sparseness %a %a total %a inertia %a divergence %a; "
             "%zu x %zu x %zu / %zu; ",
             nmf_method_name(s->method), (unsigned long long)s->seed, s->tol,
             s->max_iter, s->n_samples, s->n_iter, (int)s->stop_reason,
             s->relative_error, s->sparseness_components,
             s->sparseness_activations, s->total_variance, s->inertia,
             s->divergence, g->width, g->height, g->channels, g->patch_stride);
    uint32_t crc = add_matrix(add_text(0, text), nmf_decomposition_mean(d));
    for (size_t t = 0; v && t < nmf_decomposition_components(d)->rows; t++) {
        snprintf(text, sizeof text, "%a %a %a; ", v[t].singular_value,
                 v[t].explained_variance, v[t].explained_variance_ratio);
        crc = add_text(crc, text);
    }
    return crc;
}

/* What the fit aimed at, where that is more than least squares. */
static uint32_t add_goal(uint32_t crc, const nmf_model *model)
{
    const nmf_summary *s = model ? nmf_model_summary(model) : NULL;
    char text[256];
    if (!s || (s->beta_loss == 2.0 && s->alpha_W + s->alpha_H + s->l1_ratio +
                                              s->sparseness_W +
                                              s->sparseness_H + s->smooth ==
                                          0.0)) {
        return crc;
    }
    snprintf(text, sizeof text, "%g %g %g %g %g %g %g", s->beta_loss,
             s->alpha_W, s->alpha_H, s->l1_ratio, s->sparseness_W,
             s->sparseness_H, s->smooth);
    return add_text(crc, text);
}

/* The checksum of everything in the file, put into words. */
static uint32_t content_checksum(const nmf_model_file *file)
{
    uint32_t crc =
        file->model ? model_checksum(file) : decomposition_checksum(file);
    crc = add_matrix(crc, nmf_model_file_components(file));
    crc = add_matrix(crc, nmf_model_file_activations(file));
    for (size_t i = 0; i < file->n_pictures; i++) {
        const nmf_picture *p = &file->pictures[i];
        char text[1024];
        snprintf(text, sizeof text, "'%s' %zu x %zu rows %zu + %zu; ", p->name,
                 p->width, p->height, p->first_row, p->n_rows);
        crc = add_text(crc, text);
    }
    /* Files without one keep the checksums that they had before there were. */
    crc = add_goal(crc, file->model);
    return file->view ? nmf_crc32c(crc, file->view, file->view_size + 1) : crc;
}

/* A file that is not canonical loses its ancillary sections: no comparison. */
static void assert_same_bytes_again(const char *path,
                                    const nmf_model_file *file)
{
    nmf_bytes before = {0};
    nmf_bytes after = {0};
    nmf_error err = {0};
    SUPPORT_OK(nmf_file_read(&before, path, 1 << 20, &err), err);
    SUPPORT_OK(nmf_model_encode(&after, file,
                                nmf_model_file_activations(file) != NULL, &err),
               err);
    SUPPORT_ASSERT(after.size == before.size &&
                       memcmp(after.data, before.data, after.size) == 0,
                   "'%s': other bytes when written again", path);
    nmf_bytes_release(&before);
    nmf_bytes_release(&after);
}

static void valid_files_decode_to_what_they_held(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof valid_cases / sizeof valid_cases[0]; i++) {
        const valid_case *c = &valid_cases[i];
        const char *path = golden_path("valid", c->name);
        nmf_model_file file = {0};
        nmf_error err = {0};
        uint64_t id = 0;
        SUPPORT_OK(nmf_model_load(&file, path, 0, &err), err);
        if (file.model) {
            SUPPORT_OK(nmf_model_id(&id, file.model, &err), err);
        }
        SUPPORT_ASSERT(id == c->id && content_checksum(&file) == c->content,
                       "'%s': id 0x%016llx, content 0x%08x", path,
                       (unsigned long long)id,
                       (unsigned)content_checksum(&file));
        if (c->canonical) {
            assert_same_bytes_again(path, &file);
        }
        nmf_model_file_release(&file);
    }
}

static void invalid_files_are_refused_for_the_recorded_reason(void **state)
{
    const nmf_model_file nothing = {0};
    (void)state;
    for (size_t i = 0; i < sizeof invalid_cases / sizeof invalid_cases[0];
         i++) {
        const invalid_case *c = &invalid_cases[i];
        const char *path = golden_path("invalid", c->name);
        nmf_model_file file = {0};
        nmf_error err = {0};
        nmf_status status = nmf_model_load(&file, path, 0, &err);
        SUPPORT_ASSERT(status == c->status && strstr(err.message, c->says),
                       "'%s': %s: %s", path, nmf_status_name(status),
                       err.message);
        SUPPORT_ASSERT(err.message[0] == '\'' && strstr(err.message, c->name),
                       "not named: %s", err.message);
        SUPPORT_ASSERT(memcmp(&file, &nothing, sizeof file) == 0,
                       "'%s': left something behind", path);
    }
}

static size_t count_models(const char *folder)
{
    char path[4096];
    size_t n = 0;
    snprintf(path, sizeof path, "%s/golden/%s", NMFIMG_TESTS, folder);
    DIR *dir = opendir(path);
    SUPPORT_ASSERT(dir != NULL, "no folder '%s'", path);
    for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
        n += strstr(e->d_name, ".nmfi") != NULL;
    }
    closedir(dir);
    return n;
}

static void no_golden_file_is_forgotten(void **state)
{
    (void)state;
    assert_int_equal(count_models("valid"),
                     sizeof valid_cases / sizeof valid_cases[0]);
    assert_int_equal(count_models("invalid"),
                     sizeof invalid_cases / sizeof invalid_cases[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valid_files_decode_to_what_they_held),
        cmocka_unit_test(invalid_files_are_refused_for_the_recorded_reason),
        cmocka_unit_test(no_golden_file_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

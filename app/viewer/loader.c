/*
 * Two threads take requests, so that one that is superseded while it loads
 * does not hold up the next: loading cannot be broken off. The newest request
 * is all that anybody waits for; what an older one comes to is freed.
 */
#define _POSIX_C_SOURCE 200809L

#include "loader.h"

#include "gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LOADER_THREADS = 2 };

/* A request; owns its strings. */
struct request {
    uint64_t number;
    struct loader *loader;
    char **inputs;
    size_t n_inputs;
    nmf_dataset_options options;
    struct loader_result result; /* what comes of it */
};

struct loader {
    struct gate gate; /* guards all below */
    pthread_t threads[LOADER_THREADS];
    size_t n_threads; /* started */
    void (*wake)(void *);
    void *context;
    bool must_end;
    size_t n_ended;
    uint64_t newest;      /* number of the request that counts */
    struct request *next; /* to be loaded; NULL: none */
    enum loader_state state;
    struct loader_result result; /* LOADER_DONE */
    nmf_error error;             /* LOADER_FAILED */
    double begin;                /* gate_now() of the newest request */
    size_t n_left_out;           /* by the newest request */
};

/* ---- what is owned ---- */

void loader_result_release(struct loader_result *result)
{
    shared_data_drop(result->data);
    nmf_model_file_release(&result->file);
    nmf_matrix_release(&result->W);
    nmf_matrix_release(&result->H);
    for (size_t i = 0; i < result->n_notices; i++) {
        free(result->notices[i]);
    }
    free(result->notices);
    *result = (struct loader_result){0};
}

static void free_request(struct request *request)
{
    if (request) {
        for (size_t i = 0; request->inputs && i < request->n_inputs; i++) {
            free(request->inputs[i]);
        }
        free(request->inputs);
        loader_result_release(&request->result);
        free(request);
    }
}

static char *copy_text(const char *text, nmf_error *err)
{
    size_t size = strlen(text) + 1;
    char *copy = gate_alloc(size, 1, err);
    if (copy) {
        memcpy(copy, text, size);
    }
    return copy;
}

static struct request *create_request(struct loader *loader,
                                      const char *const *inputs,
                                      size_t n_inputs,
                                      const nmf_dataset_options *options,
                                      nmf_error *err)
{
    const nmf_dataset_options defaults = NMF_DATASET_OPTIONS_INIT;
    struct request *request = gate_alloc(1, sizeof *request, err);
    if (!request) {
        return NULL;
    }
    request->loader = loader;
    request->options = options ? *options : defaults;
    request->n_inputs = n_inputs;
    request->inputs = gate_alloc(n_inputs, sizeof *request->inputs, err);
    request->result.notices =
        gate_alloc(LOADER_MAX_NOTICES, sizeof *request->result.notices, err);
    bool is_complete = request->inputs && request->result.notices;
    for (size_t i = 0; is_complete && i < n_inputs; i++) {
        request->inputs[i] = copy_text(inputs[i], err);
        is_complete = request->inputs[i] != NULL;
    }
    if (!is_complete) {
        free_request(request);
        return NULL;
    }
    return request;
}

/* ---- loading, on a thread of the loader ---- */

/* An on_skip: collect, and count for those who look on. */
static void note(const char *message, void *context)
{
    struct request *request = context;
    struct loader *loader = request->loader;
    struct loader_result *result = &request->result;
    result->n_left_out++;
    if (result->n_notices < LOADER_MAX_NOTICES) {
        char *copy = copy_text(message, NULL);
        if (copy) { /* else it is counted, and not named */
            result->notices[result->n_notices++] = copy;
        }
    }
    gate_enter(&loader->gate);
    if (request->number == loader->newest) {
        loader->n_left_out = result->n_left_out;
    }
    gate_leave(&loader->gate);
}

/* What the beginning of a regular file says it is: a file of ours, or not. A
 * pipe's beginning is not taken. */
static bool is_ours(const char *path, nmf_codec_kind *kind)
{
    struct stat facts;
    unsigned char head[16];
    if (stat(path, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        return false;
    }
    FILE *file = fopen(path, "rb");
    if (!file) {
        return false;
    }
    size_t n = fread(head, 1, sizeof head, file);
    (void)fclose(file);
    *kind = nmf_codec_sniff_kind(head, n);
    return nmf_codec_sniff(head, n);
}

/* The pictures of a decompressed set; its names go over. */
static nmf_status take_pictures(struct loader_result *result, nmf_set *set,
                                const char *name, nmf_error *err)
{
    const size_t n = set->info.n_images;
    const nmf_geometry *geometry = &set->info.geometry;
    const size_t n_features =
        geometry->width * geometry->height * geometry->channels;
    nmf_dataset *data = NULL;
    nmf_matrix X = {0};
    nmf_status status = nmf_matrix_init(&X, n, n_features, err);
    for (size_t i = 0; status == NMF_OK && i < n * n_features; i++) {
        X.data[i] = (float)set->pixels[i] / 255.0F;
    }
    if (status == NMF_OK) {
        status = nmf_dataset_create(&data, &X, geometry,
                                    (const char *const *)set->names, name, err);
    }
    nmf_matrix_release(&X);
    if (status == NMF_OK) {
        result->compressed = set->info;
        result->data = shared_data_create(data, err);
        status = result->data ? NMF_OK : NMF_ERR_MEMORY;
    }
    return status;
}

static nmf_status load_compressed(struct loader_result *result,
                                  const char *path, size_t max_bytes,
                                  nmf_error *err)
{
    nmf_bytes bytes = {0};
    nmf_set set = {0};
    nmf_status status =
        nmf_file_read(&bytes, path, max_bytes ? max_bytes : SIZE_MAX, err);
    if (status == NMF_OK) {
        status =
            nmf_set_decode(&set, bytes.data, bytes.size, path, max_bytes, err);
    }
    if (status == NMF_OK) {
        status = nmf_set_parts(&result->W, &result->H, bytes.data, bytes.size,
                               path, max_bytes, err);
    }
    if (status == NMF_OK) {
        status = take_pictures(result, &set, path, err);
    }
    nmf_set_release(&set);
    nmf_bytes_release(&bytes);
    return status;
}

static nmf_status load(struct request *request, nmf_error *err)
{
    nmf_status status = NMF_OK;
    struct loader_result *result = &request->result;
    nmf_dataset *set = NULL;
    result->request = request->number;
    nmf_codec_kind kind = NMF_CODEC_UNKNOWN;
    if (request->n_inputs == 1 && is_ours(request->inputs[0], &kind)) {
        return kind == NMF_CODEC_SET
                   ? load_compressed(result, request->inputs[0],
                                     request->options.max_bytes, err)
                   : nmf_model_load(&result->file, request->inputs[0],
                                    request->options.max_bytes, err);
    }
    request->options.on_skip = note;
    request->options.context = request;
    status = nmf_dataset_load(&set, (const char *const *)request->inputs,
                              request->n_inputs, &request->options, err);
    if (status == NMF_OK) {
        result->data = shared_data_create(set, err);
        status = result->data ? NMF_OK : NMF_ERR_MEMORY;
    }
    return status;
}

/* What came of a request counts where there is no newer one. */
static void hand_in(struct request *request, nmf_status status,
                    const nmf_error *err)
{
    struct loader *loader = request->loader;
    gate_enter(&loader->gate);
    bool counts = request->number == loader->newest && !loader->must_end;
    if (counts && status == NMF_OK) {
        loader->state = LOADER_DONE;
        loader->result = request->result;
        request->result = (struct loader_result){0};
    } else if (counts) {
        loader->state = LOADER_FAILED;
        loader->error = *err;
    }
    gate_tell(&loader->gate);
    gate_leave(&loader->gate);
    free_request(request);
    if (counts && loader->wake) {
        loader->wake(loader->context);
    }
}

/* The next request, the caller's; NULL: it is over. */
static struct request *next_request(struct loader *loader)
{
    gate_enter(&loader->gate);
    while (!loader->must_end && !loader->next) {
        (void)gate_wait(&loader->gate, GATE_FOREVER);
    }
    struct request *request = loader->must_end ? NULL : loader->next;
    if (request) {
        loader->next = NULL;
    }
    gate_leave(&loader->gate);
    return request;
}

static void *serve(void *context)
{
    struct loader *loader = context;
    struct request *request = NULL;
    while ((request = next_request(loader)) != NULL) {
        nmf_error err = {0};
        nmf_status status = load(request, &err);
        hand_in(request, status, &err);
    }
    gate_enter(&loader->gate);
    loader->n_ended++;
    gate_tell(&loader->gate);
    gate_leave(&loader->gate);
    return NULL;
}

/* ---- the screen's side ---- */

static void tell_end(struct loader *loader)
{
    gate_enter(&loader->gate);
    loader->must_end = true;
    gate_tell(&loader->gate);
    gate_leave(&loader->gate);
}

void loader_free(struct loader *loader)
{
    if (!loader) {
        return;
    }
    tell_end(loader);
    for (size_t i = 0; i < loader->n_threads; i++) {
        (void)pthread_join(loader->threads[i], NULL);
    }
    free_request(loader->next);
    loader_result_release(&loader->result);
    gate_release(&loader->gate);
    free(loader);
}

nmf_status loader_create(struct loader **out, void (*wake)(void *),
                         void *context, nmf_error *err)
{
    *out = NULL;
    struct loader *loader = gate_alloc(1, sizeof *loader, err);
    if (!loader || gate_init(&loader->gate, err) != NMF_OK) {
        free(loader);
        return NMF_ERR_MEMORY;
    }
    loader->wake = wake;
    loader->context = context;
    for (; loader->n_threads < LOADER_THREADS; loader->n_threads++) {
        if (gate_thread(&loader->threads[loader->n_threads], serve, loader,
                        err) != NMF_OK) {
            loader_free(loader);
            return NMF_ERR_MEMORY;
        }
    }
    *out = loader;
    return NMF_OK;
}

bool loader_stop(struct loader *loader, double seconds)
{
    const double deadline = gate_now() + seconds;
    tell_end(loader);
    gate_enter(&loader->gate);
    while (loader->n_ended < loader->n_threads &&
           gate_wait(&loader->gate, deadline)) {
    }
    bool ended = loader->n_ended == loader->n_threads;
    gate_leave(&loader->gate);
    return ended;
}

nmf_status loader_begin(struct loader *loader, const char *const *inputs,
                        size_t n_inputs, const nmf_dataset_options *options,
                        nmf_error *err)
{
    struct request *request =
        create_request(loader, inputs, n_inputs, options, err);
    if (!request) {
        return NMF_ERR_MEMORY;
    }
    gate_enter(&loader->gate);
    struct request *superseded = loader->next;
    struct loader_result unheard = loader->result;
    loader->result = (struct loader_result){0};
    request->number = ++loader->newest;
    loader->next = request;
    loader->state = LOADER_BUSY;
    loader->begin = gate_now();
    loader->n_left_out = 0;
    gate_tell(&loader->gate);
    gate_leave(&loader->gate);
    free_request(superseded);
    loader_result_release(&unheard);
    return NMF_OK;
}

enum loader_state loader_poll(struct loader *loader, struct loader_result *out,
                              nmf_error *err)
{
    gate_enter(&loader->gate);
    enum loader_state state = loader->state;
    if (state == LOADER_DONE) {
        *out = loader->result;
        loader->result = (struct loader_result){0};
        loader->state = LOADER_IDLE;
    } else if (state == LOADER_FAILED) {
        *err = loader->error;
        loader->state = LOADER_IDLE;
    }
    gate_leave(&loader->gate);
    return state;
}

struct loader_progress loader_progress(struct loader *loader)
{
    struct loader_progress progress = {0.0, 0};
    gate_enter(&loader->gate);
    if (loader->state == LOADER_BUSY) {
        progress.seconds = gate_now() - loader->begin;
        progress.n_left_out = loader->n_left_out;
    }
    gate_leave(&loader->gate);
    return progress;
}

bool loader_wait(struct loader *loader, double seconds)
{
    const double deadline = gate_now() + seconds;
    gate_enter(&loader->gate);
    while (loader->state == LOADER_BUSY && !loader->must_end &&
           gate_wait(&loader->gate, deadline)) {
    }
    bool is_settled = loader->state != LOADER_BUSY;
    gate_leave(&loader->gate);
    return is_settled;
}

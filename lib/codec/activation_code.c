/*
 * Contracts are in activation_code.h, the syntax in FORMAT.md, section 10.
 *
 * Image by image: its reference; then, component by component, is it the
 * reference's activation? If not: more or less, and by how much. An image
 * without a reference has its activations in unary. Each decision is mixed of
 * counters whose contexts are the properties of a place (struct place).
 *
 * Signed activations are no part of the format: they are for comparisons with
 * other factorizations. Their size is coded as if they were not, and then their
 * sign; what depends on the reference's activation depends on its size, and
 * where the direction matters, on its value.
 */
#include "codec/activation_code.h"

#include "codec/mixer.h"
#include "core/alloc.h"
#include "core/error.h"

#include <stdlib.h>
#include <string.h>

enum {
    PACE = 25,
    N_SAME = 10,
    N_MORE = 7,
    N_SIZE = 4,
    N_PLAIN = 2,
    PLAIN_STEPS = 14, /* of the unary code without reference: contexts */
    PLAIN_MAX = 48,   /* beyond, gamma */
    SIZE_STEPS = 24   /* of the size of a change; beyond, gamma */
};

/* Tables of counters; where it says k, one for each component. */
typedef struct tables {
    nmf_counter *distance; /* gamma */
    nmf_counter *escape;   /* gamma */
    nmf_counter *sign;     /* k: of signed activations without reference */
    nmf_counter *plain[N_PLAIN];
    nmf_counter *same[N_SAME];
    nmf_counter *more[N_MORE];
    nmf_counter *size[N_SIZE];
    nmf_weights *plain_a, *plain_b;
    nmf_weights *same_a, *same_b;
    nmf_weights *more_a, *more_b;
    nmf_weights *size_a, *size_b;
} tables;

/* Counters of each table, per component and for all together. */
typedef struct table_size {
    unsigned per_component;
    unsigned shared;
} table_size;

static const table_size plain_sizes[N_PLAIN] = {{PLAIN_STEPS, 0},
                                                {PLAIN_STEPS * 6, 0}};
static const table_size same_sizes[N_SAME] = {
    {9 * 4, 0},          {9 * 5, 0},     {8, 0},
    {8 * 4, 0},          {0, 8 * 8 * 4}, {16 * 4, 0},
    {0, 4 * 4 * 4 * 16}, {4 * 4, 0},     {0, 8 * 8 * 16},
    {8 * 3, 0}};
static const table_size more_sizes[N_MORE] = {
    {9, 0}, {9, 0}, {8, 0}, {0, 8 * 27}, {9, 0}, {9, 0}, {0, 64}};
static const table_size size_sizes[N_SIZE] = {{SIZE_STEPS, 0},
                                              {0, 16 * SIZE_STEPS},
                                              {0, 16 * SIZE_STEPS},
                                              {2 * SIZE_STEPS, 0}};

typedef struct coding {
    nmf_bit_coder *coder;
    const nmf_activations *to;
    nmf_mixer mixer;
    tables t;
    int8_t *changes; /* of each image from its reference, within -3 .. 3 */
    void *memory;
} coding;

/* What is known where a decision is taken. */
typedef struct place {
    size_t j;           /* component */
    unsigned band;      /* of 16 that the components fall into */
    int32_t reference;  /* its activation */
    int32_t size;       /* of that */
    unsigned level;     /* the same, at most 7 */
    unsigned side;      /* the level; where there are signs, 0 .. 7 for values
                           from -4 on */
    int change;         /* how the reference differed from its own reference */
    unsigned changed;   /* size of that, at most 3 */
    unsigned trend;     /* its own reference: less 1, more 2, same or none 0 */
    unsigned activity;  /* 0 .. 7: how much this image differed so far */
    unsigned before[2]; /* sizes of the last two changes, at most 3 */
    unsigned sign[2];   /* and their signs */
    unsigned parent;    /* sign of the first parent's change */
    unsigned parents;   /* signs of both, 0 .. 8 */
} place;

/* 0 for none, 1 for less, 2 for more. */
static unsigned sign_of(int32_t change)
{
    return change < 0 ? 1 : change > 0 ? 2 : 0;
}

static unsigned size_of(int32_t change)
{
    unsigned size = (unsigned)abs(change);
    return size < 3 ? size : 3;
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Lay the tables into memory; with memory NULL only their size. */
static size_t lay_tables(tables *t, nmf_counter *memory, size_t k)
{
    size_t n = 0;
    const struct {
        nmf_counter **table;
        const table_size *size;
        unsigned n;
    } groups[] = {{t->plain, plain_sizes, N_PLAIN},
                  {t->same, same_sizes, N_SAME},
                  {t->more, more_sizes, N_MORE},
                  {t->size, size_sizes, N_SIZE}};
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        for (unsigned i = 0; i < groups[g].n; i++) {
            const table_size *size = &groups[g].size[i];
            groups[g].table[i] = memory ? memory + n : NULL;
            n += size->per_component * k + size->shared;
        }
    }
    t->distance = memory ? memory + n : NULL;
    n += NMF_CODER_GAMMA_COUNTERS;
    t->escape = memory ? memory + n : NULL;
    n += NMF_CODER_GAMMA_COUNTERS;
    t->sign = memory ? memory + n : NULL;
    return n + k;
}

static size_t lay_weights(tables *t, nmf_weights *memory, size_t k)
{
    size_t n = 0;
    const struct {
        nmf_weights **weights;
        size_t n;
        int32_t value;
    } groups[] = {{&t->plain_a, k, 22938}, {&t->plain_b, PLAIN_STEPS, 22938},
                  {&t->same_a, k, 19661},  {&t->same_b, 64, 19661},
                  {&t->more_a, k, 19661},  {&t->more_b, 9, 19661},
                  {&t->size_a, k, 19661},  {&t->size_b, SIZE_STEPS, 19661}};
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        if (memory) {
            *groups[g].weights = memory + n;
            nmf_weights_init(memory + n, groups[g].n, groups[g].value);
        }
        n += groups[g].n;
    }
    return n;
}

/* Bytes of counters, weights and changes, in this order; false: too many. */
static bool measure(size_t *counters, size_t *weights, size_t *total,
                    size_t n_images, size_t k)
{
    tables t;
    size_t changes = 0;
    *counters = lay_tables(&t, NULL, k) * sizeof(nmf_counter);
    *weights = lay_weights(&t, NULL, k) * sizeof(nmf_weights);
    return nmf_size_mul(&changes, n_images, k) &&
           nmf_size_add(total, changes, *counters + *weights);
}

size_t nmf_activations_code_memory(size_t n_images, size_t n_components)
{
    size_t counters = 0;
    size_t weights = 0;
    size_t total = 0;
    return measure(&counters, &weights, &total, n_images, n_components)
               ? total
               : SIZE_MAX;
}

static nmf_status begin(coding *c, nmf_error *err)
{
    size_t k = c->to->n_components;
    size_t counters = 0;
    size_t weights = 0;
    size_t total = 0;
    if (measure(&counters, &weights, &total, c->to->n_images, k)) {
        c->memory = nmf_malloc(total, 1);
    }
    if (!c->memory) {
        return nmf_error_memory(err, total, "coding activations");
    }
    lay_tables(&c->t, c->memory, k);
    nmf_counters_init(c->memory, counters / sizeof(nmf_counter));
    lay_weights(&c->t, (nmf_weights *)((uint8_t *)c->memory + counters), k);
    c->changes = (int8_t *)c->memory + counters + weights;
    nmf_mixer_init(&c->mixer, c->coder, PACE);
    return NMF_OK;
}

/* The two parents of each component, as numbers below its own. */
static void code_parents(coding *c)
{
    uint16_t *parents = c->to->parents;
    for (size_t j = 0; j < c->to->n_components; j++) {
        unsigned n = 0;
        while (j > 0 && (j - 1) >> n > 0) {
            n++;
        }
        for (size_t i = 2 * j; i < 2 * j + 2; i++) {
            uint32_t parent = nmf_code_bits(c->coder, parents[i], n);
            if (parent >= j) {
                c->coder->failed = c->coder->failed || parent > 0;
                parent = 0;
            }
            parents[i] = (uint16_t)parent;
        }
    }
}

/* How many images back the reference of image i is, 0 for none. */
static void code_reference(coding *c, size_t i)
{
    int32_t *reference = &c->to->reference[i];
    uint32_t back = 0;
    if (i > 0) {
        back = *reference < 0 ? 0 : (uint32_t)(i - (size_t)*reference);
        back = nmf_code_gamma(c->coder, back + 1, c->t.distance) - 1;
    }
    if (back > i || back > NMF_REFERENCE_WINDOW) {
        c->coder->failed = true;
        back = 0;
    }
    *reference = back ? (int32_t)(i - back) : -1;
}

/* value, or whatever was encoded, where unary steps reached start. */
static int32_t code_escape(coding *c, int32_t value, int32_t start)
{
    uint32_t over = c->coder->is_decoder ? 1 : (uint32_t)(value - start + 1);
    over = nmf_code_gamma(c->coder, over, c->t.escape);
    return start + (int32_t)over - 1;
}

/* An activation, or its size, without reference; before: the one before. */
static int32_t code_plain(coding *c, size_t j, int32_t before, int32_t value)
{
    size_t level = (size_t)(before < 5 ? before : 5);
    int32_t n = 0;
    while (n < PLAIN_MAX) {
        size_t step = min_size((size_t)n, PLAIN_STEPS - 1);
        size_t at = j * PLAIN_STEPS + step;
        nmf_counter *counters[N_PLAIN] = {c->t.plain[0] + at,
                                          c->t.plain[1] + at * 6 + level};
        if (!nmf_mixer_code(&c->mixer, value > n, counters, N_PLAIN,
                            c->t.plain_a + j, c->t.plain_b + step)) {
            return n;
        }
        n++;
    }
    return code_escape(c, value, PLAIN_MAX);
}

static bool code_same(coding *c, const place *at, bool same)
{
    const size_t j = at->j;
    const size_t last = at->before[0];
    const size_t low4 = (size_t)(at->size < 4 ? at->size : 4);
    const size_t low2 = (size_t)(at->size < 2 ? at->size : 2);
    const size_t low3 = (size_t)(at->size < 3 ? at->size : 3);
    nmf_counter *counters[N_SAME] = {
        c->t.same[0] + (j * 9 + at->parents) * 4 + at->changed,
        c->t.same[1] + (j * 9 + at->parents) * 5 + low4,
        c->t.same[2] + j * 8 + at->level,
        c->t.same[3] + (j * 8 + at->level) * 4 + at->changed,
        c->t.same[4] + (at->activity * 8 + at->level) * 4 + at->changed,
        c->t.same[5] + j * 16 + at->activity,
        c->t.same[6] + ((last * 4 + at->before[1]) * 4 + at->changed) * 16 +
            at->band,
        c->t.same[7] + (j * 4 + last) * 4 + at->changed,
        c->t.same[8] + (at->activity * 8 + at->level) * 16 + at->band,
        c->t.same[9] + (j * 8 + at->activity) * 3 + low2};
    return nmf_mixer_code(&c->mixer, same, counters, N_SAME, c->t.same_a + j,
                          c->t.same_b + at->activity * 4 + low3);
}

static bool code_more(coding *c, const place *at, bool more)
{
    const size_t j = at->j;
    const size_t was = sign_of(at->change);
    const size_t last = at->sign[0];
    nmf_counter *counters[N_MORE] = {
        c->t.more[0] + j * 9 + at->parents,
        c->t.more[1] + (j * 3 + at->parent) * 3 + was,
        c->t.more[2] + j * 8 + at->side,
        c->t.more[3] + ((at->side * 3 + last) * 3 + at->sign[1]) * 3 + was,
        c->t.more[4] + j * 9 + was * 3 + at->trend,
        c->t.more[5] + (j * 3 + last) * 3 + was,
        c->t.more[6] + at->side * 8 + at->activity};
    return nmf_mixer_code(&c->mixer, more, counters, N_MORE, c->t.more_a + j,
                          c->t.more_b + was * 3 + at->trend);
}

/* By how much, at least 1; at most limit. */
static int32_t code_size(coding *c, const place *at, bool more, int32_t limit,
                         int32_t size)
{
    const bool away = more == (at->reference >= 0);
    int32_t n = 1;
    while (n < limit && n < SIZE_STEPS) {
        size_t step = (size_t)n;
        nmf_counter *counters[N_SIZE] = {
            c->t.size[0] + at->j * SIZE_STEPS + step,
            c->t.size[1] + (at->activity * 2 + away) * SIZE_STEPS + step,
            c->t.size[2] + (at->level * 2 + away) * SIZE_STEPS + step,
            c->t.size[3] + (at->j * 2 + away) * SIZE_STEPS + step};
        if (!nmf_mixer_code(&c->mixer, size > n, counters, N_SIZE,
                            c->t.size_a + at->j, c->t.size_b + step)) {
            return n;
        }
        n++;
    }
    return n < limit ? code_escape(c, size, SIZE_STEPS) : n;
}

static unsigned activity_class(int32_t activity)
{
    static const int32_t bounds[] = {24, 48, 72, 96, 124, 160, 220};
    unsigned n = 0;
    while (n < 7 && activity >= bounds[n]) {
        n++;
    }
    return n;
}

/* value - reference of the place, or what was encoded. */
static int32_t code_change(coding *c, const place *at, int32_t change)
{
    if (code_same(c, at, change == 0)) {
        return 0;
    }
    const int32_t least = c->to->is_signed ? -NMF_ACTIVATION_MAX : 0;
    bool more = at->reference == least || code_more(c, at, change > 0);
    int32_t limit =
        more ? NMF_ACTIVATION_MAX - at->reference : at->reference - least;
    int32_t size = code_size(c, at, more, limit, abs(change));
    return more ? size : -size;
}

/* The properties of component j; what does not depend on it stays. */
static void look_around(place *at, const coding *c, size_t i, size_t j)
{
    const size_t k = c->to->n_components;
    const int32_t *reference = c->to->reference;
    const size_t r = (size_t)reference[i];
    const int32_t rr = reference[r];
    const int8_t *changes = c->changes + i * k;
    const uint16_t *parents = c->to->parents + 2 * j;
    const int32_t value = c->to->values[r * k + j];
    at->j = j;
    at->band = (unsigned)(j * 16 / k);
    at->reference = value;
    at->size = abs(value);
    at->level = (unsigned)(at->size < 7 ? at->size : 7);
    at->side = c->to->is_signed ? (unsigned)(value < -4  ? 0
                                             : value > 3 ? 7
                                                         : value + 4)
                                : at->level;
    at->change = c->changes[r * k + j];
    at->changed = size_of(at->change);
    at->trend = rr < 0 ? 0 : sign_of(c->to->values[(size_t)rr * k + j] - value);
    at->parent = j ? sign_of(changes[parents[0]]) : 0;
    at->parents = 3 * at->parent + (j ? sign_of(changes[parents[1]]) : 0);
}

/* The running mean of changes, times 256, follows faster at first. */
static int32_t follow(int32_t activity, int32_t change, size_t j)
{
    int32_t size = 256 * (int32_t)size_of(change);
    for (int n = j < 12 ? 2 : 1; n > 0; n--) {
        int32_t gap = size - activity;
        activity += gap >= 0 ? gap / 16 : -((15 - gap) / 16);
    }
    return activity;
}

static void code_referring(coding *c, size_t i)
{
    const size_t k = c->to->n_components;
    int32_t *values = c->to->values + i * k;
    int32_t activity = 128;
    place at = {0};
    for (size_t j = 0; j < k && !c->coder->failed; j++) {
        look_around(&at, c, i, j);
        at.activity = activity_class(activity);
        int32_t change = code_change(c, &at, values[j] - at.reference);
        int32_t value = at.reference + change;
        if (abs(value) > NMF_ACTIVATION_MAX ||
            (value < 0 && !c->to->is_signed)) {
            c->coder->failed = true;
            return;
        }
        values[j] = value;
        c->changes[i * k + j] = (int8_t)(change < -3  ? -3
                                         : change > 3 ? 3
                                                      : change);
        activity = follow(activity, change, j);
        at.before[1] = at.before[0];
        at.before[0] = size_of(change);
        at.sign[1] = at.sign[0];
        at.sign[0] = sign_of(change);
    }
}

static void code_alone(coding *c, size_t i)
{
    const size_t k = c->to->n_components;
    int32_t *values = c->to->values + i * k;
    memset(c->changes + i * k, 0, k);
    for (size_t j = 0; j < k && !c->coder->failed; j++) {
        bool is_negative = values[j] < 0;
        int32_t before = j ? abs(values[j - 1]) : 0;
        int32_t value = code_plain(c, j, before, abs(values[j]));
        if (value > NMF_ACTIVATION_MAX) {
            c->coder->failed = true;
            return;
        }
        if (c->to->is_signed && value > 0) {
            is_negative =
                nmf_code_counted(c->coder, is_negative, c->t.sign + j);
        }
        values[j] = is_negative ? -value : value;
    }
}

nmf_status nmf_activations_code(nmf_bit_coder *coder,
                                const nmf_activations *activations,
                                nmf_error *err)
{
    coding c = {.coder = coder, .to = activations};
    nmf_status status = begin(&c, err);
    if (status != NMF_OK) {
        return status;
    }
    if (coder->is_decoder) {
        memset(activations->values, 0,
               activations->n_images * activations->n_components *
                   sizeof *activations->values);
    }
    code_parents(&c);
    for (size_t i = 0; i < activations->n_images && !coder->failed; i++) {
        code_reference(&c, i);
        if (activations->reference[i] < 0) {
            code_alone(&c, i);
        } else {
            code_referring(&c, i);
        }
    }
    nmf_free(c.memory);
    return NMF_OK;
}

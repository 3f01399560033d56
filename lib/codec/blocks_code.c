/*
 * Contracts are in blocks_code.h, the syntax in FORMAT.md, sections 9 and 15.
 *
 * Channel by channel, block by block: each coefficient's size in unary and its
 * sign. A size is guessed from those before it in the block (near), those at
 * its frequency in the blocks beside (beside) and in the images before (usual),
 * and from how much this image is above what is usual (excess). Where a block's
 * coefficients end, if that is told, from the ends beside it, at its place in
 * the images before, and in the first channel.
 */
#include "codec/blocks_code.h"

#include "codec/mixer.h"
#include "core/alloc.h"
#include "core/error.h"

#include <stdlib.h>
#include <string.h>

enum {
    PACE = 8,
    STEPS = 4,       /* of the unary code with contexts of their own */
    LONG_STEPS = 24, /* the same where contexts are few; beyond, gamma */
    CLASSES = 9,     /* of sizes */
    N_SIZE = 8,
    N_END = 5,
    WEIGHT = 16384, /* of each counter at the beginning; */
    END_WEIGHT = 22938,
    MEAN_BITS = 10, /* usual sizes are in steps of 2^-10, */
    END_BITS = 6,   /* usual ends of 2^-6 */
    SPAN = 11,      /* classes of how far an end is */
    DIAGONALS = 2 * NMF_BLOCK_SIDE_MAX
};

typedef struct tables {
    nmf_counter *size[N_SIZE];
    nmf_counter *end[N_END];
    nmf_counter *escape; /* gamma */
    nmf_counter *sign;   /* of the first coefficients, by channel */
    nmf_weights *size_a, *size_b, *end_a, *end_b;
} tables;

struct nmf_blocks_coder {
    nmf_bit_coder *coder;
    const nmf_blocks *blocks;
    bool has_ends;
    nmf_mixer mixer;
    tables t;
    int32_t *usual;     /* channels x block_size: mean size so far */
    int32_t *usual_end; /* a block each: mean end so far */
    uint8_t *ends;      /* a block each: of this image as far as it is done */
    int64_t excess;     /* sums over this image so far */
    int32_t n_excess;
    int32_t n_blocks; /* done, over all images */
    int32_t n_images; /* done */
};

typedef nmf_blocks_coder coding;

/* A block and the blocks beside it; NULL where there are none. */
typedef struct block {
    int32_t *values;
    const int32_t *left;
    const int32_t *above;
    size_t channel;
    size_t number;                     /* over all channels */
    size_t end;                        /* diagonals that are coded */
    uint8_t sizes[NMF_BLOCK_SIZE_MAX]; /* by place, at most 30 */
} block;

/* What is known of a coefficient; all classes are 0 .. 8. */
typedef struct place {
    size_t z;
    unsigned usual;
    unsigned near; /* of the neighbours in the block, the next ones twice */
    unsigned around;
    unsigned wide;
    unsigned beside;
    unsigned excess;
} place;

/* A size in steps of 1/16 as a class. */
static unsigned size_class(int64_t size)
{
    static const uint8_t bounds[] = {5, 10, 16, 26, 40, 64, 112};
    unsigned n = 1;
    if (size <= 0) {
        return 0;
    }
    while (n < 8 && size >= bounds[n - 1]) {
        n++;
    }
    return n;
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

enum { N_TABLES = N_SIZE + N_END + 2 };
enum { SIZE_A = 12, SIZE_B = 64, END_A = 3 * DIAGONALS, END_B = SPAN };
enum { N_WEIGHTS = SIZE_A + SIZE_B + END_A + END_B };

/* Sizes of the tables in the order of struct tables. */
static void measure_tables(size_t *sizes, size_t n_places)
{
    const size_t two = CLASSES * CLASSES;
    const size_t three = two * CLASSES;
    const size_t spans = SPAN * SPAN;
    const size_t table_sizes[N_TABLES] = {n_places * STEPS,
                                          two * STEPS,
                                          two * STEPS,
                                          three * STEPS,
                                          two * LONG_STEPS,
                                          two * STEPS,
                                          CLASSES * LONG_STEPS,
                                          three * STEPS,
                                          3 * spans,
                                          3 * spans,
                                          3 * spans,
                                          DIAGONALS * SPAN,
                                          3 * DIAGONALS,
                                          NMF_CODER_GAMMA_COUNTERS,
                                          3};
    memcpy(sizes, table_sizes, sizeof table_sizes);
}

static size_t count_counters(const nmf_blocks *blocks)
{
    size_t sizes[N_TABLES];
    size_t n = 0;
    measure_tables(sizes, blocks->channels * blocks->block_size);
    for (size_t i = 0; i < N_TABLES; i++) {
        n += sizes[i];
    }
    return n;
}

static void lay_tables(tables *t, nmf_counter *memory, const nmf_blocks *blocks)
{
    size_t sizes[N_TABLES];
    nmf_counter *table[N_TABLES];
    measure_tables(sizes, blocks->channels * blocks->block_size);
    for (size_t i = 0; i < N_TABLES; i++) {
        table[i] = memory;
        memory += sizes[i];
    }
    memcpy(t->size, table, sizeof t->size);
    memcpy(t->end, table + N_SIZE, sizeof t->end);
    t->escape = table[N_SIZE + N_END];
    t->sign = table[N_SIZE + N_END + 1];
}

static void lay_weights(tables *t, nmf_weights *memory)
{
    t->size_a = memory;
    t->size_b = t->size_a + SIZE_A;
    t->end_a = t->size_b + SIZE_B;
    t->end_b = t->end_a + END_A;
    nmf_weights_init(t->size_a, SIZE_A + SIZE_B, WEIGHT);
    nmf_weights_init(t->end_a, END_A + END_B, END_WEIGHT);
}

static size_t count_blocks(const nmf_blocks *blocks)
{
    return blocks->channels * blocks->columns * blocks->rows;
}

size_t nmf_blocks_coder_memory(const nmf_blocks *blocks)
{
    return sizeof(nmf_blocks_coder) +
           count_counters(blocks) * sizeof(nmf_counter) +
           N_WEIGHTS * sizeof(nmf_weights) +
           blocks->channels * blocks->block_size * sizeof(int32_t) +
           count_blocks(blocks) * (sizeof(int32_t) + 1);
}

nmf_status nmf_blocks_coder_create(nmf_blocks_coder **out, nmf_bit_coder *coder,
                                   const nmf_blocks *blocks, bool has_ends,
                                   nmf_error *err)
{
    const size_t n_counters = count_counters(blocks);
    const size_t size = nmf_blocks_coder_memory(blocks);
    coding *c = nmf_calloc(size, 1);
    *out = c;
    if (!c) {
        return nmf_error_memory(err, size, "coding images");
    }
    c->coder = coder;
    c->blocks = blocks;
    c->has_ends = has_ends;
    nmf_counter *counters = (nmf_counter *)(c + 1);
    nmf_counters_init(counters, n_counters);
    lay_tables(&c->t, counters, blocks);
    nmf_weights *weights = (nmf_weights *)(counters + n_counters);
    lay_weights(&c->t, weights);
    c->usual = (int32_t *)(weights + N_WEIGHTS);
    c->usual_end = c->usual + blocks->channels * blocks->block_size;
    c->ends = (uint8_t *)(c->usual_end + count_blocks(blocks));
    nmf_mixer_init(&c->mixer, coder, PACE);
    return NMF_OK;
}

void nmf_blocks_coder_free(nmf_blocks_coder *coder)
{
    nmf_free(coder);
}

/* The size at (x, y); 0 beyond the block. */
static unsigned size_at(const block *b, const nmf_blocks *blocks, int x, int y)
{
    int w = (int)blocks->block_width;
    int h = (int)blocks->block_height;
    return x < 0 || y < 0 || x >= w || y >= h ? 0 : b->sizes[y * w + x];
}

static place look_around(const coding *c, const block *b, size_t z)
{
    const nmf_blocks *blocks = c->blocks;
    const int x = blocks->x[z];
    const int y = blocks->y[z];
    int64_t next = size_at(b, blocks, x, y - 1) + size_at(b, blocks, x - 1, y);
    int64_t far = size_at(b, blocks, x - 1, y - 1) +
                  size_at(b, blocks, x, y - 2) + size_at(b, blocks, x - 2, y);
    /* Of those beside the diagonal, some come later and count as 0. */
    far += size_at(b, blocks, x + 1, y - 1) + size_at(b, blocks, x - 1, y + 1);
    int64_t beside =
        (b->left ? abs(b->left[z]) : 0) + (b->above ? abs(b->above[z]) : 0);
    place at = {.z = z};
    at.usual = size_class(c->usual[b->channel * blocks->block_size + z] >> 6);
    at.near = size_class((next * 2 + far) * 16 / 6);
    at.around = size_class((next + far) * 4);
    at.wide = size_class((next + far) * 6);
    at.beside = size_class(beside * 8);
    at.excess =
        c->n_excess > 8 ? size_class(c->excess / c->n_excess) : CLASSES / 2;
    return at;
}

/* A size in unary, and by gamma where it is long. */
static int32_t code_size(coding *c, const block *b, const place *at,
                         int32_t size)
{
    const size_t usual = at->usual;
    const size_t excess = at->excess;
    const size_t near = usual * CLASSES + at->near;
    const size_t third = at->z < 6 ? 0 : at->z < 40 ? 1 : 2;
    const size_t z = b->channel * c->blocks->block_size + at->z;
    int32_t n = 0;
    while (n < LONG_STEPS - 1) {
        const size_t step = min_size((size_t)n, STEPS - 1);
        nmf_counter *const *t = c->t.size;
        nmf_counter *counters[N_SIZE] = {
            t[0] + z * STEPS + step,
            t[1] + near * STEPS + step,
            t[2] + (usual * CLASSES + excess) * STEPS + step,
            t[3] + (near * CLASSES + at->beside) * STEPS + step,
            t[4] + (usual * CLASSES + at->around) * LONG_STEPS + (size_t)n,
            t[5] + (excess * CLASSES + at->wide) * STEPS + step,
            t[6] + usual * LONG_STEPS + (size_t)n,
            t[7] + (near * CLASSES + excess) * STEPS + step};
        if (!nmf_mixer_code(&c->mixer, size > n, counters, N_SIZE,
                            c->t.size_a + step * 3 + third,
                            c->t.size_b + min_size((size_t)n, 7) * 8 +
                                min_size(at->near, 7))) {
            return n;
        }
        n++;
    }
    uint32_t over = c->coder->is_decoder ? 1 : (uint32_t)(size - n + 1);
    return n + (int32_t)nmf_code_gamma(c->coder, over, c->t.escape) - 1;
}

/* What the blocks beside let expect of the first coefficient. */
static int32_t predict(const block *b)
{
    if (b->left && b->above) {
        int32_t sum = b->left[0] + b->above[0];
        return sum >= 0 ? sum / 2 : -((1 - sum) / 2);
    }
    return b->left ? b->left[0] : b->above ? b->above[0] : 0;
}

/* How a size compares with what was usual, and what is usual from now on. */
static void learn(coding *c, size_t at, int32_t size)
{
    int32_t pace = c->n_blocks / 2 + 2 < 25 ? c->n_blocks / 2 + 2 : 25;
    c->usual[at] += ((size << MEAN_BITS) - c->usual[at]) / pace;
    if (c->usual[at] > 20) {
        int32_t ratio = (size << (MEAN_BITS + 4)) / (c->usual[at] + 102);
        c->excess += ratio < 64 ? ratio : 64;
        c->n_excess++;
    }
}

/* A coefficient less what was predicted. */
static int32_t code_value(coding *c, block *b, size_t z, int32_t value)
{
    const nmf_blocks *blocks = c->blocks;
    place at = look_around(c, b, z);
    int32_t size = code_size(c, b, &at, abs(value));
    bool is_negative = value < 0;
    if (size > 0) {
        is_negative =
            z == 0 ? nmf_code_counted(c->coder, is_negative,
                                      c->t.sign + b->channel)
                   : nmf_code_bit(c->coder, is_negative, NMF_CODER_ONE / 2);
    }
    int32_t kept = size < 30 ? size : 30;
    b->sizes[blocks->y[z] * blocks->block_width + blocks->x[z]] = (uint8_t)kept;
    learn(c, b->channel * blocks->block_size + z, kept);
    return is_negative ? -size : size;
}

/* How far from n an end is. */
static size_t span(size_t end, size_t n)
{
    const int reach = SPAN / 2;
    int far = (int)end - (int)n;
    return (size_t)((far < -reach  ? -reach
                     : far > reach ? reach
                                   : far) +
                    reach);
}

/* The number of diagonals, from the first, beyond which all is 0. */
static size_t code_end(coding *c, const block *b, size_t end)
{
    const nmf_blocks *blocks = c->blocks;
    const size_t last = blocks->block_width + blocks->block_height - 1;
    const size_t plane = blocks->columns * blocks->rows;
    const size_t here =
        (size_t)(c->usual_end[b->number] + (1 << (END_BITS - 1))) >> END_BITS;
    size_t left = b->left ? c->ends[b->number - 1] : here;
    size_t above = b->above ? c->ends[b->number - blocks->columns] : here;
    const size_t near = (left + above + 1) / 2;
    const size_t first = b->channel ? c->ends[b->number % plane] : here;
    const size_t by_channel = b->channel * SPAN;
    size_t n = 0;
    while (n < last) {
        nmf_counter *const *t = c->t.end;
        nmf_counter *counters[N_END] = {
            t[0] + (by_channel + span(here, n)) * SPAN + span(near, n),
            t[1] + (by_channel + span(left, n)) * SPAN + span(above, n),
            t[2] + (by_channel + span(first, n)) * SPAN + span(near, n),
            t[3] + n * SPAN + span(here, n), t[4] + b->channel * DIAGONALS + n};
        if (!nmf_mixer_code(&c->mixer, end > n, counters, N_END,
                            c->t.end_a + b->channel * DIAGONALS + n,
                            c->t.end_b + span(here, n))) {
            break;
        }
        n++;
    }
    int32_t pace = c->n_images / 2 + 2 < 25 ? c->n_images / 2 + 2 : 25;
    c->usual_end[b->number] +=
        (((int32_t)n << END_BITS) - c->usual_end[b->number]) / pace;
    c->ends[b->number] = (uint8_t)n;
    return n;
}

/* Where the coefficients of a block that is to be encoded end. */
static size_t find_end(const nmf_blocks *blocks, const int32_t *values)
{
    size_t end = 0;
    for (size_t z = blocks->block_size; z-- > 0 && end == 0;) {
        if (values[z] != 0) {
            end = 1U + blocks->x[z] + blocks->y[z];
        }
    }
    return end;
}

static void code_block(coding *c, block *b)
{
    const nmf_blocks *blocks = c->blocks;
    memset(b->sizes, 0, blocks->block_size);
    for (size_t z = 0; z < blocks->block_size && !c->coder->failed; z++) {
        if ((size_t)blocks->x[z] + blocks->y[z] >= b->end) {
            break;
        }
        int32_t predicted = z == 0 && !c->has_ends ? predict(b) : 0;
        int32_t value =
            predicted + code_value(c, b, z, b->values[z] - predicted);
        if (value > NMF_COEFFICIENT_MAX || value < -NMF_COEFFICIENT_MAX) {
            c->coder->failed = true;
            value = 0;
        }
        b->values[z] = value;
    }
    c->n_blocks += c->n_blocks < INT32_MAX;
}

void nmf_blocks_coder_image(nmf_blocks_coder *c, int32_t *coefficients)
{
    const nmf_blocks *blocks = c->blocks;
    const size_t plane = blocks->columns * blocks->rows;
    int32_t *values = coefficients;
    c->excess = 0;
    c->n_excess = 0;
    if (c->coder->is_decoder) {
        memset(values, 0, blocks->size * sizeof *values);
    }
    for (size_t i = 0; i < count_blocks(blocks) && !c->coder->failed; i++) {
        block b = {.values = values,
                   .channel = i / plane,
                   .number = i,
                   .end = SIZE_MAX};
        if (i % plane % blocks->columns > 0) {
            b.left = values - blocks->block_size;
        }
        if (i % plane >= blocks->columns) {
            b.above = values - blocks->columns * blocks->block_size;
        }
        if (c->has_ends) {
            b.end = code_end(c, &b, find_end(blocks, values));
        }
        code_block(c, &b);
        values += blocks->block_size;
    }
    c->n_images += c->n_images < INT32_MAX;
}

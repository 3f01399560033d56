#include "palette.h"

#include <stdlib.h>
#include <string.h>

/*
 * Colours are counted in a table of chains by hash. Should there be more than
 * MAX_COLOURS of them, they are counted again by their upper five bits a
 * channel, of which there are just so many.
 */
enum { MAX_COLOURS = 1 << 15, N_CHAINS = 1 << 15, COARSE = 0xf8 };

struct colour {
    uint32_t key;  /* 0xRRGGBB, coarse perhaps */
    uint32_t next; /* in its chain, counted from 1; 0: none */
    uint32_t count;
    uint32_t box;
    uint64_t sum[3]; /* of the pixels counted */
    double mean[3];
};

/* The colours order[first .. first + n - 1]. */
struct box {
    size_t first;
    size_t n;
    int axis;     /* of the largest spread */
    double mean;  /* along it */
    double score; /* squared deviations along it; 0: cannot be cut */
};

struct palette_work {
    size_t n;
    uint32_t mask;
    uint32_t chains[N_CHAINS];
    uint32_t order[MAX_COLOURS];
    struct colour colours[MAX_COLOURS];
    struct box boxes[PALETTE_MAX];
};

struct palette_work *palette_work_create(void)
{
    return malloc(sizeof(struct palette_work));
}

void palette_work_free(struct palette_work *work)
{
    free(work);
}

static uint32_t key_of(const uint8_t *rgb, uint32_t mask)
{
    return (rgb[0] & mask) << 16 | (rgb[1] & mask) << 8 | (rgb[2] & mask);
}

static uint32_t *chain_of(struct palette_work *work, uint32_t key)
{
    return &work->chains[(key * 2654435761U) >> 17];
}

/* NULL where it has not been counted. */
static struct colour *find_colour(struct palette_work *work, uint32_t key)
{
    uint32_t i = *chain_of(work, key);
    while (i && work->colours[i - 1].key != key) {
        i = work->colours[i - 1].next;
    }
    return i ? &work->colours[i - 1] : NULL;
}

/* NULL where there are too many. */
static struct colour *add_colour(struct palette_work *work, uint32_t key)
{
    uint32_t *chain = chain_of(work, key);
    if (work->n == MAX_COLOURS) {
        return NULL;
    }
    struct colour *colour = &work->colours[work->n++];
    memset(colour, 0, sizeof *colour);
    colour->key = key;
    colour->next = *chain;
    *chain = (uint32_t)work->n;
    return colour;
}

/* False where there are more colours than the table holds. */
static bool count_colours(struct palette_work *work, const uint8_t *rgb,
                          const bool *used, size_t n)
{
    struct colour *colour = NULL;
    work->n = 0;
    memset(work->chains, 0, sizeof work->chains);
    for (size_t i = 0; i < n; i++, rgb += 3) {
        if (!used[i]) {
            continue;
        }
        uint32_t key = key_of(rgb, work->mask);
        /* Neighbours are often alike. */
        if (!colour || colour->key != key) {
            colour = find_colour(work, key);
            colour = colour ? colour : add_colour(work, key);
        }
        if (!colour) {
            return false;
        }
        colour->count++;
        for (int c = 0; c < 3; c++) {
            colour->sum[c] += rgb[c];
        }
    }
    return true;
}

/* Where a box spreads most; eyes are keenest for green, dullest for blue. */
static void measure_box(struct box *box, const struct palette_work *work)
{
    static const double weight[3] = {3.0, 4.0, 2.0};
    double count = 0.0;
    double sum[3] = {0.0};
    double squares[3] = {0.0};
    box->score = 0.0;
    for (size_t i = box->first; i < box->first + box->n; i++) {
        const struct colour *colour = &work->colours[work->order[i]];
        count += colour->count;
        for (int c = 0; c < 3; c++) {
            double weighted = colour->count * colour->mean[c];
            sum[c] += weighted;
            squares[c] += weighted * colour->mean[c];
        }
    }
    for (int c = 0; c < 3 && box->n > 1; c++) {
        double mean = sum[c] / count;
        double score = weight[c] * (squares[c] - sum[c] * mean);
        if (score > box->score) {
            box->score = score;
            box->axis = c;
            box->mean = mean;
        }
    }
}

/* Move those up to the mean to the front; their number. */
static size_t part_box(const struct box *box, struct palette_work *work)
{
    uint32_t *order = work->order + box->first;
    size_t n_low = 0;
    for (size_t i = 0; i < box->n; i++) {
        uint32_t at = order[i];
        if (work->colours[at].mean[box->axis] <= box->mean) {
            order[i] = order[n_low];
            order[n_low++] = at;
        }
    }
    return n_low;
}

/* Cut a box in two. False where rounding leaves nothing to cut. */
static bool cut_box(struct box *box, struct box *upper,
                    struct palette_work *work)
{
    size_t n_low = part_box(box, work);
    if (n_low == 0 || n_low == box->n) {
        box->score = 0.0;
        return false;
    }
    upper->first = box->first + n_low;
    upper->n = box->n - n_low;
    box->n = n_low;
    measure_box(box, work);
    measure_box(upper, work);
    return true;
}

static size_t cut_all(struct palette_work *work)
{
    struct box *boxes = work->boxes;
    size_t n = work->n > 0;
    boxes[0] = (struct box){.n = work->n};
    measure_box(&boxes[0], work);
    while (n > 0 && n < PALETTE_MAX) {
        size_t worst = 0;
        for (size_t i = 1; i < n; i++) {
            worst = boxes[i].score > boxes[worst].score ? i : worst;
        }
        if (boxes[worst].score <= 0.0) {
            break;
        }
        n += cut_box(&boxes[worst], &boxes[n], work);
    }
    return n;
}

/* Few colours: one a box, exactly. */
static size_t keep_all(struct palette_work *work)
{
    for (size_t i = 0; i < work->n; i++) {
        work->boxes[i] = (struct box){.first = i, .n = 1};
    }
    return work->n;
}

static void average_box(uint8_t out[3], const struct box *box, uint32_t number,
                        struct palette_work *work)
{
    uint64_t count = 0;
    uint64_t sum[3] = {0};
    for (size_t i = box->first; i < box->first + box->n; i++) {
        struct colour *colour = &work->colours[work->order[i]];
        colour->box = number;
        count += colour->count;
        for (int c = 0; c < 3; c++) {
            sum[c] += colour->sum[c];
        }
    }
    for (int c = 0; c < 3; c++) {
        out[c] = (uint8_t)((sum[c] + count / 2) / count);
    }
}

static void make_table(struct palette *out, struct palette_work *work)
{
    for (size_t i = 0; i < work->n; i++) {
        struct colour *colour = &work->colours[i];
        work->order[i] = (uint32_t)i;
        for (int c = 0; c < 3; c++) {
            colour->mean[c] = (double)colour->sum[c] / colour->count;
        }
    }
    out->n = work->n <= PALETTE_MAX ? keep_all(work) : cut_all(work);
    for (size_t i = 0; i < out->n; i++) {
        average_box(out->colours[i], &work->boxes[i], (uint32_t)i, work);
    }
}

void palette_make(struct palette *out, uint8_t *places, const uint8_t *rgb,
                  const bool *used, size_t n, struct palette_work *work)
{
    work->mask = 0xff;
    if (!count_colours(work, rgb, used, n)) {
        work->mask = COARSE;
        count_colours(work, rgb, used, n);
    }
    make_table(out, work);
    for (size_t i = 0; i < n; i++, rgb += 3) {
        places[i] =
            used[i] ? (uint8_t)find_colour(work, key_of(rgb, work->mask))->box
                    : (uint8_t)out->n;
    }
}

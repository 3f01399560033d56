/*
 * Pictures coded with a model: checks, the search for a target, the file.
 * Contracts are in nmfimg/coded.h; what is written, in FORMAT.md, sections 13
 * and 14.
 */
#include "codec/coded_choose.h"
#include "codec/container.h"
#include "codec/crc.h"
#include "codec/name_code.h"
#include "codec/set.h"
#include "codec/set_compare.h"
#include "codec/set_encode.h"
#include "core/alloc.h"
#include "core/clock.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

enum {
    FIRST_STEP = 60, /* that shifts are chosen for at first */
    N_HALVINGS = 7,  /* of the price of a bit */
    FINER = 3,       /* steps to try beside the first that does */
    PSNR_MAX = 100   /* stands for pictures without any error */
};

/* What a bit is worth, in squared steps: usually, least and most. */
static const double usual_lambda = 0.15;
static const double least_lambda = 0.04;
static const double most_lambda = 0.45;
/* How far below its best a model is used where quality asks for more, in dB. */
static const double below_best = 1.0;

/* A way to code, and what it comes to. */
typedef struct attempt {
    unsigned step;
    double lambda;
    double psnr;
    size_t bytes; /* of the file */
} attempt;

typedef struct search {
    nmf_coded_choice choice;
    double target_psnr;  /* one of these two is not 0 */
    size_t target_bytes; /* of the file */
    size_t extra_bytes;  /* of the file, beside the code */
    nmf_set_callback callback;
    void *context;
    double started;
    size_t n_attempts;
    attempt best; /* that meets the target; step beyond the last: none yet */
    attempt nearest;
} search;

static nmf_status check(const nmf_codebook *book, const nmf_matrix *X,
                        const nmf_geometry *geometry,
                        const nmf_coded_options *options, nmf_error *err)
{
    const nmf_geometry *want = &book->geometry;
    if (X->rows == 0 || X->rows > INT32_MAX) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%zu pictures; 1 to 2147483647 can be coded",
                             X->rows);
    }
    if (geometry->width != want->width || geometry->height != want->height ||
        geometry->channels != want->channels || X->cols != book->n_features) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "'%s' is a model of pictures of %zux%zu %s, these "
                             "are of %zux%zu %s",
                             book->name, want->width, want->height,
                             want->channels == 3 ? "rgb" : "grey",
                             geometry->width, geometry->height,
                             geometry->channels == 3 ? "rgb" : "grey");
    }
    return nmf_check_targets(options->quality, options->target_psnr,
                             options->target_bytes, err);
}

/* Whole grey levels, as PNG writes them. */
static nmf_status round_levels(nmf_matrix *out, const nmf_matrix *X,
                               nmf_error *err)
{
    nmf_status status = nmf_matrix_init(out, X->rows, X->cols, err);
    for (size_t i = 0; status == NMF_OK && i < X->rows; i++) {
        const float *from = nmf_matrix_row(X, i);
        float *to = nmf_matrix_row(out, i);
        for (size_t p = 0; p < X->cols; p++) {
            if (isnan(from[p])) {
                return nmf_error_set(err, NMF_ERR_DATA,
                                     "no number at row %zu, column %zu", i, p);
            }
            to[p] = fmaxf(0, fminf(255, floorf(from[p] * 255.0F + 0.5F)));
        }
    }
    return status;
}

static double psnr_of(const nmf_matrix *X, double squared_error)
{
    double samples = (double)X->rows * (double)X->cols;
    return squared_error > 0
               ? fmin(PSNR_MAX, 10 * log10(65025.0 * samples / squared_error))
               : PSNR_MAX;
}

static nmf_status tell(search *s, const attempt *a, nmf_error *err)
{
    enum { USUAL = 60 }; /* attempts */
    double done = (double)s->n_attempts / USUAL;
    const nmf_set_progress progress = {
        .fraction = fmin(done, 0.99),
        .seconds = nmf_wall_seconds() - s->started,
        .n_components = s->choice.book->n_components,
        .psnr = a->psnr,
        .bytes = a->bytes};
    return !s->callback || s->callback(&progress, s->context)
               ? NMF_OK
               : nmf_error_set(err, NMF_ERR_CANCELLED, "stopped");
}

/* Code so, without keeping the bytes. */
static nmf_status try(attempt *out, search *s, unsigned step, double lambda,
                      nmf_error *err)
{
    nmf_bytes code = {0};
    double squared_error = 0;
    *out = (attempt){.step = step, .lambda = lambda};
    nmf_status status =
        nmf_coded_choose_steps(&squared_error, &s->choice, step, lambda, err);
    if (status == NMF_OK) {
        status = nmf_coded_pictures_write(&code, &s->choice.pictures,
                                          s->choice.book, step, err);
    }
    out->psnr = psnr_of(s->choice.X, squared_error);
    out->bytes = code.size + s->extra_bytes;
    nmf_bytes_release(&code);
    s->n_attempts++;
    return status == NMF_OK ? tell(s, out, err) : status;
}

static bool meets(const search *s, const attempt *a)
{
    return s->target_bytes > 0 ? a->bytes <= s->target_bytes
                               : a->psnr >= s->target_psnr;
}

/* Keep an attempt where it is the best that meets the target so far. */
static void keep(search *s, const attempt *a)
{
    const attempt *best = &s->best;
    bool is_better = best->step > NMF_STEP_LAST ||
                     (s->target_bytes > 0 ? a->psnr > best->psnr
                                          : a->bytes < best->bytes ||
                                                (a->bytes == best->bytes &&
                                                 a->psnr > best->psnr));
    if (meets(s, a) && is_better) {
        s->best = *a;
    }
}

/*
 * The coarsest step that is good enough, or the finest that is small enough;
 * beyond the last where none is.
 */
static nmf_status find_step(unsigned *out, search *s, nmf_error *err)
{
    const bool wants_less = s->target_bytes > 0;
    unsigned low = 0; /* the border is in low .. high */
    unsigned high = NMF_STEP_LAST + 1;
    nmf_status status = NMF_OK;
    bool has_any = false;
    while (status == NMF_OK && low < high) {
        unsigned middle = (low + high) / 2;
        attempt a;
        status = try(&a, s, middle, usual_lambda, err);
        if (status != NMF_OK) {
            break;
        }
        keep(s, &a);
        s->nearest = a;
        has_any |= meets(s, &a);
        if (meets(s, &a) == wants_less) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    *out = !has_any ? NMF_STEP_LAST + 1 : wants_less ? low : low - 1;
    return status;
}

/* With that step, the price of a bit that meets the target most nearly. */
static nmf_status find_lambda(search *s, unsigned step, nmf_error *err)
{
    const bool wants_less = s->target_bytes > 0;
    double low = log(least_lambda);
    double high = log(most_lambda);
    nmf_status status = NMF_OK;
    for (int i = 0; status == NMF_OK && i < N_HALVINGS; i++) {
        double middle = (low + high) / 2;
        attempt a;
        status = try(&a, s, step, exp(middle), err);
        if (status == NMF_OK) {
            keep(s, &a);
            if (meets(s, &a) == wants_less) {
                high = middle;
            } else {
                low = middle;
            }
        }
    }
    return status;
}

static nmf_status miss(const search *s, nmf_error *err)
{
    if (s->target_bytes > 0) {
        return nmf_error_set(err, NMF_ERR_ARGUMENT,
                             "%zu bytes are too few; the nearest possible is "
                             "%zu bytes, at %.2f dB",
                             s->target_bytes, s->nearest.bytes,
                             s->nearest.psnr);
    }
    return nmf_error_set(err, NMF_ERR_ARGUMENT,
                         "%.2f dB are out of reach of '%s'; the nearest "
                         "possible is %.2f dB, in %zu bytes",
                         s->target_psnr, s->choice.book->name, s->nearest.psnr,
                         s->nearest.bytes);
}

/* The best step and price of a bit, for the shifts as they are. */
static nmf_status find_best(search *s, nmf_error *err)
{
    unsigned step = 0;
    s->best.step = NMF_STEP_LAST + 1;
    nmf_status status = find_step(&step, s, err);
    if (status != NMF_OK) {
        return status;
    }
    if (step > NMF_STEP_LAST) {
        return miss(s, err);
    }
    unsigned from = step > 1 ? step - 1 : 0;
    unsigned to = step + FINER < NMF_STEP_LAST ? step + FINER : NMF_STEP_LAST;
    if (s->target_bytes > 0) {
        to = step + 1 < NMF_STEP_LAST ? step + 1 : NMF_STEP_LAST;
        from = step > FINER ? step - FINER : 0;
    }
    for (step = from; status == NMF_OK && step <= to; step++) {
        status = find_lambda(s, step, err);
    }
    return status;
}

/* The most that the model reaches, with shifts for that. */
static nmf_status find_limit(double *psnr, search *s, nmf_error *err)
{
    attempt a = {0};
    nmf_status status = nmf_coded_choose_shifts(&s->choice, 0, 0, err);
    if (status == NMF_OK) {
        status = try(&a, s, 0, 0, err);
    }
    *psnr = a.psnr;
    return status;
}

/* Without a target the PSNR is that of a JPEG of this quality, if it can be. */
static nmf_status aim(nmf_coded_report *report, search *s, const nmf_matrix *X,
                      const nmf_coded_options *options, nmf_error *err)
{
    size_t bytes = 0;
    nmf_status status = find_limit(&report->best_psnr, s, err);
    if (status != NMF_OK || options->target_bytes > 0 ||
        options->target_psnr > 0) {
        return status;
    }
    status = nmf_jpeg_measure(
        &bytes, &s->target_psnr, X, &s->choice.book->geometry,
        options->quality ? (int)options->quality : NMF_SET_QUALITY_DEFAULT,
        err);
    if (s->target_psnr > report->best_psnr - below_best) {
        s->target_psnr = report->best_psnr - below_best;
        report->is_capped = true;
    }
    return status;
}

/* With shifts for about the step that it comes to. */
static nmf_status find_with_shifts(search *s, nmf_error *err)
{
    nmf_coded_choice *c = &s->choice;
    nmf_status status =
        nmf_coded_choose_shifts(c, FIRST_STEP, usual_lambda, err);
    if (status == NMF_OK) {
        status = find_best(s, err);
    }
    if (status == NMF_OK) {
        status = nmf_coded_choose_shifts(c, s->best.step, s->best.lambda, err);
    }
    return status == NMF_OK ? find_best(s, err) : status;
}

static nmf_status find(nmf_coded_report *report, search *s, const nmf_matrix *X,
                       const nmf_coded_options *options, nmf_error *err)
{
    nmf_status status = aim(report, s, X, options, err);
    if (status != NMF_OK) {
        return status;
    }
    status = find_with_shifts(s, err);
    if (status == NMF_ERR_ARGUMENT) {
        /* Out of reach so; perhaps not with the shifts of the finest steps. */
        status = nmf_coded_choose_shifts(&s->choice, 0, 0, err);
        if (status == NMF_OK) {
            status = find_best(s, err);
        }
    }
    attempt a;
    return status == NMF_OK ? try(&a, s, s->best.step, s->best.lambda, err)
                            : status;
}

/* All samples, as a decoder paints them; the checksum of them. */
static nmf_status paint(uint32_t *checksum, const search *s, nmf_error *err)
{
    const nmf_codebook *book = s->choice.book;
    nmf_painter painter;
    nmf_status status = nmf_painter_init(&painter, book, err);
    uint8_t *pixels = nmf_malloc(book->n_features, 1);
    *checksum = 0;
    if (status == NMF_OK && !pixels) {
        status = nmf_error_memory(err, book->n_features, "coding pictures");
    }
    for (size_t i = 0; status == NMF_OK && i < s->choice.X->rows; i++) {
        nmf_coded_picture picture =
            nmf_coded_picture_at(&s->choice.pictures, i);
        nmf_paint(pixels, &painter, &picture, s->best.step);
        *checksum = nmf_crc32c(*checksum, pixels, book->n_features);
    }
    nmf_painter_release(&painter);
    nmf_free(pixels);
    return status;
}

static nmf_status write_short(nmf_bytes *out, const search *s,
                              const nmf_bytes *code, uint32_t checksum,
                              nmf_error *err)
{
    const uint8_t head[3] = {NMF_CODED_MAGIC_0, NMF_CODED_MAGIC_1,
                             (uint8_t)s->best.step};
    nmf_byte_writer bytes = {0};
    nmf_write_bytes(&bytes, head, sizeof head);
    nmf_write_u16(&bytes, (uint16_t)s->choice.book->id);
    nmf_write_u16(&bytes, (uint16_t)checksum);
    nmf_write_bytes(&bytes, code->data, code->size);
    return nmf_byte_writer_finish(out, &bytes, err);
}

static size_t long_overhead(size_t name_bytes)
{
    return NMF_CONTAINER_HEADER_SIZE + 2 * NMF_SECTION_OVERHEAD +
           NMF_CODED_HEAD_SIZE + NMF_CONTAINER_END_SIZE + 4 +
           (name_bytes > 0 ? NMF_SECTION_OVERHEAD + name_bytes : 0);
}

static nmf_status write_long(nmf_bytes *out, const search *s,
                             const nmf_bytes *code, const nmf_bytes *names,
                             uint32_t checksum, nmf_error *err)
{
    const uint8_t step = (uint8_t)s->best.step;
    nmf_container_writer writer;
    nmf_container_begin(&writer, NMF_CONTAINER_CODED,
                        code->size + long_overhead(names->size));
    nmf_section_begin(&writer, "HEAD");
    nmf_write_u32(&writer.bytes, (uint32_t)s->choice.X->rows);
    nmf_write_u64(&writer.bytes, s->choice.book->id);
    nmf_write_bytes(&writer.bytes, &step, 1);
    nmf_section_end(&writer);
    nmf_section_begin(&writer, "CODE");
    nmf_write_bytes(&writer.bytes, code->data, code->size);
    nmf_section_end(&writer);
    if (names->size > 0) {
        nmf_section_begin(&writer, "nAME");
        nmf_write_bytes(&writer.bytes, names->data, names->size);
        nmf_section_end(&writer);
    }
    nmf_container_set_pixels(&writer, checksum);
    return nmf_container_finish(out, &writer, err);
}

static nmf_status write(nmf_bytes *out, nmf_coded_report *report,
                        const search *s, const nmf_bytes *names, nmf_error *err)
{
    nmf_bytes code = {0};
    uint32_t checksum = 0;
    nmf_coded_info info;
    nmf_status status = nmf_coded_pictures_write(
        &code, &s->choice.pictures, s->choice.book, s->best.step, err);
    if (status == NMF_OK) {
        status = paint(&checksum, s, err);
    }
    if (status == NMF_OK) {
        status = s->choice.X->rows == 1
                     ? write_short(out, s, &code, checksum, err)
                     : write_long(out, s, &code, names, checksum, err);
    }
    nmf_bytes_release(&code);
    if (status == NMF_OK) {
        status =
            nmf_coded_describe(&info, out->data, out->size, "the result", err);
    }
    if (status == NMF_OK) {
        report->psnr = s->best.psnr;
        report->info =
            (nmf_set_info){.geometry = s->choice.book->geometry,
                           .n_images = info.n_images,
                           .n_components = s->choice.book->n_components,
                           .total_bytes = info.total_bytes,
                           .header_bytes = info.header_bytes,
                           .activation_bytes = info.activation_bytes,
                           .name_bytes = info.name_bytes};
    }
    return status;
}

nmf_status nmf_coded_encode(nmf_bytes *out, nmf_coded_report *report,
                            const nmf_codebook *book, const nmf_matrix *X,
                            const nmf_geometry *geometry,
                            const nmf_coded_options *options, nmf_error *err)
{
    static const nmf_coded_options defaults = NMF_CODED_OPTIONS_INIT;
    nmf_coded_report unasked;
    nmf_matrix levels = {0};
    nmf_bytes names = {0};
    search s = {.started = nmf_wall_seconds()};
    *out = (nmf_bytes){0};
    options = options ? options : &defaults;
    report = report ? report : &unasked;
    *report = (nmf_coded_report){0};
    nmf_status status = check(book, X, geometry, options, err);
    if (status == NMF_OK) {
        status = round_levels(&levels, X, err);
    }
    if (status == NMF_OK && options->names && X->rows > 1) {
        status = nmf_names_encode(&names, options->names, X->rows, err);
    }
    if (status == NMF_OK) {
        s.callback = options->callback;
        s.context = options->callback_context;
        s.target_psnr = options->target_psnr;
        if (!nmf_size_mul(&s.target_bytes, options->target_bytes, X->rows)) {
            s.target_bytes = SIZE_MAX;
        }
        s.extra_bytes =
            X->rows == 1 ? NMF_CODED_SHORT_HEAD : long_overhead(names.size);
        status = nmf_coded_choice_init(&s.choice, book, &levels,
                                       options->n_threads, err);
    }
    if (status == NMF_OK) {
        status = find(report, &s, X, options, err);
    }
    if (status == NMF_OK) {
        status = write(out, report, &s, &names, err);
    }
    report->seconds = nmf_wall_seconds() - s.started;
    nmf_coded_choice_release(&s.choice);
    nmf_bytes_release(&names);
    nmf_matrix_release(&levels);
    return status;
}

/*
 * @faces: portraits put together from parts that the program draws.
 *
 * A face is a sum of light on black: one of the heads, of the pairs of brows
 * and eyes, of the noses and of the mouths, each as bright as it pleases. So
 * X = W H holds exactly, with the 20 parts below as H and five non-zeros in a
 * row of W. Is this H the only answer, so that a reader can see whether NMF
 * found it? That takes two things (Donoho and Stodden, NIPS 2003):
 *
 *   - every part lights pixels that no part of another kind lights, or light
 *     could move from one to the other: a nose on a shining face may be drawn
 *     as part of a face with a hole. So heads glow along their outline and
 *     are dark where the features are;
 *   - every part is absent from many images, and brightnesses differ enough:
 *     were each mouth as bright as its head, a head with all mouths at once
 *     would do as well.
 *
 * A part is a list of marks, a mark a soft brush: its light falls off with the
 * distance from a curve and is exactly 0 farther away. Coordinates are pixels
 * from the middle of the image, x to the right and y down.
 */
#include "image/builtin_faces.h"

#include "core/rng.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

enum { SIDE = NMF_FACES_SIDE, N_PIXELS = SIDE * SIDE };

typedef enum kind { HEAD, BROWS, EYES, NOSE, MOUTH, N_KINDS } kind;

/* How many parts of a kind there are. */
static const size_t kind_size[N_KINDS] = {4, 4, 4, 3, 5};

typedef enum brush {
    SKULL, /* radii x y, y of the centre, squareness, narrowing to the chin */
    LINE,  /* a curve from x y, bent towards x y, to x y */
    BALL,  /* centre x y, radii x y */
    CIRCLE /* the same, but only its outline */
} brush;

typedef struct mark {
    kind kind;
    unsigned state; /* which part of this kind */
    brush brush;
    bool mirrored; /* painted at x and at -x */
    float at[6];   /* see brush */
    float width;   /* how far the light reaches from the curve, pixels */
    float light;   /* where it is brightest, in [0, 1] */
} mark;

/* clang-format off */
static const mark marks[] = {
    /* An egg with a tuft; round with ears; square; pointed, with a parting. */
    {HEAD, 0, SKULL, false, {11.8F, 13.8F, 1.2F, 0.1F, 0.14F}, 2.2F, 0.48F},
    {HEAD, 0, LINE, false, {-.5F, -12.4F, -.5F, -15.F, 2.4F, -15.2F}, 1.3F, .5F},
    {HEAD, 0, LINE, false, {-.5F, -12.4F, -1.F, -14.4F, -3.4F, -14.6F}, 1.3F, .5F},
    {HEAD, 1, SKULL, false, {13.0F, 13.8F, 0.0F, 0.0F, 0.0F}, 2.2F, 0.48F},
    {HEAD, 1, CIRCLE, true, {13.8F, -0.5F, 1.2F, 2.4F}, 1.5F, 0.5F},
    {HEAD, 2, SKULL, false, {12.0F, 14.0F, 0.6F, 0.75F, -0.03F}, 2.2F, 0.48F},
    {HEAD, 2, LINE, true, {1.4F, -13.F, 1.6F, -13.F, 1.8F, -11.0F}, 1.3F, .6F},
    {HEAD, 2, LINE, true, {4.4F, -13.F, 4.6F, -13.F, 5.2F, -10.8F}, 1.3F, .6F},
    {HEAD, 2, LINE, true, {7.4F, -13.F, 7.6F, -13.F, 8.6F, -10.4F}, 1.3F, .6F},
    {HEAD, 3, SKULL, false, {12.0F, 14.6F, 0.0F, 0.2F, 0.34F}, 2.2F, 0.48F},
    {HEAD, 3, LINE, true, {0.F, -13.6F, 9.F, -13.2F, 11.6F, -5.F}, 1.5F, .5F},

    /* Level; raised; angry; worried. */
    {BROWS, 0, LINE, true, {1.8F, -7.0F, 4.6F, -7.7F, 7.4F, -6.8F}, 1.6F, .9F},
    {BROWS, 1, LINE, true, {1.8F, -7.0F, 4.6F, -11.6F, 7.4F, -6.6F}, 1.6F, .9F},
    {BROWS, 2, LINE, true, {1.4F, -5.4F, 4.2F, -6.8F, 7.0F, -8.2F}, 1.7F, .85F},
    {BROWS, 3, LINE, true, {1.6F, -8.0F, 3.8F, -7.2F, 7.2F, -5.4F}, 1.6F, .9F},

    /* Open; wide open; laughing; asleep. */
    {EYES, 0, LINE, true, {1.6F, -1.8F, 4.6F, -5.6F, 7.6F, -1.8F}, 1.1F, .7F},
    {EYES, 0, LINE, true, {1.6F, -1.8F, 4.6F, 1.6F, 7.6F, -1.8F}, 1.1F, .7F},
    {EYES, 0, BALL, true, {4.6F, -1.8F, 0.8F, 0.8F}, 1.3F, .9F},
    {EYES, 1, CIRCLE, true, {4.7F, -1.9F, 2.9F, 2.9F}, 1.3F, .85F},
    {EYES, 1, BALL, true, {4.7F, -1.9F, 0.4F, 0.4F}, 1.2F, .9F},
    {EYES, 2, LINE, true, {1.6F, -0.6F, 4.6F, -5.6F, 7.6F, -0.6F}, 1.6F, .9F},
    {EYES, 3, LINE, true, {1.5F, -2.6F, 4.6F, 1.2F, 7.7F, -2.6F}, 1.6F, .9F},

    /* Straight; a button; wide wings. */
    {NOSE, 0, LINE, false, {.6F, -1.6F, -.2F, 1.2F, -1.8F, 3.8F}, 1.3F, .85F},
    {NOSE, 0, LINE, false, {-1.8F, 3.8F, -.4F, 5.0F, 1.4F, 4.0F}, 1.3F, .85F},
    {NOSE, 1, BALL, false, {0.0F, 2.6F, 1.0F, 0.9F}, 2.0F, .9F},
    {NOSE, 2, LINE, true, {0.0F, 4.6F, 1.3F, 5.0F, 1.7F, 3.8F}, 1.3F, .85F},
    {NOSE, 2, LINE, true, {1.7F, 3.8F, 3.4F, 5.0F, 2.9F, 2.7F}, 1.3F, .85F},

    /* A smile; a laugh; level; sad; astonished. */
    {MOUTH, 0, LINE, true, {0.0F, 9.6F, 3.4F, 9.4F, 5.2F, 6.8F}, 1.7F, .9F},
    {MOUTH, 1, LINE, true, {0.0F, 7.5F, 3.0F, 7.5F, 5.2F, 7.1F}, 1.3F, .85F},
    {MOUTH, 1, LINE, true, {0.0F, 11.6F, 4.2F, 11.6F, 5.2F, 7.1F}, 1.3F, .9F},
    {MOUTH, 2, LINE, false, {-4.4F, 8.7F, 0.0F, 8.7F, 4.4F, 8.7F}, 2.0F, .95F},
    {MOUTH, 3, LINE, true, {0.0F, 7.8F, 3.0F, 7.8F, 4.6F, 10.6F}, 1.7F, .9F},
    {MOUTH, 4, CIRCLE, false, {0.0F, 9.0F, 1.9F, 2.2F}, 1.7F, .9F},
};
/* clang-format on */

/* The soft edge of a brush: 1 on the curve, 0 from `width` pixels on. */
static float falloff(float distance, float width)
{
    float u = distance / width;
    float v = 1.0F - u * u;
    return v > 0.0F ? v * v : 0.0F;
}

/*
 * A head in the dark, lit from behind at the upper left: its outline shines,
 * and a glow fades inwards until nothing is left in the middle. With u and v
 * the offsets from the centre in radii, f is 1 on the outline:
 *
 *     f^4 = u^4 + v^4 + 2 (1 - squareness) u^2 v^2
 *
 * an ellipse for 0, a rounded rectangle towards 1.
 */
static float skull_light(const mark *m, float x, float y)
{
    const float dark = 0.64F; /* no glow where f is less */
    const float glow = 0.6F;  /* of it right at the outline */
    y -= m->at[2];
    float v = y / m->at[1];
    float u = x / (m->at[0] * (1.0F - m->at[4] * v));
    float uu = u * u;
    float vv = v * v;
    float f =
        sqrtf(sqrtf(uu * uu + vv * vv + 2.0F * (1.0F - m->at[3]) * uu * vv));
    if (f <= dark) {
        return 0.0F;
    }
    float distance = sqrtf(x * x + y * y) * (f - 1.0F) / f;
    float light = falloff(distance, m->width);
    if (f < 1.0F) {
        float inwards = (f - dark) / (1.0F - dark);
        light = fmaxf(light, glow * inwards * (0.5F + 0.5F * inwards));
    }
    float lamp = 0.72F - 0.28F * (0.6F * u + 0.8F * v);
    return m->light * lamp * light;
}

/* Distance from the quadratic Bezier curve, by 24 straight pieces of it. */
static float line_distance(const float at[6], float x, float y)
{
    enum { N_PIECES = 24 };
    float best = INFINITY;
    float ax = at[0];
    float ay = at[1];
    for (int i = 1; i <= N_PIECES; i++) {
        float t = (float)i / N_PIECES;
        float s = 1.0F - t;
        float bx = s * s * at[0] + 2.0F * s * t * at[2] + t * t * at[4];
        float by = s * s * at[1] + 2.0F * s * t * at[3] + t * t * at[5];
        float dx = bx - ax;
        float dy = by - ay;
        float along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
        along = fminf(fmaxf(along, 0.0F), 1.0F);
        float ex = x - ax - along * dx;
        float ey = y - ay - along * dy;
        best = fminf(best, ex * ex + ey * ey);
        ax = bx;
        ay = by;
    }
    return sqrtf(best);
}

/* Distance from an ellipse's outline, < 0 inside; exact for a circle. */
static float ellipse_distance(const float at[6], float x, float y)
{
    float ox = x - at[0];
    float oy = y - at[1];
    float dx = ox / at[2];
    float dy = oy / at[3];
    float f = sqrtf(dx * dx + dy * dy);
    float radius = f > 0.0F ? sqrtf(ox * ox + oy * oy) / f : at[2];
    return (f - 1.0F) * radius;
}

static float mark_light(const mark *m, float x, float y)
{
    float distance = 0.0F;
    switch (m->brush) {
    case SKULL:
        return skull_light(m, x, y);
    case LINE:
        distance = line_distance(m->at, x, y);
        break;
    case BALL:
        distance = fmaxf(ellipse_distance(m->at, x, y), 0.0F);
        break;
    case CIRCLE:
        distance = ellipse_distance(m->at, x, y);
        break;
    }
    return m->light * falloff(distance, m->width);
}

/* The light of a part at a point: its marks do not add up, they cover. */
static float part_light(kind which, unsigned state, float x, float y)
{
    float light = 0.0F;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const mark *m = &marks[i];
        if (m->kind == which && m->state == state) {
            light = fmaxf(light, mark_light(m, x, y));
            if (m->mirrored) {
                light = fmaxf(light, mark_light(m, -x, y));
            }
        }
    }
    return light;
}

/*
 * A pixel is the mean of 4 x 4 points, rounded to 1/4096: with brightnesses
 * in 1/16 every sum is exact in float, and the last bit of a machine's
 * square root is not seen. So all machines draw the same bytes.
 */
static float pixel_light(kind which, unsigned state, size_t column, size_t row)
{
    enum { POINTS = 4 };
    float sum = 0.0F;
    for (int i = 0; i < POINTS; i++) {
        for (int j = 0; j < POINTS; j++) {
            float x = (float)column + ((float)j + 0.5F) / POINTS - SIDE / 2;
            float y = (float)row + ((float)i + 0.5F) / POINTS - SIDE / 2;
            sum += part_light(which, state, x, y);
        }
    }
    return floorf(sum / (POINTS * POINTS) * 4096.0F + 0.5F) / 4096.0F;
}

void nmf_faces_draw_parts(nmf_matrix *H)
{
    assert(H->rows == NMF_FACES_N_PARTS && H->cols == N_PIXELS);
    size_t part = 0;
    for (int k = 0; k < N_KINDS; k++) {
        for (unsigned state = 0; state < kind_size[k]; state++) {
            float *row = nmf_matrix_row(H, part++);
            for (size_t i = 0; i < N_PIXELS; i++) {
                row[i] = pixel_light((kind)k, state, i % SIDE, i / SIDE);
            }
        }
    }
}

/* A whole number in [0, n): 53 random bits make its bias invisible. */
static size_t draw_below(nmf_rng *rng, size_t n)
{
    return (size_t)(nmf_rng_uniform(rng) * (double)n);
}

/*
 * Brightness in sixteenths, 3 to 16, the better of two draws: mostly light,
 * now and then hardly there.
 */
static float draw_brightness(nmf_rng *rng)
{
    size_t a = 3 + draw_below(rng, 14);
    size_t b = 3 + draw_below(rng, 14);
    return (float)(a > b ? a : b) / 16.0F;
}

static void draw_face(float *row, const nmf_matrix *H, nmf_rng *rng)
{
    size_t first = 0; /* part of the kind */
    for (size_t i = 0; i < N_PIXELS; i++) {
        row[i] = 0.0F;
    }
    for (int k = 0; k < N_KINDS; k++) {
        const float *part =
            nmf_matrix_row(H, first + draw_below(rng, kind_size[k]));
        float brightness = draw_brightness(rng);
        for (size_t i = 0; i < N_PIXELS; i++) {
            row[i] += brightness * part[i];
        }
        first += kind_size[k];
    }
}

nmf_status nmf_faces_draw(nmf_matrix *X, uint64_t seed, nmf_error *err)
{
    assert(X->cols == N_PIXELS);
    nmf_matrix H = {0};
    nmf_status status = nmf_matrix_init(&H, NMF_FACES_N_PARTS, N_PIXELS, err);
    if (status != NMF_OK) {
        return status;
    }
    nmf_faces_draw_parts(&H);
    for (size_t i = 0; i < X->rows; i++) {
        nmf_rng rng = nmf_rng_init(seed, i);
        draw_face(nmf_matrix_row(X, i), &H, &rng);
    }
    nmf_matrix_release(&H);
    return NMF_OK;
}

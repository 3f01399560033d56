/*
 * Are two pictures alike to the eye?
 *
 *     compare_pictures NEW OLD
 *
 * Processors add in different orders, so that a picture of learned parts
 * differs a little from one to the next: of a hundred pixels one may, anyhow
 * much. Exit status 1, and how many differ, where there are more.
 */
#include <nmfimg/image.h>

#include <math.h>
#include <stdio.h>

/* What the eye does not see, and how many may be beyond it. */
static const float TOLERANCE = 12.0F / 255.0F;
static const double SHARE = 0.01;

static int load(nmf_image *image, const char *path)
{
    nmf_error err = {0};
    nmf_image_options options = NMF_IMAGE_OPTIONS_INIT;
    options.channels = NMF_CHANNELS_RGB;
    if (nmf_image_load(image, path, &options, &err) != NMF_OK) {
        printf("%s\n", err.message);
        return 1;
    }
    return 0;
}

static size_t count_unlike(const nmf_image *a, const nmf_image *b)
{
    size_t n = 0;
    for (size_t i = 0; i < a->width * a->height; i++) {
        float most = 0.0F;
        for (size_t c = 0; c < 3; c++) {
            most =
                fmaxf(most, fabsf(a->pixels[3 * i + c] - b->pixels[3 * i + c]));
        }
        n += most > TOLERANCE;
    }
    return n;
}

int main(int argc, char **argv)
{
    nmf_image a = {0};
    nmf_image b = {0};
    int status = argc == 3 ? load(&a, argv[1]) || load(&b, argv[2]) : 2;
    if (status == 0 && (a.width != b.width || a.height != b.height)) {
        printf("%zu x %zu and %zu x %zu\n", a.width, a.height, b.width,
               b.height);
        status = 1;
    } else if (status == 0) {
        size_t n = count_unlike(&a, &b);
        double share = (double)n / (double)(a.width * a.height);
        printf("%zu pixels differ: %.3f %%\n", n, 100.0 * share);
        status = share > SHARE;
    }
    nmf_image_release(&a);
    nmf_image_release(&b);
    return status;
}

/*
 * Colours for values. Viridis is interpolated between 17 entries of its
 * published table of 256, which is within 0.02 of the table everywhere.
 */
#include <nmfimg/sheet.h>

enum { N_ANCHORS = 17, ANCHOR_STEP = 16, LAST_ENTRY = 255 };

/*
 * Entries 0, 16 ... 240 and 255; N. Smith and S. van der Walt (2015), in the
 * public domain (CC0).
 */
static const float viridis[N_ANCHORS][3] = {
    {0.267F, 0.005F, 0.329F}, {0.282F, 0.095F, 0.417F},
    {0.279F, 0.175F, 0.483F}, {0.259F, 0.252F, 0.525F},
    {0.230F, 0.322F, 0.546F}, {0.199F, 0.388F, 0.555F},
    {0.173F, 0.449F, 0.558F}, {0.149F, 0.508F, 0.557F},
    {0.128F, 0.567F, 0.551F}, {0.121F, 0.626F, 0.533F},
    {0.158F, 0.684F, 0.502F}, {0.246F, 0.739F, 0.452F},
    {0.369F, 0.789F, 0.383F}, {0.516F, 0.831F, 0.294F},
    {0.678F, 0.864F, 0.190F}, {0.846F, 0.887F, 0.100F},
    {0.993F, 0.906F, 0.144F},
};

static void viridis_rgb(float rgb[3], float value)
{
    float entry = value * LAST_ENTRY;
    unsigned i = (unsigned)entry / ANCHOR_STEP; /* 15 at most */
    unsigned first = i * ANCHOR_STEP;
    unsigned step = i + 2 < N_ANCHORS ? ANCHOR_STEP : LAST_ENTRY - first;
    float t = (entry - (float)first) / (float)step;
    for (unsigned c = 0; c < 3; c++) {
        rgb[c] = (1.0F - t) * viridis[i][c] + t * viridis[i + 1][c];
    }
}

void nmf_colormap_rgb(float rgb[3], nmf_colormap colormap, float value)
{
    /* Written so that NaN, which compares false, becomes 0. */
    value = value > 0.0F ? value : 0.0F;
    value = value < 1.0F ? value : 1.0F;
    if (colormap == NMF_COLORMAP_VIRIDIS) {
        viridis_rgb(rgb, value);
        return;
    }
    float grey = colormap == NMF_COLORMAP_INVERTED ? 1.0F - value : value;
    rgb[0] = grey;
    rgb[1] = grey;
    rgb[2] = grey;
}

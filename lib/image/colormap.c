/*
 * Colours for values. Viridis and cividis are interpolated between 17 entries
 * of their published tables of 256: within 0.02 of the table of viridis
 * everywhere, and within 0.05 of that of cividis, whose red has a kink.
 */
#include <nmfimg/sheet.h>

enum { N_ANCHORS = 17, ANCHOR_STEP = 16, LAST_ENTRY = 255 };

/* Entries 0, 16 ... 240 and 255. */
typedef const float anchors[N_ANCHORS][3];

/*
 * N. Smith and S. van der Walt (2015), in the
 * public domain (CC0).
 */
static anchors viridis = {
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

/* J. R. Nunez, C. R. Anderton and R. S. Renslow (2018). */
static anchors cividis = {
    {0.000F, 0.135F, 0.305F}, {0.000F, 0.179F, 0.415F},
    {0.103F, 0.220F, 0.436F}, {0.195F, 0.264F, 0.426F},
    {0.264F, 0.308F, 0.423F}, {0.324F, 0.351F, 0.426F},
    {0.381F, 0.395F, 0.436F}, {0.435F, 0.440F, 0.451F},
    {0.489F, 0.485F, 0.471F}, {0.548F, 0.532F, 0.472F},
    {0.609F, 0.580F, 0.464F}, {0.672F, 0.629F, 0.448F},
    {0.736F, 0.681F, 0.424F}, {0.803F, 0.734F, 0.390F},
    {0.871F, 0.790F, 0.343F}, {0.941F, 0.848F, 0.276F},
    {0.996F, 0.909F, 0.218F},
};

static void interpolate(float rgb[3], anchors table, float value)
{
    float entry = value * LAST_ENTRY;
    unsigned i = (unsigned)entry / ANCHOR_STEP; /* 15 at most */
    unsigned first = i * ANCHOR_STEP;
    unsigned step = i + 2 < N_ANCHORS ? ANCHOR_STEP : LAST_ENTRY - first;
    float t = (entry - (float)first) / (float)step;
    for (unsigned c = 0; c < 3; c++) {
        rgb[c] = (1.0F - t) * table[i][c] + t * table[i + 1][c];
    }
}

void nmf_colormap_rgb(float rgb[3], nmf_colormap colormap, float value)
{
    /* Written so that NaN, which compares false, becomes 0. */
    value = value > 0.0F ? value : 0.0F;
    value = value < 1.0F ? value : 1.0F;
    if (colormap == NMF_COLORMAP_VIRIDIS) {
        interpolate(rgb, viridis, value);
        return;
    }
    if (colormap == NMF_COLORMAP_CIVIDIS) {
        interpolate(rgb, cividis, value);
        return;
    }
    float grey = colormap == NMF_COLORMAP_INVERTED ? 1.0F - value : value;
    rgb[0] = grey;
    rgb[1] = grey;
    rgb[2] = grey;
}

void nmf_colormap_signed_rgb(float rgb[3], float value, bool is_light)
{
    /* Of Okabe and Ito's colours: on black the two of equal luma (0.62 and
     * 0.64), on white darker ones. [is_light][is_positive] */
    static const float ends[2][2][3] = {
        {{0.337F, 0.706F, 0.914F}, {0.902F, 0.624F, 0.000F}},
        {{0.000F, 0.447F, 0.698F}, {0.835F, 0.369F, 0.000F}},
    };
    const float *end = ends[is_light][value > 0.0F];
    float zero = is_light ? 1.0F : 0.0F;
    float strength = value > 0.0F ? value : -value;
    /* As above: NaN becomes 0. */
    strength = strength > 0.0F ? strength : 0.0F;
    strength = strength < 1.0F ? strength : 1.0F;
    for (unsigned c = 0; c < 3; c++) {
        rgb[c] = (1.0F - strength) * zero + strength * end[c];
    }
}

void nmf_colormap_of_signed(float rgb[3], nmf_colormap colormap, float value)
{
    if (colormap == NMF_COLORMAP_VIRIDIS || colormap == NMF_COLORMAP_CIVIDIS) {
        nmf_colormap_rgb(rgb, colormap, 0.5F + 0.5F * value);
    } else {
        nmf_colormap_signed_rgb(rgb, value, colormap == NMF_COLORMAP_INVERTED);
    }
}

const char *nmf_sheet_legend(const nmf_geometry *geometry,
                             nmf_colormap colormap)
{
    if (geometry->channels == 3) {
        return "mid-grey is 0, darker is negative";
    }
    switch (colormap) {
    case NMF_COLORMAP_VIRIDIS:
        return "green is 0, violet is negative, yellow positive";
    case NMF_COLORMAP_CIVIDIS:
        return "grey is 0, blue is negative, yellow positive";
    case NMF_COLORMAP_INVERTED:
        return "white is 0, blue is negative, orange positive";
    default:
        return "black is 0, blue is negative, orange positive";
    }
}

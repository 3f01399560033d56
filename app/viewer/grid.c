#include "grid.h"

#include <math.h>

/* Of a whole scale against the largest one. */
#define LEAST_SHARE 0.8F
/* Between cells there is no more than so many gaps. */
#define WIDEST_GAP 3.0F

/* The largest scale at which so many columns, and the rows they make, fit. */
static float scale_of(const grid_request *request, float caption,
                      size_t columns)
{
    size_t rows = (request->n + columns - 1) / columns;
    float w = request->width - request->gap * (float)(columns + 1);
    float h = request->height - request->gap * (float)(rows + 1) -
              caption * (float)rows;
    return fminf(w / ((float)columns * request->part_w),
                 h / ((float)rows * request->part_h));
}

static float whole_where_cheap(float scale)
{
    float whole = floorf(scale);
    return whole >= scale * LEAST_SHARE ? whole : scale;
}

/* The columns at which cells are largest; the fewest of equal ones. */
static float best_scale(const grid_request *request, float caption,
                        size_t *columns)
{
    float best = 0.0F;
    *columns = 1;
    for (size_t n = 1; n <= request->n; n++) {
        float scale = whole_where_cheap(scale_of(request, caption, n));
        if (scale > best) {
            best = scale;
            *columns = n;
        }
    }
    return best;
}

/* How many columns of that scale go side by side, one at least. */
static size_t columns_of(const grid_request *request, float width, float scale)
{
    float step = floorf(request->part_w * scale) + request->gap;
    float n = floorf((width - request->gap) / step);
    size_t columns = n < 1.0F ? 1 : (size_t)n;
    return columns < request->n ? columns : request->n;
}

/* What is left to the right goes between the columns, within reason. */
static float spread(const grid_request *request, const grid_layout *layout,
                    float width)
{
    float left =
        width - 2.0F * request->gap - layout->image_w * (float)layout->columns;
    float gap = layout->columns > 1
                    ? floorf(left / (float)(layout->columns - 1))
                    : request->gap;
    return layout->image_w +
           fminf(fmaxf(gap, request->gap), request->gap * WIDEST_GAP);
}

static grid_layout lay_out(const grid_request *request, float caption)
{
    grid_layout layout = {.caption = caption, .gap = request->gap};
    float longer = fmaxf(request->part_w, request->part_h);
    float width = request->width;
    float fitted = best_scale(request, caption, &layout.columns);
    float least = request->smallest / longer;
    layout.scale = fmaxf(fitted * request->zoom, least);
    if (layout.scale > fitted) {
        /* It will scroll; a part is never wider than the place. */
        width -= request->bar;
        float widest = (width - 2.0F * request->gap) / request->part_w;
        layout.scale = fminf(layout.scale, fmaxf(widest, fitted));
    }
    if (layout.scale != fitted) {
        layout.columns = columns_of(request, width, layout.scale);
    }
    layout.rows = (request->n + layout.columns - 1) / layout.columns;
    layout.image_w = fmaxf(floorf(request->part_w * layout.scale), 1.0F);
    layout.image_h = fmaxf(floorf(request->part_h * layout.scale), 1.0F);
    layout.step_x = spread(request, &layout, width);
    layout.step_y = layout.image_h + caption + request->gap;
    layout.height = request->gap + layout.step_y * (float)layout.rows;
    layout.scrolls = layout.height > request->height;
    return layout;
}

grid_layout grid_fit(const grid_request *request)
{
    grid_layout layout = lay_out(request, request->caption);
    if (layout.image_w < request->caption_w) {
        layout = lay_out(request, 0.0F);
    }
    return layout;
}

float grid_x(const grid_layout *layout, size_t i)
{
    return layout->gap + (float)(i % layout->columns) * layout->step_x;
}

float grid_y(const grid_layout *layout, size_t i)
{
    return layout->gap + (float)(i / layout->columns) * layout->step_y;
}

bool grid_at(const grid_layout *layout, size_t n, float x, float y, size_t *i)
{
    float column = floorf((x - layout->gap) / layout->step_x);
    float row = floorf((y - layout->gap) / layout->step_y);
    if (!(column >= 0.0F && row >= 0.0F) || column >= (float)layout->columns ||
        row >= (float)layout->rows ||
        x - layout->gap - column * layout->step_x >= layout->image_w) {
        return false;
    }
    *i = (size_t)row * layout->columns + (size_t)column;
    return *i < n;
}

#include "scene_shape.h"

enum { LONGEST_STRIP = 32 };

/* For numbers of which nobody said how they are painted. */
static scene_shape wrapped(size_t n_values)
{
    scene_shape shape = {n_values, 1, 1, n_values, true};
    if (n_values > LONGEST_STRIP) {
        shape.width = 1;
        while (shape.width * shape.width < n_values) {
            shape.width++;
        }
        shape.height = (n_values + shape.width - 1) / shape.width;
    }
    return shape;
}

scene_shape scene_shape_of_row(const nmf_geometry *geometry, size_t n_features)
{
    if (geometry->width == 0 || geometry->height == 0 ||
        geometry->width * geometry->height * geometry->channels != n_features) {
        return wrapped(n_features);
    }
    scene_shape shape = {geometry->width, geometry->height, geometry->channels,
                         n_features, false};
    return shape;
}

scene_shape scene_shape_of_picture(const nmf_dataset *data, size_t p)
{
    const nmf_geometry *geometry = nmf_dataset_geometry(data);
    size_t n_pictures = 0;
    const nmf_picture *picture = nmf_dataset_pictures(data, &n_pictures) + p;
    scene_shape shape =
        scene_shape_of_row(geometry, nmf_dataset_matrix(data)->cols);
    if (!shape.is_wrapped && geometry->patch_stride != 0) {
        shape.width = picture->width;
        shape.height = picture->height;
        shape.n_values = shape.width * shape.height * shape.channels;
    }
    return shape;
}

size_t scene_shape_bytes(const scene_shape *shape)
{
    return shape->width * shape->height * 4;
}

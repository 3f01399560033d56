/*
 * What a set is loaded from, item by item, and the state of a load. The steps
 * of nmf_dataset_load(), each in its own file:
 *
 *     dataset_items.c   inputs -> items; what becomes of each
 *     dataset_probe.c   the beginning of each file is read, which tells what
 *                       it is and how large the picture is
 *     dataset_plan.c    sizes agree? rows of X; does it fit in memory?
 *     dataset_fill.c    pictures decoded in parallel, straight into X
 *     dataset_tables.c  tables and built-in sets, which are arrays already
 *     patches.c         a picture into its rows, and rows into a picture
 *
 * A set is often thousands of files of a few hundred bytes, where opening one
 * costs more than decoding it. So where every picture is one row, X is made
 * beforehand for the size of the first picture, and a small file is decoded
 * right when its beginning is read, which is all of it. Sets of other sizes
 * than that fail anyway; the rest of the files is opened again and decoded
 * when all sizes are known.
 */
#ifndef NMFIMG_IMAGE_DATASET_ITEMS_H
#define NMFIMG_IMAGE_DATASET_ITEMS_H

#include <nmfimg/dataset.h>

typedef enum nmf_item_kind {
    NMF_ITEM_UNKNOWN = 0, /* a file that was not looked at yet */
    NMF_ITEM_PICTURE,
    NMF_ITEM_TABLE,
    NMF_ITEM_BUILTIN,
    NMF_ITEM_NOT_IMAGE, /* left out */
    NMF_ITEM_BROKEN,    /* refused, or left out with skip_broken */
    NMF_ITEM_REFUSED    /* an error always */
} nmf_item_kind;

typedef struct nmf_item {
    nmf_item_kind kind;
    char *name;          /* path, or a built-in set's; freed by free() */
    bool is_direct;      /* named by the caller, not found in a folder */
    bool is_placed;      /* decoded into X */
    nmf_bytes bytes;     /* all of a pipe, which cannot be read again */
    size_t file_bytes;   /* size of the file */
    size_t stored_width; /* of its pictures, as they are */
    size_t stored_height;
    size_t channels; /* of a built-in set */
    size_t width;    /* of its pictures after resizing */
    size_t height;
    size_t n_pictures; /* 1, or those of a built-in set */
    size_t n_rows;     /* of X, for one of its pictures */
    size_t first_row;  /* of X */
    nmf_status status; /* why it is left out or refused ... */
    char *reason;      /* ... as a sentence, freed by free(); NULL: no memory */
    const char *unread; /* a picture's format that is not read; else NULL */
} nmf_item;

typedef struct nmf_item_list {
    nmf_item *items;
    size_t n;
    size_t capacity;
    size_t n_special; /* pipes and the like, left out of folders */
} nmf_item_list;

/* A set, and the handle of the public header. */
struct nmf_dataset {
    nmf_matrix X;
    nmf_geometry geometry;
    nmf_picture *pictures;
    size_t n_pictures;
    size_t n_not_images;
    size_t n_unread;        /* of these: pictures of other formats, */
    char unread_names[100]; /* which are "GIF, TIFF" */
    size_t n_broken;
};

void nmf_item_list_release(nmf_item_list *list);

/*
 * Give up on an item: kind says in which way. Keeps a copy of the message;
 * where there is no memory for that, it is refused for want of memory.
 */
void nmf_item_give_up(nmf_item *item, nmf_item_kind kind, const nmf_error *err);

/* Is it an item for which the whole load fails? */
bool nmf_item_ends_load(const nmf_item *item,
                        const nmf_dataset_options *options);

/* Does its name end as those of pictures do? A hint; the content decides. */
bool nmf_item_has_picture_name(const nmf_item *item);

/*
 * The items of the inputs, folders walked, nothing opened yet.
 * Fails: NMF_ERR_IO (a missing input, an unreadable folder), _MEMORY
 */
nmf_status nmf_items_collect(nmf_item_list *list, const char *const *inputs,
                             size_t n_inputs,
                             const nmf_dataset_options *options,
                             nmf_error *err);

/*
 * In order: report what is left out, count it and take it off the list; stop
 * at the first item that is refused and return its error.
 */
nmf_status nmf_items_settle(nmf_item_list *list, nmf_dataset *data,
                            const nmf_dataset_options *options, nmf_error *err);

/* ---- dataset_probe.c ---- */

/*
 * Find out what an item is: kind, size of the picture or reason why not. Does
 * nothing for one that is known.
 *
 * is_alone  nothing else is loaded, so that it may be a table
 * data      has X: a small picture of its size is decoded into its row too
 */
void nmf_item_probe(nmf_item *item, bool is_alone, nmf_dataset *data,
                    const nmf_dataset_options *options);

/* The same for all items, in parallel, up to the first that ends the load. */
void nmf_items_probe(nmf_item_list *list, nmf_dataset *data,
                     const nmf_dataset_options *options);

/* ---- dataset_plan.c ---- */

/*
 * Make X before sizes are known, where each picture is one row and the first
 * one tells the size. Where that is not so, where it would not fit in memory,
 * or where many rows would stay empty (texts beside the pictures), data->X is
 * left empty. Sets the items' first rows.
 */
void nmf_plan_early(nmf_item_list *list, nmf_dataset *data,
                    const nmf_dataset_options *options);

/*
 * Geometry, sizes and rows of a list that is not empty: fills geometry, and in
 * each item the size after resizing and the number of rows; n_rows is set to
 * their sum.
 * Fails: NMF_ERR_ARGUMENT (sizes differ, a patch larger than a picture),
 *        _LIMIT (rows beyond counting)
 */
nmf_status nmf_plan_rows(nmf_item_list *list, nmf_geometry *geometry,
                         size_t *n_rows, const nmf_dataset_options *options,
                         nmf_error *err);

/*
 * May X, rows x cols floats, be asked for beside `held` bytes? Sets *bytes to
 * all of it. Fails: NMF_ERR_LIMIT
 */
nmf_status nmf_plan_memory(size_t *bytes, size_t rows, size_t cols, size_t held,
                           size_t max_bytes, nmf_error *err);

/* Bytes of the entries of X. */
size_t nmf_plan_bytes(const nmf_matrix *X);

/* Rows x cols, not zeroed: whoever asks writes all of it. */
nmf_status nmf_plan_allocate(nmf_matrix *out, size_t rows, size_t cols,
                             nmf_error *err);

/* ---- dataset_fill.c ---- */

/*
 * About the most memory that one picture takes while it is decoded: SIZE_MAX
 * where it cannot be counted.
 */
size_t nmf_fill_bytes(const nmf_item *item, size_t channels);

/*
 * Decode a picture into its rows of data->X.
 *
 * bytes    the whole file; NULL: it is read
 * room     memory that may be used
 */
nmf_status nmf_fill_picture(nmf_dataset *data, const nmf_item *item,
                            const nmf_bytes *bytes, size_t room,
                            const nmf_dataset_options *options, nmf_error *err);

/*
 * Decode the pictures of the list that are not in data->X yet. A picture that
 * turns out broken gives its item up; its rows are undefined then.
 *
 * used     bytes of X and what is held, out of options->max_bytes
 * Fails:   NMF_ERR_LIMIT (no room to decode the largest)
 */
nmf_status nmf_fill_pictures(nmf_dataset *data, nmf_item_list *list,
                             size_t used, const nmf_dataset_options *options,
                             nmf_error *err);

/* ---- dataset_tables.c ---- */

/*
 * The whole set from the one table on the list: X, geometry, and in the item
 * what became of it. Fails as nmf_dataset_load() says.
 */
nmf_status nmf_fill_from_table(nmf_dataset *data, nmf_item_list *list,
                               const nmf_dataset_options *options,
                               nmf_error *err);

/* Draw a built-in set into its rows of data->X. used: as above */
nmf_status nmf_fill_builtin(nmf_dataset *data, const nmf_item *item,
                            size_t used, const nmf_dataset_options *options,
                            nmf_error *err);

/* ---- patches.c ---- */

/* width * height * channels of a geometry; false where it does not fit. */
bool nmf_geometry_features(size_t *out, const nmf_geometry *geometry);

/*
 * Write a picture into its rows, resized to options->width x height where that
 * is asked for: one row, or one for each patch.
 *
 * rows     as many as nmf_patches_count() says, cols of the geometry's
 * image    with the geometry's channels
 */
nmf_status nmf_picture_place(nmf_matrix *rows, const nmf_image *image,
                             const nmf_geometry *geometry,
                             const nmf_dataset_options *options,
                             nmf_error *err);

#endif

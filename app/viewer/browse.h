/*
 * What of a folder is of use to a viewer: its folders, pictures, tables and
 * models, by their names alone, in the order in which people count.
 *
 *     struct browse browse = {0};
 *     if (browse_read(&browse, "faces", &err) == NMF_OK)
 *         for (size_t i = 0; i < browse.n; i++)
 *             show(browse.entries[i].name, browse.entries[i].n_pictures);
 *     browse_release(&browse);
 *
 * No file is opened. Hidden ones are left out.
 */
#ifndef NMFIMG_VIEWER_BROWSE_H
#define NMFIMG_VIEWER_BROWSE_H

#include <nmfimg/error.h>

#include <stdbool.h>
#include <stddef.h>

enum {
    BROWSE_PATH_SIZE = 4096,
    BROWSE_MAX_ENTRIES = 65536, /* of a folder; is_cut where it has more */
    BROWSE_MAX_COUNTED = 20000, /* names looked at for all n_pictures of */
                                /* folders together */
    BROWSE_MAX_DEPTH = 4        /* folders in folders that are counted in */
};

/* In the order in which they are listed. */
enum browse_kind {
    BROWSE_FOLDER,
    BROWSE_MODEL,   /* .nmfi */
    BROWSE_TABLE,   /* .npy, .csv, .idx, ...-ubyte; also .gz */
    BROWSE_PICTURE, /* .png, .jpg, .pgm and the like */
    BROWSE_OTHER    /* is not listed */
};

struct browse_entry {
    char *name; /* without its folder */
    enum browse_kind kind;
    size_t n_pictures; /* of a folder: in it and in its folders */
    bool is_least;     /* there may be more of them than were counted */
};

struct browse {
    char path[BROWSE_PATH_SIZE]; /* absolute, where the system tells it */
    struct browse_entry *entries;
    size_t n;
    size_t n_pictures; /* right here */
    size_t n_other;    /* visible files that are not listed */
    bool is_cut;
};

/* What a file of that name is taken for. Case does not matter. */
enum browse_kind browse_kind_of(const char *name);

/* Natural order of names: "s2" before "s10"; < 0, 0, > 0. A total order. */
int browse_compare(const char *a, const char *b);

/*
 * "FOLDER/NAME", and the folder that a folder is in. False, and out is "":
 * too long; the folder is the topmost.
 */
bool browse_join(char *out, size_t size, const char *folder, const char *name);
bool browse_parent(char *out, size_t size, const char *folder);

/*
 * Read the folder; what out held is released. Links count as what they lead
 * to; those that lead nowhere are left out, as are folders that cannot be read
 * (they are listed, and nothing is counted in them).
 *
 * Fails:  NMF_ERR_IO (no folder, not readable, the path is too long), _MEMORY;
 *         out is empty then
 */
nmf_status browse_read(struct browse *out, const char *path, nmf_error *err);

/* Free and make empty; an empty one ({0}) is fine. */
void browse_release(struct browse *browse);

#endif

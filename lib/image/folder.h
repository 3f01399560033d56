/*
 * The files of a folder, recursively, in the order in which people count.
 */
#ifndef NMFIMG_IMAGE_FOLDER_H
#define NMFIMG_IMAGE_FOLDER_H

#include <nmfimg/dataset.h>

/*
 * Natural order of paths: component by component, runs of digits as numbers
 * ("s2/10" after "s2/9", "s10" after "s2"), all else by bytes. A total order:
 * only equal strings compare equal ("a01" and "a1" differ by bytes), and what
 * is in a folder stays together. For qsort()-like use: < 0, 0, > 0.
 */
int nmf_path_compare(const char *a, const char *b);

/* Paths that were found; empty is {0}. Released by nmf_file_list_release(). */
typedef struct nmf_file_list {
    char **paths; /* each freed by free(), as nmf_strdup() made it */
    size_t n;
    size_t capacity;
    size_t n_special; /* left out: pipes, sockets, devices */
} nmf_file_list;

void nmf_file_list_release(nmf_file_list *list);

/*
 * Append the files below a folder to the list, in natural order: "root/a.png",
 * "root/sub/b.png". Names that begin with a dot are passed over silently.
 * Links to files count as files; a dangling link too, so that who opens it
 * reports it. Links to folders are followed; a folder that has been read
 * already, under whatever name, is left out with a notice, so loops end.
 *
 * notice   told of what is left out; may be NULL
 * Fails:   NMF_ERR_IO (a folder that cannot be read; it is named), _MEMORY
 */
nmf_status nmf_folder_walk(nmf_file_list *list, const char *root,
                           nmf_dataset_notice notice, void *context,
                           nmf_error *err);

#endif

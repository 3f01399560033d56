/*
 * Walking a folder. The contract is in folder.h.
 *
 * One folder is open at a time, and nothing recurses, so neither the depth of
 * a tree nor the number of open files matters:
 *
 *     waiting   folders to be read; what is found in one of them goes to
 *               list->paths   a file
 *               waiting       a folder
 *               linked        a link to a folder
 *     linked    read when nothing waits any more, in natural order
 *
 * So a folder that can be reached in several ways is read under its real name
 * where there is one, and the result does not depend on the order in which
 * the system lists names. `seen` holds the identity of every folder read: a
 * link back to one of them ends there.
 */
#define _DEFAULT_SOURCE /* d_type: a file's kind without asking for each */

#include "image/folder.h"

#include "core/alloc.h"
#include "core/error.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What makes a folder itself, whatever its name. */
struct identity {
    dev_t device;
    ino_t inode;
    bool is_used;
};

/* A hash table with linear probing, at most half full. */
struct identity_set {
    struct identity *slots;
    size_t n;
    size_t n_slots; /* a power of two, or 0 */
};

struct walk {
    nmf_file_list *list;
    nmf_file_list waiting;
    nmf_file_list linked;
    struct identity_set seen;
    nmf_dataset_notice notice;
    void *context;
};

enum kind { KIND_FILE, KIND_FOLDER, KIND_LINKED_FOLDER, KIND_SPECIAL };

void nmf_file_list_release(nmf_file_list *list)
{
    if (list) {
        for (size_t i = 0; i < list->n; i++) {
            free(list->paths[i]);
        }
        free(list->paths);
        *list = (nmf_file_list){0};
    }
}

static nmf_status fail_memory(const char *path, nmf_error *err)
{
    return nmf_error_set(err, NMF_ERR_MEMORY,
                         "'%s': out of memory for the list of files", path);
}

/* The list owns path from here on, also where it fails. */
static nmf_status append(nmf_file_list *list, char *path, nmf_error *err)
{
    if (!nmf_array_reserve((void **)&list->paths, &list->capacity, list->n,
                           sizeof *list->paths)) {
        nmf_status status = fail_memory(path, err);
        free(path);
        return status;
    }
    list->paths[list->n++] = path;
    return NMF_OK;
}

static void tell(const struct walk *walk, const char *path, const char *why)
{
    char message[NMF_ERROR_MESSAGE_SIZE];
    if (walk->notice) {
        snprintf(message, sizeof message, "'%s': %s", path, why);
        walk->notice(message, walk->context);
    }
}

static struct identity *find_slot(const struct identity_set *set,
                                  struct identity wanted)
{
    size_t i = ((size_t)wanted.inode * 0x9e3779b1U + (size_t)wanted.device) &
               (set->n_slots - 1);
    while (set->slots[i].is_used && (set->slots[i].inode != wanted.inode ||
                                     set->slots[i].device != wanted.device)) {
        i = (i + 1) & (set->n_slots - 1);
    }
    return &set->slots[i];
}

static bool grow_set(struct identity_set *set)
{
    struct identity_set larger = {0};
    larger.n_slots = set->n_slots ? 2 * set->n_slots : 64;
    larger.slots = nmf_calloc(larger.n_slots, sizeof *larger.slots);
    if (!larger.slots) {
        return false;
    }
    for (size_t i = 0; i < set->n_slots; i++) {
        if (set->slots[i].is_used) {
            *find_slot(&larger, set->slots[i]) = set->slots[i];
        }
    }
    larger.n = set->n;
    nmf_free(set->slots);
    *set = larger;
    return true;
}

/* Is the folder new? It is not any more after that. False: out of memory. */
static bool note_folder(struct identity_set *set, const struct stat *info,
                        bool *is_new)
{
    struct identity wanted = {info->st_dev, info->st_ino, true};
    if (2 * (set->n + 1) > set->n_slots && !grow_set(set)) {
        return false;
    }
    struct identity *slot = find_slot(set, wanted);
    *is_new = !slot->is_used;
    set->n += *is_new ? 1 : 0;
    *slot = wanted;
    return true;
}

static enum kind kind_of_mode(mode_t mode)
{
    return S_ISREG(mode)   ? KIND_FILE
           : S_ISDIR(mode) ? KIND_FOLDER
                           : KIND_SPECIAL;
}

/* What cannot be looked at is taken for a file: opening it will say why. */
static enum kind ask_kind(const char *path)
{
    struct stat info;
    if (lstat(path, &info) != 0) {
        return KIND_FILE;
    }
    if (!S_ISLNK(info.st_mode)) {
        return kind_of_mode(info.st_mode);
    }
    if (stat(path, &info) != 0) {
        return KIND_FILE;
    }
    enum kind kind = kind_of_mode(info.st_mode);
    return kind == KIND_FOLDER ? KIND_LINKED_FOLDER : kind;
}

static enum kind entry_kind(const struct dirent *entry, const char *path)
{
#ifdef DT_UNKNOWN
    switch (entry->d_type) {
    case DT_REG:
        return KIND_FILE;
    case DT_DIR:
        return KIND_FOLDER;
    case DT_LNK:
    case DT_UNKNOWN:
        break;
    default:
        return KIND_SPECIAL;
    }
#else
    (void)entry;
#endif
    return ask_kind(path);
}

/* "folder/name", freed by free(); NULL where memory is short. */
static char *join_path(const char *folder, const char *name)
{
    size_t n_folder = strlen(folder), n_name = strlen(name);
    char *path = NULL;
    size_t capacity = 0;
    if (!nmf_array_reserve((void **)&path, &capacity, n_folder + n_name + 1,
                           1)) {
        return NULL;
    }
    memcpy(path, folder, n_folder);
    if (n_folder > 0 && folder[n_folder - 1] != '/') {
        path[n_folder++] = '/';
    }
    memcpy(path + n_folder, name, n_name + 1);
    return path;
}

static nmf_status note_entry(struct walk *walk, const char *folder,
                             const struct dirent *entry, nmf_error *err)
{
    if (entry->d_name[0] == '.') {
        return NMF_OK; /* hidden, or the folder itself and its parent */
    }
    char *path = join_path(folder, entry->d_name);
    if (!path) {
        return fail_memory(folder, err);
    }
    switch (entry_kind(entry, path)) {
    case KIND_FILE:
        return append(walk->list, path, err);
    case KIND_FOLDER:
        return append(&walk->waiting, path, err);
    case KIND_LINKED_FOLDER:
        return append(&walk->linked, path, err);
    case KIND_SPECIAL:
        break;
    }
    tell(walk, path, "neither a file nor a folder");
    walk->list->n_special++;
    free(path);
    return NMF_OK;
}

static nmf_status read_folder(struct walk *walk, const char *path,
                              nmf_error *err)
{
    nmf_status status = NMF_OK;
    struct stat info;
    bool is_new = true;
    DIR *folder = opendir(path);
    if (!folder || fstat(dirfd(folder), &info) != 0) {
        status =
            nmf_error_set(err, NMF_ERR_IO, "'%s': cannot open the folder: %s",
                          path, nmf_format_errno(errno).text);
        goto done;
    }
    if (!note_folder(&walk->seen, &info, &is_new)) {
        status = fail_memory(path, err);
        goto done;
    }
    if (!is_new) {
        tell(walk, path, "a folder that is read under another name already");
        goto done;
    }
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (!entry) {
            break;
        }
        status = note_entry(walk, path, entry, err);
        if (status != NMF_OK) {
            goto done;
        }
    }
    if (errno != 0) {
        status =
            nmf_error_set(err, NMF_ERR_IO, "'%s': cannot read the folder: %s",
                          path, nmf_format_errno(errno).text);
    }
done:
    if (folder) {
        closedir(folder);
    }
    return status;
}

static int compare_entries(const void *a, const void *b)
{
    return nmf_path_compare(*(char *const *)a, *(char *const *)b);
}

static void sort_paths(char **paths, size_t n)
{
    if (n > 1) {
        qsort(paths, n, sizeof *paths, compare_entries);
    }
}

/* Read all that waits, and what is found on the way. */
static nmf_status read_waiting(struct walk *walk, nmf_error *err)
{
    nmf_status status = NMF_OK;
    while (status == NMF_OK && walk->waiting.n > 0) {
        char *path = walk->waiting.paths[--walk->waiting.n];
        status = read_folder(walk, path, err);
        free(path);
    }
    return status;
}

/* The folders behind links, round by round: each may hold further links. */
static nmf_status read_linked(struct walk *walk, nmf_error *err)
{
    nmf_status status = NMF_OK;
    while (status == NMF_OK && walk->linked.n > 0) {
        nmf_file_list round = walk->linked;
        walk->linked = (nmf_file_list){0};
        sort_paths(round.paths, round.n);
        for (size_t i = 0; status == NMF_OK && i < round.n; i++) {
            status = append(&walk->waiting, round.paths[i], err);
            round.paths[i] = NULL;
            if (status == NMF_OK) {
                status = read_waiting(walk, err);
            }
        }
        nmf_file_list_release(&round);
    }
    return status;
}

nmf_status nmf_folder_walk(nmf_file_list *list, const char *root,
                           nmf_dataset_notice notice, void *context,
                           nmf_error *err)
{
    struct walk walk = {.list = list, .notice = notice, .context = context};
    const size_t first = list->n;
    char *path = nmf_strdup(root);
    nmf_status status =
        path ? append(&walk.waiting, path, err) : fail_memory(root, err);
    if (status == NMF_OK) {
        status = read_waiting(&walk, err);
    }
    if (status == NMF_OK) {
        status = read_linked(&walk, err);
    }
    if (status == NMF_OK && list->n > first) {
        sort_paths(list->paths + first, list->n - first);
    }
    nmf_file_list_release(&walk.waiting);
    nmf_file_list_release(&walk.linked);
    nmf_free(walk.seen.slots);
    return status;
}

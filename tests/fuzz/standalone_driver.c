/*
 * Replays a corpus through a fuzz target without libFuzzer, so that every
 * compiler and every ctest run checks what fuzzing has found before.
 *
 *     fuzz_replay_load_image tests/fuzz/corpus/load_image
 *
 * An empty or missing corpus is a failure: it would test nothing.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_INPUT_BYTES = 16 << 20 };

static int not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/*
 * Each input gets a block of exactly its size, so that the address sanitizer
 * sees a read of the first byte beyond it.
 */
static int replay(const char *path)
{
    int status = EXIT_FAILURE;
    uint8_t *data = NULL;
    long size = -1;
    FILE *file = fopen(path, "rb");
    if (file && fseek(file, 0, SEEK_END) == 0) {
        size = ftell(file);
        rewind(file);
    }
    if (size < 0 || size > MAX_INPUT_BYTES) {
        fprintf(stderr, "cannot read '%s'\n", path);
        goto done;
    }
    data = malloc(size > 0 ? (size_t)size : 1);
    if (!data || fread(data, 1, (size_t)size, file) != (size_t)size) {
        fprintf(stderr, "cannot read '%s'\n", path);
        goto done;
    }
    LLVMFuzzerTestOneInput(data, (size_t)size);
    status = EXIT_SUCCESS;
done:
    free(data);
    if (file) {
        fclose(file);
    }
    return status;
}

int main(int argc, char **argv)
{
    struct dirent **entries = NULL;
    int status = EXIT_SUCCESS;
    if (argc != 2) {
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return EXIT_FAILURE;
    }
    int n = scandir(argv[1], &entries, not_hidden, alphasort);
    if (n <= 0) {
        fprintf(stderr, "no corpus in '%s'\n", argv[1]);
        status = EXIT_FAILURE;
    }
    for (int i = 0; i < n; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[1], entries[i]->d_name);
        /* The name first: a crash is then the last line's. */
        printf("%s\n", entries[i]->d_name);
        fflush(stdout);
        if (replay(path) != EXIT_SUCCESS) {
            status = EXIT_FAILURE;
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

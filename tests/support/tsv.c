#include "tsv.h"

#include <string.h>

bool tsv_open(tsv_reader *tsv, const char *path)
{
    tsv->file = fopen(path, "r");
    return tsv->file && tsv_next(tsv);
}

bool tsv_next(tsv_reader *tsv)
{
    size_t n = 0;
    if (!fgets(tsv->line, sizeof tsv->line, tsv->file)) {
        fclose(tsv->file);
        tsv->file = NULL;
        return false;
    }
    tsv->line[strcspn(tsv->line, "\r\n")] = '\0';
    for (char *cell = tsv->line; cell && n < TSV_MAX_CELLS; n++) {
        char *tab = strchr(cell, '\t');
        tsv->cells[n] = cell;
        if (tab) {
            *tab++ = '\0';
        }
        cell = tab;
    }
    while (n < TSV_MAX_CELLS) {
        tsv->cells[n++] = "";
    }
    return true;
}

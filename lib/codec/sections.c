#include "codec/sections.h"

#include "core/error.h"

#include <string.h>

/* n for a name that this version does not know. */
static size_t index_of(const nmf_section_plan *plan, const char *name)
{
    size_t i = 0;
    while (i < plan->n && strcmp(name, plan->names[i]) != 0) {
        i++;
    }
    return i;
}

/* Keep a known section; say why another one cannot be there. *next: the first
 * that may still come. */
static nmf_status place(nmf_section *sections, size_t *next,
                        const nmf_section_plan *plan,
                        const nmf_section *section, const char *name,
                        nmf_error *err)
{
    const size_t i = index_of(plan, section->name);
    if (i == plan->n) {
        return nmf_section_is_ancillary(section->name)
                   ? NMF_OK
                   : nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                                   "'%s': section %s is needed to read it and "
                                   "not known to this version",
                                   name, section->name);
    }
    if (i < *next) {
        return nmf_error_set(
            err, NMF_ERR_FORMAT, "'%s': section %s: %s", name, section->name,
            sections[i].payload ? "appears twice" : "stands too late");
    }
    sections[i] = *section;
    *next = i + 1;
    return NMF_OK;
}

nmf_status nmf_sections_find(nmf_section *sections, uint32_t *pixels,
                             const nmf_section_plan *plan, const void *bytes,
                             size_t size, const char *name, nmf_error *err)
{
    nmf_container_reader reader;
    nmf_section section;
    size_t next = 0;
    memset(sections, 0, plan->n * sizeof *sections);
    nmf_status status = nmf_container_open(&reader, bytes, size, name, err);
    if (status != NMF_OK) {
        return status;
    }
    if (reader.kind != plan->kind) {
        return nmf_error_set(err, NMF_ERR_UNSUPPORTED,
                             "'%s': not %s but kind %u of .nmfi file", name,
                             plan->what, reader.kind);
    }
    do {
        status = nmf_container_next(&section, &reader, err);
        if (status == NMF_OK && section.name[0]) {
            status = place(sections, &next, plan, &section, name, err);
        }
    } while (status == NMF_OK && section.name[0]);
    if (status == NMF_OK && pixels) {
        *pixels = reader.pixels;
    }
    return status;
}

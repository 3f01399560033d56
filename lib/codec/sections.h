/* The known sections of a container, found and verified: FORMAT.md, section 2.
 */
#ifndef NMFIMG_CODEC_SECTIONS_H
#define NMFIMG_CODEC_SECTIONS_H

#include "codec/container.h"

/* What a container of one kind may hold. */
typedef struct nmf_section_plan {
    unsigned kind;            /* of container */
    const char *what;         /* that this is, "a model" */
    const char *const *names; /* of its sections, in the order in which they */
    size_t n;                 /* must come; n of them */
} nmf_section_plan;

/*
 * sections  n of the plan; payloads are borrowed from bytes, NULL: absent
 * pixels    the checksum at the end; may be NULL
 * name      stands for the file in messages
 *
 * Fails:    NMF_ERR_FORMAT (damaged, a section twice or too late),
 *           _UNSUPPORTED (another kind, an unknown section that is needed)
 */
nmf_status nmf_sections_find(nmf_section *sections, uint32_t *pixels,
                             const nmf_section_plan *plan, const void *bytes,
                             size_t size, const char *name, nmf_error *err);

#endif

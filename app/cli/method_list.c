#include "method_list.h"

#include "report.h"

#include <string.h>

/* The method whose name is the first size bytes of text; -1: none. */
static int find(const char *text, size_t size)
{
    for (int i = 0; nmf_method_name((nmf_method)i); i++) {
        const char *name = nmf_method_name((nmf_method)i);
        if (strlen(name) == size && memcmp(name, text, size) == 0) {
            return i;
        }
    }
    return -1;
}

static bool has(const struct method_list *list, nmf_method method)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i] == method) {
            return true;
        }
    }
    return false;
}

int method_list_parse(struct method_list *out, const struct cmd *cmd,
                      const char *text)
{
    out->n = 0;
    while (true) {
        size_t size = strcspn(text, ",");
        int method = find(text, size);
        if (method < 0) {
            return report_misuse(cmd->about.name,
                                 "--methods: '%.*s' is no method; there are "
                                 "nmf, pca, svd, vq and plsa",
                                 (int)(size < 40 ? size : 40), text);
        }
        if (has(out, (nmf_method)method)) {
            return report_misuse(cmd->about.name,
                                 "--methods: %s is named twice",
                                 nmf_method_name((nmf_method)method));
        }
        out->items[out->n++] = (nmf_method)method;
        if (text[size] == '\0') {
            return OPT_PROCEED;
        }
        text += size + 1;
    }
}

#include "rate_plan.h"

#include "report.h"

#include <stdlib.h>
#include <string.h>

const char *rate_coder_name(enum rate_coder coder)
{
    static const char *const names[RATE_FIRST_PEER] = {"nmf", "pca", "jpeg"};
    return coder < RATE_FIRST_PEER ? names[coder]
                                   : peer_codec_name(rate_coder_peer(coder));
}

enum peer_codec rate_coder_peer(enum rate_coder coder)
{
    return (enum peer_codec)(coder - RATE_FIRST_PEER);
}

/* "22,23.5": rising numbers; false where they are not. */
static bool read_targets(struct rate_plan *plan, const char *text)
{
    plan->n_targets = 0;
    while (plan->n_targets < RATE_MAX_TARGETS) {
        const size_t n = plan->n_targets;
        char *end = NULL;
        double value = strtod(text, &end);
        bool is_rising = n == 0 || value > plan->targets[n - 1];
        if (end == text || !(value > 0 && value < 100) || !is_rising) {
            return false;
        }
        plan->targets[plan->n_targets++] = value;
        if (*end == '\0') {
            return true;
        }
        if (*end != ',') {
            return false;
        }
        text = end + 1;
    }
    return false;
}

static enum rate_coder find_coder(const char *text, size_t size)
{
    enum rate_coder coder = RATE_NMF;
    while (coder < N_RATE_CODERS &&
           (strlen(rate_coder_name(coder)) != size ||
            memcmp(rate_coder_name(coder), text, size) != 0)) {
        coder++;
    }
    return coder;
}

/* Mark the coders of a list. */
static int read_coders(struct rate_plan *plan, const struct cmd *cmd,
                       const char *text)
{
    while (true) {
        size_t size = strcspn(text, ",");
        enum rate_coder coder = find_coder(text, size);
        if (coder == N_RATE_CODERS) {
            return report_misuse(
                cmd->about.name, "--coders: '%.*s' is no coder; there are %s",
                (int)(size < 40 ? size : 40), text, RATE_CODERS);
        }
        plan->is_wanted[coder] = true;
        if (text[size] == '\0') {
            return OPT_PROCEED;
        }
        text += size + 1;
    }
}

/* Leave out coders whose programs are missing; by_name: they were asked for. */
static int look_for_programs(struct rate_plan *plan, bool by_name)
{
    for (enum rate_coder c = RATE_FIRST_PEER; c < N_RATE_CODERS; c++) {
        enum peer_codec peer = rate_coder_peer(c);
        if (!plan->is_wanted[c] || peer_codec_is_there(peer)) {
            continue;
        }
        if (by_name) {
            return report_failure("%s needs the programs %s",
                                  peer_codec_name(peer),
                                  peer_codec_tools(peer));
        }
        report_notice("%s is left out: %s are not installed",
                      peer_codec_name(peer), peer_codec_tools(peer));
        plan->is_wanted[c] = false;
    }
    return OPT_PROCEED;
}

int rate_plan_read(struct rate_plan *out, const struct cmd *cmd,
                   const char *coders, const char *targets)
{
    int status = OPT_PROCEED;
    *out = (struct rate_plan){.n_targets = 0};
    if (targets && !read_targets(out, targets)) {
        return report_misuse(cmd->about.name,
                             "--psnr: '%s' is no list of up to %d rising "
                             "numbers of dB, as 22,24,26",
                             targets, RATE_MAX_TARGETS);
    }
    for (size_t c = 0; !coders && c < N_RATE_CODERS; c++) {
        out->is_wanted[c] = true;
    }
    if (coders) {
        status = read_coders(out, cmd, coders);
    }
    return status == OPT_PROCEED ? look_for_programs(out, coders != NULL)
                                 : status;
}

bool rate_plan_has_peers(const struct rate_plan *plan)
{
    for (size_t c = RATE_FIRST_PEER; c < N_RATE_CODERS; c++) {
        if (plan->is_wanted[c]) {
            return true;
        }
    }
    return false;
}

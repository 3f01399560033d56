/* What nmfimg compress says about its result, in words and for --json. */
#ifndef NMFIMG_CLI_COMPRESS_REPORT_H
#define NMFIMG_CLI_COMPRESS_REPORT_H

#include "report.h"

#include <nmfimg/codec.h>

struct compress_report {
    const char *output;
    const nmf_set_info *info;
    const char *model;    /* that the pictures are coded with; NULL: a set */
    uint64_t model_bytes; /* of its file */
    unsigned quality;     /* asked for; 0: another target was */
    uint64_t input_bytes; /* of the files; 0: not known */
    double psnr;          /* these of the file decoded again */
    double ssim;
    double seconds;
    size_t jpeg_bytes; /* that reach this PSNR; 0: not known */
};

/* Lines, or the object for --json; a warning where nothing was gained. */
int compress_report(const struct compress_report *report);

#endif

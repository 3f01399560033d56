#include "peer_codec.h"

#include "tile_sheet.h"
#include "tool_run.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_ARGUMENTS = 20, MAX_SETTINGS = 20 };

static const double max_seconds = 600; /* of a program */

/*
 * Arguments of a program up to NULL. Words stand for what they name: IN the
 * sheet, CODE the coded file, OUT the decoded one, SET the setting, FORMAT 400
 * for grey and 420 for colour, LEVELS of the wavelet transform.
 */
typedef const char *const arguments[MAX_ARGUMENTS];

static const struct peer {
    const char *name;
    const char *tools;
    const char *code; /* names of the files, whose endings tell the format */
    const char *decoded;
    arguments encode;
    arguments decode;
    const char *settings[MAX_SETTINGS];
} peers[N_PEERS] = {
    [PEER_WEBP] = {"webp",
                   "cwebp, dwebp",
                   "sheet.webp",
                   "decoded.ppm",
                   {"cwebp", "-quiet", "-m", "6", "-q", "SET", "IN", "-o",
                    "CODE"},
                   {"dwebp", "-quiet", "CODE", "-ppm", "-o", "OUT"},
                   {"0", "3", "6", "10", "15", "20", "30", "40", "50", "60",
                    "70", "80", "88", "94"}},
    [PEER_JPEG2000] = {"jpeg2000",
                       "opj_compress, opj_decompress",
                       "sheet.j2k",
                       "decoded.png",
                       {"opj_compress", "-i", "IN", "-o", "CODE", "-r", "SET",
                        "-I", "-n", "LEVELS"},
                       {"opj_decompress", "-i", "CODE", "-o", "OUT"},
                       {"300", "200", "128", "96", "64", "48", "32", "24", "16",
                        "12", "8", "6", "4", "3"}},
    [PEER_AVIF] = {"avif",
                   "avifenc, avifdec",
                   "sheet.avif",
                   "decoded.png",
                   {"avifenc", "-j", "1", "-s", "4", "-y", "FORMAT", "--min",
                    "0", "--max", "63", "-a", "end-usage=q", "-a",
                    "cq-level=SET", "-a", "tune=psnr", "IN", "CODE"},
                   {"avifdec", "-j", "1", "CODE", "OUT"},
                   {"63", "60", "56", "52", "48", "44", "40", "34", "28", "22",
                    "16", "10"}},
    [PEER_JPEGXL] = {"jpegxl",
                     "cjxl, djxl",
                     "sheet.jxl",
                     "decoded.png",
                     {"cjxl", "IN", "CODE", "-d", "SET", "-e", "7",
                      "--num_threads=0"},
                     {"djxl", "CODE", "OUT", "--num_threads=0"},
                     {"25", "18", "14", "11", "9", "7", "5.5", "4.2", "3.2",
                      "2.4", "1.8", "1.2", "0.8"}},
};

const char *peer_codec_name(enum peer_codec codec)
{
    return peers[codec].name;
}

const char *peer_codec_tools(enum peer_codec codec)
{
    return peers[codec].tools;
}

bool peer_codec_is_there(enum peer_codec codec)
{
    return tool_is_there(peers[codec].encode[0]) &&
           tool_is_there(peers[codec].decode[0]);
}

const char *peer_codec_setting(enum peer_codec codec, size_t i)
{
    return i < MAX_SETTINGS ? peers[codec].settings[i] : NULL;
}

/* What a word of the arguments stands for. */
struct word {
    const char *name;
    const char *value;
};

/* Replace the word that an argument ends in, if any. */
static void fill_in(char *out, const char *argument, const struct word *words,
                    size_t n_words)
{
    size_t length = strlen(argument);
    for (size_t i = 0; i < n_words; i++) {
        size_t size = strlen(words[i].name);
        if (size <= length &&
            strcmp(argument + length - size, words[i].name) == 0) {
            snprintf(out, TEMP_FILE_SIZE, "%.*s%s", (int)(length - size),
                     argument, words[i].value);
            return;
        }
    }
    snprintf(out, TEMP_FILE_SIZE, "%s", argument);
}

static enum tool_result run(arguments given, const struct word *words,
                            size_t n_words)
{
    char texts[MAX_ARGUMENTS][TEMP_FILE_SIZE];
    char *argv[MAX_ARGUMENTS + 1] = {NULL};
    for (size_t i = 0; i < MAX_ARGUMENTS && given[i]; i++) {
        fill_in(texts[i], given[i], words, n_words);
        argv[i] = texts[i];
    }
    return tool_run(argv, max_seconds);
}

static bool fail(nmf_error *err, const char *tool, enum tool_result result)
{
    err->status = result == TOOL_INTERRUPTED ? NMF_ERR_CANCELLED : NMF_ERR_IO;
    snprintf(err->message, sizeof err->message, "%s %s", tool,
             result == TOOL_INTERRUPTED ? "was interrupted"
             : result == TOOL_TOO_LONG  ? "took too long and was stopped"
                                        : "failed");
    return false;
}

/* Levels of a wavelet transform that the shorter side allows, at most 6. */
static size_t count_levels(size_t side)
{
    size_t n = 6;
    while (n > 1 && side >> (n - 1) < 2) {
        n--;
    }
    return n;
}

static nmf_status look(double *psnr, const char *path,
                       const struct peer_sheet *sheet, nmf_error *err)
{
    nmf_image_options options = NMF_IMAGE_OPTIONS_INIT;
    nmf_image decoded = {0};
    options.channels =
        sheet->geometry->channels == 3 ? NMF_CHANNELS_RGB : NMF_CHANNELS_GREY;
    options.max_pixels = SIZE_MAX;
    options.max_bytes = SIZE_MAX;
    nmf_status status = nmf_image_load(&decoded, path, &options, err);
    if (status == NMF_OK) {
        status =
            tile_sheet_psnr(psnr, &decoded, sheet->X, sheet->geometry, err);
    }
    nmf_image_release(&decoded);
    return status;
}

bool peer_codec_measure(nmf_rate_point *out, enum peer_codec codec,
                        const char *setting, const struct peer_sheet *sheet,
                        nmf_error *err)
{
    const struct peer *peer = &peers[codec];
    char code[TEMP_FILE_SIZE], decoded[TEMP_FILE_SIZE], levels[24];
    struct stat entry;
    temp_folder_file(code, sheet->folder, peer->code);
    temp_folder_file(decoded, sheet->folder, peer->decoded);
    snprintf(levels, sizeof levels, "%zu", count_levels(sheet->shorter_side));
    const struct word words[] = {
        {"IN", sheet->png},
        {"CODE", code},
        {"OUT", decoded},
        {"SET", setting},
        {"FORMAT", sheet->geometry->channels == 3 ? "420" : "400"},
        {"LEVELS", levels},
    };
    const size_t n_words = sizeof words / sizeof *words;
    enum tool_result result = run(peer->encode, words, n_words);
    if (result != TOOL_DONE) {
        return fail(err, peer->encode[0], result);
    }
    result = run(peer->decode, words, n_words);
    if (result != TOOL_DONE) {
        return fail(err, peer->decode[0], result);
    }
    if (stat(code, &entry) != 0) {
        return fail(err, peer->encode[0], TOOL_FAILED);
    }
    out->bytes = (size_t)entry.st_size;
    return look(&out->psnr, decoded, sheet, err) == NMF_OK;
}

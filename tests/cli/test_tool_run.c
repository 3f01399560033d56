/* Other programs: run, refused, killed with their children; temporary files. */
#define _POSIX_C_SOURCE 200809L

#include "support.h"

#include "temp_folder.h"
#include "tile_sheet.h"
#include "tool_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const double long_enough = 600;

static enum tool_result run_shell(const char *script, double max_seconds)
{
    char name[] = "sh", option[] = "-c", text[512];
    char *argv[] = {name, option, text, NULL};
    snprintf(text, sizeof text, "%s", script);
    return tool_run(argv, max_seconds);
}

static void programs_are_found_in_path(void **state)
{
    (void)state;
    assert_true(tool_is_there("sh"));
    assert_false(tool_is_there("nmfimg-no-such-program"));
    assert_false(tool_is_there("")); /* a folder */
}

static void exit_codes_are_told(void **state)
{
    char missing[] = "nmfimg-no-such-program";
    char *argv[] = {missing, NULL};
    (void)state;
    assert_int_equal(run_shell("exit 0", long_enough), TOOL_DONE);
    assert_int_equal(run_shell("exit 4", long_enough), TOOL_FAILED);
    assert_int_equal(run_shell("kill -9 $$", long_enough), TOOL_FAILED);
    assert_int_equal(tool_run(argv, long_enough), TOOL_FAILED);
    /* No input to wait for. */
    assert_int_equal(run_shell("read line; test -z \"$line\"", long_enough),
                     TOOL_DONE);
}

/* A name with blanks and quotes is one argument: there is no shell. */
static void arguments_arrive_as_they_are(void **state)
{
    char test[] = "test", odd[] = "a b;'\"$(exit)", equal[] = "=",
         same[] = "a b;'\"$(exit)";
    char *argv[] = {test, odd, equal, same, NULL};
    (void)state;
    assert_int_equal(tool_run(argv, long_enough), TOOL_DONE);
}

/*
 * All that hold the writing end of a pipe are dead when reading it ends: the
 * program, and the child that it left behind.
 */
static void what_hangs_is_killed_with_its_children(void **state)
{
    int ends[2];
    char byte = 0;
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(run_shell("sleep 100000 & sleep 100000", 0.05),
                     TOOL_TOO_LONG);
    (void)close(ends[1]);
    assert_int_equal(read(ends[0], &byte, 1), 0);
    (void)close(ends[0]);
}

static void folders_are_gone_with_their_files(void **state)
{
    struct temp_folder folder;
    char file[TEMP_FILE_SIZE], kept[TEMP_FOLDER_SIZE];
    struct stat entry;
    (void)state;
    assert_true(temp_folder_make(&folder));
    temp_folder_file(file, &folder, "sheet.png");
    support_write(file, "x", 1);
    snprintf(kept, sizeof kept, "%s", folder.path);
    temp_folder_remove(&folder);
    assert_int_not_equal(stat(kept, &entry), 0);
    temp_folder_remove(&folder); /* again: nothing to do */
    assert_int_equal(setenv("TMPDIR", "/nonexistent/folder", 1), 0);
    assert_false(temp_folder_make(&folder));
    assert_int_equal(unsetenv("TMPDIR"), 0);
    temp_folder_remove(&folder);
}

/* 7 pictures of 3 x 2: 2 columns would be as wide as high; the last repeats. */
static void sheets_hold_every_picture_and_measure_it(void **state)
{
    const nmf_geometry geometry = {3, 2, 1, 0};
    nmf_matrix X = support_random(7, 6, 3);
    nmf_image sheet = {0};
    nmf_error err = {0};
    double psnr = 0;
    (void)state;
    for (size_t i = 0; i < 7 * 6; i++) {
        X.data[i] = (float)(i * 6 % 256) / 255.0F;
    }
    SUPPORT_OK(tile_sheet_lay(&sheet, &X, &geometry, &err), err);
    assert_int_equal(sheet.width, 6);
    assert_int_equal(sheet.height, 8);
    assert_true(sheet.pixels[2 * 6 + 3 + 1] == nmf_matrix_row(&X, 3)[1]);
    assert_true(sheet.pixels[6 * 6 + 3] == nmf_matrix_row(&X, 6)[0]);
    SUPPORT_OK(tile_sheet_psnr(&psnr, &sheet, &X, &geometry, &err), err);
    assert_true(psnr > 1e300);
    /* One sample of 42 by one grey level; what repeats does not count. */
    sheet.pixels[0] += 1.0F / 255.0F;
    sheet.pixels[6 * 6 + 3] = 1;
    SUPPORT_OK(tile_sheet_psnr(&psnr, &sheet, &X, &geometry, &err), err);
    SUPPORT_NEAR(psnr, 64.3632, 1e-3); /* 10 log10(65025 * 42) */
    sheet.height--;
    assert_int_equal(tile_sheet_psnr(&psnr, &sheet, &X, &geometry, &err),
                     NMF_ERR_FORMAT);
    nmf_image_release(&sheet);
    nmf_matrix_release(&X);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_are_found_in_path),
        cmocka_unit_test(exit_codes_are_told),
        cmocka_unit_test(arguments_arrive_as_they_are),
        cmocka_unit_test(what_hangs_is_killed_with_its_children),
        cmocka_unit_test(folders_are_gone_with_their_files),
        cmocka_unit_test(sheets_hold_every_picture_and_measure_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

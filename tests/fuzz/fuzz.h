/*
 * The entry that every fuzz target defines. libFuzzer calls it with inputs that
 * it makes up; standalone_driver.c calls it with the files of a corpus.
 */
#ifndef NMFIMG_TESTS_FUZZ_H
#define NMFIMG_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Always returns 0; a finding is a crash, a sanitizer report or an abort(). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif

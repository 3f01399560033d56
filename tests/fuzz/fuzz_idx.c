/* Any bytes as a table; the corpus holds IDX files. */
#include "fuzz_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_table(data, size);
    return 0;
}

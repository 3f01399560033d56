#include "folders.h"

#include "support.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

support_path support_join(const char *folder, const char *name)
{
    support_path path;
    int length = snprintf(path.text, sizeof path.text, "%s/%s", folder, name);
    SUPPORT_ASSERT((size_t)length < sizeof path.text, "'%s': too long", name);
    return path;
}

support_path support_folder(const char *name)
{
    support_path path = support_join(support_temp(), name);
    SUPPORT_ASSERT(mkdir(path.text, 0777) == 0, "cannot make '%s'", path.text);
    return path;
}

void support_subfolder(const char *folder, const char *name)
{
    support_path path = support_join(folder, name);
    SUPPORT_ASSERT(mkdir(path.text, 0777) == 0, "cannot make '%s'", path.text);
}

void support_file(const char *folder, const char *name, const void *bytes,
                  size_t size)
{
    support_path path = support_join(folder, name);
    support_write(path.text, bytes, size);
}

static void write_pnm(const char *folder, const char *name, char kind,
                      size_t width, size_t height, unsigned first,
                      size_t missing)
{
    unsigned char bytes[1 << 16];
    size_t n = (size_t)snprintf((char *)bytes, sizeof bytes,
                                "P%c\n%zu %zu\n255\n", kind, width, height);
    size_t n_samples = width * height * (kind == '6' ? 3 : 1);
    SUPPORT_ASSERT(n + n_samples <= sizeof bytes, "'%s': too large", name);
    for (size_t i = 0; i < n_samples; i++) {
        bytes[n++] = (unsigned char)(first + i);
    }
    support_file(folder, name, bytes, n - missing);
}

void support_pgm(const char *folder, const char *name, size_t width,
                 size_t height, unsigned first, size_t missing)
{
    write_pnm(folder, name, '5', width, height, first, missing);
}

void support_ppm(const char *folder, const char *name, size_t width,
                 size_t height, unsigned first)
{
    write_pnm(folder, name, '6', width, height, first, 0);
}

support_path support_messy_folder(const char *name)
{
    support_path folder = support_folder(name);
    support_subfolder(folder.text, "sub");
    support_pgm(folder.text, "1.pgm", 2, 2, 1, 0);
    support_pgm(folder.text, "2.pgm", 2, 2, 2, 0);
    support_pgm(folder.text, "sub/3", 2, 2, 3, 0);
    support_file(folder.text, ".hidden.pgm", "P5", 2);
    support_file(folder.text, "readme.txt", "hello\n", 6);
    support_file(folder.text, "empty.txt", "", 0);
    support_file(folder.text, "table.csv", "1,2\n3,4\n", 8);
    support_file(folder.text, "old.png", "GIF89a\1\0\1\0\0\0\0", 13);
    return folder;
}

nmf_dataset *support_load_set(const char *input,
                              const nmf_dataset_options *options)
{
    nmf_dataset *data = NULL;
    nmf_error err = {0};
    SUPPORT_OK(nmf_dataset_load(&data, &input, 1, options, &err), err);
    return data;
}

void support_refuse_set(const char *input, const nmf_dataset_options *options,
                        nmf_status expected, const char *text)
{
    nmf_dataset *data = NULL;
    nmf_error err = {0};
    nmf_status status = nmf_dataset_load(&data, &input, 1, options, &err);
    SUPPORT_ASSERT(status == expected, "'%s': %s, expected %s: %s", input,
                   nmf_status_name(status), nmf_status_name(expected),
                   err.message);
    SUPPORT_ASSERT(strstr(err.message, text), "'%s' is not in '%s'", text,
                   err.message);
    assert_int_equal(err.status, expected);
    assert_null(data);
}

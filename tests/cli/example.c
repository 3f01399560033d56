/* Learn the parts of the pictures in a folder and draw them: FOLDER SHEET. */
#include <nmfimg/nmfimg.h>

#include <stdio.h>

int main(int argc, char **argv)
{
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_dataset *data = NULL;
    nmf_model *model = NULL;
    nmf_image sheet = {0};
    nmf_error err = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: example FOLDER SHEET.png\n");
        return 2;
    }
    const char *const inputs[] = {argv[1]};
    options.n_components = 4;
    if (nmf_dataset_load(&data, inputs, 1, NULL, &err) != NMF_OK ||
        nmf_fit(&model, nmf_dataset_matrix(data), &options, &err) != NMF_OK ||
        nmf_sheet_draw(&sheet, nmf_model_components(model),
                       nmf_dataset_geometry(data), NULL, &err) != NMF_OK ||
        nmf_image_save(argv[2], &sheet, true, &err) != NMF_OK) {
        fprintf(stderr, "example: %s\n", err.message);
    }
    nmf_image_release(&sheet);
    nmf_model_free(model);
    nmf_dataset_free(data);
    return err.status == NMF_OK ? 0 : 1;
}

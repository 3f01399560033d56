/* What another project does with the library that is installed. */
#include <nmfimg/nmfimg.h>

#include <stdio.h>

int main(void)
{
    const char *input = "@swimmer";
    nmf_options options = NMF_OPTIONS_INIT;
    nmf_dataset *data = NULL;
    nmf_model *model = NULL;
    nmf_error err = {0};
    options.n_components = 4;
    options.max_iter = 5;
    if (nmf_dataset_load(&data, &input, 1, NULL, &err) != NMF_OK ||
        nmf_fit(&model, nmf_dataset_matrix(data), &options, &err) != NMF_OK) {
        fprintf(stderr, "%s\n", err.message);
    } else {
        printf("nmfimg %s: %zu parts\n", nmf_version(),
               nmf_model_components(model)->rows);
    }
    nmf_model_free(model);
    nmf_dataset_free(data);
    return err.status;
}

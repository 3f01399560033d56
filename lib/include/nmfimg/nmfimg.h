/**
 * nmfimg: from pictures to parts and back.
 *
 * One direction, each step a value that the next one takes:
 *
 *     files, folders, "@faces"  --nmf_dataset_load-->  X, one image a row
 *     X            --nmf_fit-->                W (activations), H (parts)
 *     other images --nmf_transform-->          their W under the same parts
 *     W            --nmf_inverse_transform-->  pixels again
 *     H            --nmf_sheet_draw-->         a picture of the parts
 *     model        --nmf_model_save-->         a .nmfi file
 *     other images --nmf_coded_encode-->       a few bytes each, with a model
 *
 *     X            --nmf_decompose-->          the same by PCA, VQ or PLSA
 *     X            --nmf_comparison_run-->     several methods, side by side
 *
 * Read the headers in this order. Common to all of them: outputs come first
 * and the error last; a failure leaves outputs empty and a sentence in the
 * nmf_error; any function may run at once on different objects; the library
 * never prints, exits or reads the environment. tests/cli/example.c is a
 * complete program.
 */
#ifndef NMFIMG_NMFIMG_H
#define NMFIMG_NMFIMG_H

#include <nmfimg/codec.h>
#include <nmfimg/coded.h>
#include <nmfimg/comparison.h>
#include <nmfimg/cpu.h>
#include <nmfimg/dataset.h>
#include <nmfimg/decompose.h>
#include <nmfimg/error.h>
#include <nmfimg/file.h>
#include <nmfimg/image.h>
#include <nmfimg/matrix.h>
#include <nmfimg/metrics.h>
#include <nmfimg/nmf.h>
#include <nmfimg/plot.h>
#include <nmfimg/probe.h>
#include <nmfimg/rate.h>
#include <nmfimg/sheet.h>
#include <nmfimg/table.h>

#endif

/* The probes of the machine: what they count is what they do. No test looks at
 * how fast it is. */
#include "support.h"

#include "core/alloc.h"
#include "core/cpu.h"
#include "core/probe.h"

#include <math.h>
#include <string.h>

/* x <- x / 2 + 1/4 ends at 1/2, so that the total tells how many sums there
 * are: two operations a lane of each are what a round counts. */
static void assert_counts(const nmf_probe_loop *loop, double lanes)
{
    double n_sums = loop->flops / (2.0 * lanes);
    SUPPORT_NEAR((double)loop->run(100, 0.5F, 0.25F), 0.5 * n_sums, 1e-4);
    SUPPORT_ASSERT(n_sums >= 12, "%g sums, expected at least 12", n_sums);
}

static bool runs(nmf_cpu cpu)
{
    for (size_t i = 0; nmf_cpu_at(i) < NMF_CPU_COUNT; i++) {
        if (nmf_cpu_at(i) == cpu) {
            return true;
        }
    }
    return false;
}

static void loops_do_what_they_count(void **state)
{
    (void)state;
    assert_counts(&nmf_probe_portable, 4);
#ifdef __x86_64__
    if (runs(NMF_CPU_AVX2)) {
        assert_counts(&nmf_probe_avx2, 8);
    }
    if (runs(NMF_CPU_AVX512)) {
        assert_counts(&nmf_probe_avx512, 16);
    }
#endif
}

static void every_instruction_set_has_a_peak(void **state)
{
    const char *name = NULL;
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; (name = nmf_cpu_name_at(i)); i++) {
        SUPPORT_OK(nmf_cpu_select(name, &err), err);
        for (unsigned n_threads = 0; n_threads <= 3; n_threads++) {
            double peak = 0.0;
            SUPPORT_OK(
                nmf_probe_flops(&peak, NMF_PROBE_F32, n_threads, 0.0, &err),
                err);
            assert_true(peak > 0.0 && isfinite(peak));
        }
        double peak = 1.0;
        nmf_status status =
            nmf_probe_flops(&peak, NMF_PROBE_BF16, 1, 0.0, &err);
        if (strcmp(name, "avx512bf16") == 0) {
            assert_int_equal(status, NMF_OK);
            assert_true(peak > 0.0 && isfinite(peak));
        } else {
            assert_int_equal(status, NMF_ERR_UNSUPPORTED);
            assert_true(peak == 0.0 && strstr(err.message, name));
        }
    }
    SUPPORT_OK(nmf_cpu_select(NULL, &err), err);
}

static void bandwidth_is_that_of_any_number_of_threads(void **state)
{
    const size_t sizes[] = {4096, 5000, 1 << 20};
    nmf_error err = {0};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        for (unsigned n_threads = 0; n_threads <= 5; n_threads++) {
            double rate = 0.0;
            SUPPORT_OK(
                nmf_probe_bandwidth(&rate, sizes[i], n_threads, 0.0, &err),
                err);
            assert_true(rate > 0.0 && isfinite(rate));
        }
    }
}

static void what_cannot_be_probed_is_said(void **state)
{
    double rate = 1.0;
    nmf_error err = {0};
    (void)state;
    assert_int_equal(nmf_probe_flops(&rate, (nmf_probe_numbers)7, 1, 0.0, &err),
                     NMF_ERR_ARGUMENT);
    assert_true(rate == 0.0);
    rate = 1.0;
    assert_int_equal(nmf_probe_bandwidth(&rate, 4095, 1, 0.0, &err),
                     NMF_ERR_ARGUMENT);
    assert_string_equal(
        err.message, "a buffer of 4095 bytes to read, expected at least 4096");
    assert_true(rate == 0.0);
    nmf_alloc_fail_at(1);
    assert_int_equal(nmf_probe_bandwidth(&rate, 1 << 16, 1, 0.0, &err),
                     NMF_ERR_MEMORY);
    nmf_alloc_fail_at(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loops_do_what_they_count),
        cmocka_unit_test(every_instruction_set_has_a_peak),
        cmocka_unit_test(bandwidth_is_that_of_any_number_of_threads),
        cmocka_unit_test(what_cannot_be_probed_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "ticks.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const double mantissas[] = {1.0, 2.0, 5.0};
enum { N_MANTISSAS = 3 };

struct tick_label tick_count(double count)
{
    struct tick_label label;
    char digits[TICKS_LABEL_SIZE / 2 + 1];
    int n = snprintf(digits, sizeof digits, "%.0f", count);
    if (n < 0 || (size_t)n >= sizeof digits) {
        snprintf(label.text, sizeof label.text, "%.3g", count);
        return label;
    }
    char *to = label.text;
    for (int i = 0; i < n; i++) {
        *to++ = digits[i];
        if ((n - 1 - i) % 3 == 0 && i < n - 1 && digits[i] != '-') {
            *to++ = ',';
        }
    }
    *to = '\0';
    return label;
}

struct tick_label tick_error(double error)
{
    struct tick_label label = {.text = ""};
    if (!isfinite(error)) {
        return label;
    }
    if (fabs(error) >= 0.001 || error == 0.0) {
        snprintf(label.text, sizeof label.text, "%.4f", error);
        return label;
    }
    int power = (int)floor(log10(fabs(error)));
    double mantissa = error / pow(10.0, power);
    if (fabs(mantissa) >= 9.995) {
        mantissa /= 10.0;
        power++;
    }
    snprintf(label.text, sizeof label.text, "%.2fe%d", mantissa, power);
    return label;
}

/* A number that is whole in units of 10^exponent, without needless digits. */
static struct tick_label write_label(double value, int exponent)
{
    struct tick_label label;
    double size = fabs(value);
    if (value == 0.0) {
        snprintf(label.text, sizeof label.text, "0");
    } else if (size >= 1e9 || size < 1e-5) {
        int power = (int)floor(log10(size) + 1e-9);
        int digits = power > exponent ? power - exponent : 0;
        snprintf(label.text, sizeof label.text, "%.*fe%d", digits,
                 value / pow(10.0, power), power);
    } else if (exponent >= 0) {
        label = tick_count(value);
    } else {
        snprintf(label.text, sizeof label.text, "%.*f", -exponent, value);
    }
    return label;
}

static void add(struct ticks *ticks, double at, int exponent)
{
    ticks->at[ticks->n] = at;
    ticks->label[ticks->n++] = write_label(at, exponent);
}

/* At most max multiples of mantissa * 10^exponent; false where there are more.
 */
static bool fill_linear(struct ticks *out, double low, double high, size_t max,
                        double mantissa, int exponent)
{
    double step = mantissa * pow(10.0, exponent);
    double first = ceil(low / step - 1e-9);
    double last = floor(high / step + 1e-9);
    out->n = 0;
    if (last - first + 1.0 > (double)max) {
        return false;
    }
    for (double i = first; i <= last; i += 1.0) {
        /* By division where that is exact: 3 / 10 is 0.3, 3 * 0.1 is not. */
        double at = exponent < 0 ? i * mantissa / pow(10.0, -exponent)
                                 : i * mantissa * pow(10.0, exponent);
        add(out, at, exponent);
    }
    return true;
}

static size_t bounded(size_t max)
{
    return max < 2 ? 2 : max > TICKS_MAX ? TICKS_MAX : max;
}

struct ticks ticks_linear(double low, double high, size_t max)
{
    struct ticks ticks = {0};
    double range = high - low;
    if (!(range > 0.0) || !isfinite(range) ||
        range < 1e-12 * fmax(fabs(low), fabs(high))) {
        return ticks;
    }
    max = bounded(max);
    int exponent = (int)floor(log10(range / (double)max)) - 1;
    for (;; exponent++) {
        for (int i = 0; i < N_MANTISSAS; i++) {
            if (fill_linear(&ticks, low, high, max, mantissas[i], exponent)) {
                return ticks;
            }
        }
    }
}

/* The powers of ten whose exponents are multiples of `every`, n_mantissas
 * numbers each; false where there are more than max. */
static bool fill_powers(struct ticks *out, double low, double high, size_t max,
                        int every, int n_mantissas)
{
    int first = (int)floor(log10(low)) - 1;
    int last = (int)ceil(log10(high));
    out->n = 0;
    for (int exponent = first; exponent <= last; exponent++) {
        for (int i = 0; i < n_mantissas && exponent % every == 0; i++) {
            double at = exponent < 0 ? mantissas[i] / pow(10.0, -exponent)
                                     : mantissas[i] * pow(10.0, exponent);
            if (at < low * (1.0 - 1e-9) || at > high * (1.0 + 1e-9)) {
                continue;
            }
            if (out->n == max) {
                return false;
            }
            add(out, at, exponent);
        }
    }
    return true;
}

struct ticks ticks_logarithmic(double low, double high, size_t max)
{
    struct ticks ticks = {0};
    if (!(low > 0.0) || !(high > low) || !isfinite(high)) {
        return ticks;
    }
    max = bounded(max);
    if (fill_powers(&ticks, low, high, max, 1, N_MANTISSAS) && ticks.n > 1) {
        return ticks;
    }
    for (int every = 1; every < 1024; every++) {
        if (fill_powers(&ticks, low, high, max, every, 1)) {
            break;
        }
    }
    return ticks.n > 1 ? ticks : ticks_linear(low, high, max);
}

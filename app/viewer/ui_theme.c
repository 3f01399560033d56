#include "ui_theme.h"

/* One row a theme, in the order of ui_role. */
static const ui_colour roles[][UI_N_ROLES] = {
    [UI_THEME_DARK] =
        {
            [UI_ROLE_TEXT] = 0xE6E9EEFF,
            [UI_ROLE_DIM] = 0x9BA3B0FF,
            [UI_ROLE_PAGE] = 0x0F1114FF,
            [UI_ROLE_PANEL] = 0x171A1FFF,
            [UI_ROLE_FRAME] = 0x252A32FF,
            [UI_ROLE_LINE] = 0x3A414CFF,
            [UI_ROLE_ACCENT] = 0x56B4E9FF,
            [UI_ROLE_SELECTED] = 0xE69F00FF,
            [UI_ROLE_WARNING] = 0xF0785AFF,
        },
    [UI_THEME_HIGH_CONTRAST] =
        {
            [UI_ROLE_TEXT] = 0xFFFFFFFF,
            [UI_ROLE_DIM] = 0xE0E0E0FF,
            [UI_ROLE_PAGE] = 0x000000FF,
            [UI_ROLE_PANEL] = 0x000000FF,
            [UI_ROLE_FRAME] = 0x000000FF,
            [UI_ROLE_LINE] = 0xFFFFFFFF,
            [UI_ROLE_ACCENT] = 0xFFFF00FF,
            [UI_ROLE_SELECTED] = 0x3CB4FFFF,
            [UI_ROLE_WARNING] = 0xFF9070FF,
        },
};

static const ui_button_colours buttons[][3] = {
    [UI_THEME_DARK] =
        {
            [UI_BUTTON_PLAIN] = {0xE6E9EEFF, 0x2C333DFF, 0x3A4451FF,
                                 0x465263FF},
            [UI_BUTTON_PRIMARY] = {0xFFFFFFFF, 0x245C8AFF, 0x2F73A9FF,
                                   0x3A88C4FF},
            [UI_BUTTON_DOWN] = {0xFFFFFFFF, 0x2B4A63FF, 0x36597AFF, 0x3F688BFF},
        },
    [UI_THEME_HIGH_CONTRAST] =
        {
            [UI_BUTTON_PLAIN] = {0xFFFFFFFF, 0x000000FF, 0x404040FF,
                                 0x606060FF},
            [UI_BUTTON_PRIMARY] = {0x000000FF, 0xFFFF00FF, 0xFFFFA0FF,
                                   0xFFFFD0FF},
            [UI_BUTTON_DOWN] = {0x000000FF, 0xFFFFFFFF, 0xE0E0E0FF, 0xC0C0C0FF},
        },
};

/* Okabe and Ito, Color Universal Design (2008); without black, the brightest
 * first, and their blue lightened so that it shows on black. */
static const ui_colour series[] = {
    0x56B4E9FF, 0xE69F00FF, 0x1FB58AFF, 0xCC79A7FF,
    0xF0E442FF, 0xE8743BFF, 0x4C8EDAFF, 0xC8CCD4FF,
};

ui_colour ui_theme_colour(ui_theme theme, ui_role role)
{
    return roles[theme][role];
}

ui_colour ui_theme_filling(ui_theme theme)
{
    return theme == UI_THEME_DARK ? 0x2F73A9FF : 0x0064DCFF;
}

ui_button_colours ui_theme_button(ui_theme theme, ui_button_kind kind)
{
    return buttons[theme][kind];
}

ui_colour ui_series_colour(size_t i)
{
    return series[i % (sizeof series / sizeof series[0])];
}

/* The tables of commands and of keys; commands.h says what they are for. */
#include "commands.h"

#include "app_commands.h"

#include <stdio.h>
#include <string.h>

static const struct command commands[] = {
    {"run", "[N]", 0, 1, COMMAND_LEARN,
     "learn; with N: so many iterations, then pause", app_run},
    {"pause", "", 0, 0, COMMAND_LEARN, "pause after this iteration", app_pause},
    {"toggle", "", 0, 0, COMMAND_LEARN, "pause or go on", app_toggle},
    {"step", "[N]", 0, 1, COMMAND_LEARN, "one iteration, or N, then pause",
     app_step},
    {"restart", "", 0, 0, COMMAND_LEARN,
     "begin again from the same start (the same seed)", app_restart},
    {"new-seed", "", 0, 0, COMMAND_LEARN, "begin again from another start",
     app_new_seed},
    {"parts", "N|+N|-N", 1, 1, COMMAND_LEARN,
     "how many parts; what is learned is kept", app_parts},
    {"set", "OPTION VALUE", 2, 2, COMMAND_LEARN,
     "an option of fit: set solver mu; VALUE may be default", app_set_option},
    {"undo", "", 0, 0, COMMAND_LEARN, "take the last change back", app_undo_do},

    {"part", "N|none|next|previous|left|right|up|down", 1, 1, COMMAND_PARTS,
     "select a part", app_part},
    {"order", "energy|sparseness|position|index|share|next", 1, 1, COMMAND_PARTS,
     "how the parts are sorted", app_order},
    {"colours", "grey|inverted|viridis|cividis|next", 1, 1, COMMAND_PARTS,
     "the colours of parts and grey pictures", app_colours},
    {"scale", "part|common|next", 1, 1, COMMAND_PARTS,
     "each part as bright as can be, or all on one scale", app_scale},
    {"grid", "in|out|fit|X", 1, 1, COMMAND_PARTS, "larger or smaller parts",
     app_grid},
    {"hide", "[N]", 0, 1, COMMAND_PARTS,
     "leave the part out of the reconstruction, or put it back", app_hide},
    {"solo", "[N]", 0, 1, COMMAND_PARTS, "the part alone, or all again",
     app_solo},
    {"show-all", "", 0, 0, COMMAND_PARTS, "put all hidden parts back",
     app_show_all},
    {"heat", "on|off|next", 1, 1, COMMAND_PARTS,
     "show on the picture where the selected part is", app_heat},

    {"select", "N|next|previous", 1, 1, COMMAND_PICTURE, "select a picture",
     app_select},
    {"wipe", "on|off|next|X", 1, 1, COMMAND_PICTURE,
     "original and reconstruction in one place, X of it the original",
     app_wipe},
    {"zoom", "in|out|fit|X", 1, 1, COMMAND_PICTURE,
     "of the three pictures at once", app_zoom},
    {"look", "ZOOM X Y", 3, 3, COMMAND_PICTURE,
     "zoom, with the pixel (X, Y) in the middle", app_look_at},

    {"tab", "build|mix|uses|pictures|learning|next", 1, 1, COMMAND_EXPLORE,
     "what is shown below the pictures", app_tab},
    {"build", "N|play|pause|next", 1, 1, COMMAND_EXPLORE,
     "the picture as a sum of its N largest parts; or add them one by one",
     app_build},
    {"mix", "PART VALUE|reset|random", 1, 2, COMMAND_EXPLORE,
     "weigh a part by hand; back to the fit; as chance wills", app_mix_by_hand},
    {"morph", "PICTURE SHARE", 2, 2, COMMAND_EXPLORE,
     "between the selected picture (share 0) and another one (1)", app_morph},

    {"open", "PATH...", 1, COMMAND_MAX_ARGS, COMMAND_DATA,
     "pictures, folders, tables, @faces and the like, models, sessions",
     app_open},
    {"browse", "[FOLDER]", 0, 1, COMMAND_DATA, "choose what to open",
     app_browse},
    {"save", "picture|parts|model|session [FILE]", 0, 2, COMMAND_DATA,
     "write a file; without FILE under a name of its own", app_save},
    {"record", "FILE.gif|FOLDER|stop", 1, 1, COMMAND_DATA,
     "keep all frames from here on", app_record},
    {"screenshot", "FILE.png", 1, 1, COMMAND_DATA, "a picture of the window",
     app_screenshot},

    {"axis", "iterations|seconds|next", 1, 1, COMMAND_WINDOW,
     "what the error is drawn against", app_axis},
    {"theme", "dark|high-contrast|next", 1, 1, COMMAND_WINDOW,
     "colours of the window", app_theme},
    {"ui-scale", "larger|smaller|X", 1, 1, COMMAND_WINDOW,
     "size of text and controls, 1 to 3", app_ui_scale},
    {"fullscreen", "", 0, 0, COMMAND_WINDOW, "all of the screen, or a window",
     app_fullscreen},
    {"help", "", 0, 0, COMMAND_WINDOW, "the keys and what they do", app_help},
    {"close", "", 0, 0, COMMAND_WINDOW, "close what is open, select nothing",
     app_close},
    {"quit", "", 0, 0, COMMAND_WINDOW, "end", app_quit},
};

/* A key has the name that SDL gives it; one that is typed, the character. */
static const struct key_binding keys[] = {
    {"Space", "toggle", NULL},
    {".", "step", "one iteration"},
    {"r", "restart", "begin again from the same start"},
    {"R", "new-seed", NULL},
    {"+", "parts +1", "one part more"},
    {"=", "parts +1", "one part more"},
    {"-", "parts -1", "one part less"},
    {"u", "undo", NULL},
    {"Ctrl+z", "undo", NULL},
    {"Left", "part left", "the part to the left"},
    {"Right", "part right", "to the right"},
    {"Up", "part up", "above"},
    {"Down", "part down", "below"},
    {"o", "order next", "sort the parts by something else"},
    {"c", "colours next", "other colours"},
    {"x", "scale next", "each part as bright as can be, or not"},
    {"]", "grid in", "larger parts"},
    {"[", "grid out", "smaller parts"},
    {"h", "hide", "leave the part out, or put it back"},
    {"i", "solo", NULL},
    {"a", "show-all", NULL},
    {"t", "heat next", "show the part on the picture"},
    {"n", "select next", "the next picture"},
    {"p", "select previous", "the picture before"},
    {"w", "wipe next", "original and sum in one place"},
    {"z", "zoom in", "larger pictures"},
    {"Z", "zoom out", "smaller pictures"},
    {"0", "zoom fit", "as large as there is room"},
    {"Tab", "tab next", "what is shown below the pictures"},
    {"1", "tab build", "the picture as a sum of parts"},
    {"2", "tab mix", "weights by hand"},
    {"3", "tab uses", "pictures that use the part"},
    {"4", "tab pictures", "all pictures"},
    {"5", "tab learning", "the options"},
    {"b", "build next", "add the parts one by one, or stop"},
    {"m", "mix random", "weights as chance wills"},
    {"M", "mix reset", "weights as learned"},
    {"Ctrl+o", "browse", NULL},
    {"s", "save", "save pictures, parts, the model"},
    {"y", "axis next", "error by iterations or seconds"},
    {"H", "theme next", "high contrast, or dark"},
    {"Ctrl++", "ui-scale larger", "larger text"},
    {"Ctrl+=", "ui-scale larger", "larger text"},
    {"Ctrl+-", "ui-scale smaller", "smaller text"},
    {"F11", "fullscreen", NULL},
    {"?", "help", NULL},
    {"F1", "help", NULL},
    {"Escape", "close", "close a dialog, select nothing"},
    {"q", "quit", NULL},
    {"Ctrl+q", "quit", NULL},
};

enum {
    N_COMMANDS = sizeof commands / sizeof *commands,
    N_KEYS = sizeof keys / sizeof *keys
};

const struct command *command_at(size_t i)
{
    return i < N_COMMANDS ? &commands[i] : NULL;
}

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

const char *command_group_name(enum command_group group)
{
    static const char *const names[COMMAND_N_GROUPS] = {
        "Learning", "Parts", "Picture", "Explore", "Files", "Window"};
    return names[group];
}

const struct key_binding *key_at(size_t i)
{
    return i < N_KEYS ? &keys[i] : NULL;
}

const char *key_line(const char *key)
{
    for (size_t i = 0; i < N_KEYS; i++) {
        if (strcmp(keys[i].key, key) == 0) {
            return keys[i].line;
        }
    }
    return NULL;
}

const char *key_of_line(const char *line)
{
    for (size_t i = 0; i < N_KEYS; i++) {
        if (strcmp(keys[i].line, line) == 0) {
            return keys[i].key;
        }
    }
    return NULL;
}

/* ---- lines ---- */

/* Cut a line into words, in place; quotes hold blanks, a # begins a remark.
 * -1: a quote without its end, or too many words. */
static int split(char *line, const char **words, int max)
{
    int n = 0;
    char *read = line;
    for (;;) {
        read += strspn(read, " \t\r\n");
        if (*read == '\0' || *read == '#') {
            return n;
        }
        if (n == max) {
            return -1;
        }
        char *write = read;
        char quote = '\0';
        words[n++] = write;
        for (; *read && (quote || !strchr(" \t\r\n", *read)); read++) {
            if (quote ? *read == quote : *read == '"' || *read == '\'') {
                quote = quote ? '\0' : *read;
            } else {
                *write++ = *read;
            }
        }
        if (quote) {
            return -1;
        }
        read += *read != '\0';
        *write = '\0';
    }
}

bool command_run(struct app *app, const char *line)
{
    char text[APP_LINE_SIZE];
    const char *words[COMMAND_MAX_ARGS + 1];
    struct command_args args = {0};
    if (strlen(line) >= sizeof text) {
        return app_warn(app, "a command of more than %d bytes",
                        APP_LINE_SIZE - 1);
    }
    memcpy(text, line, strlen(line) + 1);
    int n = split(text, words, COMMAND_MAX_ARGS + 1);
    if (n == 0) {
        return true;
    }
    if (n < 0) {
        return app_warn(app,
                        "'%.60s': a quote without its end, or too many "
                        "words",
                        line);
    }
    const struct command *command = command_find(words[0]);
    if (!command) {
        return app_warn(app, "'%.60s': no such command; ? shows them",
                        words[0]);
    }
    args.n = n - 1;
    for (int i = 0; i < args.n; i++) {
        args.arg[i] = words[i + 1];
    }
    if (args.n < command->min_args || args.n > command->max_args) {
        return app_warn(app, "%s wants %s", command->name,
                        *command->usage ? command->usage : "nothing more");
    }
    return command->run(app, &args);
}

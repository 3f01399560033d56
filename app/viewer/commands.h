/*
 * Everything that can be done, as a table: what scripts say, what keys do,
 * what the help shows. A control of a panel does its work by app_do() too.
 *
 *     part 12          what follows the name are arguments, apart by blanks
 *     open "my faces"  in quotes where they hold blanks
 */
#ifndef NMFIMG_VIEWER_COMMANDS_H
#define NMFIMG_VIEWER_COMMANDS_H

#include "app.h"

enum { COMMAND_MAX_ARGS = 64 };

/* What the help groups them by. */
enum command_group {
    COMMAND_LEARN,
    COMMAND_PARTS,
    COMMAND_PICTURE,
    COMMAND_EXPLORE, /* build-up, mix */
    COMMAND_DATA,    /* open, save, record */
    COMMAND_WINDOW,
    COMMAND_N_GROUPS
};

struct command_args {
    int n; /* without the name */
    const char *arg[COMMAND_MAX_ARGS];
};

struct command {
    const char *name;
    const char *usage; /* of the arguments: "[N]"; "" where there are none */
    int min_args;
    int max_args;
    enum command_group group;
    const char *help; /* "pause or go on"; lower case, no full stop */
    bool (*run)(struct app *app, const struct command_args *args);
};

/* Command number i; NULL past the end. By name: NULL where there is none. */
const struct command *command_at(size_t i);
const struct command *command_find(const char *name);
const char *command_group_name(enum command_group group);

/* A key and the line that it stands for; the first of several for a line is
 * the one that buttons show. */
struct key_binding {
    const char *key; /* "space", "R", "?", "Left", "F11", "Ctrl+Z" */
    const char *line;
    const char *help; /* NULL: as the command's */
};
const struct key_binding *key_at(size_t i); /* NULL past the end */
/* The line of a key by its name; NULL where it has none. */
const char *key_line(const char *key);
/* The key of a line, to be told on its button; NULL. */
const char *key_of_line(const char *line);

/* Run a whole line; what app_do() does. */
bool command_run(struct app *app, const char *line);

#endif

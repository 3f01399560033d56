/* Which events a frame takes, and which wait for the next. */
#include "support.h"

#include "ui_input.h"

#include <string.h>

static void push(ui_input *input, Uint32 type, int detail)
{
    SDL_Event event = {.type = type};
    if (type == SDL_MOUSEMOTION) {
        event.motion.x = detail;
    } else if (type == SDL_MOUSEBUTTONDOWN || type == SDL_MOUSEBUTTONUP) {
        event.button.button = (Uint8)detail;
    } else if (type == SDL_KEYDOWN || type == SDL_KEYUP) {
        event.key.keysym.sym = detail;
        event.key.keysym.scancode = (SDL_Scancode)(4 + detail % 64);
    }
    ui_input_push(input, &event);
}

/* How many events the next frame takes. */
static size_t frame(ui_input *input)
{
    SDL_Event event;
    size_t n = 0;
    ui_input_frame(input);
    while (ui_input_take(input, &event)) {
        n++;
    }
    return n;
}

static void a_click_takes_two_frames(void **state)
{
    (void)state;
    static ui_input input;
    memset(&input, 0, sizeof input);
    push(&input, SDL_MOUSEMOTION, 5);
    push(&input, SDL_MOUSEBUTTONDOWN, SDL_BUTTON_LEFT);
    push(&input, SDL_MOUSEBUTTONUP, SDL_BUTTON_LEFT);
    push(&input, SDL_MOUSEMOTION, 9);
    assert_int_equal(frame(&input), 2); /* there, and down */
    assert_int_equal(frame(&input), 1); /* up */
    assert_int_equal(frame(&input), 1); /* away */
    assert_int_equal(frame(&input), 0);
}

static void two_buttons_may_change_at_once(void **state)
{
    (void)state;
    static ui_input input;
    memset(&input, 0, sizeof input);
    push(&input, SDL_MOUSEBUTTONDOWN, SDL_BUTTON_LEFT);
    push(&input, SDL_MOUSEBUTTONDOWN, SDL_BUTTON_RIGHT);
    assert_int_equal(frame(&input), 2);
}

static void motions_are_joined(void **state)
{
    (void)state;
    static ui_input input;
    SDL_Event event;
    memset(&input, 0, sizeof input);
    for (int x = 0; x < 1000; x++) {
        push(&input, SDL_MOUSEMOTION, x);
    }
    assert_int_equal(input.n, 1);
    ui_input_frame(&input);
    assert_true(ui_input_take(&input, &event));
    assert_int_equal(event.motion.x, 999);
}

static void text_waits_for_the_key_before_it(void **state)
{
    (void)state;
    static ui_input input;
    memset(&input, 0, sizeof input);
    push(&input, SDL_KEYDOWN, SDLK_BACKSPACE);
    push(&input, SDL_TEXTINPUT, 0);
    assert_int_equal(frame(&input), 1);
    assert_int_equal(frame(&input), 1);
    /* A typed letter is a key, too, and does not keep its own text waiting. */
    push(&input, SDL_KEYDOWN, SDLK_b);
    push(&input, SDL_TEXTINPUT, 0);
    assert_int_equal(frame(&input), 2);
}

static void a_key_down_and_up_takes_two_frames(void **state)
{
    (void)state;
    static ui_input input;
    memset(&input, 0, sizeof input);
    push(&input, SDL_KEYDOWN, SDLK_RETURN);
    push(&input, SDL_KEYUP, SDLK_RETURN);
    assert_int_equal(frame(&input), 1);
    assert_int_equal(frame(&input), 1);
}

static void what_is_too_much_is_lost_in_order(void **state)
{
    (void)state;
    static ui_input input;
    memset(&input, 0, sizeof input);
    for (int round = 0; round < 3; round++) {
        size_t n = 0;
        for (int i = 0; i < UI_INPUT_MAX + 10; i++) {
            push(&input, SDL_TEXTINPUT, 0);
        }
        assert_int_equal(input.n, UI_INPUT_MAX);
        for (size_t taken = frame(&input); taken > 0; taken = frame(&input)) {
            n += taken;
        }
        assert_int_equal(n, UI_INPUT_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_click_takes_two_frames),
        cmocka_unit_test(two_buttons_may_change_at_once),
        cmocka_unit_test(motions_are_joined),
        cmocka_unit_test(text_waits_for_the_key_before_it),
        cmocka_unit_test(a_key_down_and_up_takes_two_frames),
        cmocka_unit_test(what_is_too_much_is_lost_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

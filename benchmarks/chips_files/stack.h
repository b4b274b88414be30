/* How much of the stack is used: paint what lies below a frame, and look what has changed since. */

static volatile uint8_t *board_painted_to;

#define PAINT ((uint8_t)0xA5)

/* A frame ends a little above where the stack of what it calls begins. */
__attribute__((noinline)) void board_paint_stack(void)
{
    volatile uint8_t *place = STACK_POINTER();
    board_painted_to = place;
    while (place > STACK_LIMIT) {
        *--place = PAINT;
    }
}

__attribute__((noinline)) uint32_t board_painted_over(void)
{
    volatile uint8_t *deepest = STACK_LIMIT;
    while (deepest < board_painted_to && *deepest == PAINT) {
        deepest++;
    }
    return (uint32_t)(board_painted_to - deepest);
}

/* How much of the stack a call uses: paint what lies below, and look what has changed since. */

#define PAINT ((uint8_t)0xA5)

static volatile uint8_t *board_callers_end; /* of the stack, where it calls from */

__attribute__((noinline)) void board_paint_stack(void)
{
    board_callers_end = (volatile uint8_t *)__builtin_dwarf_cfa() + STACK_OFFSET;
    for (volatile uint8_t *place = STACK_POINTER(); place > STACK_LIMIT;) {
        *--place = PAINT;
    }
}

__attribute__((noinline)) uint32_t board_painted_over(void)
{
    volatile uint8_t *deepest = STACK_LIMIT;
    while (deepest < board_callers_end && *deepest == PAINT) {
        deepest++;
    }
    return (uint32_t)(board_callers_end - deepest);
}

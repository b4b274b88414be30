/* Ask a network about a few rows: the classes, the stack, and the ticks of the clock. */

#include <stdint.h>
#include <stdio.h>
#include "board.h"
#include "net.h"
#include "rows.h"

static INPUT row[INPUTS];

__attribute__((noinline)) static int asked(void)
{
    __asm__ volatile("" ::: "memory");
    return (int)(CALL);
}

__attribute__((noinline)) static int not_asked(void)
{
    __asm__ volatile("" ::: "memory");
    return 0;
}

static void take_row(int i)
{
    for (int j = 0; j < INPUTS; j++) {
        row[j] = (INPUT)BOARD_BYTE(&rows[i][j]);
    }
}

static uint32_t timed(int (*function)(void))
{
    board_start_clock();
    for (int i = 0; i < ROWS; i++) {
        take_row(i);
        for (int j = 0; j < ROUNDS; j++) {
            function();
        }
    }
    return board_ticks();
}

int main(void)
{
    uint32_t deepest = 0;
    for (int i = 0; i < ROWS; i++) {
        take_row(i);
        board_paint_stack();
        const int answer = asked();
        const uint32_t used = board_painted_over();
        deepest = used > deepest ? used : deepest;
        printf("%d\n", answer);
    }
    board_start_clock();
    const uint32_t known = board_known_work(), ticks = board_ticks();
    printf("known %lu\nknown ticks %lu\n", (unsigned long)known, (unsigned long)ticks);
    printf("stack %lu\n", (unsigned long)deepest);
    printf("asked %lu\n", (unsigned long)timed(asked));
    printf("not asked %lu\n", (unsigned long)timed(not_asked));
    return 0;
}

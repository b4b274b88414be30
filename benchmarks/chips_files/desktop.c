/* Ask a network about all rows on the machine that compiles it. */

#include <stdio.h>
#include "board.h"
#include "net.h"
#include "rows.h"

static INPUT row[INPUTS];

__attribute__((noinline)) int asked(void)
{
    __asm__ volatile("" ::: "memory");
    return (int)(CALL);
}

int main(void)
{
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < INPUTS; j++) {
            row[j] = (INPUT)rows[i][j];
        }
        printf("%d\n", asked());
    }
    return 0;
}

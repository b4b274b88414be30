/* The smallest program with a network, or without one: what it has more, the network takes. */

#include <stdint.h>
#ifdef CALL
#include "net.h"
#endif

INPUT row[INPUTS];
volatile int answer;

int main(void)
{
    __asm__ volatile("" : : "r"(row) : "memory");
#ifdef CALL
    answer = (int)(CALL);
#endif
    return 0;
}

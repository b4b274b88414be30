/* What a program asks of a machine: a clock that counts instructions or cycles, and its stack.

   Besides, printf works, and the machine stops when main returns. */

#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

void board_start_clock(void);       /* from 0 */
uint32_t board_ticks(void);         /* since then; 0 if it has run over */
uint32_t board_known_work(void);    /* does what takes a known count, and returns that */
void board_paint_stack(void);       /* all that the caller does not use */
uint32_t board_painted_over(void);  /* bytes that were used since, without gaps */

/* Constants that a chip with two address spaces keeps in the one that has room. */
#ifdef __AVR__
#include <avr/pgmspace.h>
#define BOARD_ROM PROGMEM
#define BOARD_BYTE(place) pgm_read_byte(place)
#else
#define BOARD_ROM
#define BOARD_BYTE(place) (*(place))
#endif

#endif

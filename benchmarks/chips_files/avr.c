/* An ATmega328P in simavr: the serial line for printf, and timer 1 for cycles. */

#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <stdint.h>
#include <stdio.h>
#include <util/delay_basic.h>
#include "board.h"

extern uint8_t __heap_start;

static int put(char letter, FILE *file)
{
    (void)file;
    while (!(UCSR0A & 1 << UDRE0)) {
    }
    UDR0 = (uint8_t)letter;
    return 0;
}

static FILE serial = FDEV_SETUP_STREAM(put, NULL, _FDEV_SETUP_WRITE);

__attribute__((constructor)) static void start(void)
{
    UCSR0B = 1 << TXEN0;
    stdout = &serial;
}

/* simavr ends when the chip sleeps and nothing can wake it up. */
__attribute__((destructor)) static void leave(void)
{
    cli();
    sleep_enable();
    sleep_cpu();
}

/* Slow, so that its 16 bits do for a few rows. */
void board_start_clock(void)
{
    TCCR1B = 0;
    TIFR1 = 1 << TOV1;
    TCNT1 = 0;
    TCCR1B = 1 << CS12 | 1 << CS10;
}

uint32_t board_ticks(void)
{
    const uint16_t now = TCNT1;
    return TIFR1 & 1 << TOV1 ? 0 : now; /* 0: it has run over */
}

uint32_t board_known_work(void)
{
    for (uint8_t i = 0; i < 64; i++) {
        _delay_loop_2(0); /* 65,536 times 4 cycles */
    }
    return 1ul << 24;
}

#define STACK_POINTER() ((volatile uint8_t *)SP + 1)
#define STACK_OFFSET 1 /* the pointer is to the first free byte */
#define STACK_LIMIT ((volatile uint8_t *)&__heap_start)
#include "stack.h"

/* A Cortex-M in qemu: the vectors, semihosting for printf, and SysTick for instructions.

   qemu runs with -icount shift=0, so that an instruction takes a nanosecond of its time. */

#include <stdint.h>
#include <stdio.h>
#include "board.h"

extern uint32_t data_in_flash[], data_start[], data_end[], bss_start[], bss_end[], stack_top[];
int main(void);

static int host(int operation, const void *argument)
{
    register int number __asm__("r0") = operation;
    register const void *pointer __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(number) : "r"(pointer) : "memory");
    return number;
}

static void leave(int failed)
{
    host(0x18, (const void *)(failed ? 0x20023 : 0x20026)); /* SYS_EXIT */
    for (;;) {
    }
}

static void reset(void)
{
    for (uint32_t *from = data_in_flash, *to = data_start; to < data_end;) {
        *to++ = *from++;
    }
    for (uint32_t *to = bss_start; to < bss_end;) {
        *to++ = 0;
    }
#ifdef __ARM_FP
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20; /* CPACR: the unit for floats */
    __asm__ volatile("dsb\n isb");
#endif
    leave(main());
}

static void fault(void)
{
    leave(1);
}

__attribute__((section(".vectors"), used)) const void *const board_vectors[16] = {
    stack_top, (void *)reset, (void *)fault, (void *)fault,
};

/* -- printf ------------------------------------------------------------------------------------ */

int _write(int file, const char *text, int length)
{
    (void)file;
    for (int i = 0; i < length; i++) {
        host(0x03, &text[i]); /* SYS_WRITEC */
    }
    return length;
}

void *_sbrk(int bytes)
{
    static uint8_t heap[2048];
    static int used = 0;
    if (bytes > (int)sizeof heap - used) {
        return (void *)-1;
    }
    used += bytes;
    return heap + used - bytes;
}

int _close(int file) { (void)file; return -1; }
int _fstat(int file, void *about) { (void)file; (void)about; return -1; }
int _isatty(int file) { (void)file; return 1; }
int _lseek(int file, int to, int whence) { (void)file; (void)to; (void)whence; return 0; }
int _read(int file, char *text, int length) { (void)file; (void)text; (void)length; return 0; }
void _exit(int status) { leave(status); }
int _kill(int process, int signal) { (void)process; (void)signal; return -1; }
int _getpid(void) { return 1; }

/* -- the clock, of 24 bits, and the stack -------------------------------------------------------- */

static volatile uint32_t *const systick = (uint32_t *)0xE000E010; /* control, reload, now */

void board_start_clock(void)
{
    systick[0] = 0;
    systick[1] = 0xFFFFFF;
    systick[2] = 0;
    systick[0] = 5; /* on, with the processor's clock, without an interrupt */
}

uint32_t board_ticks(void)
{
    const uint32_t now = systick[2];
    return systick[0] & 1u << 16 ? 0 : 0xFFFFFF - now; /* 0: it has run down */
}

uint32_t board_known_work(void)
{
    uint32_t left = 1ul << 20;
    __asm__ volatile(".syntax unified\n1: subs %0, %0, #1\n bne 1b" : "+l"(left) : : "cc");
    return 2ul << 20;
}

static inline __attribute__((always_inline)) volatile uint8_t *stack_pointer(void)
{
    uint8_t *place;
    __asm__ volatile("mov %0, sp" : "=r"(place));
    return place;
}

#define STACK_POINTER stack_pointer
#define STACK_OFFSET 0
#define STACK_LIMIT ((volatile uint8_t *)bss_end)
#include "stack.h"

"""Programs for chips, compiled and run on simulated ones: an AVR by simavr, a Cortex-M0 by qemu.

A program includes board.h: it begins with board_begin(), says hexadecimal numbers with
board_say(number), and ends with board_end().
"""

import re
import subprocess

BOARD_H = """#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif
void board_begin(void);
void board_put(char character);
void board_end(void);
#ifdef __cplusplus
}
#endif
static inline void board_say(uint32_t number)
{
    for (int shift = 28; shift >= 0; shift -= 4) {
        board_put("0123456789abcdef"[(number >> shift) & 15u]);
    }
    board_put('\\n');
}
"""

# The serial port says the numbers. simavr ends when the chip sleeps with interrupts off.
AVR = """#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include "board.h"
void board_begin(void) { UCSR0B = 1 << TXEN0; }
void board_put(char character)
{
    while (!(UCSR0A & (1 << UDRE0))) {
    }
    UDR0 = (uint8_t)character;
}
void board_end(void)
{
    cli();
    sleep_enable();
    sleep_cpu();
}
"""

# Semihosting says the numbers, and ends qemu.
CORTEX = """#include "board.h"
extern char board_stack[];
int main(void);
void board_begin(void) {}
static void call(int number, const void *argument)
{
    register int r0 __asm__("r0") = number;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}
void board_put(char character) { call(3, &character); }
void board_end(void) { call(0x18, (const void *)0x20026); }
static void start(void) { (void)main(); }
static void fault(void) { call(0x18, (const void *)0x20023); }
__attribute__((used, section(".vectors"))) static void *const vectors[4] = {
    board_stack, (void *)start, (void *)fault, (void *)fault,
};
"""

# qemu puts the data in place, so that nothing has to copy it from flash.
CORTEX_LINK = """SECTIONS
{
    .text 0 : { KEEP(*(.vectors)) *(.text*) *(.rodata*) }
    .ARM.exidx : { *(.ARM.exidx*) }
    .data 0x20000000 : { *(.data*) }
    .bss : { *(.bss*) *(COMMON) }
    board_stack = 0x20004000;
}
"""

SLOWEST = 120  # seconds


def on_avr(folder, files, *flags):
    """Compile a program for an ATmega328P, and return what it says; and its flash and RAM in bytes.

    RAM is what the linker knows of, without the stack.
    """
    command = ["avr-gcc", "-mmcu=atmega328p", "-DF_CPU=16000000UL", "-Os", *flags]
    said, sizes = _run(
        folder, files | {"board.c": AVR}, command, ["simavr", "-m", "atmega328p", "-f", "16000000"]
    )
    return _numbers(r"\x1b\[32m([0-9a-f]{8})\.", said), sizes


def on_cortex_m0(folder, files, *flags):
    """Compile a program for a Cortex-M0, and return the same."""
    (folder / "board.ld").write_text(CORTEX_LINK)
    command = ["arm-none-eabi-gcc", "-mcpu=cortex-m0", "-mthumb", "-Os", "-nostartfiles"]
    command += ["-Tboard.ld", *flags]
    qemu = ["qemu-system-arm", "-M", "microbit", "-display", "none", "-serial", "none"]
    qemu += ["-monitor", "none", "-semihosting", "-kernel"]
    said, sizes = _run(folder, files | {"board.c": CORTEX}, command, qemu)
    return _numbers("^([0-9a-f]{8})$", said), sizes


def _run(folder, files, compiler, simulator):
    for name, text in {"board.h": BOARD_H, **files}.items():
        (folder / name).write_text(text)
    sources = [name for name in files if name.endswith((".c", ".cpp"))]
    _checked([*compiler, *sources, "-o", "program", "-lm"], folder)
    tool = compiler[0].replace("gcc", "size")
    [_, line] = _checked([tool, "program"], folder).splitlines()
    text, data, bss = map(int, line.split()[:3])
    return _checked([*simulator, "program"], folder), (text + data, data + bss)


def _checked(command, folder):
    done = subprocess.run(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SLOWEST,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def _numbers(pattern, said):
    found = re.findall(pattern, said, re.MULTILINE)
    assert found, said
    return [int(number, 16) for number in found]

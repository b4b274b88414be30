"""Programs on emulated chips, and what the benchmark of chips counts there."""

import json
import re
import shutil
from importlib.util import find_spec

import pytest

from benchmarks import __main__, chips
from benchmarks.answers import BenchmarkError

TOOLS = ["arm-none-eabi-gcc", "qemu-system-arm", "avr-gcc", "simavr", "valgrind"]
ON = {chips.M0: chips.run_on_m0, chips.AVR: chips.run_on_avr}
ROWS = [[0] * chips.PIXELS, [16] * chips.PIXELS]


@pytest.fixture(autouse=True)
def tools(required):
    for tool in TOOLS:
        required(f"{tool} (apt-get install {chips.PACKAGES})", shutil.which(tool))


def network(body, before=""):
    """Return a network that is a function of a row of bytes."""
    header = f"#include <stdint.h>\n{before}\nstatic int net(const uint8_t *row) {{ {body} }}\n"
    return chips.Network(header, "net(row)", "uint8_t")


@pytest.mark.parametrize("chip", ON)
def test_a_program_of_several_files_prints_on_a_chip(chip):
    main = """\
        #include <stdio.h>
        #include "net.h"
        int twice(int n);
        static int once = 21;
        static int counted;
        int main(void)
        {
            for (; counted < 3; counted++) {
                printf("%d: %ld.\\n\\n", twice(once), N);
            }
            return 0;
        }
    """
    files = {"net.h": "#define N 100000L", "main.c": main}
    files["twice.c"] = "int twice(int n);\nint twice(int n) { return 2 * n; }\n"
    assert ON[chip](files) == "42: 100000.\n\n" * 3


@pytest.mark.parametrize("chip", ON)
def test_a_program_that_does_not_end_or_compile_is_refused(chip, monkeypatch, capfd):
    monkeypatch.setattr(chips, "SECONDS", 1)
    with pytest.raises(BenchmarkError, match="no end after 1 second"):
        ON[chip]({"main.c": "int main(void) { for (;;) { } }"})
    with pytest.raises(BenchmarkError, match=r"gcc does not compile main\.c$"):
        ON[chip]({"main.c": "int main(void) { return nothing; }"})
    assert "nothing" in capfd.readouterr().err


def test_a_program_that_fails_is_refused():
    with pytest.raises(BenchmarkError, match="qemu-system-arm: "):
        chips.run_on_m0({"main.c": "int main(void) { return 1; }"})
    with pytest.raises(BenchmarkError, match="qemu-system-arm: "):
        chips.run_on_m0({"main.c": "int main(void) { __builtin_trap(); }"})


# -- what is counted -----------------------------------------------------------------------------

LOOPS = {
    chips.M0: '__asm__ volatile(".syntax unified\\n1: subs %0, #1\\n bne 1b" : "+l"(n) : : "cc");',
    chips.AVR: '__asm__ volatile("1: sbiw %0, 1\\n brne 1b" : "+w"(n));',
}
LOOPS[chips.M4F] = LOOPS[chips.M0]


@pytest.mark.parametrize("chip, each", [(chips.M0, 2), (chips.M4F, 2), (chips.AVR, 4)])
def test_instructions_and_cycles_are_those_of_a_loop_that_is_known(chip, each):
    def count(rounds):
        slow = network(f"uint16_t n = {rounds}; {LOOPS[chip]} return row[0];")
        return chips.measured_on(chips.CHIPS[chip], slow, ROWS, [0, 16])["count"]

    # A tick of the clock is at most 1,024 cycles, and two rows share the error of one.
    tick = 1024 / len(ROWS) if chip == chips.AVR else 8
    assert count(60000) - count(10000) == pytest.approx(50000 * each, abs=2 * tick)


@pytest.mark.parametrize("chip", chips.CHIPS)
def test_ram_is_that_of_variables_and_of_the_deepest_stack(chip):
    """The differences are exact, but for the alignment to eight bytes of a Cortex-M."""

    def ram(variable, stack):
        before = f"static volatile uint8_t kept[{variable}];"
        body = f"volatile uint8_t local[{stack}]; kept[0] = row[0];"
        body += f"for (int i = 0; i < {stack}; i++) {{ local[i] = 1; }} return kept[0];"
        both = network(body, before)
        return chips.measured_on(chips.CHIPS[chip], both, ROWS, [0, 16])["ram"]

    assert ram(160, 80) - ram(80, 80) == 80
    assert ram(80, 160) - ram(80, 80) == 80
    assert 160 <= ram(80, 80) < 160 + 40


@pytest.mark.parametrize("chip", chips.CHIPS)
def test_flash_is_that_of_code_and_constants_with_what_they_call(chip):
    table = "static const volatile uint8_t table[800] = {1, 2, 3};"
    flash = {
        name: chips.size_of(chips.CHIPS[chip], net)[0]
        for name, net in {
            "nothing": network("(void)row; return 1;"),
            "table": network("return table[row[0]];", table),
            "division": network("return (int)(1000.0f / (float)row[0]);"),
        }.items()
    }
    assert 0 < flash["nothing"] < 20
    assert 800 < flash["table"] < 840
    software = chip != chips.M4F  # which divides floats in one instruction
    assert (200 < flash["division"]) == software


def test_what_is_too_large_for_a_chip_is_measured_and_does_not_run():
    large = network("return large[row[0]];", "static volatile uint8_t large[3000] = {1};")
    found = chips.measured_on(chips.CHIPS[chips.AVR], large, ROWS, [1, 0])
    assert found["ram"] == 3000 and found["flash"] > 3000 and found["count"] is None
    assert chips.measured_on(chips.CHIPS[chips.M0], large, ROWS, [1, 0])["count"] is not None


@pytest.mark.parametrize("chip", chips.CHIPS)
def test_wrong_classes_are_not_counted(chip):
    with pytest.raises(BenchmarkError, match=r"expected the classes \[0, 15\], got \[0, 16\]"):
        chips.measured_on(chips.CHIPS[chip], network("return row[0];"), ROWS, [0, 15])


def test_a_form_that_answers_otherwise_than_the_model_is_refused():
    with pytest.raises(BenchmarkError, match="only 1 of 2 rows get the model's class"):
        chips.measured_here(network("return row[0];"), ROWS, [0, 15])


# -- the command ---------------------------------------------------------------------------------


def test_forms_and_a_peer_are_measured_and_shown(required, tmp_path, capsys):
    for name in ("sklearn", "emlearn"):
        required(f"{name} (pip install -e '.[bench]')", find_spec(name))
    file = tmp_path / "chips.json"
    __main__.main(["chips", "--only", "em", "--json", str(file)])
    printed = capsys.readouterr().out
    __main__.main(["show", str(file)])
    assert capsys.readouterr().out == printed
    assert re.search(r"^emlearn  +1\d,\d{3} ", printed, re.MULTILINE)
    [case] = json.loads(file.read_text(encoding="utf-8"))["cases"]
    assert case["other"] == 0 and case["right"] == case["model_right"] > 0.95

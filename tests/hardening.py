#!/usr/bin/python3
"""What the program as it is built by default has against those who find a mistake in it, read from the file itself. TAP."""
import os
import platform
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tap


def said(*command):
    return subprocess.run(command, env={'PATH': os.environ['PATH'], 'LC_ALL': 'C'}, capture_output=True, text=True, check=True).stdout


class Hardening(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = os.path.join(tap.BUILD, 'yubiao')
        cls.head = said('readelf', '-W', '-h', '-l', '-d', cls.program)
        cls.names = set(re.findall(r' ([A-Za-z_]\w*)(?:@\S*)?(?: \(\d+\))?$', said('readelf', '-W', '--dyn-syms', cls.program), re.M))

    def code(self):
        if platform.machine() != 'x86_64':
            self.skipTest('the code is looked at on x86_64 only')
        return said('objdump', '-d', '--no-show-raw-insn', self.program)

    def test_it_is_loaded_anywhere(self):
        self.assertRegex(self.head, r'Type: +DYN')
        self.assertRegex(self.head, r'FLAGS_1.*\bPIE\b')
        self.assertNotIn('TEXTREL', self.head)

    def test_its_tables_cannot_be_written_once_it_runs(self):
        self.assertIn('GNU_RELRO', self.head)
        self.assertRegex(self.head, r'\(FLAGS\).*BIND_NOW')

    def test_nothing_is_both_written_and_run(self):
        stack = re.search(r'GNU_STACK +(?:0x\w+ +){5}(\S+)', self.head)
        self.assertEqual(stack[1], 'RW')
        self.assertNotRegex(self.head, r'LOAD .* RWE ')

    def test_it_looks_for_libraries_nowhere_else(self):
        self.assertNotRegex(self.head, r'RPATH|RUNPATH')

    def test_overrun_arrays_on_the_stack_are_noticed(self):
        self.assertIn('__stack_chk_fail', self.names)

    def test_overruns_in_calls_of_libc_are_noticed(self):
        checked = {name for name in self.names if name.endswith('_chk')}
        self.assertGreaterEqual(checked, {'__vsnprintf_chk', '__memcpy_chk', '__snprintf_chk'})
        self.assertNotIn('sprintf', self.names)

    def test_large_frames_touch_every_page(self):
        self.assertRegex(self.code(), r'\bor[ql]? +\$0x0,(0x\w+)?\(%rsp\)')

    def test_functions_begin_where_calls_may_land(self):
        begun = re.findall(r'^\w+ <(?:main|session_open|diag_add)>:\n +\w+:\t(\w+)', self.code(), re.M)
        self.assertEqual(begun, ['endbr64'] * 3)


if __name__ == '__main__':
    tap.main()

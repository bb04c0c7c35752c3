#!/usr/bin/python3
"""Keys as the terminals of the trade send them, and what is typed where it does not belong."""
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clerk import Clerk, ScreenCase
import tap

HELP = '帮助'
# What F1 and F5 are in the terminals that people have: PuTTY's default and VT100+ mode, xterm, the Linux console, rxvt.
ENCODINGS = {'xterm': ('\x1bOP', '\x1b[15~'), 'putty': ('\x1b[11~', '\x1b[15~'), 'putty vt100+': ('\x1bOP', '\x1bOT'),
             'linux': ('\x1b[[A', '\x1b[[E'), 'rxvt': ('\x1b[11~', '\x1b[15~')}
TERMS = ['xterm', 'xterm-256color', 'linux', 'vt100', 'vt220', 'putty', 'tmux-256color', 'screen']


class Keys(ScreenCase):
    def test_function_keys_in_every_encoding(self):
        for term in TERMS:
            for name, (f1, f5) in ENCODINGS.items():
                with self.subTest(term=term, encoding=name), self.clerk(term=term) as clerk:
                    start = clerk.text()
                    clerk.send(f5)
                    self.assertShows(clerk, '-7.00')  # the findings, in whatever language
                    clerk.press('F10')
                    self.assertEqual(clerk.text(), start, clerk.dump())
                    clerk.send(f1)
                    self.assertShows(clerk, 'Ctrl-S')  # help
                    self.assertNotEqual(clerk.text(), start)

    def test_escape_then_digit_is_a_function_key_at_any_pace(self):
        clerk = self.clerk()
        start = clerk.text()
        clerk.press('Esc')
        self.assertShows(clerk, '再按数字')
        time.sleep(0.4)  # a slow finger: the pace itself is what is tested
        clerk.send('5')
        self.assertShows(clerk, '问题（')
        clerk.press('F10')
        self.assertEqual(clerk.text(), start, clerk.dump())
        clerk.send('\x1b5')  # at once, as a terminal sends Alt-5
        self.assertShows(clerk, '问题（')

    def test_escape_in_an_entry_cancels_and_digits_are_digits(self):
        clerk = self.clerk('expenditure')
        clerk.find('2012902')
        clerk.press('9', '8', '7')
        self.assertShows(clerk, '987')
        clerk.press('Esc')
        self.assertShowsNot(clerk, '987')
        clerk.press('5', '4', '3')
        self.assertShowsNot(clerk, '问题（')
        self.assertShows(clerk, '543')

    def test_a_function_key_is_never_typed_into_an_amount(self):
        for number, keys in enumerate(('\x1b[11~', '\x1b[27;5;65~', '\x1b[1;2P', '\x1bO5P', '\x1b[200;1$y')):
            with self.subTest(keys=repr(keys)):
                name = 'sample-%d.yaml' % number
                clerk = self.clerk('expenditure', name, term='xterm')
                clerk.find('2012902')
                clerk.send('12')
                clerk.send(keys)
                for _ in range(2):  # help may have opened
                    if HELP in clerk.lines()[0]:
                        clerk.press('F10')
                clerk.press('Enter', 'F2')
                self.assertSaved(r'row: "2012902", 基本支出: 12\.00,', name)
                clerk.close()

    def test_full_width_digits_and_ten_thousands(self):
        clerk = self.clerk('expenditure')
        self.enter(clerk, '2012902', '１，２３４．５０')
        self.assertShows(clerk, '1234.50')
        self.enter(clerk, '2012902', '1.2万')
        clerk.press('F2')
        self.assertSaved(r'row: "2012902", 基本支出: 1234\.50, 项目支出: 1\.20}')  # 12,000 元 in a table in 万元

    def enter(self, clerk, code, text):
        clerk.find(code)
        clerk.send(text)
        clerk.press('Enter')

    def test_a_wrong_figure_stays_to_be_mended(self):
        for text in ('1.2.3', '12x', '0.12345678', '99999999999999999999'):
            with self.subTest(text=text):
                clerk = self.clerk('expenditure')
                clerk.find('2012902')
                before = clerk.text()
                clerk.send(text)
                clerk.press('Enter')
                self.assertShows(clerk, text)
                self.assertNotEqual(clerk.text(), before)
                clerk.press('Esc')
                self.assertShowsNot(clerk, text)
                clerk.close()

    def test_page_keys_of_a_vt100(self):
        clerk = self.clerk('summary', term='vt100')
        clerk.press('CtrlHome')
        top = clerk.text()
        clerk.send('\x06')
        self.assertNotEqual(clerk.text(), top)
        clerk.send('\x02')
        self.assertEqual(clerk.text(), top)

    def test_inside_tmux(self):
        if not shutil.which('tmux'):
            self.fail('tmux is missing')
        tmux = ['tmux', '-L', 'yubiao-%d' % os.getpid(), '-f', '/dev/null']
        env = tap.clean_environment(self.home, TMUX_TMPDIR=self.home, TERM='xterm-256color')
        run = lambda *words: subprocess.run(tmux + list(words), env=env, cwd=self.home, check=True, capture_output=True, text=True).stdout
        run('new-session', '-d', '-x', '80', '-y', '24', tap.PROGRAM, self.copy_sample())
        self.addCleanup(subprocess.run, tmux + ['kill-server'], env=env, capture_output=True)
        self.wait_for(lambda: '总工会' in run('capture-pane', '-p'))
        run('send-keys', '3', 'Enter')
        self.wait_for(lambda: '2012901' in run('capture-pane', '-p'))
        run('send-keys', 'F5')
        self.wait_for(lambda: '问题（' in run('capture-pane', '-p'))
        run('send-keys', 'F10')
        self.wait_for(lambda: '2012901' in run('capture-pane', '-p'))

    def wait_for(self, condition):
        end = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), end, 'nothing came')
            time.sleep(0.02)


if __name__ == '__main__':
    tap.main()

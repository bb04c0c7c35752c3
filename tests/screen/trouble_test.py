#!/usr/bin/python3
"""What goes wrong around a clerk: the window, the line, the disk, the locale, a paste; and leaving with unsaved changes."""
import contextlib
import os
import pty
import re
import select
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clerk import Clerk, ScreenCase
import tap
from terminal import gb18030_locale

COLOUR = re.compile(rb'\x1b\[[0-9;]*\b(3[0-7]|4[0-7]|38;5;\d+|9[0-7])(;[0-9;]*)?m')


class Trouble(ScreenCase):
    def enter(self, clerk, text='5.60'):
        """项目支出 of 2012902: 2.60 in the sample."""
        clerk.find('2012902')
        clerk.press('Home', 'Right', 'Right')
        clerk.send(text)
        clerk.press('Enter')

    # -- leaving

    def test_quitting_asks_for_unsaved_changes(self):
        clerk = self.clerk('expenditure')
        self.enter(clerk)
        clerk.press('F10', 'F10')
        self.assertShows(clerk, '有修改还没有保存')
        clerk.press('Esc')
        self.assertIsNone(clerk.process.poll())
        clerk.press('F10', '1')
        self.assertEqual(clerk.wait(), 0)
        self.assertIn('5.60', self.saved())

    def test_quitting_without_saving_leaves_the_file(self):
        clerk = self.clerk('expenditure')
        before = self.saved()
        self.enter(clerk)
        clerk.press('F10', 'F10', '2')
        self.assertEqual(clerk.wait(), 0)
        self.assertEqual(self.saved(), before)

    def test_quitting_unchanged_asks_nothing(self):
        clerk = self.clerk()
        clerk.press('F10')
        self.assertEqual(clerk.wait(), 0)

    def test_undo_and_redo(self):
        clerk = self.clerk('expenditure')
        before = clerk.lines()[1:18]
        self.enter(clerk)
        changed = clerk.lines()[1:18]
        self.assertNotEqual(before, changed)
        clerk.press('CtrlZ')
        self.assertEqual(clerk.lines()[1:18], before, clerk.dump())
        clerk.press('CtrlY')
        self.assertEqual(clerk.lines()[1:18], changed, clerk.dump())

    # -- the window

    def test_resizing_redraws(self):
        clerk = self.clerk('expenditure')
        clerk.resize(132, 43)
        wide = clerk.text()
        self.copy_sample('other.yaml')
        with Clerk(['other.yaml'], self.home, columns=132, rows=43) as other:
            other.open_table('expenditure')
            self.assertEqual(wide, other.text())
        clerk.resize(80, 24)
        clerk.resize(132, 43)
        self.assertEqual(clerk.text(), wide)

    def test_a_window_that_is_too_small_loses_nothing(self):
        clerk = self.clerk('expenditure')
        before = clerk.text()
        clerk.find('2012902')
        clerk.press('Home', 'Right', 'Right')
        clerk.send('5.6')
        clerk.resize(30, 8)
        self.assertShows(clerk, '窗口太小')
        clerk.resize(5, 2)
        clerk.resize(80, 24)
        clerk.press('0', 'Enter', 'F2')
        self.assertShows(clerk, '已保存')
        self.assertNotEqual(clerk.text(), before)
        self.assertIn('5.60', self.saved())

    def test_a_tiny_window_gets_whole_control_sequences(self):
        clerk = self.clerk(columns=1, rows=1, term='linux', env={'LINES': '1', 'COLUMNS': '1'})
        self.assertIn(b'\x1b[?2004h', clerk.raw)
        self.assertFalse(re.search(rb'\x1b\[[0-?]*\x1b', clerk.raw), bytes(clerk.raw[:200]))

    # -- a paste

    def test_a_paste_is_one_change_and_shown_first(self):
        clerk = self.clerk('expenditure')
        before = clerk.lines()[1:18]
        clerk.find('2080501')
        clerk.paste('11.11\t22.22\r33.33\t44.44\r')
        self.assertShows(clerk, '11.11')
        self.assertShows(clerk, '44.44')
        clerk.press('Enter')
        clerk.press('CtrlHome')
        for figure in ('11.11', '22.22', '33.33', '44.44'):
            self.assertShows(clerk, figure)
        clerk.press('CtrlZ', 'CtrlHome')
        self.assertEqual(clerk.lines()[1:18], before, clerk.dump())

    def test_a_paste_never_acts_as_keys(self):
        clerk = self.clerk('expenditure')
        before = self.saved()
        clerk.paste('\x1b[21~\x1b[21~2\r\x13\x1b0\x1b02q')
        clerk.press('Esc')
        self.assertIsNone(clerk.process.poll(), 'the paste has quit the program')
        self.assertEqual(self.saved(), before)
        clerk.paste('1' * 5000)
        clerk.press('Esc', 'Esc')
        self.assertIsNone(clerk.process.poll())

    # -- the line

    def test_a_hang_up_keeps_the_file_and_the_work(self):
        clerk = self.clerk('expenditure')
        before = self.saved()
        self.enter(clerk)
        clerk.hang_up()
        self.assertEqual(self.saved(), before)
        with Clerk(['sample.yaml'], self.home) as again:
            self.assertShows(again, '有上次没有保存的修改')
            again.press('1')
            again.open_table('expenditure')
            self.assertShows(again, '5.60')

    def test_a_line_that_ends_within_a_paste_ends_the_program(self):
        """Where no signal tells of it: the terminal is not the program's own."""
        self.copy_sample('sample.yaml')
        master, slave = pty.openpty()
        environment = dict(os.environ, HOME=self.home, TERM='xterm', LINES='24', COLUMNS='80')
        process = subprocess.Popen([os.environ['YUBIAO'], 'sample.yaml'], stdin=slave, stdout=slave, stderr=slave, cwd=self.home,
                                   env=environment)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        os.close(slave)
        while select.select([master], [], [], 1)[0]:
            os.read(master, 65536)
        os.write(master, b'\x1b[200~12\t34')
        while select.select([master], [], [], 0.2)[0]:
            os.read(master, 65536)
        os.close(master)
        self.assertEqual(process.wait(10), 0)

    # -- the disk

    def test_a_full_disk_keeps_the_work_on_the_screen(self):
        disk = self.path('disk')
        os.mkdir(disk)
        if os.getuid() != 0 or subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'yubiao-test', disk], check=False,
                                              stderr=subprocess.DEVNULL).returncode != 0:
            self.skipTest('no right to mount a tmpfs')
        self.addCleanup(subprocess.run, ['umount', '-l', disk], check=False)
        self.copy_sample('disk/sample.yaml')
        filler = os.open(os.path.join(disk, 'filler'), os.O_WRONLY | os.O_CREAT)
        with contextlib.suppress(OSError):
            while True:
                os.write(filler, b'x' * 512)
        os.close(filler)
        before = self.saved('disk/sample.yaml')
        clerk = self.clerk('expenditure', 'disk/sample.yaml')
        self.enter(clerk)
        clerk.press('F2')
        self.assertShowsNot(clerk, '已保存')
        self.assertRegex(clerk.text(), '空间|磁盘', clerk.dump())
        self.assertEqual(self.saved('disk/sample.yaml'), before)
        self.assertEqual(sorted(os.listdir(disk)), ['.sample.yaml.lock', 'filler', 'sample.yaml'])
        self.assertShows(clerk, '5.60')
        clerk.press('\x0f', '\x15', self.path('elsewhere.yaml'), 'Enter')
        self.assertShows(clerk, '已保存')
        self.assertIn('5.60', self.saved('elsewhere.yaml'))

    def test_a_directory_that_is_gone_is_said(self):
        os.mkdir(self.path('gone'))
        self.copy_sample('gone/sample.yaml')
        clerk = self.clerk('expenditure', 'gone/sample.yaml')
        self.enter(clerk)
        os.rename(self.path('gone'), self.path('away'))
        clerk.press('F2')
        self.assertShowsNot(clerk, '已保存')
        self.assertShows(clerk, '5.60')
        os.rename(self.path('away'), self.path('gone'))
        clerk.press('F2')
        self.assertShows(clerk, '已保存')

    # -- the locale and colours

    def test_gb18030_shows_the_same_screens(self):
        env = gb18030_locale(self.path('locale'))
        self.assertIsNotNone(env, 'localedef cannot make zh_CN.GB18030')
        with self.clerk(env=env, encoding='gb18030') as clerk:
            self.assertShows(clerk, '总工会')
            clerk.open_table('expenditure')
            for text in ('群众团体事务', '116.16', '支出总计', 'F10'):
                self.assertShows(clerk, text)
            for line in clerk.lines():
                self.assertNotIn('\ufffd', line, clerk.dump())
            clerk.find('行政单位医疗')
            self.enter(clerk)
            clerk.press('F2')
            self.assertShows(clerk, '已保存')
        self.assertIn('5.60', self.saved())

    def test_a_locale_without_chinese_falls_back(self):
        clerk = self.clerk('expenditure', env={'LANG': 'C'})
        self.assertShows(clerk, '群众团体事务')

    def test_colours_only_where_wanted(self):
        self.assertTrue(COLOUR.search(self.clerk('general-budget').raw))
        for more in ({'env': {'NO_COLOR': '1'}}, {'term': 'vt100'}):
            with self.subTest(**more):
                plain = self.clerk('general-budget', **more)
                self.assertFalse(COLOUR.search(plain.raw))

    def test_cells_in_trouble_are_marked_by_a_sign_too(self):
        clerk = self.clerk('general-budget', env={'NO_COLOR': '1'})
        wrong = [line for line in clerk.lines() if re.search(r'\b(201|20129)\b', line)]
        right = [line for line in clerk.lines() if '2012902' in line]
        self.assertTrue(wrong and all(re.search(r'9\.60\s*[!✗×*]|[!✗×*]\s*9\.60', line) for line in wrong), clerk.dump())
        self.assertFalse(re.search(r'[!✗×]', right[0]), clerk.dump())

    def test_nothing_of_a_name_reaches_the_terminal_raw(self):
        name = 'a\x1b]0;evil\x07b\u202e\u200bc'
        path = self.path('new.yaml')
        with Clerk(['new', 'hebei-2024', path, '--name', name], self.home) as clerk:
            raw = bytes(clerk.raw)
        for bad in (b'\x1b]0;', '\u202e'.encode(), '\u200b'.encode()):
            self.assertNotIn(bad, raw)


if __name__ == '__main__':
    tap.main()

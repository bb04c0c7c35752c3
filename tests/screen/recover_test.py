#!/usr/bin/python3
"""What was not saved, what others did meanwhile, what happened before, and how the program ends when the terminal goes."""
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clerk import CLEAR, Clerk, ScreenCase
import tap

PENDING = '有上次没有保存的修改'
LOOK_ONLY = '只能查看'


class WithCell(ScreenCase):
    def enter(self, clerk, *figures, row='2012901'):
        """Into 财政拨款收入 of the table of income."""
        for figure in figures:
            clerk.find(row)
            clerk.press('End', 'Home', figure, 'Enter')

    def open(self, name='sample.yaml', **more):
        clerk = Clerk([name], self.home, **more)
        self.addCleanup(clerk.close)
        return clerk

    def kill(self, clerk):
        clerk.process.kill()
        clerk.wait()
        clerk.close()

    def beside(self, part):
        return sorted(name for name in os.listdir(self.home) if part in name)


class Killed(WithCell):
    """SIGKILL in mid-typing; the next opening offers what was committed."""

    def cut_off(self, *figures):
        clerk = self.clerk('income')
        self.enter(clerk, *(figures or ('77.11',)))
        clerk.find('2012902')
        clerk.press('End', 'Home', '1', '2', '.')
        self.kill(clerk)

    def test_what_was_entered_is_shown_and_taken(self):
        self.cut_off('77.11', '88.22')
        clerk = self.open()
        for text in (PENDING, '2 步修改', '收入总表[2012901].财政拨款收入', '77.11 → 88.22', '62.89 → 77.11', time.strftime('%Y-%m-%d')):
            self.assertShows(clerk, text)
        clerk.press('2')
        self.assertRegex(clerk.text(), r'@\S+ 填列 收入总表\[2012901\]')
        clerk.press('Enter', '1')
        self.assertShows(clerk, '已取回')
        self.assertShows(clerk, '未保存')
        clerk.press('F2')
        self.assertSaved(r'row: "2012901", 财政拨款收入: 88\.22')
        clerk.press('CtrlZ', 'F2')
        self.assertSaved(r'row: "2012901", 财政拨款收入: 77\.11')

    def test_nothing_is_decided_by_a_stray_key(self):
        self.cut_off()
        clerk = self.open()
        clerk.press('x', '9', 'Tab', 'F2')
        self.assertShows(clerk, PENDING)
        clerk.press('Esc')
        self.assertShows(clerk, LOOK_ONLY)
        clerk.leave_without_saving()
        self.assertShows(self.open(), '77.11')

    def test_set_aside_it_stays_on_disk(self):
        self.cut_off()
        before = self.saved()
        clerk = self.open()
        clerk.press('3')
        aside = self.beside('.journal-')
        self.assertEqual(len(aside), 1, os.listdir(self.home))
        self.assertShows(clerk, aside[0])
        clerk.press('Enter')
        self.assertShowsNot(clerk, '未保存')
        clerk.open_table('income')
        self.enter(clerk, '55.55')
        clerk.press('F2')
        self.assertSaved(r'55\.55')
        clerk.leave_without_saving()
        self.assertNotEqual(self.saved(), before)
        with open(self.path(aside[0]), encoding='utf-8') as file:
            self.assertIn('77.11', file.read())
        self.assertShowsNot(self.open(), PENDING)

    def test_left_for_later_the_file_is_only_looked_at(self):
        self.cut_off()
        clerk = self.open()
        clerk.press('4')
        clerk.open_table('income')
        clerk.press('5')
        self.assertShows(clerk, '先决定取回它们')
        clerk.leave_without_saving()
        self.assertShows(self.open(), '77.11')

    def test_killed_again_while_it_is_offered_and_after_it_was_taken(self):
        self.cut_off()
        self.kill(self.open())
        clerk = self.open()
        clerk.press('1')
        self.kill(clerk)
        clerk = self.open()
        self.assertShows(clerk, '77.11')
        clerk.press('1', 'F2')
        self.assertSaved(r'row: "2012901", 财政拨款收入: 77\.11')

    def test_undone_and_done_again_after_a_restart(self):
        self.cut_off('77.11', '88.22', '99.33')
        clerk = self.open()
        clerk.press('1')
        clerk.open_table('income')
        for shown in ('88.22', '77.11', '62.89'):
            clerk.press('CtrlZ')
            self.assertShows(clerk, '___' + shown)
        self.assertShowsNot(clerk, '未保存')
        clerk.press('CtrlZ')
        self.assertShows(clerk, '没有可以撤销的修改')
        clerk.press('CtrlY', 'CtrlY')
        self.assertShows(clerk, '___88.22')

    def test_undone_after_it_was_saved_and_opened_again(self):
        clerk = self.clerk('income')
        self.enter(clerk, '77.11')
        clerk.press('F2')
        clerk.leave_without_saving()
        clerk = self.open()
        clerk.press('CtrlZ', 'F2')
        self.assertSaved(r'row: "2012901", 财政拨款收入: 62\.89')

    def test_where_it_cannot_lie_beside_the_file(self):
        """The journal is put into the state directory then, and found again."""
        clerk = self.clerk('income')
        os.mkdir(self.path('.sample.yaml.journal'))
        self.enter(clerk, '77.11')
        self.assertShowsNot(clerk, '没有记进日志')
        self.kill(clerk)
        self.assertEqual(len(os.listdir(self.path('state/yubiao/journals'))), 1)
        os.rmdir(self.path('.sample.yaml.journal'))
        clerk = self.open()
        self.assertShows(clerk, '62.89 → 77.11')
        clerk.press('1', 'F2')
        self.assertSaved(r'row: "2012901", 财政拨款收入: 77\.11')

    def test_a_new_workbook_that_was_never_saved_is_on_the_start_page(self):
        clerk = Clerk([], self.home)
        self.addCleanup(clerk.close)
        clerk.press('n')
        if '用哪一套表' in clerk.text():
            clerk.press('Enter')
        self.assertShows(clerk, '封面')
        clerk.press('7', '1', '1', 'Enter', '总', '工', '会', 'Enter', 'F10')
        self.kill(clerk)
        again = Clerk([], self.home)
        self.addCleanup(again.close)
        line = next((line for line in again.lines() if '没有保存过的新预算' in line), None)
        self.assertIsNotNone(line, again.dump())
        again.press('Home', 'Enter')
        self.assertShows(again, '未保存')
        self.assertShows(again, '711 总工会')
        again.press('F2', CLEAR, 'new.yaml', 'Enter')
        self.assertShows(again, '已保存')
        self.assertSaved('name: 总工会', 'new.yaml')
        again.leave_without_saving()
        third = Clerk([], self.home)
        self.addCleanup(third.close)
        self.assertShowsNot(third, '没有保存过的新预算')


class Meanwhile(WithCell):
    """Somebody else at the same file."""

    def test_the_second_is_told_who_has_it_and_may_look(self):
        first = self.clerk('income')
        self.enter(first, '77.11')
        second = self.open()
        self.assertShows(second, '这个文件正由 ')
        self.assertShows(second, LOOK_ONLY)
        second.press('Enter')
        second.open_table('income')
        self.assertShows(second, '62.89')
        before = self.saved()
        self.enter(second, '5')
        self.assertShows(second, LOOK_ONLY)
        second.press('F2')
        self.assertEqual(self.saved(), before)
        second.leave_without_saving()
        first.press('F2')
        self.assertSaved(r'77\.11')

    def test_the_lock_of_a_killed_program_is_no_hindrance(self):
        self.kill(self.clerk('income'))
        self.assertEqual(self.beside('.lock'), ['.sample.yaml.lock'])
        clerk = self.clerk('income')
        self.enter(clerk, '77.11')
        clerk.press('F2')
        self.assertSaved(r'77\.11')
        clerk.leave_without_saving()
        self.assertEqual(self.beside('.lock'), [])

    def changed_by_others(self):
        clerk = self.clerk('income')
        self.enter(clerk, '77.11')
        text = self.saved().replace('20.32', '20.33')
        with open(self.path('sample.yaml'), 'w', encoding='utf-8') as file:
            file.write(text)
        clerk.press('F2')
        self.assertShows(clerk, '被别人改过')
        return clerk, text

    def test_what_differs_is_shown_cell_by_cell(self):
        clerk, text = self.changed_by_others()
        clerk.press('1')
        for line in ('收入总表[2080501].财政拨款收入：文件里 20.33，这里 20.32', '收入总表[2012901].财政拨款收入：文件里 62.89，这里 77.11'):
            self.assertShows(clerk, line)
        clerk.press('Enter', 'Esc')
        self.assertEqual(self.saved(), text)
        clerk.press('F2', '4')
        self.assertEqual(self.saved(), text)

    def test_it_is_overwritten_only_when_asked_and_what_stood_there_is_kept(self):
        clerk, text = self.changed_by_others()
        clerk.press('2')
        self.assertShows(clerk, '已保存')
        self.assertSaved(r'77\.11')
        self.assertEqual(self.saved('sample.yaml~'), text)

    def test_it_can_be_saved_elsewhere(self):
        clerk, text = self.changed_by_others()
        clerk.press('3', CLEAR, 'other.yaml', 'Enter')
        self.assertShows(clerk, '已保存')
        self.assertEqual(self.saved(), text)
        self.assertSaved(r'77\.11', 'other.yaml')
        self.assertIn('77.11', self.saved('other.yaml.history'))

    def test_a_file_edited_by_hand_between_two_openings_is_no_loss(self):
        clerk = self.clerk('income')
        self.enter(clerk, '77.11')
        clerk.press('F2')
        clerk.leave_without_saving()
        with open(self.path('sample.yaml'), 'r+', encoding='utf-8') as file:
            text = file.read().replace('20.32', '20.33')
            file.seek(0)
            file.write(text)
        clerk = self.open()
        self.assertShowsNot(clerk, PENDING)
        clerk.press('Enter')
        clerk.open_table('income')
        self.enter(clerk, '66.66')
        clerk.press('F2')
        self.assertSaved(r'66\.66')


class Trail(WithCell):
    def test_the_history_of_the_cell(self):
        clerk = self.clerk('income')
        self.enter(clerk, '77.11')
        clerk.press('F2')
        self.enter(clerk, '88.22')
        clerk.press('CtrlZ')
        self.enter(clerk, '1.5', row='2012902')
        clerk.find('2012901')
        clerk.press('End', 'Home', '\x12')
        self.assertShows(clerk, '收入总表[2012901].财政拨款收入')
        changes = re.findall(r'\d\d:\d\d:\d\d (\S+) (\S+?)：(\S+) → (\S+)', clerk.text())
        self.assertEqual([change[1:] for change in changes],
                         [('撤销', '88.22', '77.11'), ('填列', '77.11', '88.22'), ('填列', '62.89', '77.11')], clerk.dump())
        self.assertIn('@', changes[0][0])
        clerk.press('Enter')
        clerk.find('2080501')
        clerk.press('End', 'Home', '\x12')
        self.assertShows(clerk, '这一格没有改过')

    def test_the_help_names_it(self):
        clerk = self.clerk('income')
        clerk.press('F1')
        for _ in range(5):
            if 'Ctrl-R' in clerk.text():
                break
            clerk.press('PageDown')
        self.assertShows(clerk, 'Ctrl-R')


class Signals(WithCell):
    """However the terminal goes, the program ends soon, in order, and does not spin."""

    def committed(self):
        clerk = self.clerk('income')
        self.enter(clerk, '77.11')
        return clerk

    def assert_kept(self):
        clerk = self.open()
        self.assertShows(clerk, '77.11')

    def cpu(self, clerk):
        """Clock ticks that it has used."""
        with open('/proc/%d/stat' % clerk.process.pid, encoding='ascii') as file:
            fields = file.read().rsplit(')', 1)[1].split()
        return int(fields[11]) + int(fields[12])

    def test_hang_up_and_terminate(self):
        for number in (signal.SIGHUP, signal.SIGTERM):
            with self.subTest(number.name):
                clerk = self.committed()
                clerk.find('2012902')
                clerk.press('End', 'Home', '3')
                clerk.process.send_signal(number)
                self.assertEqual(clerk.wait(), 0)
                self.assertNotIn(b'\x1b[?1049h', clerk.raw[clerk.raw.rindex(b'\x1b[?1049l'):])
                clerk.close()
                again = self.open()
                self.assertShows(again, '77.11')
                again.press('3')
                again.close()

    def test_terminated_in_a_dialog(self):
        clerk = self.committed()
        clerk.press('F10', 'F10')
        self.assertShows(clerk, '没有保存')
        clerk.process.send_signal(signal.SIGTERM)
        self.assertEqual(clerk.wait(), 0)
        self.assert_kept()

    def test_a_vanished_terminal(self):
        clerk = self.committed()
        self.assertEqual(clerk.hang_up(), 0)
        self.assert_kept()

    def test_a_vanished_terminal_without_a_signal(self):
        """The terminal is not the program's own, so that no SIGHUP comes: reading says EIO, for ever."""
        self.copy_sample()
        master, slave = pty.openpty()
        process = subprocess.Popen([tap.PROGRAM, 'sample.yaml'], stdin=slave, stdout=slave, stderr=slave, cwd=self.home,
                                   env=tap.clean_environment(self.home, TERM='xterm', LINES='24', COLUMNS='80'))
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        os.close(slave)
        for keys in ('', '2\r', '/2012901\r', '77.11\r', '9'):
            os.write(master, keys.encode())
            while select.select([master], [], [], 1)[0]:
                os.read(master, 65536)
        os.close(master)
        self.assertEqual(process.wait(10), 0)
        self.assert_kept()

    def test_idle_it_uses_no_time(self):
        clerk = self.committed()
        before = self.cpu(clerk)
        time.sleep(1)
        self.assertLessEqual(self.cpu(clerk) - before, 2)

    def wait_for(self, shell, text):
        """Where the terminal watches the shell, not the program."""
        for _ in range(50):
            if text in shell.text():
                return
            shell.settle(0.2)
        self.assertShows(shell, text)

    def test_stopped_and_continued(self):
        """As a shell with job control does it: the program is not the leader of its session."""
        self.copy_sample()
        shell = Clerk(['/bin/bash', '--norc', '-im'], self.home, program=None)
        self.addCleanup(shell.close)
        shell.press('PS1=ready:', 'Enter')
        shell.send(tap.PROGRAM + ' sample.yaml\r')
        self.wait_for(shell, '部门预算收支总表')
        shell.open_table('income')
        self.enter(shell, '77.11')
        self.wait_for(shell, '___77.11')
        children = subprocess.run(['pgrep', '-P', str(shell.process.pid)], capture_output=True, text=True, check=True).stdout.split()
        os.kill(int(children[0]), signal.SIGTSTP)
        self.wait_for(shell, 'ready:')
        shell.send('echo; stty -a | grep -o " icanon"\r')
        self.wait_for(shell, ' icanon')
        shell.send('fg\r')
        self.wait_for(shell, '___77.11')
        self.enter(shell, '88.22')
        shell.press('F2')
        self.wait_for(shell, '已保存')
        self.assertSaved(r'88\.22')

    def test_a_crash_gives_the_terminal_back(self):
        clerk = self.committed()
        clerk.process.send_signal(signal.SIGSEGV)
        self.assertNotEqual(clerk.wait(), 0)  # the signal's own end, or the sanitizer's
        for switch in (b'\x1b[?1049', b'\x1b[?2004'):
            self.assertTrue(bytes(clerk.raw[clerk.raw.rindex(switch):]).startswith(switch + b'l'), switch)
        clerk.close()
        self.assert_kept()


class Trouble(WithCell):
    def test_a_journal_that_cannot_be_written_is_said_until_it_can(self):
        open(self.path('state'), 'w', encoding='utf-8').close()
        clerk = self.clerk('income')
        os.mkdir(self.path('.sample.yaml.journal'))
        self.enter(clerk, '77.11')
        self.assertShows(clerk, '没有记进日志')
        self.enter(clerk, '88.22')
        self.assertShows(clerk, '没有记进日志')
        os.rmdir(self.path('.sample.yaml.journal'))
        self.enter(clerk, '99.33')
        self.assertShowsNot(clerk, '没有记进日志')
        self.kill(clerk)
        clerk = self.open()
        self.assertShows(clerk, '99.33')
        self.assertShows(clerk, '3 步修改')


if __name__ == '__main__':
    tap.main()

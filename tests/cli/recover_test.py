#!/usr/bin/python3
"""yubiao recover and history: what a session that was cut off left behind, damaged or not, and who changed what."""
import csv
import io
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'screen'))
import tap
from clerk import Clerk

CELL = 'income[2012901].财政拨款收入'
JOURNAL = '.a.yaml.journal'
HISTORY = 'a.yaml.history'


class WithJournal(tap.Case):
    def setUp(self):
        super().setUp()
        self.copy_sample('a.yaml')
        with open(self.path('a.yaml'), 'rb') as file:
            self.before = file.read()

    def cut_off(self, *figures, name='a.yaml'):
        """Figures typed one after another into the same cell by a session that is then killed."""
        with Clerk([name], self.home) as clerk:
            clerk.open_table('income')
            for figure in figures:
                clerk.find('2012901')
                clerk.press('End', 'Home', figure, 'Enter')

    def read(self, name, mode='r'):
        with open(self.path(name), mode, **({} if 'b' in mode else {'encoding': 'utf-8'})) as file:
            return file.read()

    def write(self, name, text):
        with open(self.path(name), 'w', encoding='utf-8') as file:
            file.write(text)

    def figure(self):
        return re.search(r'income:\n    rows:\n    - {row: "2012901", 财政拨款收入: ([\d.]+)', self.read('a.yaml'))[1]


class Recover(WithJournal):
    def test_nothing_to_recover(self):
        self.assertIn('没有什么要取回的', self.yubiao('recover', 'a.yaml').stdout)
        self.yubiao('set', 'a.yaml', CELL + '=70')
        for option in ([], ['--list'], ['--take'], ['--aside']):
            self.assertIn('没有什么要取回的', self.yubiao('recover', 'a.yaml', *option).stdout)

    def test_what_is_there_is_said_and_listed(self):
        self.cut_off('70', '71')
        said = self.yubiao('recover', 'a.yaml', status=1).stdout
        self.assertRegex(said, r'^20\d\d-\d\d-\d\d \d\d:\d\d，\S+@\S+：2 步修改（共 2 处）没有保存。')
        for way in ('--list', '--take', '--aside'):
            self.assertIn('yubiao recover a.yaml ' + way, said)
        listed = self.yubiao('recover', 'a.yaml', '--list').stdout.splitlines()
        self.assertEqual([line.split('  ')[2] for line in listed],
                         ['填列 收入总表[2012901].财政拨款收入：62.89 → 70.00', '填列 收入总表[2012901].财政拨款收入：70.00 → 71.00'])
        self.assertEqual(self.read('a.yaml', 'rb'), self.before)

    def test_taken_and_saved(self):
        self.cut_off('70', '71')
        self.assertIn('取回了 2 步修改，已保存', self.yubiao('recover', 'a.yaml', '--take').stdout)
        self.assertEqual(self.figure(), '71.00')
        self.assertEqual(self.read('a.yaml~', 'rb'), self.before)
        self.assertIn('没有什么要取回的', self.yubiao('recover', 'a.yaml').stdout)

    def test_set_aside(self):
        self.cut_off('70')
        said = self.yubiao('recover', 'a.yaml', '--aside').stderr
        aside = next(name for name in os.listdir(self.home) if name.startswith('a.yaml.journal-'))
        self.assertIn(aside, said)
        self.assertIn('70.00', self.read(aside))
        self.assertEqual(self.read('a.yaml', 'rb'), self.before)
        self.assertFalse(os.path.exists(self.path(JOURNAL)))

    def test_nothing_is_changed_before_it_is_decided(self):
        self.cut_off('70')
        for command in (['set', 'a.yaml', CELL + '=5'], ['import', 'a.yaml', tap.SAMPLE]):
            self.assertIn('yubiao recover a.yaml', self.yubiao(*command, status=2).stderr)
        done = self.yubiao('check', 'a.yaml', status=1)
        self.assertIn('没有算在内', done.stderr)
        self.assertEqual(self.read('a.yaml', 'rb'), self.before)
        self.assertIn('70.00', self.read(JOURNAL))

    def test_while_somebody_works_on_it(self):
        with Clerk(['a.yaml'], self.home) as clerk:
            clerk.open_table('income')
            clerk.find('2012901')
            clerk.press('End', 'Home', '70', 'Enter')
            self.assertRegex(self.yubiao('set', 'a.yaml', CELL + '=5', status=4).stderr, '这个文件正由 .*填写')
            self.assertRegex(self.yubiao('recover', 'a.yaml', '--take', status=4).stderr, '这个文件正由 .*填写')
            self.assertIn('正有人在填写', self.yubiao('check', 'a.yaml', status=1).stderr)
            clerk.press('F2')
            self.assertIn('已保存', clerk.text())
        self.assertEqual(self.figure(), '70.00')

    def test_one_choice_at_a_time(self):
        self.assertIn('只能给一个', self.yubiao('recover', 'a.yaml', '--take', '--aside', status=2).stderr)

    def test_a_failed_set_leaves_nothing_pending(self):
        self.yubiao('set', 'a.yaml', CELL + '=5', 'income[2012901].没有=1', status=1)
        self.assertIn('没有什么要取回的', self.yubiao('recover', 'a.yaml').stdout)

    def test_a_new_workbook_that_was_never_saved(self):
        self.assertIn('没有没保存过的新预算', self.yubiao('recover').stdout)
        with Clerk([], self.home) as clerk:
            clerk.press('n')
            if '用哪一套表' in clerk.text():
                clerk.press('Enter')
            clerk.press('7', '1', '1', 'Enter')
        said = self.yubiao('recover', status=1).stdout
        self.assertRegex(said, r'^1  711 .*步修改')
        self.assertIn('没有第 2 份', self.yubiao('recover', '--number', '2', 'new.yaml', status=2).stderr)
        self.yubiao('recover', '--number', '1', 'new.yaml')
        self.assertIn('code: "711"', self.read('new.yaml'))
        self.assertIn('没有没保存过的新预算', self.yubiao('recover').stdout)


class Damage(WithJournal):
    """Whatever is wrong with a journal, what stands in it is told, and nothing is applied that was not checked."""

    def lines(self):
        return self.read(JOURNAL).splitlines(keepends=True)

    def test_a_last_record_that_is_torn(self):
        self.cut_off('70', '71')
        for cut in (1, 9, 40):
            self.write(JOURNAL, ''.join(self.lines())[:-cut])
            said = self.yubiao('recover', 'a.yaml', status=1).stdout
            self.assertIn('1 步修改（共 1 处）没有保存', said)
            self.assertIn('最后一步没有写完', said)
        self.yubiao('recover', 'a.yaml', '--take')
        self.assertEqual(self.figure(), '70.00')

    def test_zeros_behind_the_last_record(self):
        """What a file system may leave after the power went."""
        self.cut_off('70')
        with open(self.path(JOURNAL), 'ab') as file:
            file.write(b'\0' * 4096)
        self.assertIn('1 步修改', self.yubiao('recover', 'a.yaml', status=1).stdout)
        self.yubiao('recover', 'a.yaml', '--take')
        self.assertEqual(self.figure(), '70.00')

    def test_a_record_that_was_changed_in_the_middle(self):
        self.cut_off('70', '71', '72', '73')
        lines = self.lines()
        lines[2] = lines[2].replace('71.00', '99.00')
        self.write(JOURNAL, ''.join(lines))
        said = self.yubiao('recover', 'a.yaml', status=1).stdout
        self.assertIn('日志的第 3 行被改动或损坏：它前面的 1 处可以取回；它后面还有 2 处能查看，不能取回', said)
        listed = self.yubiao('recover', 'a.yaml', '--list').stdout
        self.assertIn('73.00', listed)
        self.assertNotIn('99.00', listed)
        done = self.yubiao('recover', 'a.yaml', '--take', status=1)
        self.assertRegex(done.stderr, r'原来的日志没有删除，已改名为 a\.yaml\.journal-')
        self.assertEqual(self.figure(), '70.00')
        aside = next(name for name in os.listdir(self.home) if name.startswith('a.yaml.journal-'))
        self.assertEqual(self.read(aside), ''.join(lines))

    def test_a_record_that_is_missing_or_moved(self):
        self.cut_off('70', '71', '72')
        lines = self.lines()
        for changed in ([lines[0], lines[1], lines[3]], [lines[0], lines[2], lines[1], lines[3]], [lines[0], lines[1], lines[1], *lines[2:]]):
            self.write(JOURNAL, ''.join(changed))
            said = self.yubiao('recover', 'a.yaml', status=1).stdout
            self.assertNotIn('3 步修改', said)
            self.assertIn('被改动或损坏', said)

    def test_one_that_is_none(self):
        for text in ('', 'x', 'yubiao-journal\t9\tx\n', '\0' * 100 + '\n', 'word\n' * 1000):
            self.write(JOURNAL, text)
            done = self.yubiao('recover', 'a.yaml', status=None)
            self.assertIn(done.returncode, (0, 1))
            if done.returncode == 1:
                self.assertIn('读不了', done.stdout)
                self.assertIn('不能取回', self.yubiao('recover', 'a.yaml', '--take', status=2).stderr)
                self.yubiao('recover', 'a.yaml', '--aside')

    def test_one_of_another_workbook(self):
        self.cut_off('70')
        self.write('a.yaml', self.read('a.yaml').replace('\nid: "7d', '\nid: "8d', 1).replace('\nid: 7d', '\nid: 8d', 1))
        self.assertIn('属于另一份预算', self.yubiao('recover', 'a.yaml', status=1).stdout)
        self.assertIn('不能取回', self.yubiao('recover', 'a.yaml', '--take', status=2).stderr)
        self.yubiao('recover', 'a.yaml', '--aside')
        self.yubiao('set', 'a.yaml', CELL + '=5')

    def test_the_file_was_changed_by_others_meanwhile(self):
        self.cut_off('70')
        self.write('a.yaml', self.read('a.yaml').replace('20.32', '20.33'))
        self.assertIn('文件后来在别处改过或换过', self.yubiao('recover', 'a.yaml', status=1).stdout)
        self.assertIn('70.00', self.yubiao('recover', 'a.yaml', '--list').stdout)
        self.yubiao('recover', 'a.yaml', '--take', status=2)
        self.assertIn('20.33', self.read('a.yaml'))

    def test_the_file_was_put_back_to_an_earlier_state(self):
        self.yubiao('set', 'a.yaml', CELL + '=70')
        self.yubiao('set', 'a.yaml', CELL + '=71')
        shutil.copy(self.path('a.yaml~'), self.path('a.yaml'))
        self.assertIn('换回了较早的样子', self.yubiao('recover', 'a.yaml', status=1).stdout)
        self.yubiao('recover', 'a.yaml', '--take')
        self.assertEqual(self.figure(), '71.00')

    def test_nothing_of_it_reaches_the_terminal_raw(self):
        """A journal is a file like any other: its sums are right, and its words are not to be trusted."""
        self.cut_off('70')
        import hashlib
        lines = self.lines()
        fields = lines[1].rstrip('\n').split('\t')
        fields[2], fields[6], fields[9] = 'r\\x1B[31m', '\\x1B]0;x\\x07', '2012901\\x1B[2J'
        body = '\t'.join(fields[:-1]) + '\t'
        total = hashlib.sha256((lines[0].rstrip('\n').split('\t')[-1] + body).encode()).hexdigest()[:16]
        self.write(JOURNAL, lines[0] + body + total + '\n')
        for arguments in (['recover', 'a.yaml'], ['recover', 'a.yaml', '--list'], ['recover', 'a.yaml', '--take'],
                          ['history', 'a.yaml'], ['history', 'a.yaml', '--format', 'csv']):
            done = self.yubiao(*arguments, status=None)
            self.assertNotIn('\x1b', done.stdout + done.stderr)
            self.assertNotIn('\x07', done.stdout + done.stderr)


class History(WithJournal):
    def changes(self, *arguments, status=0):
        """(word, before, after) of each line of the CSV."""
        text = self.yubiao('history', 'a.yaml', '--format', 'csv', *arguments, status=status).stdout
        return [(row['verb'], row['before'], row['after']) for row in csv.DictReader(io.StringIO(text))]

    def test_without_a_history_it_says_so(self):
        done = self.yubiao('history', 'a.yaml', status=1)
        self.assertEqual(done.stdout, '')
        self.assertIn('还没有留痕', done.stderr)
        self.yubiao('set', 'a.yaml', CELL + '=70')
        os.remove(self.path(HISTORY))
        os.remove(self.path(JOURNAL))
        self.assertIn('没有带着它的留痕', self.yubiao('history', 'a.yaml', status=1).stderr)
        self.assertIn('没有带着它的留痕', self.yubiao('set', 'a.yaml', CELL + '=71').stderr)

    def test_who_changed_what_from_what_to_what(self):
        self.yubiao('set', 'a.yaml', CELL + '=70')
        self.yubiao('set', 'a.yaml', CELL + '=')
        self.yubiao('set', 'a.yaml', CELL + '=-1.5')
        self.assertEqual(self.changes(), [('do', '62.89', '70.00'), ('save', '', ''), ('do', '70.00', ''), ('save', '', ''),
                                          ('do', '', '-1.50'), ('save', '', '')])
        lines = self.yubiao('history', 'a.yaml').stdout.splitlines()
        self.assertRegex(lines[0], r'^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d  \S+@\S+  填列 收入总表\[2012901\]\.财政拨款收入：62\.89 → 70\.00$')
        self.assertRegex(lines[1], '保存$')

    def test_since_and_table_and_wrong_ones(self):
        self.yubiao('set', 'a.yaml', CELL + '=70', 'expenditure[2012901].基本支出=5')
        self.assertEqual(len(self.changes('--since', '2000-01-01')), 3)
        self.assertEqual(self.changes('--since', '2999-12-31'), [])
        self.assertEqual(self.changes('--table', 'income'), [('do', '62.89', '70.00')])
        self.assertEqual(self.changes('--table', '收入总表'), [('do', '62.89', '70.00')])
        self.assertIn('2024-01-31', self.yubiao('history', 'a.yaml', '--since', '昨天', status=2).stderr)
        self.assertIn('csv', self.yubiao('history', 'a.yaml', '--format', 'xml', status=2).stderr)

    def test_one_change_of_many_cells_has_one_number(self):
        self.yubiao('set', 'a.yaml', CELL + '=70', 'income[2012902].财政拨款收入=5')
        text = self.yubiao('history', 'a.yaml', '--format', 'csv').stdout
        groups = [row['group'] for row in csv.DictReader(io.StringIO(text)) if row['verb'] == 'do']
        self.assertEqual(len(groups), 2)
        self.assertEqual(len(set(groups)), 1)

    def test_a_spreadsheet_takes_nothing_for_a_formula(self):
        self.yubiao('set', 'a.yaml', 'organization[1].名称==1+1', status=None)
        with Clerk(['a.yaml'], self.home) as clerk:
            clerk.press('\x05', '=', '1', '+', '1', 'Enter', 'F10', 'F2')
        text = self.yubiao('history', 'a.yaml', '--format', 'csv').stdout
        self.assertNotRegex(text, r'(^|,)"?=')

    def test_what_was_not_saved_is_not_in_it(self):
        self.yubiao('set', 'a.yaml', CELL + '=70')
        self.cut_off('80')
        self.assertEqual(self.changes(), [('do', '62.89', '70.00'), ('save', '', '')])
        self.yubiao('recover', 'a.yaml', '--take')
        self.assertEqual(self.changes()[2:], [('do', '70.00', '80.00'), ('take', '', ''), ('save', '', '')])

    def test_a_line_that_was_changed_is_said(self):
        for figure in ('70', '71', '72'):
            self.yubiao('set', 'a.yaml', CELL + '=' + figure)
        self.write(HISTORY, self.read(HISTORY).replace('71.00', '99.00', 1))
        done = self.yubiao('history', 'a.yaml', status=1)
        self.assertRegex(done.stderr, r'a\.yaml\.history:4: .*这一行被改动或损坏过')
        self.assertNotIn('99.00', done.stdout)
        self.assertIn('72.00', done.stdout)

    def test_a_line_that_was_taken_out_is_said(self):
        for figure in ('70', '71', '72'):
            self.yubiao('set', 'a.yaml', CELL + '=' + figure)
        lines = self.read(HISTORY).splitlines(keepends=True)
        os.remove(self.path(JOURNAL))
        self.write(HISTORY, ''.join(lines[:3] + lines[4:]))
        self.assertIn('被改动或损坏过', self.yubiao('history', 'a.yaml', status=1).stderr)
        self.write(HISTORY, ''.join(lines[:-2]))
        self.assertIn('最近一段不在里面', self.yubiao('history', 'a.yaml', status=1).stderr)

    def test_it_is_never_rewritten(self):
        self.yubiao('set', 'a.yaml', CELL + '=70')
        first = self.read(HISTORY)
        self.yubiao('set', 'a.yaml', CELL + '=71')
        self.assertTrue(self.read(HISTORY).startswith(first))

    def test_one_of_another_workbook_is_not_added_to(self):
        self.yubiao('set', 'a.yaml', CELL + '=70')
        foreign = self.read(HISTORY)
        self.yubiao('new', 'hebei-2024', 'b.yaml', '--name', '总工会')
        self.write('b.yaml.history', foreign)
        self.assertIn('另一份预算的', self.yubiao('history', 'b.yaml', status=1).stderr)
        said = self.yubiao('set', 'b.yaml', CELL + '=1').stderr
        self.assertIn('b.yaml.history-', said)
        aside = next(name for name in os.listdir(self.home) if name.startswith('b.yaml.history-'))
        self.assertEqual(self.read(aside), foreign)

    def test_of_a_file_that_cannot_be_read(self):
        self.yubiao('set', 'a.yaml', CELL + '=70')
        self.write('a.yaml', 'yubiao: 1\n')
        self.assertIn('62.89 → 70.00', self.yubiao('history', 'a.yaml').stdout)

    def test_what_a_kill_left_out_is_completed(self):
        self.yubiao('set', 'a.yaml', CELL + '=70')
        self.yubiao('set', 'a.yaml', CELL + '=71')
        lines = self.read(HISTORY).splitlines(keepends=True)
        self.write(HISTORY, ''.join(lines[:-2]) + lines[-2][:20])
        self.yubiao('set', 'a.yaml', CELL + '=72')
        self.assertEqual([change[2] for change in self.changes() if change[0] == 'do'], ['70.00', '71.00', '72.00'])

    def test_rights_are_those_of_the_workbook(self):
        os.chmod(self.path('a.yaml'), 0o640)
        self.yubiao('set', 'a.yaml', CELL + '=70')
        self.cut_off('71')
        for name in ('a.yaml', 'a.yaml~', HISTORY, JOURNAL):
            self.assertEqual(os.stat(self.path(name)).st_mode & 0o777, 0o640, name)


if __name__ == '__main__':
    tap.main()

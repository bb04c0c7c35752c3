#!/usr/bin/python3
"""Two writers of one file at the same moment: one after the other, or one of them is told who has it. Never both at once: the file is
always what one of them wrote, whole, and the history has every change that was said to be saved, in one unbroken chain."""
import multiprocessing
import os
import random
import re
import subprocess
import sys
import time

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'screen')]
import tap
from clerk import Clerk

RACES = int(os.environ.get('RACES', '450'))
SCREEN_RACES = int(os.environ.get('SCREEN_RACES', '50'))
PLACES = {'income': ('2012901', '财政拨款收入'), 'expenditure': ('2012902', '项目支出')}
DONE, LOCKED = 0, 4


AT_ONCE = 3
case = None  # of the worker processes


def race(number):
    return case.one(number)


class Race(tap.Case):
    def setUp(self):
        super().setUp()
        with open(tap.SAMPLE, 'rb') as file:
            self.sample = file.read()

    def directory(self, name):
        os.mkdir(self.path(name))
        with open(self.path(name + '/a.yaml'), 'wb') as file:
            file.write(self.sample)
        return self.path(name)

    def writer(self, directory, figure):
        assignments = ['%s[%s].%s=%s' % (table, row, column, figure) for table, (row, column) in PLACES.items()]
        return subprocess.Popen([tap.PROGRAM, 'set', 'a.yaml', *assignments], env=tap.clean_environment(directory), cwd=directory,
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def figures(self, directory):
        """What stands in the places, as a set: one element if one writer wrote all of it."""
        with open(os.path.join(directory, 'a.yaml'), encoding='utf-8') as file:
            text = file.read()
        self.assertRegex(text, r'\nend: \{[^}]*\}\n$')
        found = set()
        for table, (row, column) in PLACES.items():
            section = re.search(r'^  %s:\n((?:    .*\n)+)' % table, text, re.M)[1]
            found.add(re.search(r'row: "%s".*?%s: ([\d.]+)' % (row, column), section)[1])
        return found

    def history(self, directory):
        """The figures in the order in which they were saved."""
        done = subprocess.run([tap.PROGRAM, 'history', 'a.yaml', '--table', 'income'], env=tap.clean_environment(directory), cwd=directory,
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return re.findall(r'→ ([\d.]+)$', done.stdout, re.M)

    def assert_clean(self, directory, where):
        left = set(os.listdir(directory)) - {'a.yaml', 'a.yaml~', 'a.yaml.history', '.a.yaml.journal', 'state'}
        self.assertEqual(left, set(), where)
        pending = subprocess.run([tap.PROGRAM, 'recover', 'a.yaml'], env=tap.clean_environment(directory), cwd=directory,
                                 capture_output=True, text=True, check=False)
        self.assertEqual(pending.returncode, 0, where + pending.stdout)

    def one(self, number):
        """The exit codes of a race."""
        draw = random.Random(number)
        directory, wanted = self.directory('set%d' % number), ('%d.11' % (1000 + number), '%d.22' % (2000 + number))
        first = self.writer(directory, wanted[0])
        time.sleep(draw.choice((0, 0, 0.001, 0.003, 0.006, 0.01, 0.03, 0.1)))
        writers = (first, self.writer(directory, wanted[1]))
        said = [writer.communicate(timeout=60)[1] for writer in writers]
        codes = [writer.returncode for writer in writers]
        where = 'race %d: %s %s' % (number, codes, said)
        self.assertIn(DONE, codes, where)
        self.assertLessEqual(set(codes), {DONE, LOCKED}, where)
        saved = [figure for figure, code in zip(wanted, codes) if code == DONE]
        found = self.figures(directory)
        self.assertEqual(len(found), 1, 'mixed: %s %s' % (found, where))
        self.assertLessEqual(found, set(saved), where)
        history = self.history(directory)
        self.assertEqual(sorted(history), sorted(saved), where)
        self.assertEqual({history[-1]}, found, where)
        for code, text in zip(codes, said):
            if code == LOCKED:
                self.assertRegex(text, '这个文件正由 .*填写', where)
        self.assert_clean(directory, where)
        return codes

    def test_two_sets(self):
        global case
        case = self
        with multiprocessing.get_context('fork').Pool(AT_ONCE) as pool:
            races = pool.map(race, range(RACES), chunksize=1)
        both, one = races.count([DONE, DONE]), sum(LOCKED in codes for codes in races)
        print('# %d races of two writers: %d times one after the other, %d times one was told who has the file; never both, never mixed'
              % (RACES, both, one))
        self.assertGreater(one, 0, 'they never met')

    def test_a_set_against_a_save_in_the_screen(self):
        directory = self.directory('screen')
        locked = 0
        with Clerk(['a.yaml'], directory) as clerk:
            clerk.open_table('income')
            for number in range(SCREEN_RACES):
                figure = '%d.33' % (3000 + number)
                clerk.find('2012901')
                clerk.press('End', 'Home', figure, 'Enter')
                writer = self.writer(directory, '%d.44' % number)
                time.sleep(number % 5 * 0.003)
                clerk.press('F2')
                said = writer.communicate(timeout=60)[1]
                self.assertEqual(writer.returncode, LOCKED, said)
                locked += 1
                with open(os.path.join(directory, 'a.yaml'), encoding='utf-8') as file:
                    text = file.read()
                self.assertIn(figure, text)
                self.assertNotIn('.44', text)
            clerk.leave_without_saving()
        self.assert_clean(directory, 'after the screen')
        self.assertEqual(self.history(directory), ['%d.33' % (3000 + number) for number in range(SCREEN_RACES)])
        print('# %d races of a set and a save in the screen: the set was told %d times who has the file' % (SCREEN_RACES, locked))


if __name__ == '__main__':
    tap.main()

#!/usr/bin/python3
"""The line drops while a clerk is typing, at any moment of an entry, 100 times: the program ends in order, and the next opening has every
figure that was committed. The only thing that may be lost is the cell that was being typed."""
import multiprocessing
import os
import random
import re
import subprocess
import sys

sys.path[:0] = [os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'screen')]
import tap
from clerk import Clerk

LINES = int(os.environ.get('LINES_DROPPED', '100'))
ROWS = ('2012901', '2012902', '2012999', '2080501', '2080505', '2101101', '2101103', '2210201')


AT_ONCE = 4
case = None  # of the worker processes


def drop(number):
    return case.one(number)


class Line(tap.Case):
    def figures(self, directory):
        """{row: figure} of 财政拨款收入 in the table of income."""
        with open(os.path.join(directory, 'a.yaml'), encoding='utf-8') as file:
            section = re.search(r'^  income:\n    rows:\n((?:    - .*\n)+)', file.read(), re.M)[1]
        return dict(re.findall(r'row: "(\d+)", 财政拨款收入: ([\d.]+)', section))

    def type(self, clerk, row, figure):
        clerk.find(row)
        clerk.press('End', 'Home')
        clerk.press(figure, 'Enter')

    def drop(self, draw, number):
        """One session that is cut off; (its directory, what must be there, the row being typed, the figure that may stand there instead)."""
        directory = self.path('%d' % number)
        os.mkdir(directory)
        with open(tap.SAMPLE, 'rb') as source, open(os.path.join(directory, 'a.yaml'), 'wb') as file:
            file.write(source.read())
        wanted = self.figures(directory)
        clerk = Clerk(['a.yaml'], directory)
        clerk.open_table('income')
        for _ in range(draw.randrange(4)):
            row, figure = draw.choice(ROWS), '%d.%02d' % (draw.randrange(1, 9999), draw.randrange(100))
            self.type(clerk, row, figure)
            wanted[row] = figure
            if draw.random() < 0.2:
                clerk.press('F2')
        row, figure = draw.choice(ROWS), '%d.%02d' % (draw.randrange(1, 9999), draw.randrange(100))
        clerk.find(row)
        clerk.press('End', 'Home')
        for digit in figure[:draw.randrange(1, len(figure) + 1)]:
            clerk.press(digit)
        # Half of the time with more on its way, which nobody waits for.
        if draw.random() < 0.5:
            os.write(clerk.master, draw.choice((b'\r', b'9', b'\r/2012', b'\x1b', b'\x1b[2')))
        code = clerk.hang_up()
        self.assertEqual(code, 0, 'line %d' % number)
        return directory, wanted, row, figure

    def one(self, number):
        """How many figures were found again."""
        committed = 0
        directory, wanted, row, typed = self.drop(random.Random(number), number)
        self.assertFalse([name for name in os.listdir(directory) if name.endswith('.lock')], 'line %d: it did not end in order' % number)
        if number % 10 == 0:
            self.reopen(directory)
        else:
            done = subprocess.run([tap.PROGRAM, 'recover', 'a.yaml', '--take'], env=tap.clean_environment(directory), cwd=directory,
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        found = self.figures(directory)
        for other in ROWS:
            # Enter may have arrived behind any number of its digits.
            if other != row or not any(self.same(found.get(other), part) for part in self.parts(typed)):
                self.assertEqual(found.get(other), wanted.get(other), 'line %d, row %s, typing %s' % (number, other, typed))
                committed += 1
        return committed

    def test_lines_dropped(self):
        global case
        case = self
        with multiprocessing.get_context('fork').Pool(AT_ONCE) as pool:
            committed = sum(pool.map(drop, range(LINES), chunksize=1))
        print('# %d lines dropped in mid-entry: %d figures compared, none that was committed lost' % (LINES, committed))

    def parts(self, typed):
        for length in range(1, len(typed) + 1):
            yield typed[:length]
            yield typed[:length] + '9'

    def same(self, figure, text):
        return figure is not None and re.fullmatch(r'\d+\.?\d*', text) and abs(float(figure) - float(text)) < 0.001

    def reopen(self, directory):
        """In the screen, as the clerk does."""
        with Clerk(['a.yaml'], directory) as clerk:
            if '有上次没有保存的修改' in clerk.text():
                clerk.press('1')
                self.assertIn('已取回', clerk.text())
                clerk.press('F2')
                self.assertIn('已保存', clerk.text())
            clerk.leave_without_saving()


if __name__ == '__main__':
    tap.main()

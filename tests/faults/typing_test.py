#!/usr/bin/python3
"""A clerk types as fast as the line takes it, and the program is killed at a random moment, many times over."""
import os
import random
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import runner
import story
import tap

KILLS = 10000 if runner.LONG else 1000
ROWS = story.ROWS[1:]  # from 乙 down


def tale_of(number, files):
    """Down the column and up again, now and then something taken back, put back, saved."""
    draw = random.Random('typing %d' % number)
    moments, now, row, undo, redo = list(story.TO_TABLE), dict(story.BEFORE), 0, [], []
    for _ in range(draw.randrange(3, 12)):
        what = draw.random()
        if what < 0.12:
            moments.append(story.Moment(b'\x13', saves=True))
        elif what < 0.22 and undo:
            redo.append(now)
            now = undo.pop()
            moments.append(story.Moment(b'\x1a', now))
            row = None
        elif what < 0.3 and redo:
            undo.append(now)
            now = redo.pop()
            moments.append(story.Moment(b'\x19', now))
            row = None
        else:
            keys = b''
            if row is None or row == len(ROWS):  # to the first row, and down to 乙
                keys, row = b'\x1b[A' * 8 + b'\x1b[B' * 2, 0
            figure = '%d.%02d' % (draw.randrange(1, 10 ** draw.randrange(1, 9)), draw.randrange(100))
            undo.append(now)
            redo = []
            now = dict(now)
            now[ROWS[row]] = figure
            row += 1
            moments.append(story.Moment(keys + figure.encode() + b'\r', now))
    return story.Story('typing %d' % number, ('{file}',), story.BEFORE, tuple(moments), files=files)


def kill(job):
    number, files, took = job
    tale = tale_of(number, files)
    draw = random.Random('kill %d' % number)
    result = runner.run(tale.job(log=True, kill_after=(draw.randrange(len(tale.moments)), draw.uniform(0, 1.5 * took))))
    problems = story.judge(result, tale)
    return problems, sum(word in ('write', 'sync') for word, *_ in result.events), result.code, result.tell() if problems else ''


class Typing(unittest.TestCase):
    def setUp(self):
        runner.need_shim(self)

    def test_killed_at_random_moments(self):
        files = story.new_workbook()
        tale, start = tale_of(0, files), time.monotonic()
        whole = runner.run(tale.job(log=True))
        took = (time.monotonic() - start) / len(tale.moments)
        self.assertEqual(story.judge(whole, tale), [], whole.tell())
        results = runner.all_of(kill, [(number, files, took) for number in range(KILLS + KILLS // 10)], 16)
        wrong = ['%s\n%s' % (problems, tell) for problems, _, _, tell in results if problems]
        killed = sum(code == -9 for _, _, code, _ in results)
        print('# %d times killed at a random moment of typing, %d more had ended before; %d writes and syncs before that; %d wrong' % (
            killed, len(results) - killed, sum(count for _, count, _, _ in results), len(wrong)))
        runner.want_none(self, wrong)
        self.assertGreaterEqual(killed, KILLS)


if __name__ == '__main__':
    tap.main()

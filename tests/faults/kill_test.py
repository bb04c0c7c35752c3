#!/usr/bin/python3
"""The program is killed at every system call that it makes, from its first to its last."""
import os
import signal
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import runner
import story
import tap


def kill(job):
    tale, number = job
    result = runner.run(tale.job(fault='kill %d' % number, log=True))
    problems = story.judge(result, tale)
    return result.code, problems, result.tell() if problems else ''


class Kills(unittest.TestCase):
    def setUp(self):
        runner.need_shim(self)

    def kill_at_every_call(self, tale):
        whole = runner.run(tale.job(trace=True, log=True))
        self.assertEqual(story.judge(whole, tale), [], whole.tell())
        results = runner.all_of(kill, [(tale, number) for number in range(1, len(whole.calls) + 1)])
        wrong = ['call %d (%s): %s\n%s' % (number, ' '.join(whole.calls[number - 1]), problems, tell)
                 for number, (_, problems, tell) in enumerate(results, 1) if problems]
        ended = sum(code != -signal.SIGKILL for code, _, _ in results)
        print('# %s: SIGKILL at each of %d system calls, %d wrong' % (tale.name, len(results), len(wrong)))
        runner.want_none(self, wrong)
        self.assertLess(ended, 10, 'the program makes other calls from one run to the next')

    def test_set(self):
        self.kill_at_every_call(story.setting())

    def test_screen(self):
        self.kill_at_every_call(story.typing())

    def test_dropped_line(self):
        self.kill_at_every_call(story.dropping())

    def test_recover(self):
        self.kill_at_every_call(story.recovering())

    def test_recovery(self):
        self.kill_at_every_call(story.taking())


if __name__ == '__main__':
    tap.main()

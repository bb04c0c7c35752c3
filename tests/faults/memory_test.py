#!/usr/bin/python3
"""Every allocation fails, once and for ever: the program goes on, or ends with a sentence, the terminal given back, nothing lost."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import runner
import story
import tap


def starve(job):
    tale, fault = job
    result = runner.run(tale.job(fault=fault, log=True))
    return story.judge(result, tale), result.code, result.tell()


class Memory(unittest.TestCase):
    def setUp(self):
        runner.need_shim(self)

    def starve_everywhere(self, tale):
        whole = runner.run(tale.job(trace=True, log=True))
        self.assertEqual(story.judge(whole, tale), [], whole.tell())
        count = whole.allocations
        jobs = [(tale, 'memory %d %s' % (number, ever)) for number in range(1, count + 1) for ever in ('once', 'ever')]
        results = runner.all_of(starve, jobs)
        wrong = ['%s: %s\n%s' % (fault, problems, tell) for (_, fault), (problems, _, tell) in zip(jobs, results) if problems]
        print('# %s: each of %d allocations failing, once and for ever: %d runs, %d ended with a sentence, %d went on, %d wrong' % (
            tale.name, count, len(results), sum(code != 0 for _, code, _ in results), sum(code == 0 for _, code, _ in results), len(wrong)))
        runner.want_none(self, wrong)

    def test_set(self):
        self.starve_everywhere(story.setting())

    def test_screen(self):
        self.starve_everywhere(story.typing())


if __name__ == '__main__':
    tap.main()

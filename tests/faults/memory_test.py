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
    problems = story.judge(result, tale)
    return problems, result.code, result.tell() if problems else ''


class Memory(unittest.TestCase):
    def setUp(self):
        runner.need_shim(self)

    def starve_everywhere(self, tale, share=1):
        whole = runner.run(tale.job(trace=True, log=True))
        self.assertEqual(story.judge(whole, tale), [], whole.tell())
        count = whole.allocations
        jobs = runner.some_of([(tale, 'memory %d %s' % (number, ever)) for number in range(1, count + 1) for ever in ('once', 'ever')],
                              share)
        results = runner.all_of(starve, jobs)
        wrong = ['%s: %s\n%s' % (fault, problems, tell) for (_, fault), (problems, _, tell) in zip(jobs, results) if problems]
        print('# %s: each of %d allocations failing, once and for ever: %d runs%s, %d ended with a sentence, %d went on, %d wrong' % (
            tale.name, count, len(results), runner.share_in_words(share),
            sum(code != 0 for _, code, _ in results), sum(code == 0 for _, code, _ in results), len(wrong)))
        runner.want_none(self, wrong)

    def test_set(self):
        self.starve_everywhere(story.setting())

    def test_recover(self):
        self.starve_everywhere(story.recovering())

    def test_screen(self):
        self.starve_everywhere(story.typing(), 3)

    def test_dropped_line(self):
        self.starve_everywhere(story.dropping(), 12)

    def test_recovery(self):
        self.starve_everywhere(story.taking(), 12)


if __name__ == '__main__':
    tap.main()

#!/usr/bin/python3
"""Every system call fails with every error that it may return, once and for ever; does its work and fails all the same; is cut short."""
import errno
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import errors
import runner
import story
import tap


DEAF = 1.0  # seconds; a terminal that fails for ever may give no keys at all, and what follows is the same after a second and after twenty


def disturb(job):
    tale, fault, subject = job
    result = runner.run(tale.job(fault=fault, log=True, patience=DEAF if subject == 'terminal' else runner.LIMIT))
    problems = story.judge(result, tale, subject != 'terminal')
    return problems, result.code, result.tell() if problems else ''


def failures(calls):
    for number, (name, subject, rest) in calls:
        for word, error in errors.errors_of(name, subject, rest.endswith('\tnew')):
            for ever in ('once', 'ever'):
                if ever == 'once' or errors.may_last(word, subject):
                    yield 'fail %d %d %s' % (number, error, ever), subject


def late_failures(calls):
    for number, (name, subject, _) in calls:
        if name in errors.LATE and subject == 'ours':
            for word in ('EIO', 'ESTALE') if name == 'write' else ('EIO', 'ESTALE', 'EINTR'):
                yield 'late %d %d once' % (number, getattr(errno, word)), subject


def cuts(calls):
    for number, (name, subject, _) in calls:
        if name in ('read', 'pread64', 'write', 'pwrite64'):
            for how in (1, 2, 3):
                for ever in ('once', 'ever'):
                    yield 'short %d %d %s' % (number, how, ever), subject
            if 'read' in name:
                yield 'end %d 0 once' % number, subject


def without_start(calls):
    """Until it looks at a file of ours, the program does the same in all stories."""
    first = [subject for _, (_, subject, _) in calls].index('ours')
    return calls[first:]


def calls_elsewhere(tale):
    return [call[:2] for call in runner.run(tale.job(trace=True, log=True)).calls]


class Errors(unittest.TestCase):
    def setUp(self):
        runner.need_shim(self)

    def disturb_every_call(self, tale, share=1, start=False):
        whole = runner.run(tale.job(trace=True, log=True))
        self.assertEqual(story.judge(whole, tale), [], whole.tell())
        # else a fault would hit another call than the one it was chosen for
        self.assertEqual(runner.all_of(calls_elsewhere, [tale] * 2, 1), [[call[:2] for call in whole.calls]] * 2)
        calls = list(enumerate(whole.calls, 1))
        if not start:
            calls = without_start(calls)
        for what, faults in (('failing with every error', failures), ('failing after it was done', late_failures),
                             ('cut short', cuts)):
            jobs = runner.some_of([(tale, *fault) for fault in faults(calls)], share)
            results = runner.all_of(disturb, jobs)
            wrong = ['%s (%s): %s\n%s' % (fault, ' '.join(whole.calls[int(fault.split()[1]) - 1]), problems, tell)
                     for (_, fault, _), (problems, _, tell) in zip(jobs, results) if problems]
            print('# %s: each of %d system calls %s: %d runs%s, %d refused, %d wrong' % (
                tale.name, len(calls), what, len(results), runner.share_in_words(share),
                sum(code != 0 for _, code, _ in results), len(wrong)))
            with self.subTest(what):
                runner.want_none(self, wrong)

    def test_check(self):
        self.disturb_every_call(story.checking(), start=True)

    def test_set(self):
        self.disturb_every_call(story.setting())

    def test_recover(self):
        self.disturb_every_call(story.recovering())

    def test_screen(self):
        self.disturb_every_call(story.typing(), 12)

    def test_dropped_line(self):
        self.disturb_every_call(story.dropping(), 32)

    def test_recovery(self):
        self.disturb_every_call(story.taking(), 32)


if __name__ == '__main__':
    tap.main()

#!/usr/bin/python3
"""A saver and a journal with one step left out must not pass: whatever the other tests here say, they can fail."""
import os
import random
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import power
import runner
import story
import tap

UNSEALED = os.path.join(tap.BUILD, 'faults', 'unsealed', 'yubiao')  # its journal's checksums are not checked
FLIPS = 2000 if runner.LONG else 250


def spoil(job):
    """A journal with one byte changed: nothing of the change with that byte, or of what follows it, may be taken, and that is told; but
    for the last change, which may as well have been cut off."""
    tale, at, byte, program = job
    files = dict(tale.files)
    journal = files[story.JOURNAL]
    files[story.JOURNAL] = journal[:at] + bytes([byte]) + journal[at + 1:]
    taken = runner.run(runner.Job(('recover', '{file}', '--take'), files=tuple(files.items()), shim=False, program=program))
    found = story.figures_of(taken.files.get(story.FILE, b''))
    states, is_last = states_before(journal, at)
    if journal[at] == byte or (found in states and (taken.code == 1 or is_last)):
        return None
    return 'byte %d of the journal changed to %r: exit %d, %s' % (at, bytes([byte]), taken.code, found)


def states_before(journal, at):
    """What story.dropping() had entered by the changes before the one with byte `at`, and whether that is the last one."""
    ends = [line.split(b'\t')[5] == b'.' for line in journal.split(b'\n')[1:] if line]
    whole = sum(ends[:journal.count(b'\n', 0, at) - 1])
    states = [now for now, _ in story.dropping().states()]
    steps = states[:1] + [after for before, after in zip(states, states[1:]) if after != before]
    return steps[:whole + 1], whole + 1 == sum(ends)


class Mutants(unittest.TestCase):
    def setUp(self):
        runner.need_shim(self)

    def must_fail(self, what, tale, fault):
        wrong, looked_at, _ = power.cut(tale, fault, until_wrong=True)
        print('# without %s: %d of %d directories after a power cut are wrong: %s' % (
            what, len(wrong), looked_at, wrong[0][0].split('\n')[0][:120] if wrong else ''))
        self.assertTrue(wrong, 'nobody notices that %s is left out' % what)

    def test_without_fsync_of_the_file(self):
        self.must_fail('fsync of the new file', story.setting(), 'skip fsync .tmp')

    def test_without_fsync_of_the_directory(self):
        self.must_fail('fsync of the directory', story.typing(), 'skip fsync /')

    def test_without_rename(self):
        self.must_fail('rename', story.setting(), 'skip rename /b.yaml')

    def test_without_fdatasync_of_the_journal(self):
        self.must_fail('fdatasync of the journal', story.dropping(), 'skip fdatasync .tmp;skip fdatasync .journal')

    def spoilt(self, program):
        tale = story.recovering()
        journal, chance = dict(tale.files)[story.JOURNAL], random.Random('flips')
        start = journal.index(b'\n') + 1
        jobs = [(tale, at, chance.choice(b'0123456789\t.du') if chance.random() < 0.7 else journal[at] ^ 1 << chance.randrange(8), program)
                for at in (chance.randrange(start, len(journal)) for _ in range(FLIPS))]
        return [problem for problem in runner.all_of(spoil, jobs) if problem is not None]

    def test_a_changed_byte_of_the_journal_is_noticed(self):
        wrong = self.spoilt(None)
        print('# %d journals with one byte changed, %d wrong' % (FLIPS, len(wrong)))
        runner.want_none(self, wrong)

    def test_without_checksums(self):
        wrong = self.spoilt(UNSEALED)
        print('# without checksums: %d of %d journals with one byte changed are taken wrongly: %s' % (
            len(wrong), FLIPS, wrong[0] if wrong else ''))
        self.assertTrue(wrong, 'nobody notices that the checksums are not checked')


if __name__ == '__main__':
    tap.main()

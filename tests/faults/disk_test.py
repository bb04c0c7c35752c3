#!/usr/bin/python3
"""Disks that are full, directories that may not be written, files that may not grow: what was entered is not lost, and the user is told."""
import errno
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import runner
import story
import tap


def fill(job):
    tale, room, number, _ = job
    result = runner.run(tale.job(fault='space %d %d' % (room, number), log=True))
    problems = story.judge(result, tale)
    return problems, result.code, result.tell() if problems else ''


def limit(job):
    tale, room, _, _ = job
    result = runner.run(tale.job(limit_file=room))
    problems = story.judge(result, tale)
    return problems, result.code, result.tell() if problems else ''


class Disks(unittest.TestCase):
    def setUp(self):
        runner.need_shim(self)

    def all_room(self, what, function, tale, numbers, step):
        """Each number of bytes that fits, up to what the story needs."""
        whole = runner.run(tale.job(log=True))
        self.assertEqual(story.judge(whole, tale), [], whole.tell())
        needed = sum(len(data) for word, _, _, _, data in whole.events if word == 'write')
        jobs = [(tale, room, number, None) for number in numbers for room in range(0, needed + step, step)]
        results = runner.all_of(function, jobs)
        wrong = ['%d bytes: %s\n%s' % (job[1], problems, tell) for job, (problems, _, tell) in zip(jobs, results) if problems]
        print('# %s: %s, 0 to %d bytes: %d runs, %d refused, %d wrong' % (
            tale.name, what, needed, len(results), sum(code != 0 for _, code, _ in results), len(wrong)))
        runner.want_none(self, wrong)

    def test_full_disk(self):
        for tale in (story.setting(), story.typing(), story.recovering(), story.taking()):
            with self.subTest(tale.name):
                self.all_room('a disk that is full', fill, tale, [errno.ENOSPC, errno.EDQUOT], 1 if runner.LONG else 67)

    def test_size_limit(self):
        for tale in (story.setting(), story.typing(), story.recovering()):
            with self.subTest(tale.name):
                self.all_room('files that may not grow', limit, tale, [errno.EFBIG], 1 if runner.LONG else 43)

    def test_read_only_directory(self):
        """The journal goes elsewhere; what cannot be saved there is kept in it."""
        for tale in (story.setting(), story.typing()):
            result = runner.run(tale.job(log=True, read_only=True))
            with self.subTest(tale.name):
                self.assertFalse(result.crashed or result.stuck, result.tell())
                self.assertEqual(result.files[story.FILE], dict(tale.files)[story.FILE], result.tell())
                self.assertEqual([name for name in result.files if name.startswith('d/')], [story.FILE], result.tell())
                if tale.moments:
                    found, problem = story.recovered(result.files)
                    self.assertIsNone(problem)
                    self.assertTrue(story.was_shown(result, tale, len(tale.moments), found), '%s\n%s' % (found, result.tell()))
                else:
                    self.assertNotEqual(result.code, 0)
                    self.assertGreater(len(result.said.strip()), 10)
                print('# %s in a directory that may not be written: exit %d, %s' % (
                    tale.name, result.code, ' '.join(name for name in result.files if 'journal' in name)))

    @unittest.skipUnless(os.getuid() == 0, 'NOT SHOWN HERE: a real small disk, which needs the right to mount one')
    def test_real_full_disk(self):
        here, tale = runner.place(), story.typing()
        disk = os.path.join(here.top, 'home')
        os.makedirs(disk, exist_ok=True)
        refused = wrong = count = 0
        problems = []
        for left in range(0, 8 * 4096, 4096):
            done = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'yubiao-faults', disk], capture_output=True, check=False)
            if done.returncode != 0:
                self.skipTest('NOT SHOWN HERE: no right to mount a tmpfs')
            try:
                os.makedirs(here.directory)
                runner.write_tree(here.home, tale.files)
                space = os.statvfs(disk)
                with open(os.path.join(disk, 'filler'), 'wb') as filler:
                    filler.write(b'x' * max(0, space.f_bavail * space.f_bsize - left))
                result = runner.run(tale.job(log=True), fill=False)
            finally:
                subprocess.run(['umount', '-l', disk], check=False)
            result.files.pop('filler', None)
            bad = story.judge(result, tale)
            problems += ['%d bytes left: %s\n%s' % (left, bad, result.tell())] if bad else []
            count += 1
            refused += story.SAVED not in result.out
        print('# %s on a tmpfs of 64 KiB with 0 to 28 KiB left: %d runs, %d could not save, %d wrong' % (
            tale.name, count, refused, len(problems)))
        runner.want_none(self, problems)


if __name__ == '__main__':
    tap.main()

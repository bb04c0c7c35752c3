#!/usr/bin/python3
"""The power goes off: any set of what was not synced is lost or torn. What was promised is there again after recovery, also when the
power goes off during that."""
import os
import random
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import power
import runner
import story
import tap

TWICE = 200 if runner.LONG else 4  # directories after a power cut whose recovery is cut again


class PowerCuts(unittest.TestCase):
    def setUp(self):
        runner.need_shim(self)

    def cut(self, tale):
        wrong, looked_at, count = power.cut(tale)
        print('# %s: %d images after a power cut, %d differ, %d wrong' % (tale.name, count, looked_at, len(wrong)))
        runner.want_none(self, ['%s\n%s' % (problem, files) for problem, files in wrong])

    def test_set(self):
        self.cut(story.setting())

    def test_screen(self):
        self.cut(story.typing())

    def test_dropped_line(self):
        self.cut(story.dropping())

    def test_recover(self):
        self.cut(story.recovering())

    def test_recovery(self):
        self.cut(story.taking())

    def test_recovery_after_a_power_cut(self):
        """Of what a first cut leaves, some is recovered, and the power goes off again meanwhile."""
        tale = story.dropping()
        found, _ = power.images(tale, runner.run(tale.job(log=True)))
        picked = [files for files, _, _ in random.Random('twice').sample(found, TWICE) if any('journal' in name for name in files)]
        looked_at = count = 0
        wrong = []
        for files in picked:
            after, problem = story.recovered(files)
            self.assertIsNone(problem)
            again = story.Story('recover', ('recover', '{file}', '--take'), after, saved=story.figures_of(files[story.FILE]), after=after,
                                files=tuple(files.items()))
            bad, some, all_images = power.cut(again)
            wrong += bad
            looked_at += some
            count += all_images
        print('# recovery of %d directories after a power cut, cut again: %d images, %d differ, %d wrong' % (
            len(picked), count, looked_at, len(wrong)))
        runner.want_none(self, ['%s\n%s' % (problem, files) for problem, files in wrong])


if __name__ == '__main__':
    tap.main()

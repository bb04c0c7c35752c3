#!/usr/bin/python3
"""The bounds that do not depend on the machine's speed: bytes to the terminal, memory, growth of the work of one edit."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import measure
import synthetic
import tap
from bench import ROWS


class Bounds(tap.Case):
    def judge(self, title, figures):
        for name, bound in ROWS:
            median, late, most, count = measure.spread(figures[name])
            print('# %s, bytes of a %s: median %g, p95 %g, most %g of %d' % (title, name, median, late, most, count))
            with self.subTest(key=name):
                self.assertGreater(count, 2)
                self.assertLessEqual(median, bound)

    def test_bytes_on_the_sample(self):
        figures = measure.bytes_by_key(self.copy_sample(), self.home)
        figures['page down'] = measure.page_bytes(self.path('sample.yaml'), self.home)
        self.judge('sample', figures)

    def test_bytes_in_ten_thousand_rows(self):
        self.judge('10,000 rows', measure.bytes_by_key(synthetic.write(self.path('large.yaml'), 10000), self.home))

    def test_memory(self):
        figures = measure.memory(self.home)
        print('# resident with the sample: VmHWM %(VmHWM)d kB, VmRSS %(VmRSS)d kB' % figures)
        self.assertLessEqual(figures['VmHWM'], 8192)

    def test_an_edit_costs_the_same_in_a_large_table(self):
        small, large = measure.instructions(100, self.home), measure.instructions(100000, self.home)
        print('# instructions a committed figure: %.0f at 100 rows, %.0f at 100,000, ratio %.2f' % (small, large, large / small))
        self.assertLessEqual(large / small, 1.5)

    def test_a_commit_is_one_write_and_one_fdatasync(self):
        kinds, instructions, size = measure.cost_of_a_commit(self.home, ())
        print('# a committed figure: %.0f instructions, %s, %.0f bytes in the journal' % (instructions, kinds, size))
        self.assertEqual(kinds, {'write': 1, 'fdatasync': 1})
        self.assertLess(size, 256)
        without, fewer, nothing = measure.cost_of_a_commit(self.home, ('without',))
        print('# without the journal: %.0f instructions' % fewer)
        self.assertEqual((without, nothing), ({}, 0))


if __name__ == '__main__':
    tap.main()

#!/usr/bin/python3
"""From `yubiao new` to nine CSV files, all of it typed at the terminal."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clerk import Clerk
import published
import tap

KEYS = os.path.join(published.DIRECTORY, 'keys.txt')


def key_script(path):
    """The keys of a file: <Name> or one character each."""
    with open(path, encoding='utf-8') as file:
        for line in file:
            if not line.startswith('#'):
                yield [name or character for name, character in re.findall(r'<(\w+)>|(.)', line.rstrip('\n'))]


class Seed(tap.Case):
    def test_the_leaves_of_the_published_budget(self):
        path, keys = self.path('711.yaml'), 0
        with Clerk(['new', 'hebei-2024', path, '--code', '711', '--name', '总工会', '--year', '2024'], self.home) as clerk:
            for line in key_script(KEYS):
                clerk.press(*line)
                keys += len(line)
            self.assertRegex(clerk.text(), r'收入总计\s*116\.16\s+支出总计\s*116\.16\s+差额\s*0\.00', clerk.dump())
            clerk.press('F2')
            self.assertIn('已保存', clerk.text(), clerk.dump())
            self.export_by_keys(clerk)
            clerk.press('F10')
            self.assertEqual(clerk.wait(), 0, clerk.dump())
        cells = published.compare(self, self.path('711-csv'))
        self.yubiao('export', path, '--to', self.path('command'))
        published.compare(self, self.path('command'))
        print('# %d keys typed, %d exported cells equal the published ones' % (keys, cells))

    def export_by_keys(self, clerk):
        clerk.press('F9')
        self.assertIn(self.path('711-csv'), clerk.text(), clerk.dump())
        clerk.press('F9')
        self.assertRegex(clerk.text(), r'已导出 \d+ 个文件', clerk.dump())


if __name__ == '__main__':
    tap.main()

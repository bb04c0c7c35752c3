#!/usr/bin/python3
"""The sample is the published document: its export, its two errors, and that none of its figures can move unnoticed."""
import json
import os
import re
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import published
import tap

RISE = Decimal('3.00')


def figures(path):
    """Every figure of a workbook file: (table, 'rows' or 'control', row, column, value)."""
    table = part = None
    with open(path, encoding='utf-8') as file:
        inside = False
        for line in file:
            inside = (inside or line.startswith('tables:')) and not line.startswith('end:')
            if not inside:
                continue
            if head := re.match(r'  ([\w-]+):\s*$', line):
                table = head[1]
            elif head := re.match(r'    (rows|control):\s*$', line):
                part = head[1]
            elif cells := re.match(r'\s*- \{row: ("[^"]*"|[^,}]*)(.*)\}\s*$', line):
                for column, value in re.findall(r', ([^:,]+): "?(-?[\d.]+)"?', cells[2]):
                    yield table, part, cells[1].strip('"'), column.strip('"'), Decimal(value)


def errors(output):
    """The findings of severity error as a set that can be compared."""
    found = [json.loads(line) for line in output.splitlines()]
    return {(item['check'], item['table'], item['row'], item['column'], item['difference'])
            for item in found if item['severity'] == 'error'}


class Sample(tap.Case):
    def check(self, path):
        return self.yubiao('check', '--format', 'json', path, status=None)

    def test_exports_the_published_tables(self):
        self.yubiao('export', tap.SAMPLE, '--to', self.path('out'))
        self.assertEqual(sorted(os.listdir(self.path('out'))),
                         ['%02d-%s.csv' % pair for pair in enumerate(published.TABLES, 1)])
        print('# %d exported cells equal the published ones' % published.compare(self, self.path('out')))

    def test_has_exactly_two_errors(self):
        done = self.yubiao('check', '--format', 'json', tap.SAMPLE, status=1)
        found = [json.loads(line) for line in done.stdout.splitlines()]
        loud = [item for item in found if item['severity'] != 'note']
        self.assertEqual([(item['severity'], item['table'], item['row'], item['column'], item['stated'], item['computed'],
                           item['difference']) for item in loud],
                         [('error', 'general-budget', row, '项目支出', '2.60', '9.60', '-7.00') for row in ('201', '20129')])
        for item in found:
            self.assertEqual(set(item), {'file', 'severity', 'check', 'table', 'row', 'column', 'stated', 'computed', 'difference',
                                         'text'})

    def test_every_figure_counts(self):
        known = errors(self.check(tap.SAMPLE).stdout)
        everything = list(figures(tap.SAMPLE))

        def raised(numbered):
            number, (table, part, row, column, value) = numbered
            path = shutil.copy(tap.SAMPLE, self.path('%d.yaml' % number))
            control = ['--control'] if part == 'control' else []
            self.yubiao('set', *control, path, '%s[%s].%s=%s' % (table, row, column, value + RISE))
            return errors(self.check(path).stdout) - known

        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            results = list(pool.map(raised, enumerate(everything)))
        unnoticed = [figure for figure, new in zip(everything, results) if not new]
        entered = [figure for figure in everything if figure[1] == 'rows']
        self.assertEqual(unnoticed, [], '%d of %d raised figures go unnoticed' % (len(unnoticed), len(everything)))
        self.assertEqual(len(everything), published.count(), 'the sample holds every published figure')
        print('# raised by 3.00, each noticed: %d of %d entered figures, %d of %d control figures'
              % (len(entered), len(entered), len(everything) - len(entered), len(everything) - len(entered)))


if __name__ == '__main__':
    tap.main()

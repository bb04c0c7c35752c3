#!/usr/bin/python3
"""None of the samples' figures can move unnoticed: each is raised in turn, and a finding must appear that the sample lacks, but for
the figures that stand under no relation, or under none that a higher figure breaks; these are listed here."""
import json
import os
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import published
import tap

# Texts that may look like figures.
TEXTS = {'指标值', '优', '良', '中', '差', 'row'}
QUOTED = r'"(?:[^"\\]|\\.)*"' + "|'[^']*'"
COUNTED = {'staff', 'personnel-basis', 'public-basis'}
# The figures that may rise: (table, row, column) -> why.
ELSEWHERE = 'only compared with 支出总表, which was published elsewhere'
ALONE = 'under no relation'
FREE = {
    'beidaihe-2024': {},
    'shanhaiguan-2020': {},
    'chengde-2023': {('duty', '@%d' % activity, '年度预算数'): ELSEWHERE for activity in (43, 49, 56, 59)},
    'shanhaiguan-2026': {},
    'qiaoxi-2015': {('public-basis', '@1/单位分类', column): ALONE for column in ('现有数', '核定数')},
}


class Figure:
    """A figure in the text of a workbook file."""

    def __init__(self, table, part, row, column, text, start):
        self.place = (table, row, column)
        self.control = part == 'control'
        self.text, self.start = text, start

    def raised(self):
        number, sign = re.fullmatch(r'(-?[\d.]+)(%?)', self.text).groups()
        step = 7 if self.place[2].endswith('月底') else 1 if self.place[0] in COUNTED else 3
        return '%s%s' % (Decimal(number) + step, sign)


def figures(text):
    """Every figure of a workbook file, entered ones and control figures."""
    table = part = row = None
    start, inside = 0, False
    for line in text.splitlines(keepends=True):
        if line.startswith('tables:') or line.startswith('end:'):
            inside = line.startswith('tables:')
        elif inside and (head := re.match(r'  ([\w-]+):\s*$', line)):
            table = head[1]
        elif inside and (head := re.match(r'    (rows|control):\s*$', line)):
            part = head[1]
        elif inside:
            bare = re.sub(QUOTED, lambda quoted: '_' * len(quoted[0]), line)
            if named := re.search(r'''\brow: ["']?([^,}\s"']+)''', line):
                row = named[1]
            for cell in re.finditer(r'([^\s,{]+): (-?\d+(?:\.\d+)?%?)(?=[,}\n])', bare):
                if cell[1] not in TEXTS:
                    yield Figure(table, part, row, cell[1], cell[2], start + cell.start(2))
        start += len(line)


def findings(output):
    found = [json.loads(line) for line in output.splitlines()]
    return {tuple(item[key] for key in ('severity', 'check', 'table', 'row', 'column', 'stated', 'computed'))
            for item in found}


class Mutation(tap.Case):
    def check(self, path):
        return findings(self.yubiao('check', '--format', 'json', path, status=None).stdout)

    def raise_each(self, name):
        document = published.Document(name)
        with open(document.sample, encoding='utf-8') as file:
            text = file.read()
        known, everything = self.check(document.sample), list(figures(text))

        def noticed(numbered):
            number, figure = numbered
            path = self.path('%d.yaml' % number)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(published.sealed(text[:figure.start] + figure.raised() + text[figure.start + len(figure.text):]))
            return self.check(path) - known

        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            results = list(pool.map(noticed, enumerate(everything)))
        unnoticed = {figure.place for figure, new in zip(everything, results) if not new}
        for control, what in ((False, 'entered figures'), (True, 'control figures')):
            some = [new for figure, new in zip(everything, results) if figure.control == control]
            print('# %s: raised and noticed: %d of %d %s' % (name, sum(map(bool, some)), len(some), what))
        # In the nine statutory tables of 2024 nothing less than an error will do.
        statutory = [(figure, new) for figure, new in zip(everything, results)
                     if name == 'beidaihe-2024' and figure.place[0] in published.TABLES]
        mild = [figure.place for figure, new in statutory if not any(finding[0] == 'error' for finding in new)]
        if statutory:
            print('# %s: in its nine statutory tables %d of %d raise an error: %d entered, %d control figures'
                  % (name, len(statutory) - len(mild), len(statutory), sum(not figure.control for figure, _ in statutory),
                     sum(figure.control for figure, _ in statutory)))
        self.assertEqual(mild, [])
        for place, why in FREE[name].items():
            print('# %s: free to rise: %s[%s].%s: %s' % (name, *place, why))
        self.assertEqual(unnoticed, set(FREE[name]))
        self.assertTrue(everything)

    def test_beidaihe_2024(self):
        self.raise_each('beidaihe-2024')

    def test_shanhaiguan_2020(self):
        self.raise_each('shanhaiguan-2020')

    def test_chengde_2023(self):
        self.raise_each('chengde-2023')

    def test_shanhaiguan_2026(self):
        self.raise_each('shanhaiguan-2026')

    def test_qiaoxi_2015(self):
        self.raise_each('qiaoxi-2015')


if __name__ == '__main__':
    tap.main()

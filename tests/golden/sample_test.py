#!/usr/bin/python3
"""The samples are the published documents: what they export, and what is wrong with them."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import published
import tap

CONTROL = '控制数与计算数一致'
AMOUNT = '%s疑似填了金额，应填占预算数的百分比'
# Every finding above `note`: its cause in the published document, severity, check, table, row, column, stated, computed.
CAUSES = {
    'beidaihe-2024': [
        ('A1', 'error', CONTROL, 'general-budget', '201', '项目支出', '2.60', '9.60'),
        ('A1', 'error', CONTROL, 'general-budget', '20129', '项目支出', '2.60', '9.60'),
        ('A2', 'error', '项目绩效目标预算数合计等于项目支出', 'project', '', '预算数', '10.02', '9.60'),
        ('A2', 'error', '项目绩效目标财政资金合计等于财政拨款项目支出', 'project', '', '财政资金', '10.02', '9.60'),
        ('A2', 'error', '项目编码中的年度等于预算年度', 'project', '@4', '项目编码', '13030423P008897101022', ''),
    ],
    'shanhaiguan-2020': [
        ('A9', 'error', '数量指标有数', 'project', '@8', '指标值', '', ''),
        ('A10', 'error', '截止时间等于上年末', 'assets', '@0', '截止时间', '2018-12-31', '2019-12-31'),
    ],
    'chengde-2023': [],
    'shanhaiguan-2026': [
        ('A4', 'error', AMOUNT % '3月底', 'project', '@2', '3月底', '6.59', '25.00'),
        ('A4', 'error', AMOUNT % '6月底', 'project', '@2', '6月底', '13.18', '50.00'),
        ('A4', 'error', AMOUNT % '10月底', 'project', '@2', '10月底', '19.77', '75.00'),
        ('A4', 'error', '资金支出计划末期为100%', 'project', '@2', '12月底', '', '100.00'),
        ('A4', 'error', AMOUNT % '12月底', 'project', '@3', '12月底', '3.00', '100.00'),
        ('A4', 'error', AMOUNT % '12月底', 'project', '@4', '12月底', '0.72', '100.00'),
        ('A4', 'error', AMOUNT % '12月底', 'project', '@5', '12月底', '4.14', '100.00'),
        *[('A5', 'error', '比率类指标不用≤', 'project', '@%d' % row, '指标值', '≤', '≤')
          for row in (14, 17, 20, 23, 25, 26, 29)],
        *[('A6', 'error', '比率类指标的单位为%', 'project', '@%d' % row, '指标值', '人', '') for row in (19, 25)],
        *[('B1', 'rounding', CONTROL, table, row, column, '31.25', '31.26')
          for table, rows, columns in [('summary', ['208'], ['预算数']),
                                       ('income', ['208', '20805'], ['合计', '小计', '财政拨款收入']),
                                       ('expenditure', ['208', '20805'], ['合计', '基本支出']),
                                       ('fiscal-summary', ['208'], ['合计', '一般公共预算财政拨款']),
                                       ('general-budget', ['208', '20805'], ['合计', '基本支出'])]
          for row in rows for column in columns],
        ('B5', 'rounding', CONTROL, 'basic', '合计', '人员经费', '54.71', '54.72'),
    ],
    'qiaoxi-2015': [
        ('A11', 'warning', '在职行政人数不超过编制', 'staff', '@1', '行政', '8', '5'),
        ('A11', 'warning', '在职人数不超过定编人数', 'personnel-basis', '@1/单位实有在职人数', '现有数', '8', '5'),
        ('A11', 'warning', '在职人数不超过定编人数', 'personnel-basis', '@1/单位实有在职人数', '核定数', '8', '5'),
        ('A11', 'warning', '实有人数不超过编制人数', 'public-basis', '@1/实有人数', '现有数', '8', '5'),
        ('A11', 'warning', '实有人数不超过编制人数', 'public-basis', '@1/实有人数', '核定数', '8', '5'),
    ],
}
# Titles and lines that the samples print otherwise: why.
OTHERWISE = {
    ('chengde-2023', 'ASSETS', 'department'): 'the document gives the department a shorter name there',
    ('qiaoxi-2015', 'PERF_OVERALL', 'title'): 'the document leaves 市 out of the name there',
    ('qiaoxi-2015', 'PERF_P1', 'title'): 'the document adds the amount, and numbers the two projects in two ways',
    ('qiaoxi-2015', 'PERF_P2', 'title'): 'the same',
}
WANTED = {'A1', 'A2', 'A4', 'A5', 'A6', 'A9', 'A10', 'A11'}


def loud(output):
    found = [json.loads(line) for line in output.splitlines()]
    return sorted(tuple(item[key] for key in ('severity', 'check', 'table', 'row', 'column', 'stated', 'computed'))
                  for item in found if item['severity'] != 'note')


class Sample(tap.Case):
    def findings(self, path):
        return loud(self.yubiao('check', '--format', 'json', path, status=None).stdout)

    def test_exports_the_published_tables(self):
        tables = cells = 0
        for name in published.NAMES:
            with self.subTest(name):
                document = published.Document(name)
                self.yubiao('export', document.sample, '--to', self.path(name))
                self.assertEqual(sorted(os.listdir(self.path(name))), document.files())
                count = document.compare(self, self.path(name))
                print('# %s: %d tables, %d cells equal but for:' % (name, document.count(), count))
                for place, (print_, export, why) in document.differences.items():
                    print('#   %s line %d column %d: published %r, exported %r (%s)' % (*place, print_, export, why))
                tables, cells = tables + document.count(), cells + count
        self.assertEqual(tables, 59)
        print('# %d of 59 tables, %d cells' % (tables, cells))

    def test_prints_titles_lines_and_notes(self):
        lacking, count = set(), 0
        for name in published.NAMES:
            document = published.Document(name)
            text = self.yubiao('print', document.sample, '--output', '-', '--width', '250').stdout
            text = re.sub(r'\s', '', text)
            for table in document.published:
                for part in ('title', 'department', 'date_line', 'unit_line', 'notes'):
                    said = table.get(part) or []
                    for words in [said] if isinstance(said, str) else said:
                        count += 1
                        if re.sub(r'\s', '', words) not in text:
                            lacking.add((name, table['id'], part))
        self.assertEqual(lacking, set(OTHERWISE))
        print('# %d titles, lines and notes, printed alike but for:' % (count - len(lacking)))
        for place, why in OTHERWISE.items():
            print('#   %s %s: %s (%s)' % (*place, why))

    def test_every_finding_has_its_cause(self):
        found = set()
        for name in published.NAMES:
            with self.subTest(name):
                causes = [item[0] for item in CAUSES[name]]
                self.assertEqual(self.findings(published.Document(name).sample), sorted(item[1:] for item in CAUSES[name]))
                counted = ['%s %d' % (cause, causes.count(cause)) for cause in dict.fromkeys(causes)]
                print('# %s: %s' % (name, ', '.join(counted) or 'nothing'))
                found.update(causes)
        self.assertTrue(WANTED <= found, WANTED - found)
        self.assertEqual([item[1] for name in published.NAMES for item in CAUSES[name]].count('rounding'), 18)

    def test_rounding_is_an_error_where_figures_are_exact(self):
        sample = published.Document('shanhaiguan-2026').sample
        with open(sample, encoding='utf-8') as file:
            text = file.read()
        path = self.path('exact.yaml')
        with open(path, 'w', encoding='utf-8') as file:
            file.write(published.sealed(re.sub(r'(?m)^figures: rounded$', 'figures: exact', text)))
        wanted = sorted(('error', *item[2:]) for item in CAUSES['shanhaiguan-2026'])
        self.assertEqual(self.findings(path), wanted)

    def test_findings_say_what_and_where(self):
        """Each sentence names the table and the check, and the figures that are compared."""
        for name in published.NAMES:
            output = self.yubiao('check', '--format', 'json', published.Document(name).sample, status=None).stdout
            for item in map(json.loads, output.splitlines()):
                if item['severity'] != 'note':
                    said = [item['stated'], item['computed']] + [item['check']] * (item['check'] != CONTROL)
                    self.assertEqual([words for words in said if words not in item['text']], [], item)


if __name__ == '__main__':
    tap.main()

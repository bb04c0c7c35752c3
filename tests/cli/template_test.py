#!/usr/bin/python3
"""`export --template`: the forms without figures, to be filled in a spreadsheet."""
import csv
import glob
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap

PACK = 'hebei-2024'
LABELS = ('序号', '功能分类科目/科目编码', '功能分类科目/科目名称', '支出部门经济分类科目/科目编码', '支出部门经济分类科目/科目名称', '项目',
          '收入/项目', '支出/项目', '单位名称', '政府采购项目来源/项目名称')


class Template(tap.Case):
    def read(self, name, encoding='utf-8-sig'):
        with open(self.path(name), encoding=encoding, newline='') as file:
            return list(csv.reader(file))

    def test_holds_what_says_who_is_who_and_nothing_else(self):
        self.copy_sample()
        self.yubiao('export', 'sample.yaml', '--to', 'full')
        self.yubiao('export', 'sample.yaml', '--template', '--to', 'blank')
        compared = 0
        for path in glob.glob(self.path('full/*.csv')):
            name = os.path.basename(path)[:-len('.csv')]
            full, blank = self.read('full/%s.csv' % name), self.read('blank/%s-template.csv' % name)
            if 'head' in name or 'indicators' in name:
                continue
            self.assertEqual(blank[0], full[0], name)
            if not any(cell for row in full[1:] for cell in row):
                continue  # an empty table is exported without its rows
            self.assertEqual(len(blank), len(full), name)
            for stated, row in zip(full[1:], blank[1:]):
                for caption, before, after in zip(full[0], stated, row):
                    self.assertEqual(after, before if caption in LABELS or before == '——' else '', (name, caption))
                    compared += after != ''
        self.assertGreater(compared, 200)

    def test_of_a_card_has_its_name_and_labels_only(self):
        self.copy_sample()
        self.yubiao('export', 'sample.yaml', '--template', '--table', 'project', '--to', 'blank')
        self.assertEqual(len(os.listdir(self.path('blank'))), 8)
        head = self.read('blank/11-project-2-head-template.csv')
        self.assertEqual(head[0], ['项目编码', '13030424P00889311031K', '项目名称', '劳模体检经费'])
        self.assertEqual(head[-1], ['绩效目标', ''])
        self.assertEqual(len(self.read('blank/11-project-2-indicators-template.csv')), 1)

    def test_of_a_new_file(self):
        self.yubiao('new', PACK, 'a.yaml')
        self.yubiao('export', 'a.yaml', '--template', '--to', 'blank')
        self.assertEqual(len(self.read('blank/02-income-template.csv')), 1)
        self.assertEqual(self.read('blank/09-three-public-template.csv')[1][:3], ['1', '合计', ''])
        self.assertEqual(self.read('blank/11-project-1-head-template.csv')[0], ['项目编码', '', '项目名称', ''])

    def test_lists_the_codes_of_the_table_that_it_follows(self):
        self.yubiao('new', PACK, 'a.yaml')
        self.yubiao('set', 'a.yaml', 'income[2012901].财政拨款收入=1')
        self.yubiao('export', 'a.yaml', '--template', '--to', 'blank')
        for name in ('03-expenditure', '05-general-budget'):
            self.assertEqual([row[1] for row in self.read('blank/%s-template.csv' % name)[1:]], ['', '201', '20129', '2012901'])
        self.assertEqual(len(self.read('blank/07-government-fund-template.csv')), 1)

    def test_keeps_the_clerks_own_names_of_codes(self):
        self.yubiao('new', PACK, 'a.yaml')
        self.yubiao('set', 'a.yaml', 'income[2012901].财政拨款收入=1')
        with open(self.path('a.yaml'), encoding='utf-8') as file:
            text = file.read()
        with open(self.path('a.yaml'), 'w', encoding='utf-8') as file:
            file.write(text.replace('tables:', 'names:\n  functional: {"2012901": 本会自用}\ntables:', 1))
        self.yubiao('export', 'a.yaml', '--template', '--to', 'blank')
        self.assertEqual(self.read('blank/02-income-template.csv')[-1][1:3], ['2012901', '本会自用'])

    def test_never_replaces_a_file(self):
        self.yubiao('new', PACK, 'a.yaml')
        os.mkdir(self.path('blank'))
        with open(self.path('blank/09-three-public-template.csv'), 'w') as file:
            file.write('filled')
        said = self.yubiao('export', 'a.yaml', '--template', '--to', 'blank', status=2).stderr
        self.assertIn('09-three-public-template.csv', said)
        self.assertEqual(os.listdir(self.path('blank')), ['09-three-public-template.csv'])
        with open(self.path('blank/09-three-public-template.csv')) as file:
            self.assertEqual(file.read(), 'filled')

    def test_in_gb18030(self):
        self.yubiao('new', PACK, 'a.yaml')
        self.yubiao('export', 'a.yaml', '--template', '--table', '三公经费表', '--encoding', 'gb18030', '--to', 'blank')
        self.assertEqual(self.read('blank/09-three-public-template.csv', 'gb18030')[0][1], '项目')


if __name__ == '__main__':
    tap.main()

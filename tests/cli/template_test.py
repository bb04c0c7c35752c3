#!/usr/bin/python3
"""`export --template`: the forms without figures, to be filled in a spreadsheet."""
import csv
import glob
import itertools
import os
import re
import shutil
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

    def test_filled_in_it_gives_the_figures(self):
        """A spreadsheet puts the figures into the blank forms, in GB18030; imported, the workbook exports what was put in."""
        for name in sorted(os.listdir(os.path.join(tap.TOP, 'sample-data'))):
            sample = name[:-len('.yaml')]
            shutil.copy(os.path.join(tap.TOP, 'sample-data', name), self.path(name))
            self.yubiao('export', name, '--to', sample)
            self.yubiao('export', name, '--template', '--to', sample + '-blank', '--encoding', 'gb18030')
            filled = 0
            for path in sorted(glob.glob(self.path(sample + '/*.csv'))):
                table = os.path.basename(path)[:-len('.csv')]
                full, blank = self.read('%s/%s.csv' % (sample, table)), self.read('%s-blank/%s-template.csv' % (sample, table), 'gb18030')
                rows = [[one or other for one, other in itertools.zip_longest(above, below, fillvalue='')]
                        for above, below in itertools.zip_longest(blank, full, fillvalue=[])]
                filled += sum(cell not in ('', other) for row, old in itertools.zip_longest(rows, blank, fillvalue=[])
                              for cell, other in itertools.zip_longest(row, old, fillvalue=''))
                with open(self.path('%s-blank/%s-template.csv' % (sample, table)), 'w', encoding='gb18030', newline='') as file:
                    csv.writer(file).writerows(rows)
            with open(self.path(name), encoding='utf-8') as file:
                text = file.read()
            pack = re.search(r'^pack: (.*)$', text, re.M)[1]
            code, title = re.search(r'^department: \{code: "(\d+)", name: ([^,}]*)', text, re.M).groups()
            self.yubiao('new', pack, 'new-' + name, '--code', code, '--name', title)
            self.yubiao('import', 'new-' + name, sample + '-blank')
            self.yubiao('export', 'new-' + name, '--to', 'new-' + sample)
            for path in sorted(glob.glob(self.path(sample + '/*.csv'))):
                table = os.path.basename(path)
                wanted = self.read('%s/%s' % (sample, table))
                if any(cell for row in wanted[1:] for cell in row[1:]):
                    self.assertEqual(self.read('new-%s/%s' % (sample, table)), wanted, (sample, table))
            self.assertGreater(filled, 20)
            print('# %s: %d cells filled in' % (sample, filled))

    def test_what_a_new_file_exports_comes_back(self):
        """Whole folders of blank forms: of cards of nobody, of tables of units that there are not yet."""
        for pack in sorted(os.listdir(os.path.join(tap.TOP, 'forms'))):
            if not os.path.exists(os.path.join(tap.TOP, 'forms', pack, 'pack.yaml')):
                continue
            name = pack + '.yaml'
            self.yubiao('new', pack, name, '--code', '711', '--name', '总工会')
            with open(self.path(name), 'rb') as file:
                before = file.read()
            for arguments in ((), ('--template',)):
                directory = pack + ''.join(arguments)
                self.yubiao('export', name, '--to', directory, *arguments)
                done = self.yubiao('import', name, directory)
                self.assertEqual(done.stderr, '', directory)
                self.assertIn('表里已经是这样', done.stdout)
                with open(self.path(name), 'rb') as file:
                    self.assertEqual(file.read(), before, directory)

    def test_one_filled_in_among_blank_ones(self):
        self.yubiao('new', PACK, 'a.yaml')
        self.yubiao('export', 'a.yaml', '--template', '--to', 'blank')
        with open(self.path('blank/11-project-1-head-template.csv'), 'r+', encoding='utf-8-sig') as file:
            text = file.read().replace('项目名称,', '项目名称,甲项目').replace('绩效目标,', '绩效目标,办好')
            file.seek(0)
            file.write(text)
        done = self.yubiao('import', 'a.yaml', 'blank')
        self.assertEqual(done.stderr, '')
        self.assertRegex(done.stdout, '11-project-1-head-template.csv → 《项目绩效目标》甲项目：6 行，填 1 处，加 1 行')

    def test_a_blank_one_empties_nothing_unless_that_is_said(self):
        sample = self.copy_sample()
        with open(sample, 'rb') as file:
            before = file.read()
        self.yubiao('export', 'sample.yaml', '--template', '--to', 'blank')
        done = self.yubiao('import', 'sample.yaml', 'blank')
        self.assertIn('03-expenditure-template.csv：文件里一个数也没有填，表里的 8 处没有清除', done.stdout)
        with open(sample, 'rb') as file:
            self.assertEqual(file.read(), before)
        self.yubiao('import', 'sample.yaml', 'blank/03-expenditure-template.csv', '--replace')
        self.yubiao('export', 'sample.yaml', '--to', 'full')
        self.assertEqual({cell for row in self.read('full/03-expenditure.csv')[1:] for cell in row[3:]}, {''})
        self.assertEqual(self.read('full/02-income.csv')[1][3], '116.16')

    def test_a_blank_card_empties_nothing_and_a_blank_line_of_a_card_its_text(self):
        self.copy_sample()
        self.yubiao('export', 'sample.yaml', '--table', 'project', '--to', 'full')
        rows = self.read('full/11-project-1-head.csv')
        self.assertEqual(rows[2][0], '')
        rows[2][1] = ''
        with open(self.path('card.csv'), 'w', encoding='utf-8', newline='') as file:
            csv.writer(file).writerows(rows)
        done = self.yubiao('import', 'sample.yaml', 'card.csv', '--table', 'project', '--dry-run')
        self.assertIn('项目绩效目标[困难职工帮扶经费].资金用途：体见党对困难职工关心和爱护 → （空）\n', done.stdout)

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

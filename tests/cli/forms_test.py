#!/usr/bin/python3
"""Packs of a user's own: where they are found, and what is said of one that is not."""
import csv
import os
import re
import shutil
import sys
import unicodedata

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap

FORMS = os.path.join(tap.TOP, 'forms')
PACK_2024 = 'hebei-2024'
USER = '.local/share/yubiao/forms'
PACK = """\
pack: %s
title: %s
years: [2027]
unit: 元
tables: [meeting]
"""
TABLE = """\
table: 会议费
title: 会议费预算表
columns:
  - 会议名称: caption
  - 会期: count
  - 金额
rows:
  - 合计:
    - 一类会议
    - 二类会议
"""


class WithPacks(tap.Case):
    def pack(self, where, name='huiyi', title='会议费套表', table=TABLE, more=''):
        folder = os.path.normpath(self.path(os.path.join(where, name)))
        os.makedirs(folder)
        for file, text in (('pack.yaml', PACK % (name, title) + more), ('meeting.yaml', table)):
            with open(os.path.join(folder, file), 'w', encoding='utf-8') as out:
                out.write(text)
        return folder


class Found(WithPacks):
    def opens(self, file='a.yaml', **env):
        return self.yubiao('check', file, **env)

    def test_in_the_users_directory(self):
        self.pack(USER)
        self.yubiao('new', 'huiyi', 'a.yaml')
        self.opens()

    def test_below_xdg_data_home(self):
        self.pack('data/yubiao/forms')
        self.yubiao('new', 'huiyi', 'a.yaml', XDG_DATA_HOME=self.path('data'))
        self.opens(XDG_DATA_HOME=self.path('data'))
        self.assertIn(self.path(USER), self.yubiao('check', 'a.yaml', status=2).stderr)

    def test_beside_the_file_and_in_forms_there(self):
        for where in ('work', 'work/forms'):
            with self.subTest(where):
                folder = self.pack(where)
                self.assertEqual(self.yubiao('new', folder, 'work/a.yaml').stderr, '')
                self.opens('work/a.yaml')
                shutil.rmtree(self.path('work'))

    def test_by_name_in_the_working_directory(self):
        self.pack('.')
        self.assertEqual(self.yubiao('new', 'huiyi', 'a.yaml').stderr, '')
        self.opens()

    def test_with_forms(self):
        self.pack('packs')
        self.assertEqual(self.yubiao('new', 'huiyi', 'a.yaml', '--forms', 'packs').stderr, '')
        self.yubiao('--forms=packs', 'check', 'a.yaml')
        self.yubiao('check', 'a.yaml', '--forms', 'packs')
        self.yubiao('check', 'a.yaml', YUBIAO_FORMS='nowhere:packs')
        self.assertIn('hebei-2024', self.yubiao('forms', '--forms', 'packs').stdout)
        for wrong in (['--forms'], ['--forms', 'nowhere'], ['--forms=a.yaml']):
            self.assertIn('--forms', self.yubiao('check', 'a.yaml', *wrong, status=2).stderr)
        # What follows -- is a file, whatever it is called.
        self.assertNotIn('--forms 后面', self.yubiao('check', '--', '--forms', status=2).stderr)

    def test_one_that_will_not_be_found_again_is_told_at_once(self):
        folder = self.pack('elsewhere')
        said = self.yubiao('new', folder, 'a.yaml').stderr
        self.assertIn(folder, said)
        self.assertIn(self.path(USER), said)
        os.makedirs(self.path(USER))
        shutil.move(folder, self.path(USER))
        self.opens()

    def test_one_that_another_hides_is_told_at_once(self):
        self.pack(USER, title='用的')
        self.assertIn('同名', self.yubiao('new', self.pack('elsewhere', title='不用的'), 'a.yaml').stderr)
        self.assertEqual(self.yubiao('new', self.path(USER + '/huiyi'), 'b.yaml').stderr, '')

    def test_what_comes_with_a_file_hides_nothing(self):
        """A stranger's folder holds a pack with the name of one of this machine's."""
        self.pack('mail', 'hebei-2024', '另一份')
        self.yubiao('new', 'hebei-2024', 'mail/a.yaml')
        self.yubiao('export', 'mail/a.yaml', '--to', 'out')
        self.assertTrue(os.path.exists(self.path('out/01-summary.csv')))

    def test_a_file_names_no_path(self):
        folder = self.pack('elsewhere')
        self.yubiao('new', folder, 'a.yaml')
        with open(self.path('a.yaml'), encoding='utf-8') as file:
            text = file.read()
        for name in (folder, './elsewhere/huiyi', '../' + os.path.basename(self.home) + '/elsewhere/huiyi', '.', '..', ''):
            with self.subTest(name), open(self.path('b.yaml'), 'w', encoding='utf-8') as file:
                file.write(text.replace('pack: huiyi', 'pack: "%s"' % name))
                file.flush()
                self.assertRegex(self.yubiao('check', 'b.yaml', status=2).stderr, '不能是路径|没有套表')

    def test_the_sentence_for_a_missing_pack(self):
        folder = self.pack('work')
        self.yubiao('new', folder, 'work/a.yaml')
        shutil.rmtree(folder)
        said = self.yubiao('check', 'work/a.yaml', status=2).stderr
        self.assertRegex(said, r'a\.yaml:\d+:\d+: ')
        for part in ('没有套表“huiyi”', '预算文件旁边', FORMS, self.path(USER), '--forms', 'yubiao forms'):
            self.assertIn(part, said)

    def test_a_broken_pack_is_told_with_its_place_and_its_errors(self):
        folder = self.pack('.')
        self.yubiao('new', 'huiyi', 'a.yaml')
        with open(os.path.join(folder, 'meeting.yaml'), 'a', encoding='utf-8') as file:
            file.write('unknown: 1\n')
        said = self.yubiao('check', 'a.yaml', status=2).stderr
        self.assertIn(folder, said)
        self.assertIn('meeting.yaml:11:1', said)


class Listed(WithPacks):
    def lines(self, **env):
        return [line.split(maxsplit=1) for line in self.yubiao('forms', **env).stdout.splitlines()]

    def test_with_the_place_of_each(self):
        folder = self.pack(USER)
        listed = dict(self.lines())
        self.assertIn('会议费套表', listed['huiyi'])
        self.assertIn(folder, listed['huiyi'])
        self.assertIn(os.path.join(FORMS, 'hebei-2024'), listed['hebei-2024'])
        self.assertNotIn('starter', listed)

    def test_shadowed_ones_too_and_each_once(self):
        used, hidden, here = self.pack('first', title='用的'), self.pack(USER, title='不用的'), self.pack('.', title='这里的')
        found = [rest for name, rest in self.lines(YUBIAO_FORMS='first:' + self.path('first')) if name == 'huiyi']
        self.assertEqual(len(found), 3)
        self.assertIn(used, found[0])
        self.assertNotIn('用不到', found[0])
        self.assertIn(hidden, found[1] + found[2])
        self.assertIn(here, found[1] + found[2])
        self.assertTrue(all('用不到' in line for line in found[1:]))

    def test_those_here_are_marked(self):
        self.pack('forms')
        self.assertIn('只用于这里的文件', dict(self.lines())['huiyi'])


class Catalogues(WithPacks):
    CODED = """\
table: 项目库
title: 项目库
columns:
  - 编码: code
  - 名称: caption
  - 金额
rows: {by: projects, total: 合计}
"""

    def catalogue(self, where, text='code,name\n01,农业\n0101,种子\n'):
        os.makedirs(self.path(where + '/catalogue'))
        for name, content in (('catalogue.yaml', 'projects: {title: 项目目录, file: projects.csv, levels: {类: 2, 项: 4}}\n'),
                              ('projects.csv', text)):
            with open(self.path(where + '/catalogue/' + name), 'w', encoding='utf-8') as file:
                file.write(content)

    def test_of_the_packs_own_beside_those_of_the_program(self):
        self.pack('.', table=self.CODED)
        self.catalogue('huiyi')
        self.yubiao('forms', 'lint', 'huiyi')
        self.yubiao('new', 'huiyi', 'a.yaml')
        self.yubiao('set', 'a.yaml', '项目库[0101].金额=5')
        self.yubiao('export', 'a.yaml', '--to', 'out')
        with open(self.path('out/01-meeting.csv'), encoding='utf-8-sig') as file:
            self.assertIn('0101,种子,5.00', file.read())
        # The program's own can still be used next to it.
        with open(self.path('huiyi/meeting.yaml'), 'w', encoding='utf-8') as file:
            file.write(self.CODED.replace('projects', 'functional'))
        self.yubiao('forms', 'lint', 'huiyi')

    def test_of_the_pack_that_is_extended(self):
        self.pack('.', table=self.CODED)
        self.catalogue('huiyi')
        os.makedirs(self.path('next'))
        with open(self.path('next/pack.yaml'), 'w', encoding='utf-8') as file:
            file.write('pack: next\nextends: huiyi\nyears: [2028]\n')
        self.yubiao('forms', 'lint', 'next')

    def test_an_unknown_one_is_told_with_those_that_are_there(self):
        self.pack('.', table=self.CODED)
        said = self.yubiao('forms', 'lint', 'huiyi', status=1).stdout
        for part in ('meeting.yaml:7:12', 'projects', 'functional、economic、government-economic、income'):
            self.assertIn(part, said)


class Shown(WithPacks):
    def shown(self, *arguments, **env):
        text = self.yubiao('forms', 'show', *arguments, **env).stdout
        for line in text.splitlines():
            self.assertLessEqual(sum(1 + (unicodedata.east_asian_width(c) in 'WF') for c in line), 80, line)
        return text

    def section(self, text, heading):
        return text.split('\n' + heading + '\n', 1)[1].split('\n\n', 1)[0]

    def test_the_tables_of_a_pack(self):
        text = self.shown(PACK_2024)
        self.assertRegex(text, r'(?m)^income +收入总表 +按支出功能分类分行，录入到项$')
        self.assertRegex(text, r'(?m)^project +项目绩效目标 +每个项目一张，一行一个指标$')
        self.assertRegex(text, r'(?m)^three-public +三公经费表 +固定 6 行$')
        self.assertIn(os.path.join(FORMS, PACK_2024), text)

    def test_a_table_of_fixed_rows(self):
        folder = self.pack('.')
        text = self.shown('./huiyi', 'meeting')
        self.assertEqual(text, self.shown(folder, '会议费'))
        rows = [re.sub(r'\s+', '', line) for line in text.splitlines() if line.startswith('|')]
        self.assertEqual(rows, ['|会议名称|会期|金额|', '|合计|=1|=1|', '|一类会议|填|填|', '|二类会议|填|填|'])
        self.assertEqual(self.section(text, '公式').split(), ['=1', '合计', '=', '下级各行之和'])
        self.assertIn('金额 money，元，印作 0.00', self.section(text, '各栏，按公式里的名称'))

    def test_a_coded_table_has_an_example_of_a_code(self):
        text = self.shown(PACK_2024, 'basic')
        rows = [re.sub(r'\s+', '', line) for line in text.splitlines() if re.match(r'\|\s*\d+\|', line)]
        self.assertEqual(rows, ['|1||合计|=1|=2|=2|', '|2|301|工资福利支出|=1|=3|=3|', '|3|30101|基本工资|=1|填|填|'])
        formulas = self.section(text, '公式')
        for words in ('=1    合计 = 人员经费 + 公用经费', '=2    合计 = 各类之和', '=3    下级科目之和'):
            self.assertIn(words, formulas)
        self.assertIn('商品和服务支出只列公用经费: 人员经费 is blank where', self.section(text, '审核关系'))
        self.assertIn('错误', self.section(text, '审核关系'))

    def test_a_card_with_its_fields(self):
        text = self.shown(PACK_2024, 'project')
        self.assertIn('<项目>绩效目标表', text)
        self.assertRegex(text, r'\|项目编码 *\|<项目编码> *\|项目名称\|<项目>|\| *项目编码 *\|<项目编码>')
        for mark in ('填%', '填字', '选', '填指标'):
            self.assertIn(mark, self.section(text, '格里的记号'))

    def test_closed_cells_constants_and_other_names(self):
        text = self.shown(PACK_2024, 'assets')
        self.assertRegex(text, r'\| *资产总额 *\| *—— *\|')
        self.assertIn('空表列示', text)
        self.assertRegex(self.shown(PACK_2024, 'summary'), r'三十一、人行科目 *\| *不填 *\|')
        self.assertRegex(self.shown('hebei-2015', 'personnel-detail'), r'退职费 +3、退职（役）费')
        self.assertIn('在职人数.行政', self.shown('hebei-2015', 'staff'))

    def test_every_table_of_every_pack_at_any_width(self):
        for pack in os.listdir(FORMS):
            if not os.path.exists(os.path.join(FORMS, pack, 'pack.yaml')):
                continue
            tables = [line.split()[0] for line in self.shown(pack).split('\n\n')[1].splitlines()]
            for table in tables:
                text = self.shown(pack, table, '--width', '60' if table[0] < 'm' else '80')
                self.assertNotIn('=0 ', text)
                self.assertIn('格里的记号', text)

    def test_a_relation_of_several_columns_is_told_once(self):
        text = self.yubiao('forms', 'show', os.path.join(tap.TOP, 'forms', 'hebei-2015'), 'personnel-basis').stdout
        self.assertEqual(text.count('在职人数不超过定编人数: '), 1)
        text = self.yubiao('forms', 'show', os.path.join(tap.TOP, 'forms', 'hebei-2015'), 'personnel-basis', LANG='en_US.UTF-8').stdout
        self.assertIn('less numbers and brackets)', text.replace('\n', ' '))

    def test_columns_as_wide_as_the_layout_asks(self):
        self.pack('.', table=TABLE.replace('会议名称: caption', '会议名称: {type: caption, width: 30}')
                  .replace('会期: count', '会期: {type: count, width: 14}'))
        rule = next(line for line in self.shown('./huiyi', 'meeting').splitlines() if line.startswith('+'))
        self.assertEqual([len(part) for part in rule.split('+')[1:3]], [31, 14])

    def test_mistakes(self):
        self.assertIn('是不是“income”', self.yubiao('forms', 'show', PACK_2024, 'incom', status=2).stderr)
        for arguments in (['show'], ['show', PACK_2024, 'income', 'more'], ['show', PACK_2024, '--width', '59'],
                          ['show', PACK_2024, '--width', 'x'], ['lnit', PACK_2024]):
            self.assertIn('forms', self.yubiao('forms', *arguments, status=2).stderr)
        self.pack('.', table=TABLE + 'wrong: 1\n')
        self.assertIn('meeting.yaml:11:1', self.yubiao('forms', 'show', 'huiyi', 'meeting', status=1).stdout)


class Rules(WithPacks):
    """What an author takes for granted."""
    PRODUCT = """\
table: 会议费
title: 会议费
columns:
%s  - 名称: caption
  - 人数: number
  - 标准: {type: money, format: 0.00}
  - 金额: = 人数 * 标准
  - 人均: money = 金额 / 人数
rows: %s
checks:
  - 不超标准: 金额 <= (人数 + 1) * 500元 - 人数 * 10%% * 1元
"""

    def figures(self, *rows):
        self.yubiao('forms', 'lint', 'huiyi')
        self.yubiao('new', 'huiyi', 'a.yaml')
        for row, people, rate in rows:
            self.yubiao('set', 'a.yaml', '会议费[%s].人数=%s' % (row, people), '会议费[%s].标准=%s' % (row, rate))
        self.yubiao('export', 'a.yaml', '--to', 'out')
        with open(self.path('out/01-meeting.csv'), encoding='utf-8-sig', newline='') as file:
            return {row['名称']: (row['金额'], row['人均']) for row in csv.DictReader(file)}

    def test_products_add_up_and_ratios_do_not(self):
        """10 * 400 + 20 * 550, and per head what that comes to; not the product of the totals."""
        for columns, rows, one, two in (
                ('', '{list: 会议, total: 合计}', '甲', '乙'),
                ('', '\n  - 甲\n  - 乙\n  - 合计: = sum(above)', '甲', '乙'),
                ('', '\n  - 合计:\n    - 甲\n    - 乙', '甲', '乙'),
                ('  - 编码: code\n', '{by: economic, total: 合计}', '30201', '30202')):
            with self.subTest(rows):
                folder = self.pack('.', table=self.PRODUCT % (columns, rows))
                found = self.figures((one, 10, 400), (two, 20, 550))
                self.assertEqual(found['合计'], ('15000.00', '500.00'))
                if columns:
                    self.assertEqual(found['商品和服务支出'], ('15000.00', '500.00'))
                said = self.yubiao('check', 'a.yaml', status=1).stdout
                self.assertIn('金额 11000.00 应不大于 (人数 + 1) * 500元 - 人数 * 10% * 1元 10498.00', said)
                shutil.rmtree(folder)
                os.remove(self.path('a.yaml'))


    def test_a_file_of_a_pack_is_no_pack(self):
        self.pack('.')
        for name in ('pack.yaml', 'meeting.yaml'):
            self.assertIn('请写套表的文件夹 huiyi', self.yubiao('forms', 'lint', 'huiyi/' + name, status=2).stderr)

    def test_a_change_of_the_base_that_is_none(self):
        self.pack('.')
        said = self.yubiao('forms', 'new', 'huiyi-2028', '--from', './huiyi').stdout
        self.assertRegex(said, '怎样写，请看 /.*/README.md\n$')
        self.assertNotIn('/../', said)
        with open(self.path('huiyi-2028/meeting.yaml'), 'w', encoding='utf-8') as file:
            file.write('table: 会议费\nrows:\n  add: [三类会议]\n')
        self.assertIn('meeting.yaml:3:3: 不认识“add”：在底本的列表上增减，用 remove', self.yubiao('forms', 'lint', 'huiyi-2028', status=1).stdout)

    def test_a_mistake_in_the_pack_is_told_once_for_all_tables(self):
        self.pack('.')
        with open(self.path('huiyi/pack.yaml'), 'r+', encoding='utf-8') as file:
            text = file.read()
            file.seek(0)
            file.write(text.replace('tables: [meeting]', 'tables: [meeting, other]') + 'line: none of it\n')
        with open(self.path('huiyi/other.yaml'), 'w', encoding='utf-8') as file:
            file.write(TABLE.replace('table: 会议费', 'table: 另一张表'))
        said = self.yubiao('forms', 'lint', 'huiyi', status=1).stdout
        self.assertEqual(said.count('line 要写左、中、右三段'), 1, said)

    def test_columns_of_one_name_are_kept_apart_in_the_file(self):
        """Only their ids tell them apart, as placeholders are no part of a name; the innermost are in two groups of one name too."""
        columns = '  - <上年>年数: {id: 去年}\n  - <年度>年数: {id: row}\n  - 甲:\n    - <上年>年人数: {type: count, id: 一}\n    - <年度>年人数: {type: count, id: 二}\n'
        self.pack('.', table=TABLE.replace('  - 会期: count\n', columns))
        self.yubiao('new', 'huiyi', 'a.yaml', '--code', '1', '--name', '某单位')
        self.yubiao('set', 'a.yaml', *['会议费[一类会议].%s=%d' % pair for pair in (('去年', 11), ('row', 12), ('一', 13), ('二', 14))])
        self.yubiao('set', 'a.yaml', '会议费[一类会议].row=15')
        self.yubiao('export', 'a.yaml', '--to', 'out')
        with open(self.path('out/01-meeting.csv'), encoding='utf-8-sig', newline='') as file:
            row = next(row for row in csv.reader(file) if '一类会议' in row[0])
        self.assertEqual(row[1:5], ['11.00', '15.00', '13', '14'])
        said = self.yubiao('set', 'a.yaml', '会议费.今年=15', status=1).stderr
        self.assertIn('没有写是哪一行', said)

    def test_mistakes_of_a_catalogue_of_ones_own(self):
        folder = self.pack('.', table='table: 采购表\ntitle: 采购\ncolumns:\n  - 编码: code\n  - 名称: caption\n  - 金额\nrows: {by: goods, total: 合计}\n')
        os.mkdir(os.path.join(folder, 'catalogue'))
        with open(os.path.join(folder, 'catalogue/catalogue.yaml'), 'w', encoding='utf-8') as file:
            file.write('goods: {title: 采购品目, file: goods.csv, levels: {大类: 1, 品目: 3}}\n')
        head, codes = 'code,name,level,valid_from,valid_to,source\n', '1,货物,,,,\n101,电脑,,,2025,\n101,电脑,,2026,,\n'
        for text, status, said in ((head + codes, 0, '套表没有问题'), (head + codes + ',,,,,\n\n', 0, '套表没有问题'),
                                   (codes, 1, 'goods.csv:1:1: 第一行要写栏名'), (head, 1, '科目目录里没有科目'), ('', 1, '科目目录里没有科目'),
                                   (head + codes + '101,笔记本\n', 0, '科目代码“101”写了两次'), (head + codes + '201,物业\n', 0, '“201”的上级“2”不在目录里')):
            with open(os.path.join(folder, 'catalogue/goods.csv'), 'w', encoding='utf-8') as file:
                file.write(text)
            self.assertIn(said, self.yubiao('forms', 'lint', 'huiyi', status=status).stdout)

    def test_heads_that_read_as_figures_are_heads(self):
        self.pack('.', table=TABLE.replace('  - 会期: count\n', '  - 2026: count\n  - （1）: {id: 一}\n'))
        self.yubiao('new', 'huiyi', 'a.yaml', '--code', '1', '--name', '某单位')
        self.yubiao('export', 'a.yaml', '--template', '--to', 'out', '--encoding', 'utf-8')
        with open(self.path('out/01-meeting-template.csv'), encoding='utf-8') as file:
            text = file.read()
        self.assertEqual(text.split()[0], '会议名称,2026,（1）,金额')
        with open(self.path('out/01-meeting-template.csv'), 'w', encoding='utf-8') as file:
            file.write(text.replace('一类会议,,,', '一类会议,1,2,3'))
        self.assertIn('填 3 处', self.yubiao('import', 'a.yaml', 'out/01-meeting-template.csv').stdout)

    def test_what_does_not_add_up_is_closed_in_a_coded_table(self):
        rows = '{by: economic, total: {caption: 合计, 标准: closed, 人数: ——}}'
        folder = self.pack('.', table=self.PRODUCT % ('  - 编码: code\n', rows))
        found = self.figures(('30201', 10, 400), ('30202', 20, 550))
        self.assertEqual(found['合计'][0], '15000.00')
        with open(self.path('out/01-meeting.csv'), encoding='utf-8-sig', newline='') as file:
            lines = {row['名称']: (row['标准'], row['人数']) for row in csv.DictReader(file)}
        self.assertEqual([lines[name] for name in ('合计', '商品和服务支出', '办公费')], [('', '——'), ('', '——'), ('400.00', '10.00')])
        for wrong, said in (('标准: = 人数 * 1元', '只能写 closed'), ('标准: 5', '不能给定'), ('表准: closed', '最接近的是“标准”')):
            with open(os.path.join(folder, 'meeting.yaml'), 'w', encoding='utf-8') as file:
                file.write(self.PRODUCT % ('  - 编码: code\n', rows.replace('标准: closed', wrong)))
            self.assertIn(said, self.yubiao('forms', 'lint', 'huiyi', status=1).stdout)


class Started(WithPacks):
    def test_a_pack_that_can_be_used_at_once(self):
        said = self.yubiao('forms', 'new', 'huiyi').stdout
        self.assertIn('yubiao forms show ./huiyi', said)
        self.assertEqual(self.yubiao('forms', 'lint', 'huiyi').stdout, '套表没有问题。\n')
        self.yubiao('new', 'huiyi', 'a.yaml')
        self.assertEqual(self.yubiao('check', 'a.yaml').stdout, '')
        self.yubiao('set', 'a.yaml', '支出表[2012901].项目支出=5', '项目表[培训].金额=4', '收支表[财政拨款收入].预算数=5')
        self.assertIn('项目支出与项目明细一致', self.yubiao('check', 'a.yaml', status=1).stdout)
        self.yubiao('set', 'a.yaml', '项目表[培训].金额=5', '项目表[培训].性质=新增')
        self.assertEqual(self.yubiao('check', 'a.yaml').stdout, '')

    def test_elsewhere_and_with_a_slash_behind(self):
        self.yubiao('forms', 'new', 'packs/deep/huiyi/')
        self.yubiao('forms', 'lint', 'packs/deep/huiyi')

    def test_next_years_pack(self):
        self.yubiao('forms', 'new', 'hebei-2027', '--from', 'hebei-2026')
        with open(self.path('hebei-2027/pack.yaml'), encoding='utf-8') as file:
            text = file.read()
        for line in ('pack: hebei-2027', 'extends: hebei-2026', 'title: 河北省部门预算公开表（2027年）', 'years: [2027]'):
            self.assertIn('\n%s\n' % line, text)
        self.assertEqual(self.yubiao('forms', 'lint', 'hebei-2027').stdout, '套表没有问题。\n')
        self.assertEqual(self.yubiao('forms', 'show', 'hebei-2027').stdout.splitlines()[3:],
                         self.yubiao('forms', 'show', 'hebei-2026').stdout.splitlines()[3:])

    def test_the_year_after_where_the_name_tells_none(self):
        self.yubiao('forms', 'new', 'next', '--from', 'hebei-2024')
        with open(self.path('next/pack.yaml'), encoding='utf-8') as file:
            self.assertIn('\nyears: [2026]\n', file.read())

    def test_the_commented_example_is_true(self):
        """What the comments of the pack tell to write is written, and lints."""
        self.yubiao('forms', 'new', 'huiyi')
        self.yubiao('forms', 'new', 'huiyi-2027', '--from', './huiyi')
        with open(self.path('huiyi-2027/pack.yaml'), encoding='utf-8') as file:
            blocks = re.findall(r'(?:^#   .*\n)+', file.read(), re.M)
        self.assertEqual(len(blocks), 2)
        table, tables = (re.sub(r'(?m)^#   ', '', block) for block in blocks)
        with open(self.path('huiyi-2027/expenditure.yaml'), 'w', encoding='utf-8') as file:
            file.write(table)
        with open(self.path('huiyi-2027/pack.yaml'), 'a', encoding='utf-8') as file:
            file.write(tables)
        with open(self.path('huiyi-2027/meeting.yaml'), 'w', encoding='utf-8') as file:
            file.write(TABLE)
        self.assertEqual(self.yubiao('forms', 'lint', 'huiyi-2027').stdout, '套表没有问题。\n')
        self.assertIn('经营支出', self.yubiao('forms', 'show', 'huiyi-2027', 'expenditure').stdout)

    def test_titles_that_yaml_would_take_for_something_else(self):
        self.pack('.', title="'会议: \"2027\" #1'")
        self.yubiao('forms', 'new', 'next-2028', '--from', './huiyi')
        self.assertIn('会议: "2028" #1', self.yubiao('forms', 'show', './next-2028').stdout)

    def test_nothing_is_overwritten(self):
        self.pack('.')
        os.mkdir(self.path('empty'))
        self.yubiao('forms', 'new', 'empty')
        with open(self.path('file'), 'w') as file:
            file.write('x')
        for name in ('huiyi', 'empty', 'file'):
            self.assertIn('已经有了', self.yubiao('forms', 'new', name, status=2).stderr)
        self.assertEqual(sorted(os.listdir(self.path('huiyi'))), ['meeting.yaml', 'pack.yaml'])

    def test_refuses_what_would_not_work(self):
        self.pack('elsewhere')
        for arguments in (['会议'], ['Huiyi'], ['.'], ['next', '--from', 'nowhere'], ['next', '--from', './elsewhere/huiyi'], []):
            with self.subTest(arguments):
                self.assertNotEqual(self.yubiao('forms', 'new', *arguments, status=2).stderr, '')
        self.assertEqual(os.listdir(self.home), ['elsewhere'])


if __name__ == '__main__':
    tap.main()

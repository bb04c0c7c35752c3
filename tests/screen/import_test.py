#!/usr/bin/python3
"""Figures from elsewhere in a table's screen: from a file by F9, and pasted; shown first, then one change."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clerk import CLEAR, ScreenCase, tap


class Import(ScreenCase):
    def write(self, text, name='from.csv'):
        with open(self.path(name), 'w', encoding='utf-8') as file:
            file.write(text)
        return name

    def import_file(self, clerk, name):
        """F9, the job behind the others, the file, start."""
        clerk.press('F9', 'Left', 'Down', 'Down', CLEAR, name, 'F9')

    def test_a_file_is_shown_then_imported_as_one_change(self):
        clerk = self.clerk('expenditure')
        before = clerk.lines()[1:18]
        self.import_file(clerk, self.write('科目编码,科目名称,项目支出,基本支出\n2012901,行政运行,2.22,1.11\n2012902,,4.44,\n'))
        for text in ('导入《支出总表》', '2012901', '1.11', '4.44', '按 Enter 一次填入'):
            self.assertShows(clerk, text)
        clerk.press('Enter')
        self.assertShows(clerk, 'Ctrl-Z')
        for figure in ('1.11', '2.22', '4.44'):
            self.assertShows(clerk, figure)
        clerk.press('CtrlZ', 'CtrlHome')
        self.assertEqual(clerk.lines()[1:18], before, clerk.dump())

    def test_a_problem_is_said_with_its_line_and_nothing_lands(self):
        clerk = self.clerk('expenditure')
        before = clerk.lines()[1:18]
        self.import_file(clerk, self.write('科目编码,科目名称,基本支出\n2012901,行政运行,1.11\n2012902,一般,12x4\n'))
        self.assertShows(clerk, '1 处有问题')
        self.assertShows(clerk, '第 3 行第 3 栏')
        self.assertShows(clerk, '12x4')
        clerk.press('Enter')
        clerk.press('Esc')
        clerk.press('Esc')
        self.assertEqual(clerk.lines()[1:18], before, clerk.dump())

    def test_problems_come_before_what_is_but_to_be_looked_at(self):
        clerk = self.clerk('expenditure')
        self.import_file(clerk, self.write('科目编码,科目名称,合计,基本支出\n,合计,5,5\n2012901,行政运行,1,1\n2012902,一般,3x,\n208,社会保障,1,1\n'
                                           '2080501,离退休,2,y\n'))
        self.assertShows(clerk, '第 4 行第 3 栏')
        clerk.press('Tab')
        self.assertShows(clerk, '第 6 行第 4 栏')
        clerk.press('Tab')
        self.assertShows(clerk, '第 4 行第 3 栏')

    def test_totals_become_control_figures_or_are_left_out(self):
        clerk = self.clerk('expenditure')
        self.import_file(clerk, self.write('科目编码,科目名称,合计,基本支出\n,合计,500.00,\n2012901,行政运行,1.11,1.11\n'))
        self.assertShows(clerk, '500.00#')
        clerk.press('t', 't')
        self.assertShows(clerk, '500.00x')
        clerk.press('t')
        clerk.press('Enter', 'F2')
        self.assertSaved(r'合计.*500\.00')

    def test_a_file_that_is_not_there(self):
        clerk = self.clerk('expenditure')
        self.import_file(clerk, 'nowhere.csv')
        self.assertShows(clerk, 'nowhere.csv')
        self.assertShows(clerk, '不存在')
        clerk.press('Esc', 'Esc')
        self.assertShows(clerk, '支出总表')

    def preview(self, clerk, lines_before=0):
        """What is shown of the rows and cells, without the title; the numbers of the lines as if so many more stood before them."""
        return [re.sub(r'^ +\d+ ', lambda found: '%6d ' % (int(found[0]) + lines_before), line) for line in clerk.lines()[1:20]]

    def test_a_paste_and_a_file_are_shown_alike(self):
        """A block that a spreadsheet gave, with its head and with codes alone."""
        head, rows = '科目编码\t科目名称\t基本支出\t项目支出\n', '2012901\t行政运行\t1.11\t2.22\n2080501\t行政单位离退休\t3.33\t\n2013299\t其他组织事务支出\t5\t6.5\n'
        clerk = self.clerk('expenditure')
        before = clerk.lines()[1:18]
        self.import_file(clerk, self.write(head + rows, 'from.tsv'))
        wanted = self.preview(clerk)
        self.assertShows(clerk, '2013299')
        clerk.press('Esc')
        for block, find, lines in ((head + rows, '2210201', 0), (rows, '2080501', 1)):
            clerk.press('Esc', 'CtrlHome')
            clerk.find(find)
            clerk.press('Home')
            clerk.paste(block)
            self.assertEqual(self.preview(clerk, lines), wanted, clerk.dump())
            clerk.press('Esc')
        clerk.find('2012901')
        clerk.paste(head + rows)
        clerk.press('Enter', 'CtrlHome')
        self.assertShows(clerk, '6.50')
        clerk.press('CtrlZ', 'CtrlHome')
        self.assertEqual(clerk.lines()[1:18], before, clerk.dump())

    def test_a_paste_with_totals_is_shown_as_a_file_when_they_are_taken_alike(self):
        clerk = self.clerk('expenditure')
        text = '科目编码\t科目名称\t合计\t基本支出\n\t合计\t500.00\t\n2012901\t行政运行\t1.11\t1.11\n'
        self.import_file(clerk, self.write(text, 'from.tsv'))
        shown = [self.preview(clerk)]
        for _ in range(2):
            clerk.press('t')
            shown.append(self.preview(clerk))
        clerk.press('Esc', 'Esc')
        clerk.find('2080501')
        clerk.paste(text)
        pasted = [self.preview(clerk)]
        for _ in range(2):
            clerk.press('t')
            pasted.append(self.preview(clerk))
        self.assertEqual(len({tuple(lines) for lines in shown}), 3)
        self.assertEqual({tuple(lines) for lines in pasted}, {tuple(lines) for lines in shown})

    CARD = ('项目编码\t13030424P00889311031K\t项目名称\t劳模体检经费\n预算规模及资金用途\t预算数\t3.50\t其中：财政资金\t3.00\t其他资金\t0.50\n'
            '资金支出计划（%）\t3月底\t6月底\t10月底\t12月底\n\t20%\t50%\t75%\t100%\n'
            '一级指标\t二级指标\t三级指标\t绩效指标描述\t指标值\t指标值确定依据\n产出指标\t数量指标\t体检劳模的人数\t体检劳模的人数\t≥95人\t工作计划\n')

    def open_card(self, clerk, number):
        clerk.press('1', '1', 'Enter', *['Down'] * (number - 1), 'Enter')

    def test_a_whole_card_pasted_at_its_fields_is_shown_as_a_file(self):
        clerk = self.clerk()
        self.open_card(clerk, 2)
        before = clerk.lines()[1:18]
        self.import_file(clerk, self.write(self.CARD, 'card.tsv'))
        wanted = self.preview(clerk)
        for text in ('劳模体检经费', '3.50#', '0.50', '第1行'):
            self.assertShows(clerk, text)
        clerk.press('Esc', 'Esc')
        clerk.paste(self.CARD)
        self.assertEqual([line.replace('=', '#') for line in self.preview(clerk)], wanted, clerk.dump())
        clerk.press('Enter')
        self.assertShows(clerk, '≥95人')
        self.assertShows(clerk, '0.50')
        clerk.press('CtrlZ')
        self.assertEqual(clerk.lines()[1:18], before, clerk.dump())

    def test_a_text_with_tabs_in_a_file(self):
        self.copy_sample()
        with open(self.path('card.csv'), 'w', encoding='utf-8') as file:
            file.write('项目名称,劳模体检经费\n绩效目标,"第一\t帮扶\n第二"\n')
        self.yubiao('import', 'sample.yaml', 'card.csv', '--table', 'project')
        self.assertSaved('第一 帮扶')
        self.assertIn('表里已经是这样', self.yubiao('import', 'sample.yaml', 'card.csv', '--table', 'project').stdout)

    def test_a_card_pasted_into_another_is_refused(self):
        clerk = self.clerk()
        self.open_card(clerk, 1)
        clerk.paste(self.CARD)
        self.assertShows(clerk, '里面写的是“劳模体检经费”，要导入的却是“困难职工帮扶经费”')
        clerk.press('Enter', 'Esc')
        self.assertShowsNot(clerk, '≥95人')

    def test_a_text_with_tabs_pasted_into_a_field_is_text(self):
        clerk = self.clerk()
        self.open_card(clerk, 1)
        clerk.press(*['Tab'] * 10)
        clerk.paste('第一\t帮扶\n第二\t体检\n')
        self.assertShows(clerk, '关心和爱护第一 帮扶')
        clerk.press('F2', 'F2')
        self.assertShows(clerk, '已保存')
        self.assertSaved('关心和爱护第一 帮扶')

    def test_an_exported_folder_comes_back(self):
        self.copy_sample()
        self.yubiao('export', 'sample.yaml', '--to', 'out')
        clerk = self.clerk()
        clerk.press('F9', 'Left', 'Down', 'Down', CLEAR, 'out', 'F9')
        self.assertShowsNot(clerk, '处有问题')
        self.assertShows(clerk, '01-summary.csv')

    def test_of_an_exported_folder_a_table_takes_its_own_file(self):
        self.copy_sample()
        self.yubiao('export', 'sample.yaml', '--to', 'out')
        clerk = self.clerk('income')
        self.import_file(clerk, 'out')
        self.assertShows(clerk, '导入《收入总表》　17 行')
        self.assertShowsNot(clerk, '处有问题')


if __name__ == '__main__':
    tap.main()

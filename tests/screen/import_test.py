#!/usr/bin/python3
"""Figures from elsewhere in a table's screen: from a file by F9, and pasted; shown first, then one change."""
import os
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
        clerk.press('Tab')
        self.assertShows(clerk, '第 3 行')
        self.assertShows(clerk, '12x4')
        clerk.press('Enter')
        clerk.press('Esc')
        clerk.press('Esc')
        self.assertEqual(clerk.lines()[1:18], before, clerk.dump())

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

    def test_an_exported_folder_comes_back(self):
        self.copy_sample()
        self.yubiao('export', 'sample.yaml', '--to', 'out')
        clerk = self.clerk()
        clerk.press('F9', 'Left', 'Down', 'Down', CLEAR, 'out', 'F9')
        self.assertShowsNot(clerk, '处有问题')
        self.assertShows(clerk, '01-summary.csv')


if __name__ == '__main__':
    tap.main()

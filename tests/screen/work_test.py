#!/usr/bin/python3
"""A clerk's daily work: codes, names, control figures, pulling, units, rows, finding, printing, a new file from the start page."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clerk import CLEAR, Clerk, ScreenCase
import tap


class Work(ScreenCase):
    def row(self, clerk, code):
        """The line of the screen that shows the row `code`, '' if there is none."""
        return next((line for line in clerk.lines() if re.match(r' *\d+ +%s\b' % code, line)), '')

    # -- codes

    def test_codes_that_do_not_fit_are_refused_and_stay(self):
        clerk = self.clerk('expenditure')
        for code in ('2012', '20129', '201', '9999999', '20129011', '201290a'):
            with self.subTest(code=code):
                clerk.press('CtrlEnd', code, 'Enter')
                self.assertShows(clerk, code)
                self.assertGreater(len(re.sub(r'\s', '', clerk.lines()[-2] + clerk.lines()[-3])), 8, clerk.dump())
                clerk.press('Esc')
        clerk.press('F2')
        self.assertEqual(self.saved().count('"9999999"') + self.saved().count('"2012"'), 0)

    def test_a_code_that_is_there_takes_the_cursor_to_its_row(self):
        clerk = self.clerk('expenditure')
        clerk.press('CtrlEnd', '2080501', 'Enter')
        self.assertShows(clerk, '已在表中')
        self.assertIn('2080501', clerk.lines()[-4], clerk.dump())

    def test_a_code_below_an_unknown_parent_asks_for_the_names(self):
        clerk = self.clerk('expenditure')
        clerk.press('CtrlEnd', '2018801', 'Enter')
        self.assertShows(clerk, '20188')
        clerk.press(CLEAR, '县级专项事务', 'Enter')
        self.assertShows(clerk, '2018801')
        clerk.press(CLEAR, '专项运行', 'Enter')
        clerk.press('1', '.', '5', 'Enter', 'CtrlHome')
        self.assertIn('专项运行', self.row(clerk, '2018801'), clerk.dump())
        self.assertIn('县级专项', self.row(clerk, '20188'), clerk.dump())
        clerk.press('F2')
        for text in ('县级专项事务', '专项运行'):
            self.assertIn(text, self.saved())
        self.assertIn('warning', self.yubiao('check', '--format', 'json', self.path('sample.yaml'), status=1).stdout)

    def test_the_lookup_filters_by_name(self):
        clerk = self.clerk('expenditure')
        clerk.press('F3', '公务员医疗')
        self.assertShows(clerk, '2101103')
        self.assertShowsNot(clerk, '2012901')
        clerk.press(CLEAR, '培训支出', 'Enter')
        self.assertTrue(re.search(r'205\d{4} *培训支出', clerk.text()), clerk.dump())

    def test_dropping_a_row_and_taking_it_back(self):
        clerk = self.clerk('expenditure')
        clerk.find('2012902')
        clerk.press('F8')
        self.assertShows(clerk, '真的要删')
        clerk.press('2', 'CtrlHome')
        self.assertEqual(self.row(clerk, '2012902'), '', clerk.dump())
        self.assertIn('7.00', self.row(clerk, '20129'), clerk.dump())
        clerk.press('CtrlZ', 'CtrlHome')
        self.assertIn('2.60', self.row(clerk, '2012902'), clerk.dump())

    def test_parents_go_with_their_last_leaf(self):
        clerk = self.clerk('expenditure')
        clerk.find('2210201')
        clerk.press('F8', '2')
        for code in ('221', '22102', '2210201'):
            self.assertEqual(self.row(clerk, code), '', clerk.dump())

    # -- figures

    def test_a_computed_cell_says_what_it_is(self):
        clerk = self.clerk('expenditure')
        clerk.press('CtrlHome', 'Home', '5')
        self.assertShows(clerk, 'F4')
        self.assertIn('116.16', self.row(clerk, '合计') or clerk.text())

    def test_a_control_figure_that_differs_is_an_error(self):
        clerk = self.clerk('expenditure')
        clerk.press('CtrlHome', 'Home', 'F4', CLEAR, '120', 'Enter')
        self.assertTrue(re.search(r'错误\s*6', clerk.text()), clerk.dump())
        self.assertShows(clerk, '120.00')
        clerk.press('F4', CLEAR, 'Enter', 'F2')
        self.assertTrue(re.search(r'错误\s*5', clerk.text()), clerk.dump())

    def test_pulling_copies_what_the_other_table_has(self):
        clerk = self.clerk('expenditure')
        clerk.find('2012902')
        clerk.press('Home', 'Right', 'Right', '4', '.', '5', 'Enter', 'F10')
        clerk.open_table('general-budget')
        self.assertIn('2.60', self.row(clerk, '2012902'))
        clerk.press('F6', '1')
        self.assertIn('4.50', self.row(clerk, '2012902'), clerk.dump())
        clerk.press('CtrlZ')
        self.assertIn('2.60', self.row(clerk, '2012902'), clerk.dump())

    def test_units_switch(self):
        clerk = self.clerk('basic')
        clerk.press('F7')
        self.assertShows(clerk, '986,300.00')
        clerk.find('30112')
        clerk.press('2', '3', '0', '0', 'Enter', 'F7', 'F2')
        self.assertSaved(r'row: "30112", 人员经费: 0\.23')

    def test_enter_walks_the_cells_to_be_entered(self):
        clerk = self.clerk('general-budget')
        clerk.press('CtrlHome')
        clerk.find('2012901')
        clerk.press('1', 'Enter', '2', 'Enter', '3', 'Enter', 'F2')
        self.assertSaved(r'row: "2012901", 基本支出: 1(\.00)?, 项目支出: 2(\.00)?}\n.*row: "2012902", 基本支出: 3(\.00)?,')

    # -- finding, printing, beginning

    def test_a_finding_leads_to_its_cell(self):
        clerk = self.clerk()
        clerk.press('F5', 'Enter')
        self.assertIn('20129', clerk.lines()[-4], clerk.dump())
        self.assertShows(clerk, '2.60')

    def test_what_follows_from_a_finding_stands_behind_it(self):
        """The same relation, column and difference in a row above: it comes first in the table, and second in the list."""
        clerk = self.clerk()
        clerk.press('F5')
        lines = clerk.lines()
        self.assertIn('“随之”的 1 处', lines[0])
        self.assertRegex(lines[1], '^ !错误 .*20129 .*控制数 2.60')
        self.assertRegex(lines[2], '^ !随之 .*201 .*控制数 2.60')
        self.assertEqual(sum('随之' in line for line in lines[1:]), 1)
        clerk.press('Down', 'Enter')
        self.assertRegex(clerk.lines()[-4], '^201 ')

    def test_find_by_label(self):
        clerk = self.clerk('fiscal-summary')
        clerk.find('住房保障')
        self.assertIn('住房保障支出', clerk.lines()[-4], clerk.dump())

    def test_the_check_sheet_to_a_file(self):
        clerk = self.clerk()
        clerk.press('F9', 'Right', 'F9')
        self.assertShows(clerk, '核对表已存好')
        with open(self.path('sample.txt'), encoding='utf-8') as file:
            sheet = file.read()
        for text in ('支出总表', '制表', '复核', '负责人', '116.16', '-7.00'):
            self.assertIn(text, sheet)

    def last_words(self, *keys):
        """What is left on the clerk's own screen after 3.00 was entered in the list's third table and `keys` were pressed there."""
        clerk = self.clerk('expenditure')
        clerk.press('CtrlHome', 'Home', 'Right', 'Down', 'Down', 'Down', '3.00', 'Enter', 'F10', *keys)
        clerk.wait()
        return bytes(clerk.raw).decode().rsplit('\x1b', 1)[1]

    def test_behind_a_saved_file_its_totals_are_said(self):
        words = self.last_words('F2', 'F10')
        self.assertRegex(words, r'文件：.*sample\.yaml\r?\n收入总计 116\.16 ')

    def test_totals_that_no_file_has_are_not_said(self):
        words = self.last_words('F10', '2')
        self.assertRegex(words, r'最后的修改没有保存：.*sample\.yaml\r?\n$')

    def test_a_new_file_from_the_start_page(self):
        with Clerk([], self.home) as clerk:
            clerk.press('n', '2024', 'Enter')
            self.assertShows(clerk, '部门编码')
            clerk.press(CLEAR, '711', 'Enter', CLEAR, '总工会', 'Enter', 'F10')
            self.assertShows(clerk, '711')
            clerk.open_table('income')
            clerk.press('2012901', 'Enter', '5', 'Enter', 'F2')
            clerk.press(CLEAR, 'new.yaml', 'Enter')
            self.assertShows(clerk, '已保存')
            clerk.press('F10', 'F10')
        self.assertSaved(r'department: \{code: "711", name: 总工会\}', 'new.yaml')
        with Clerk([], self.home) as clerk:
            self.assertShows(clerk, 'new.yaml')
            clerk.press('1')
            self.assertShows(clerk, '总工会')


if __name__ == '__main__':
    tap.main()

#!/usr/bin/python3
"""What lists and cards ask of the keyboard: a project card, the tree of 67 rows, the cross table, a procurement line and a long
text are entered by keys, saved and loaded again."""
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clerk import CLEAR, ScreenCase
import tap

NEXT, PREVIOUS, MOVE_UP, MOVE_DOWN, TEXT = '\x0e', '\x10', '\x15', '\x04', '\x14'
LONG = '做好困难职工帮扶工作，建立档案，及时更新，把党和政府的关心送到每一位困难职工的手里。'


class Cards(ScreenCase):
    def open(self, sample, number):
        """A clerk in the table with this number of the sample."""
        shutil.copy(os.path.join(tap.TOP, 'sample-data', sample + '.yaml'), self.path('sample.yaml'))
        clerk = self.clerk()
        clerk.press(*str(number), 'Enter')
        return clerk

    def again(self, number):
        """The same file, loaded by another clerk."""
        clerk = self.clerk()
        clerk.press(*str(number), 'Enter')
        return clerk

    def row(self, clerk, start):
        return next((line for line in clerk.lines() if line.startswith(start)), '')

    def test_a_project_card(self):
        clerk = self.open('beidaihe-2024', 11)
        clerk.press('F3', '困难职工慰问', 'Enter', '13030424P00889310001A', 'Enter', 'Down')
        clerk.press('5', 'Enter', '3', 'Enter', '慰问困难职工', 'Enter')
        self.assertRegex(clerk.text(), r'预算数 +8\.00')
        clerk.press('25', 'Enter', '50%', 'Enter', '75', 'Enter', '100', 'Enter')
        clerk.press('\x1b[200~1.慰问二十人\n2.建立档案\x1b[201~')
        clerk.press('F2')
        clerk.press(' ', 'Enter', '数', 'Enter', '慰问人数', 'Enter', '慰问困难职工人数', 'Enter', '≥20人', 'Enter', '计划', 'Enter')
        # the second row goes on as the first: its first two columns repeat, and are not shown again
        clerk.press('Right', 'Right', '慰问次数', 'Enter', '慰问的次数', 'Enter', '2次', 'Enter')
        clerk.press('F2')
        self.assertShows(clerk, '已保存')
        for text in ('name: 困难职工慰问', '13030424P00889310001A', '3月底: 25', '指标值: ≥20人', '三级指标: 慰问次数'):
            self.assertIn(text, self.saved())
        self.assertEqual(len(re.findall('一级指标: 产出指标, 二级指标: 数量指标, 三级指标: 慰问', self.saved())), 2, self.saved()[-3000:])
        clerk.leave_without_saving()
        clerk = self.again(11)
        self.assertShows(clerk, '13030424P00889310001A')
        clerk.press('5', 'Enter')
        for text in ('11-5/5', '困难职工慰问', '慰问困难职工', '1.慰问二十人', '2.建立档案', '50%', '100%', '≥20人', '慰问次数'):
            self.assertShows(clerk, text)

    def test_cards_are_dropped_moved_and_taken_back(self):
        clerk = self.open('beidaihe-2024', 11)
        before = self.saved()
        clerk.press('F8')
        self.assertShows(clerk, '真的要删吗')
        clerk.press('2')
        self.assertEqual(self.row(clerk, '  1')[5:8], '劳模体', clerk.dump())
        clerk.press('CtrlZ', MOVE_DOWN)
        self.assertEqual(self.row(clerk, '  1')[5:8], '劳模体', clerk.dump())
        self.assertEqual(self.row(clerk, '  2')[5:8], '困难职', clerk.dump())
        clerk.press(MOVE_UP, 'F2')
        self.assertEqual(self.body(before), self.body(self.saved()))

    def body(self, text):
        """All but the head and the trailer."""
        return text[text.index('\ntables:'):text.index('\nend:')].splitlines()

    def test_next_and_previous_card(self):
        clerk = self.open('beidaihe-2024', 11)
        clerk.press('Enter', NEXT)
        self.assertShows(clerk, '11-2/4')
        clerk.press(NEXT, NEXT)
        self.assertShows(clerk, '11-4/4')
        clerk.press(NEXT)
        self.assertShows(clerk, '政府采购预算')
        clerk.press(PREVIOUS)
        self.assertShows(clerk, '劳模体检经费')
        clerk.press('F10')
        self.assertShows(clerk, '表名')

    def test_rows_of_a_card_are_added_moved_and_dropped(self):
        clerk = self.open('beidaihe-2024', 11)
        clerk.press('Enter', 'PageDown', 'F3')
        self.assertShows(clerk, '第2行')
        clerk.press('F8')
        self.assertShows(clerk, '真的要删吗')
        clerk.press('2', 'CtrlHome', 'PageDown', 'Right', 'Right', MOVE_DOWN)
        self.assertShows(clerk, '第2行')
        self.assertShows(clerk, '资金帮扶涉')
        clerk.press('CtrlZ', 'CtrlZ', 'CtrlZ', 'F10', 'F10')
        self.assertShowsNot(clerk, '未保存')

    def test_a_choice_is_found_by_typing(self):
        clerk = self.open('beidaihe-2024', 11)
        clerk.press('Enter', 'PageDown', 'Right', 'Left', '满')
        self.assertShows(clerk, '| 3 满意度指标')
        self.assertShowsNot(clerk, '| 1 产出指标')
        clerk.press('Backspace', '2')
        self.assertShows(clerk, '| 2 效益指标')
        clerk.press('没有', 'Enter')
        self.assertShows(clerk, '没有这一项')
        clerk.press('Esc')
        self.assertShows(clerk, '产出指标')

    def test_the_tree_of_67_rows(self):
        clerk = self.open('qiaoxi-2015', 10)
        clerk.press('1000', 'Enter')
        self.assertRegex(clerk.text(), r'一、工资福利支出 +55568\.80')
        self.assertRegex(clerk.text(), r'合计 +335886\.10')
        clerk.press('/', CLEAR, '9、住房公积金', 'Enter', 'Home', '60000', 'Enter', 'F2')
        self.assertSaved(r"'@1/30311', 一般预算拨款: 60000\.00")
        clerk.leave_without_saving()
        clerk = self.again(10)
        self.assertRegex(clerk.text(), r'合计 +345385\.90')

    def test_the_cross_table(self):
        clerk = self.open('qiaoxi-2015', 2)
        clerk.press('CtrlEnd', '区总工会二所', 'Enter', '3', 'Enter', '4', 'Enter', '2', 'Enter')
        self.assertRegex(clerk.text(), r'合 *计 +8\S? +4\S? +10')
        clerk.press('1.5', 'Enter')
        self.assertShows(clerk, '整数')
        clerk.press('Esc', 'CtrlHome', '20141130', 'Enter')
        self.assertShows(clerk, '2014-11-30')
        clerk.press('F2')
        self.assertSaved('name: 区总工会二所')
        clerk.leave_without_saving()
        clerk = self.again(2)
        self.assertRegex(clerk.text(), r'区总工会二所 +_+3 _+4 _+2')
        self.assertShows(clerk, '2014-11-30')

    def test_a_procurement_line(self):
        clerk = self.open('beidaihe-2024', 12)
        clerk.press('劳模体检', 'Enter', '2', 'Enter', '体检服务', 'Enter', 'C16', 'Enter', '人次', 'Enter', '80', 'Enter', '0.025', 'Enter',
                    '2', 'Enter')
        clerk.press('Home')
        self.assertRegex(clerk.text(), '劳模体检 +_*2.00 体检服务 +C16')
        clerk.press('F2')
        self.assertSaved('采购物品名称: 体检服务, 政府采购目录序号: C16, 计量单位: 人次, 数量: 80(.00)?, 单价: 0.025')
        clerk.leave_without_saving()
        clerk = self.again(12)
        clerk.press('CtrlHome', 'End')
        self.assertRegex(clerk.text(), '合计')

    def test_a_long_text(self):
        clerk = self.open('beidaihe-2024', 11)
        clerk.press('Enter', 'Down', 'Down', 'Down', 'Down', 'Down', TEXT, 'CtrlEnd', 'Enter', LONG * 3, 'Enter', '第三段')
        self.assertShows(clerk, '第三段')
        for line in clerk.lines():
            self.assertNotIn('\ufffd', line)
        clerk.press('Up', 'Up', 'Home', '甲', 'End', '乙', 'Up', 'F8')
        self.assertShowsNot(clerk, '建立档案')
        clerk.press('Esc')
        self.assertShows(clerk, '改过了')
        clerk.press('1', '新的一段', 'F2', 'F2')
        self.assertSaved('新的一段')
        self.assertSaved('第三段')
        clerk.leave_without_saving()

    def test_a_long_text_wraps_and_keeps_every_character(self):
        clerk = self.open('beidaihe-2024', 11)
        clerk.press('Enter', 'Down', 'Down', 'Down', 'Down', 'Down', 'Enter', '\x1b[1;5H')
        clerk.press(*['Delete'] * 40)
        clerk.press(LONG * 4, 'Home', 'Up', 'End', 'x', 'CtrlHome', '起', 'CtrlEnd', '止', 'F2', 'F2')
        text = re.sub(r'\s', '', self.saved())
        start = text.index('起做好')
        written = text[start:text.index('止', start) + 1]
        self.assertEqual(written.replace('x', ''), '起' + LONG * 4 + '止')
        clerk.leave_without_saving()

    def test_a_table_is_published_elsewhere(self):
        shutil.copy(os.path.join(tap.TOP, 'sample-data', 'beidaihe-2024.yaml'), self.path('sample.yaml'))
        clerk = self.clerk()
        clerk.press('1', '0', 'F6')
        self.assertRegex(clerk.text(), '机构设置情况 +另行公开')
        clerk.press('F2')
        self.assertSaved(r'elsewhere: \[organisation\]')
        clerk.press('CtrlZ')
        self.assertNotRegex(clerk.text(), '机构设置情况 +另行公开')


if __name__ == '__main__':
    tap.main()

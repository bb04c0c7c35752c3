#!/usr/bin/python3
"""Codes that stand in several columns: typed whole or part by part, looked up, shown once, deleted and taken back."""
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clerk import Clerk, ScreenCase
import tap

PACKS = os.path.join(tap.TOP, 'tests', 'unit', 'packs')


class Codes(ScreenCase):
    def setUp(self):
        super().setUp()
        self.yubiao('new', 'codes', self.path('c.yaml'), '--code', '1', '--name', '甲', YUBIAO_FORMS=PACKS)

    def clerk(self, number='3', **more):
        clerk = Clerk(['c.yaml'], self.home, env={'YUBIAO_FORMS': PACKS}, **more)
        self.addCleanup(clerk.close)
        clerk.press(number, 'Enter')
        return clerk

    def body(self, clerk):
        """The lines of rows, less what is right of the name."""
        return [re.sub(r' {2,}[\d_].*', '', line).rstrip() for line in clerk.lines()[3:17] if line.strip()]

    def test_a_code_is_typed_whole(self):
        clerk = self.clerk()
        clerk.press(*'2050802')
        self.assertShows(clerk, '干部教育')
        clerk.press('Enter', *'33', 'Enter')
        self.assertEqual(self.body(clerk), ['205       一、教育支出', '205 08    进修及培训', '205 08 02 干部教育', '          合计',
                                            '___ __ __ 输入编码加行'], clerk.dump())

    def test_the_year_in_a_caption_is_filled_in(self):
        """In the head, in the line below the table and in findings: the two columns have one name but for the year."""
        os.makedirs(self.path('years'))
        for name, text in (('pack.yaml', 'pack: years\ntitle: 两年\nyears: [2026]\nunit: 元\ntables: [two]\n'),
                           ('two.yaml', 'table: 两年表\ntitle: 两年\ncolumns:\n  - 项目: caption\n  - <上年>年数: {id: 去年}\n  - <年度>年数: {id: 今年}\n'
                                        'rows:\n  - <年度>年项目\nchecks:\n  - 只增: 今年 > 去年\n')):
            with open(self.path('years/' + name), 'w', encoding='utf-8') as file:
                file.write(text)
        self.yubiao('new', 'years', 'y.yaml', '--code', '1', '--name', '甲')
        clerk = Clerk(['y.yaml'], self.home)
        self.addCleanup(clerk.close)
        clerk.press('1', 'Enter', *'5', 'Enter')
        self.assertRegex(clerk.lines()[1], '2025年数 +2026年数')
        self.assertRegex('\n'.join(clerk.lines()), '2026年项目 +2026年数', clerk.dump())
        clerk.press(*'3', 'Enter', 'F5')
        self.assertShows(clerk, '《两年表》2026年项目·2026年数')

    def test_a_code_is_typed_part_by_part(self):
        clerk = self.clerk()
        clerk.press(*'201', 'Tab', *'3', 'Tab', *'1')
        self.assertIn('201 3 1', clerk.lines()[3])
        self.assertShows(clerk, '行政运行')
        clerk.press('Enter')
        self.assertIn('201 03 01 行政运行', clerk.lines()[5])
        clerk.press('CtrlEnd', *'201', 'Right', *'29', 'Right', *'01', 'Tab')
        self.assertIn('201 29 01 行政运行', clerk.lines()[7], clerk.dump())

    def test_parts_that_make_no_code_are_refused_and_stay(self):
        clerk = self.clerk()
        for parts in (('201',), ('201', '3'), ('201', '3', '1', '4'), ('20', '1')):
            with self.subTest(parts=parts):
                clerk.press('CtrlEnd', *' '.join(parts), 'Enter')
                self.assertIn(' '.join(parts), clerk.lines()[3])
                clerk.press('Esc')
                self.assertEqual(self.body(clerk), ['___ __ __ 输入编码加行'], clerk.dump())

    def test_parts_begin_a_search(self):
        clerk = self.clerk()
        clerk.press(*'205', 'Tab', *'8', 'Tab', 'F3')
        self.assertShows(clerk, '干部教育')
        self.assertShowsNot(clerk, '行政运行')
        clerk.press('Down', 'Enter')
        self.assertIn('205 08 02 干部教育', clerk.lines()[5], clerk.dump())

    def test_once_hides_what_repeats(self):
        clerk = self.clerk('4')
        for code in ('2010301', '2010302', '2040201', '2050201'):
            clerk.press('CtrlEnd', *code, 'Enter')
        self.assertEqual([line[:9] for line in clerk.lines()[3:14]],
                         ['201      ', '    03   ', '       01', '       02', '204      ', '    02   ', '       01', '205      ', '    02   ', '       01',
                          '___ __ __'], clerk.dump())

    def test_a_dropped_row_takes_its_number_along(self):
        clerk = self.clerk()
        for code in ('2010301', '2050802'):
            clerk.press('CtrlEnd', *code, 'Enter', *'7', 'Enter')
        self.assertShows(clerk, '二、教育支出')
        clerk.find('2010301')
        clerk.press('F8', 'Down', 'Enter')
        self.assertShows(clerk, '一、教育支出')
        clerk.press('CtrlZ')
        self.assertShows(clerk, '二、教育支出')
        self.assertIn('201 03 01', clerk.text())

    def test_rows_come_with_those_of_other_tables(self):
        clerk = self.clerk('1')
        self.assertShows(clerk, '行由别的表带出')
        clerk.press('F3')
        self.assertIn('不用加行', clerk.lines()[-2])
        clerk.press('F10', '3', 'Enter', *'2010301', 'Enter', *'500', 'Enter', 'CtrlEnd', *'2050802', 'Enter', *'7', 'Enter', 'F10', '1', 'Enter')
        self.assertEqual([line.split() for line in clerk.lines()[3:6]],
                         [['（一）一般公共服务支出', '500', '500', '500', '0.0500'], ['（二）教育支出', '7', '7', '7', '0.0007'],
                          ['总计', '507', '507', '507', '0.0507']], clerk.dump())
        clerk.press('F8')
        self.assertIn('别的表带出来', clerk.lines()[-2])
        clerk.press('F10', '3', 'Enter')
        clerk.find('2010301')
        clerk.press('F8', 'Down', 'Enter', 'F10', '1', 'Enter')
        self.assertIn('（一）教育支出', clerk.lines()[3])

    def test_a_group_narrower_than_its_caption_has_it_on_two_lines(self):
        clerk = self.clerk('2')
        self.assertEqual([line.strip() for line in clerk.lines()[1:3]], ['-科目-', '-编码-'], clerk.dump())


if __name__ == '__main__':
    tap.main()

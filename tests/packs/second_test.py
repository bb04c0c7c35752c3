#!/usr/bin/python3
"""A second small pack, as a new author writes it with the page in hand: 千元, quarters, shares, hours, a card and a month's sheet for
each vehicle; and what its first draft is told."""
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from jiangnan import HERE, tap
from clerk import Clerk

LIST = """\
公务用车一览表,,,,,
序号,车牌号,用途,用途说明,购置日期,已行驶（万公里）
1,江A·12345,机要通信,,2019年6月1日,12.5
2,江A·0033警,执法执勤,,2021-3-8,8
3,江A·88886,其他,,20260203,0.3
合计,,,,,20.8
"""
MONTHS = """\
江A·12345 2026年运行月报,,,,,
月份,里程,加油（升）,百公里油耗,运行费（元）,出车工时
1月,1200,110.55,9.21,2300,46
2月,900,80,8.89,1800,30
3月,1500,160,10.67,3100,66
一季度,3600,350.55,9.74,7200,142
合计,3600,350.55,9.74,7200,142
"""


class Second(tap.Case):
    def setUp(self):
        super().setUp()
        shutil.copytree(os.path.join(HERE, 'yongche'), self.path('yongche'))
        for name, text in (('list.csv', LIST), ('months.csv', MONTHS)):
            with open(self.path(name), 'w', encoding='utf-8') as file:
                file.write(text)

    def book(self):
        self.yubiao('new', './yongche', 'book.yaml', '--code', '301', '--name', '机关事务局', '--year', '2026')
        self.yubiao('import', 'book.yaml', 'list.csv', '--table', 'cheliang')
        self.yubiao('import', 'book.yaml', 'months.csv', '--table', '车辆月报')
        self.yubiao('set', 'book.yaml', '季度用款计划[30231].一季度=4.2', '季度用款计划[30231].三季度=3', '工时表[张三].一季度=142',
                    '工时表[张三].加班占比=12', '工时表[张三].性质=聘用', '车辆一览表[江A·88886].用途说明=会议接送',
                    '车辆卡片[江A·88886].燃料=纯电动')
        return 'book.yaml'

    def edit(self, file, old, new):
        path = self.path(os.path.join('yongche', file))
        with open(path, encoding='utf-8') as source:
            text = source.read()
        self.assertIn(old, text)
        with open(path, 'w', encoding='utf-8') as out:
            out.write(text.replace(old, new))

    def test_lint_finds_nothing(self):
        self.assertEqual(self.yubiao('forms', 'lint', 'yongche').stdout.strip(), '套表没有问题。')

    def test_first_drafts_are_told_what_to_write(self):
        drafts = (('yuebao.yaml', '<车辆>运行月报', '<车牌号>运行月报', 'each: 后面的词'),
                  ('cheliang.yaml', '{type: count, unit: 公里, formula: "= 车辆月报[合计].里程"}', '= 车辆月报[合计].里程',
                   '栏“全年里程”是金额，公式算出的却是数'),
                  ('gongshi.yaml', '加班占比: percent', '加班占比: {type: percent, default: 10%}', 'default 只用于'),
                  ('chexing.yaml', '费用（元）: {unit: 元}', '费用（元）', '请写上 unit: 元'))
        for file, old, new, said in drafts:
            with self.subTest(file):
                self.edit(file, old, new)
                self.assertIn(said, self.yubiao('forms', 'lint', 'yongche', status=1).stdout)
                self.edit(file, new, old)
        self.assertEqual(self.yubiao('forms', 'lint', 'yongche').stdout.strip(), '套表没有问题。')

    def test_rows_made_of_others_are_summed_once(self):
        """合计 is a formula over the quarters, each the sum of its months; the sum over the sheets takes the months."""
        self.assertEqual(self.yubiao('check', self.book()).stdout, '')
        self.yubiao('set', 'book.yaml', '工时表[张三].二季度=1')
        self.assertIn('工时表[合计].全年工时 143 应等于 sum(车辆月报.出车工时) 142，相差 1 小时',
                      self.yubiao('check', 'book.yaml', status=1).stdout)

    def test_shares_are_compared_as_shares(self):
        self.yubiao('set', self.book(), '季度用款计划[30231].一季度=5.2', '季度用款计划[30231].三季度=2')
        self.assertEqual(self.yubiao('check', 'book.yaml', status=1).stdout.strip(),
                         'book.yaml: 错误 《季度用款计划》合计·上半年进度：上半年用款不超过六成：季度用款计划[合计].上半年进度 72.2222% '
                         '应不大于 60.00%，相差 12.2222 个百分点')

    def test_quotients_print_as_the_layout_says_and_entered_figures_whole(self):
        self.yubiao('export', self.book(), '--to', 'out')
        with open(self.path('out/04-yuebao-1.csv'), encoding='utf-8-sig') as file:
            text = file.read()
        self.assertIn('\n一季度,3600,350.55,9.74,7.2,142', text)
        self.assertIn('\n1月,1200,110.55,9.21,2.3,46', text)

    def test_exports_come_back(self):
        self.yubiao('export', self.book(), '--to', 'out')
        self.yubiao('new', './yongche', 'again.yaml', '--code', '301', '--name', '机关事务局', '--year', '2026')
        self.yubiao('import', 'again.yaml', 'out')
        self.yubiao('export', 'again.yaml', '--to', 'back')
        for name in sorted(os.listdir(self.path('out'))):
            with open(self.path('out/' + name), 'rb') as one, open(self.path('back/' + name), 'rb') as other:
                self.assertEqual(one.read().decode(), other.read().decode(), name)

    def test_dates_are_shown_whole(self):
        clerk = Clerk([self.book()], self.home)
        self.addCleanup(clerk.close)
        clerk.press('2', 'Enter')
        for date in ('2019年6月1日', '2026年2月3日'):
            self.assertIn(date, clerk.text(), clerk.dump())

    def test_the_unit_of_the_pack_and_yuan(self):
        clerk = Clerk([self.book()], self.home)
        self.addCleanup(clerk.close)
        clerk.press('4', 'Enter', 'Enter')
        self.assertIn('金额：千元', clerk.text())
        clerk.press('F7')
        self.assertRegex(clerk.text(), r'单位：元\n(.*\n)+合计 +3600 +350\.55 +9\.74 +7,200\.00 +142')
        clerk.press('End', 'Home', 'Right', 'Right', 'Right', '2600', 'Enter', 'F7', 'F2')
        with open(self.path('book.yaml'), encoding='utf-8') as file:
            self.assertTrue(re.search(r"'@1/1月', .*运行费: 2\.6", file.read()), clerk.dump())


if __name__ == '__main__':
    tap.main()

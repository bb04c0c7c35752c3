#!/usr/bin/python3
"""The text of the main screens, kept beside this file in golden/. UPDATE=1 writes them anew: then look at the difference."""
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from clerk import Clerk
import tap

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'golden')
SIZES = [(80, 24), (132, 43)]
SCREENS = {
    'tables': lambda clerk: None,
    'expenditure': lambda clerk: clerk.open_table('expenditure'),
    'fiscal-summary': lambda clerk: clerk.open_table('fiscal-summary'),
    'lookup': lambda clerk: (clerk.open_table('expenditure'), clerk.press('F3', '养老')),
    'findings': lambda clerk: clerk.press('F5'),
    'help': lambda clerk: (clerk.open_table('expenditure'), clerk.press('F1')),
    'cover': lambda clerk: clerk.press('\x05'),
    'start': None,
    'cards': lambda clerk: open_table(clerk, 11),
    'card': lambda clerk: (open_table(clerk, 11), clerk.press('Down', 'Enter')),
    'card-grid': lambda clerk: (open_table(clerk, 11), clerk.press('Down', 'Enter', 'PageDown', 'Down', 'Right', 'Right')),
    'pick': lambda clerk: (open_table(clerk, 11), clerk.press('Enter', 'PageDown', 'Down', 'Right', 'Right', 'Left', 'Enter')),
    'text': lambda clerk: (open_table(clerk, 15), clerk.press('Enter', 'Enter')),
    'tree': lambda clerk: (open_table(clerk, 10), clerk.press('PageDown')),
    'cross': lambda clerk: open_table(clerk, 2),
    'procurement': lambda clerk: open_table(clerk, 12),
    'duty': lambda clerk: open_table(clerk, 2),
    'elsewhere': lambda clerk: None,
}
SAMPLES = {'text': 'qiaoxi-2015', 'tree': 'qiaoxi-2015', 'cross': 'qiaoxi-2015', 'duty': 'chengde-2023', 'elsewhere': 'shanhaiguan-2020',
           'procurement': 'beidaihe-2024'}


def open_table(clerk, number):
    """By its place in the list of tables."""
    clerk.press(*str(number), 'Enter')


class Golden(tap.Case):
    def show(self, name, columns, rows):
        """The screen's text; a path in it stands for every machine's."""
        sample = os.path.join(tap.TOP, 'sample-data', SAMPLES.get(name, 'beidaihe-2024') + '.yaml')
        shutil.copy(sample, self.path('sample.yaml'))
        arguments = [] if name == 'start' else ['sample.yaml']
        with Clerk(arguments, self.home, columns=columns, rows=rows) as clerk:
            if SCREENS[name]:
                SCREENS[name](clerk)
            for line in clerk.lines():
                self.assertNotIn('\ufffd', line, 'a character cut in half')
            return clerk.text().replace(self.home, 'HOME') + '\n'

    def test_screens(self):
        for name in SCREENS:
            for columns, rows in SIZES:
                path = os.path.join(GOLDEN, '%s-%dx%d.txt' % (name, columns, rows))
                with self.subTest(screen=os.path.basename(path)):
                    text = self.show(name, columns, rows)
                    if os.environ.get('UPDATE'):
                        os.makedirs(GOLDEN, exist_ok=True)
                        with open(path, 'w', encoding='utf-8') as file:
                            file.write(text)
                    with open(path, encoding='utf-8') as file:
                        self.assertEqual(text, file.read())


if __name__ == '__main__':
    tap.main()

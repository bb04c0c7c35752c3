#!/usr/bin/python3
"""What README.md shows of importing is typed as it stands, in a directory with a new workbook; what it shows is what is said."""
import os
import re
import shlex
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap


def section(title):
    with open(os.path.join(tap.TOP, 'README.md'), encoding='utf-8') as file:
        return re.search(r'^## %s\n(.*?)^## ' % title, file.read(), re.M | re.S)[1]


class Readme(tap.Case):
    def test_importing(self):
        text = section('导入')
        name, table = re.search(r'例如 `(.*?)`：\n\n```csv\n(.*?)```', text, re.S).groups()
        with open(self.path(name), 'w', encoding='utf-8') as file:
            file.write(table)
        self.yubiao('new', 'hebei-2024', '本单位.yaml', '--code', '711', '--name', '总工会')
        typed = 0
        for block in re.findall(r'```console\n(.*?)```', text, re.S):
            for command, shown in re.findall(r'^\$ (.*)\n((?:[^$].*\n)*)', block, re.M):
                words = shlex.split(command)
                self.assertEqual(words[0], 'yubiao')
                said = self.yubiao(*words[1:]).stdout
                pattern = ''.join('(?:.*\n)*' if line == '…' else re.escape(line) + '\n' for line in shown.splitlines())
                self.assertRegex(said, r'\A%s\Z' % pattern, command)
                typed += 1
        self.assertGreaterEqual(typed, 6)
        print('# %d commands typed' % typed)

    def test_every_option_is_told(self):
        """Or is in the help, which README need not repeat, but for what only README can show."""
        text = section('导入')
        for option in re.findall(r'^  (--[\w-]+)', self.yubiao('import', '--help').stdout, re.M):
            self.assertIn(option, text)


if __name__ == '__main__':
    tap.main()

"""A clerk at the terminal: yubiao in a Terminal, with the moves that many tests make."""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..'), os.path.join(HERE, '..', 'golden')]
import published
import tap
from terminal import Terminal

CLEAR = '\x15'  # Ctrl-U empties a line that is being typed


class Clerk(Terminal):
    tables = published.TABLES

    def __init__(self, arguments, home, program=tap.PROGRAM, env=None, **terminal):
        """Runs `yubiao ARGUMENTS` (program None: ARGUMENTS is the whole command) with `home` as home and working directory."""
        super().__init__([program] * bool(program) + list(arguments), tap.clean_environment(home, **(env or {})), cwd=home, **terminal)

    def first_screen(self):
        """Seconds from exec to the last byte of the first screen."""
        return self.last_output - self.started

    def open_table(self, table):
        """From the list of tables."""
        self.press(str(self.tables.index(table) + 1), 'Enter')

    def find(self, text):
        """Moves to the row with this code or label, in the table that is shown."""
        self.press('/', CLEAR, text, 'Enter')

    def leave_without_saving(self):
        """Quits from wherever the clerk is, and gives up what was changed."""
        for _ in range(6):
            if self.process.poll() is not None:
                return
            self.press('F10')
            if '没有保存' in self.text() or 'unsaved' in self.text().lower():
                self.press('2')
        self.wait()


class ScreenCase(tap.Case):
    """Tests of what a clerk sees."""

    def clerk(self, table=None, name='sample.yaml', **more):
        """A clerk with a copy of the sample, in `table` or the list of tables."""
        if not os.path.exists(self.path(name)):
            self.copy_sample(name)
        clerk = Clerk([name], self.home, **more)
        self.addCleanup(clerk.close)
        if re.search('Enter (继续|go on)', clerk.text()):  # notes first
            clerk.press('Enter')
        if table:
            clerk.open_table(table)
        return clerk

    def saved(self, name='sample.yaml'):
        with open(self.path(name), encoding='utf-8') as file:
            return file.read()

    def assertSaved(self, pattern, name='sample.yaml'):
        """Some line of the file matches."""
        if not re.search(pattern, self.saved(name)):
            self.fail('%r is not in the file:\n%s' % (pattern, '\n'.join(self.saved(name).splitlines()[30:50])))

    def assertShows(self, clerk, text):
        if text not in clerk.text():
            self.fail('%r is not shown\n%s' % (text, clerk.dump()))

    def assertShowsNot(self, clerk, text):
        if text in clerk.text():
            self.fail('%r is shown\n%s' % (text, clerk.dump()))

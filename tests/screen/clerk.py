"""A clerk at the terminal: yubiao in a Terminal, with the moves that many tests make."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..'), os.path.join(HERE, '..', 'golden')]
import published
import tap
from terminal import Terminal

LOGS = os.environ.get('YUBIAO_SCREENS')  # a file: every screen a clerk leaves is added to it


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
        self.press('/', text, 'Enter')

    def leave_without_saving(self):
        """Quits from wherever the clerk is, and gives up what was changed."""
        for _ in range(6):
            if self.process.poll() is not None:
                return
            self.press('F10')
            if '没有保存' in self.text() or 'unsaved' in self.text().lower():
                self.press('2')
        self.wait()

"""What a user does, and what must hold of it whatever goes wrong.

A Story is a run of the program of which every moment is known: after each item of its keys, what the figures are, and whether they were
saved. judge() holds a Result against it:

  whole       the workbook is, byte for byte sealed by its trailer, one of the states that were saved or were being saved
  not before  what the screen called saved, or a command ended with, is there
  committed   what the screen answered to an Enter is there after recovery, and nothing that was not entered
  told        a failure is told in a sentence; nothing crashes; the terminal is given back
  no trap     the next start works on what was left behind
"""
import dataclasses
import hashlib
import re
import signal

import runner
from runner import Job, Result

ROWS = '甲乙丙丁戊己'
SAVED = '已保存'.encode()
FILE = 'd/b.yaml'
FIGURE = re.compile(r'    - \{row: (\S+), 金额: (-?[\d.]+)\}')
END = re.compile(rb'^end: \{rows: (\d+), (?:history: \d+, )?sha256: ([0-9a-f]{64})[,}]', re.M)


def figures_of(data):
    """{row: figure} of a workbook, None if it is not whole."""
    last = data.rfind(b'\nend: ') + 1
    seal = END.match(data, last)
    if not last or not seal or hashlib.sha256(data[:last]).hexdigest().encode() != seal.group(2):
        return None
    return dict(FIGURE.findall(data.decode('utf-8')))


def figures(*pairs):
    """figures('甲', '1.01', …)"""
    return dict(zip(pairs[::2], pairs[1::2]))


@dataclasses.dataclass(frozen=True)
class Moment:
    """An item of the keys (None: an argument of a command), and how things stand once it was answered."""
    keys: bytes
    figures: dict = None  # None: as before
    saves: bool = False


@dataclasses.dataclass(frozen=True)
class Story:
    name: str
    argv: tuple
    before: dict               # the figures at the start
    moments: tuple = ()        # of a screen
    after: dict = None         # of a command: the figures when it has ended well
    files: tuple = ()
    env: tuple = ()
    needs_new: bool = True     # of a command: ending well means that the file says `after`

    def job(self, **more):
        keys = tuple(moment.keys for moment in self.moments) or None
        return Job(self.argv, keys, self.files, env=self.env, **more)

    def states(self):
        """(figures, saved already) at the start and after each moment."""
        now, saved = self.before, self.before
        yield now, saved
        if not self.moments:
            yield self.after, self.after
        for moment in self.moments:
            now = now if moment.figures is None else moment.figures
            saved = now if moment.saves else saved
            yield now, saved


def new_workbook():
    """The files of a workbook with two figures."""
    runner.run(Job(('new', 'small', '{file}', '--code', '711', '--name', '总工会'), shim=False))
    made = runner.run(Job(('set', '{file}', '收支表[甲].金额=1.01', '收支表[己].金额=6.06'), shim=False), fill=False)
    assert made.code == 0, made.tell()
    return tuple((name, data) for name, data in sorted(made.files.items()) if name == FILE)


BEFORE = figures('甲', '1.01', '己', '6.06')
TO_TABLE = (Moment(b'1'), Moment(b'\r'), Moment(b'\x1b[B'))  # the list of tables, the table, and down to 乙


def typing(**more):
    """Figures typed and saved, more figures typed, and saved on leaving."""
    second = dict(BEFORE, 乙='2.02')
    third = dict(second, 丙='3.03')
    fourth = dict(third, 丁='4.04')
    fifth = dict(fourth, 戊='-5.05')
    moments = TO_TABLE + (
        Moment(b'2.02\r', second), Moment(b'3.03\r', third), Moment(b'\x13', saves=True), Moment(b'4.04\r', fourth),
        Moment(b'5.05-\r', fifth), Moment(b'\x1b0'), Moment(b'\x1b0'), Moment(b'1', saves=True))
    return Story('screen', ('{file}',), BEFORE, moments, files=new_workbook(), **more)


def dropping(**more):
    """Figures typed, a block pasted, something taken back, nothing saved, and the line drops."""
    second = dict(BEFORE, 乙='2.02')
    block = dict(second, 丙='31.00', 丁='41.00', 戊='51.00')
    moments = TO_TABLE + (
        Moment(b'2.02\r', second), Moment(b'\x1b[200~31\n41\n51\n\x1b[201~'), Moment(b'\r', block), Moment(b'\x1a', second),
        Moment(b'\x19', block))
    return Story('dropped line', ('{file}',), BEFORE, moments, files=new_workbook(), **more)


def setting(**more):
    after = dict(BEFORE, 丙='3.03', 丁='4.04')
    return Story('set', ('set', '{file}', '收支表[丙].金额=3.03', '收支表[丁].金额=4.04'), BEFORE, after=after, files=new_workbook(), **more)


def checking(**more):
    return Story('check', ('check', '{file}'), BEFORE, after=BEFORE, files=new_workbook(), needs_new=False, **more)


# -- judging

def answered(result, story):
    """How many moments the program has read the keys of, and to how many it has answered by so much as one byte."""
    read = begun = seen = 0
    for word, descriptor, _, _, data in result.events:
        if word == 'read' and descriptor == 0:
            read += len(data)
            begun = sum(end <= read for end in result.ends)
        elif word == 'said' or word == 'idle':
            seen = begun
    return begun, seen


def bounds(result, story):
    """(the earliest state that may be found, the latest)"""
    if story.moments:
        begun, seen = answered(result, story)
        return seen, begun
    return (1 if result.code == 0 and story.needs_new else 0), 1


def judge(result, story, terminal_works=True):
    """A list of what is wrong; [] if all is as it must be. terminal_works False: the fault hit what is read and said there."""
    wrong = []
    killed = result.job.fault is not None and 'kill' in result.job.fault
    states = list(story.states())
    first, last = bounds(result, story)
    if result.stuck:
        wrong.append('stuck')
    elif result.crashed and not (killed and result.code == -signal.SIGKILL):
        wrong.append('crashed')
    if result.restored is False and not killed and terminal_works:
        wrong.append('the terminal was not given back')
    found = figures_of(result.files.get(FILE, b''))
    if found is None:
        wrong.append('the file is not whole')
    elif found not in [saved for _, saved in states[first:last + 1]] and found not in failed_saves(result, story, states, last):
        wrong.append('the file holds %s' % found)
    if result.modes.get(FILE) != 0o640:
        wrong.append('the mode of the file is %s' % result.modes.get(FILE))
    if not killed and result.code != 0 and terminal_works and not result.dropped and len(result.said.strip()) < 10:
        wrong.append('a failure without a sentence')
    return wrong


def failed_saves(result, story, states, last):
    """Saves that were answered, but not by `saved`: then what was saved before is right as well."""
    allowed = []
    for number, moment in enumerate(story.moments[:last]):
        if moment.saves and SAVED not in result.shown(number):
            allowed += [saved for _, saved in states[:number + 1]]
        elif moment.saves:
            allowed = []
    return allowed

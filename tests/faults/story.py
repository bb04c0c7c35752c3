"""What a user does, and what must hold of it whatever goes wrong.

A Story is a run of the program of which every moment is known: after each item of its keys, what the figures are, and whether they were
saved. judge() holds a Result against it:

  whole       the workbook is, byte for byte sealed by its trailer, one of the states that were saved or were being saved
  not before  what the screen called saved, or a command ended with, is there
  committed   what the screen has answered to is there after `recover --take`, and nothing that was not entered; but for what the screen
              says that it could not write down
  told        a failure is told in a sentence; nothing crashes or hangs; the terminal is given back
  no trap     the next start works on what was left behind: recovers it, takes a further figure, saves
"""
import dataclasses
import hashlib
import os
import re
import sys

import runner
from runner import Job, Result

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'screen'))
import terminal

ROWS = '甲乙丙丁戊己'
SAVED = '已保存'.encode()
GIVING_BACK = b'\x1b[?1049l'  # the screen from before comes back: the program ends
UNWRITTEN = re.compile('没有记进日志|日志记不下了')
ASIDE = '原来的日志没有删除，已改名为'
FILE = 'd/b.yaml'
JOURNAL = 'd/.b.yaml.journal'
FIGURE = re.compile(r'    - \{row: (\S+), 金额: (-?[\d.]+)\}')
END = re.compile(rb'^end: \{rows: (\d+), (?:history: \d+, )?sha256: ([0-9a-f]{64})[,}]', re.M)


def figures_of(data):
    """{row: figure} of a workbook, None if it is not whole."""
    last = data.rfind(b'\nend: ') + 1
    seal = END.match(data, last)
    if not last or not seal or data.find(b'\n', last) != len(data) - 1 or hashlib.sha256(data[:last]).hexdigest().encode() != seal.group(2):
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
    saved: dict = None         # the figures in the file at the start; None: `before`
    needs_new: bool = True     # of a command: ending well means that the file says `after`

    def job(self, **more):
        keys = tuple(moment.keys for moment in self.moments) or None
        return Job(self.argv, keys, self.files, env=self.env, **more)

    def states(self):
        """(figures, saved already) at the start and after each moment."""
        now, saved = self.before, self.saved or self.before
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


def left_behind():
    """The files of a workbook with three changes that were not saved. Without the list of recent files: it names the directory of this
    process, and others would have to change it, with calls of their own."""
    tale = dropping()
    left = runner.run(tale.job()).files
    return {name: data for name, data in left.items() if not name.endswith('/recent')}, list(tale.states())[-1][0]


def recovering(**more):
    """The command that takes what was not saved."""
    files, after = left_behind()
    return Story('recover', ('recover', '{file}', '--take'), after, saved=BEFORE, after=after, files=tuple(files.items()), **more)


def taking(**more):
    """The same on the screen, looked at first; one more figure; taken back into what was recovered; saved; and on."""
    files, first = left_behind()
    second = dict(first, 甲='7.07')
    moments = (Moment(b'2'), Moment(b'\r'), Moment(b'1', first), Moment(b'1'), Moment(b'\r'), Moment(b'7.07\r', second),
               Moment(b'\x1a', first), Moment(b'\x1a', dict(BEFORE, 乙='2.02')), Moment(b'\x13', saves=True), Moment(b'\x19', first))
    return Story('recovery', ('{file}',), first, moments, saved=BEFORE, files=tuple(files.items()), **more)


# -- judging

def progress(result):
    """For each event: it, how many moments the program has read the keys of until then, and to how many it has answered by so much as
    one byte. Ending well answers all."""
    read = begun = seen = 0
    ends = False
    for event in result.events:
        word, descriptor, _, _, data = event
        if word == 'read' and descriptor == 0:
            read += len(data)
            begun = sum(end <= read for end in result.ends)
        elif word == 'said' and GIVING_BACK in data:
            ends = True
        elif (word == 'said' or word == 'idle') and not ends:
            seen = begun
        yield event, begun, seen
    yield ('end', 0, 0, '', None), begun, begun if result.code == 0 and not result.dropped else seen


def answered(result):
    if result.events is None:  # no log: by what came on the terminal
        return len(result.ends), len(result.ends) if result.code == 0 and not result.dropped else max(0, len(result.steps) - 1)
    for _, begun, seen in progress(result):
        pass
    return begun, seen


def bounds(result, story):
    """(the earliest state that may be found, the latest)"""
    if story.moments:
        begun, seen = answered(result)
        return seen, begun
    return (1 if result.code == 0 and story.needs_new else 0), 1


class Sight:
    """The screen as it was after `step` moments. figures: those of the table, None if it does not show one; but for the row of the
    cursor, `at`, where something may be being typed."""

    def __init__(self, result, step):
        screen = terminal._Screen(80, 24)
        ends = result.steps + [len(result.out)]
        terminal._Stream(screen).feed(result.out[:ends[min(step + 1, len(ends) - 1)]].decode('utf-8', 'replace'))
        lines = [''.join(screen.buffer[y][x].data for x in range(80)) for y in range(24)]
        found = [re.match(r'([%s]) {5,}[_ ]*(-?[\d.]*)' % ROWS, line) for line in lines]
        rows = {match.group(1): match.group(2) for match in found if match}
        cursor = found[screen.cursor.y]
        self.at = cursor.group(1) if cursor else None
        self.figures = {row: figure for row, figure in rows.items() if figure and row != self.at} if len(rows) == len(ROWS) else None
        self.is_unwritten = UNWRITTEN.search(''.join(lines).replace(' ', '')) is not None

    def agrees(self, figures):
        return self.figures is not None and self.figures == {row: figure for row, figure in figures.items() if row != self.at}


def was_shown(result, story, first, figures):
    """The faults led the keys elsewhere: what the screen showed last without saying that it is not written, or something after that; or
    it never showed the table, and all is as it was."""
    sights = [Sight(result, step) for step in range(min(len(result.steps), len(result.job.keys) + 1))]
    start = max((step for step, sight in enumerate(sights) if step <= first and sight.figures is not None and not sight.is_unwritten),
                default=0)
    if all(sight.figures is None for sight in sights):
        return figures in (story.before, story.saved)
    return any(sight.agrees(figures) for sight in sights[start:])


_recovered = {}


def recovered(files, go_on=True):
    """(the figures after `recover --take`, what is wrong with it). go_on: work goes on after that."""
    lines = sorted((name, data[:1] if name.endswith('.lock') else data) for name, data in files.items() if not name.endswith('.tmp'))
    key = hashlib.sha256(repr((lines, go_on)).encode()).digest()
    if key not in _recovered:
        _recovered[key] = recover(files, go_on)
    return _recovered[key]


def recover(files, go_on):
    taken = runner.run(Job(('recover', '{file}', '--take'), files=tuple(files.items()), shim=False))
    found = figures_of(taken.files.get(FILE, b''))
    if taken.code != 0 or found is None:
        return found, 'recovery fails: ' + taken.tell()
    if go_on:
        next_one = runner.run(Job(('set', '{file}', '收支表[己].金额=8.08'), shim=False), fill=False)
        if next_one.code != 0 or figures_of(next_one.files.get(FILE, b'')) != dict(found, 己='8.08'):
            return found, 'no work after recovery: ' + next_one.tell()
    return found, None


def judge(result, story, terminal_works=True):
    """A list of what is wrong; [] if all is as it must be. terminal_works False: the fault hit what is read and said there, so that
    nobody knows which keys were taken for what."""
    states = list(story.states())
    first, last = bounds(result, story)
    files = without_aside(result, story)
    held = figures_of(files.get(FILE, b''))
    found, problem = recovered(files)
    wrong = how_it_ended(result, terminal_works)
    if held is None:
        wrong.append('the file is not whole')
    elif result.modes.get(FILE) != 0o640:
        wrong.append('the mode of the file is %s' % result.modes.get(FILE))
    if problem is not None:
        wrong.append(problem)
    if wrong or not terminal_works:
        return wrong
    if held not in [saved for _, saved in states[first:last + 1]] + failed_saves(result, story, states, last) and not (
            story.moments and was_shown(result, story, 0, held)):
        wrong.append('the file holds %s' % held)
    if found not in [now for now, _ in states[first:last + 1]] and not (story.moments and was_shown(result, story, first, found)):
        wrong.append('recovered is %s, but entered was %s' % (found, states[first][0]))
    return wrong


def how_it_ended(result, terminal_works):
    wrong = []
    if result.stuck:
        wrong.append('stuck')
    elif result.crashed:
        wrong.append('crashed')
    if result.was_killed or not terminal_works:
        return wrong
    if result.restored is False:
        wrong.append('the terminal was not given back')
    if result.code != 0 and not result.dropped and len(result.said.strip()) < 10:
        wrong.append('a failure without a sentence')
    return wrong


def without_aside(result, story):
    """A journal that was set aside, and of which that was told, is as good as one in its place: put back, if nothing was done since."""
    before = dict(story.files)
    told = ASIDE in result.said or re.sub(rb'[^\x80-\xff]', b'', result.out).find(ASIDE.encode()[:24]) >= 0
    for name, data in result.files.items():
        if told and name.startswith('d/b.yaml.journal-') and data == before.get(JOURNAL) and result.files.get(FILE) == before[FILE]:
            return dict(before)
    return result.files


def failed_saves(result, story, states, last):
    """Saves that were answered, but not by `saved`: then what was saved before is right as well."""
    allowed = []
    for number, moment in enumerate(story.moments[:last]):
        if moment.saves and SAVED not in result.shown(number):
            allowed += [saved for _, saved in states[:number + 1]]
        elif moment.saves:
            allowed = []
    return allowed

"""A terminal for tests: the program runs in a pty, pyte draws what it writes.

Nothing sleeps for a fixed time. After keys were sent, output is read until the program is quiet, that is until it has taken all of
its input, sleeps, was not scheduled and wrote nothing during one look at it (QUIET seconds), and has been scheduled since the keys
were sent: on a busy machine they may reach it late. All bytes are counted.
"""
import codecs
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
import unicodedata

import pyte
import pyte.screens

QUIET = 0.012   # one look
ESCAPE = 0.15   # the program may wait this long to see what comes after a lone Esc
LATE = 0.5      # keys have arrived by then
LIMIT = 30.0    # never quiet: a failure

KEYS = {
    'Up': '\x1b[A', 'Down': '\x1b[B', 'Right': '\x1b[C', 'Left': '\x1b[D', 'Home': '\x1b[H', 'End': '\x1b[F',
    'PageUp': '\x1b[5~', 'PageDown': '\x1b[6~', 'Insert': '\x1b[2~', 'Delete': '\x1b[3~', 'Backspace': '\x7f',
    'Enter': '\r', 'Tab': '\t', 'BackTab': '\x1b[Z', 'Esc': '\x1b', 'CtrlHome': '\x1b[1;5H', 'CtrlEnd': '\x1b[1;5F',
    'F1': '\x1bOP', 'F2': '\x1bOQ', 'F3': '\x1bOR', 'F4': '\x1bOS', 'F5': '\x1b[15~', 'F6': '\x1b[17~', 'F7': '\x1b[18~',
    'F8': '\x1b[19~', 'F9': '\x1b[20~', 'F10': '\x1b[21~',
    'CtrlS': '\x13', 'CtrlZ': '\x1a', 'CtrlY': '\x19', 'CtrlC': '\x03',
}
# terminals in application mode (ncurses' keypad) send these for the arrows
APPLICATION = {'Up': '\x1bOA', 'Down': '\x1bOB', 'Right': '\x1bOC', 'Left': '\x1bOD', 'Home': '\x1bOH', 'End': '\x1bOF'}


class _Stream(pyte.Stream):
    csi = dict(pyte.Stream.csi, b='repeat', S='scroll_up', T='scroll_down', Z='back_tab')
    events = frozenset(list(pyte.Stream.events) + ['repeat', 'scroll_up', 'scroll_down', 'back_tab'])


class _Screen(pyte.Screen):
    """pyte's, with the sequences of xterm that it lacks; half of a wide character is never left behind."""
    last = ' '

    def draw(self, data):
        for character in data:
            self._part(self.cursor.x)
            self._part(self.cursor.x + max(pyte.screens.wcwidth(character), 1))
            super().draw(character)
            self.last = character

    def _part(self, x):
        """If a wide character stands across the left edge of column x, it becomes blanks."""
        line = self.buffer[self.cursor.y]
        if 0 < x < self.columns and line[x].data == '':
            line[x - 1] = line[x - 1]._replace(data=' ')
            line[x] = line[x]._replace(data=' ')

    def erase_characters(self, count=None):
        self._part(self.cursor.x)
        self._part(self.cursor.x + (count or 1))
        super().erase_characters(count)

    def delete_characters(self, count=None):
        self._part(self.cursor.x)
        self._part(self.cursor.x + (count or 1))
        super().delete_characters(count)

    def insert_characters(self, count=None):
        self._part(self.cursor.x)
        super().insert_characters(count)
        self._part(self.columns - 1)

    def erase_in_line(self, how=0, private=False):
        self._part(self.cursor.x + (how == 1))
        super().erase_in_line(how, private)

    def repeat(self, count=None, **_):
        self.draw(self.last * (count or 1))

    def delete_lines(self, count=None):
        self._fill()
        super().delete_lines(count)

    def insert_lines(self, count=None):
        self._fill()
        super().insert_lines(count)

    def _fill(self):
        """pyte does not move a line on which nothing was ever written: what stood in its way stays."""
        for y in range(self.lines):
            self.buffer[y]

    def scroll_up(self, count=None, **_):
        self._scroll(count or 1, self.delete_lines)

    def scroll_down(self, count=None, **_):
        self._scroll(count or 1, self.insert_lines)

    def _scroll(self, count, move):
        x, y = self.cursor.x, self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        move(count)
        self.cursor.x, self.cursor.y = x, y

    def back_tab(self, count=None, **_):
        stops = sorted(stop for stop in self.tabstops if stop < self.cursor.x)
        self.cursor.x = stops[-(count or 1)] if len(stops) >= (count or 1) else 0


_narrow = pyte.screens.wcwidth


def _wide(character):
    """The width in a Chinese terminal, where quotation marks and the like take two cells."""
    return 2 if unicodedata.east_asian_width(character) == 'A' else _narrow(character)


class Stuck(AssertionError):
    pass


class Terminal:
    def __init__(self, argv, env, columns=80, rows=24, term='xterm-256color', encoding='utf-8', cwd=None, ready=True):
        """Starts argv; `env` is its whole environment but for TERM. ready: waits for the first screen."""
        self.columns, self.rows, self.encoding, self.argv = columns, rows, encoding, argv
        self.raw, self.decoder = bytearray(), codecs.getincrementaldecoder(encoding)('replace')
        self.screen = _Screen(columns, rows)
        self.stream = _Stream(self.screen)
        self.stream.use_utf8 = encoding == 'utf-8'
        self.master, self.slave = pty.openpty()
        self.last_output = None  # when the last byte came
        self._set_size()
        clock = os.pipe()

        def before_exec():
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            os.write(clock[1], struct.pack('d', time.monotonic()))

        self.process = subprocess.Popen(argv, stdin=self.slave, stdout=self.slave, stderr=self.slave, cwd=cwd,
                                        env=dict(env, TERM=term), start_new_session=True, preexec_fn=before_exec)
        self.started = struct.unpack('d', os.read(clock[0], 8))[0]
        os.close(clock[0])
        os.close(clock[1])
        if ready:
            self.settle(output=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _set_size(self):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack('HHHH', self.rows, self.columns, 0, 0))

    # -- reading

    def _take(self, seconds):
        """What the program wrote, waiting no longer than `seconds` for it."""
        if not select.select([self.master], [], [], seconds)[0]:
            return b''
        try:
            return os.read(self.master, 65536)
        except OSError:
            return b''

    def _activity(self):
        """(asleep, something that differs whenever the program was scheduled); None: it has ended."""
        try:
            with open('/proc/%d/status' % self.process.pid, encoding='ascii', errors='replace') as file:
                lines = dict(line.split(':', 1) for line in file if ':' in line)
        except OSError:
            return None
        if lines['State'].split()[0] in 'ZX':
            return None
        waiting = struct.unpack('i', fcntl.ioctl(self.slave, termios.FIONREAD, b'\0\0\0\0'))[0]
        switches = lines['voluntary_ctxt_switches'].strip(), lines['nonvoluntary_ctxt_switches'].strip()
        return lines['State'].split()[0] == 'S' and waiting == 0, switches

    def settle(self, quiet=QUIET, output=False, since=None):
        """Reads until the program is quiet or has ended; returns the number of bytes. output: not before it wrote something;
        since: what _activity() was before it was given something to do."""
        start = len(self.raw)
        try:
            self._read(quiet, output, since)
        finally:
            # drawn afterwards, so that drawing never delays reading
            pyte.screens.wcwidth = _narrow if self.encoding == 'utf-8' else _wide
            self.stream.feed(self.decoder.decode(bytes(self.raw[start:])))
        return len(self.raw) - start

    def _read(self, quiet, output, since):
        began, before = time.monotonic(), None
        while True:
            data = self._take(quiet)
            if data:
                self.last_output = time.monotonic()
                self.raw += data
                before, output = None, False
                continue
            now = self._activity()
            if now is None:
                if not select.select([self.master], [], [], 0)[0]:
                    return
            elif now[0] and now == before and not output and (now != since or time.monotonic() > began + LATE):
                return
            before = now
            if time.monotonic() > began + LIMIT:
                raise Stuck('never quiet\n' + self.dump())

    # -- typing

    def send(self, keys, quiet=None):
        """Types text or bytes as they are, all at once; returns the number of bytes written in answer."""
        data = keys if isinstance(keys, bytes) else keys.encode(self.encoding)
        count = 0
        for start in range(0, len(data), 1024):
            since = self._activity()
            os.write(self.master, data[start:start + 1024])
            count += self.settle(quiet or QUIET, since=since)
        return count

    def press(self, *names):
        """Presses keys by name (KEYS), or types text that is no name; returns the number of bytes written in answer."""
        count = 0
        for name in names:
            if name == 'Esc':
                count += self.send(KEYS[name], ESCAPE)
            elif name in APPLICATION and b'\x1b[?1h' in self.raw:
                count += self.send(APPLICATION[name])
            else:
                count += self.send(KEYS.get(name, name))
        return count

    def paste(self, text):
        """A bracketed paste."""
        return self.send('\x1b[200~' + text + '\x1b[201~')

    def resize(self, columns, rows):
        self.columns, self.rows = columns, rows
        self._set_size()
        self.screen.resize(rows, columns)
        return self.settle()

    # -- looking

    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    def text(self):
        return '\n'.join(self.lines())

    def dump(self):
        rule = '+' + '-' * self.columns + '+'
        return '\n'.join([rule] + ['|' + line for line in self.lines()] + [rule])

    def cursor(self):
        return self.screen.cursor.x, self.screen.cursor.y

    # -- ending

    def wait(self):
        """The exit status, after the program has ended by itself."""
        self.settle()
        try:
            return self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            raise Stuck('did not end\n' + self.dump()) from None

    def memory(self):
        """{'VmHWM': kB, 'VmRSS': kB}"""
        with open('/proc/%d/status' % self.process.pid, encoding='ascii', errors='replace') as file:
            return {key: int(value.split()[0]) for key, value in (line.split(':', 1) for line in file if ':' in line)
                    if key in ('VmHWM', 'VmRSS')}

    def hang_up(self):
        """The line drops; returns the exit status."""
        os.close(self.slave)
        os.close(self.master)
        self.master = self.slave = -1
        return self.process.wait(LIMIT)

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        for fd in (self.master, self.slave):
            if fd >= 0:
                os.close(fd)
        self.master = self.slave = -1


def gb18030_locale(directory):
    """Makes the locale zh_CN.GB18030 below `directory`; returns the environment for it, None if it cannot be made."""
    target = os.path.join(directory, 'zh_CN.GB18030')
    os.makedirs(directory, exist_ok=True)
    try:
        subprocess.run(['localedef', '-i', 'zh_CN', '-f', 'GB18030', target], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
    except OSError:
        return None
    if not os.path.isdir(target):
        return None
    return {'LOCPATH': directory, 'LANG': 'zh_CN.GB18030'}

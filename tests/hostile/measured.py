"""What running the program on a file that was made to do harm costs: its memory, and its instructions for each byte."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
import tap

PEAK = os.path.join(tap.BUILD, 'hostile', 'peak')
MEMORY = 16 * 1024        # KB
FULL = 256 * 1024         # KB, of a workbook with as many rows as it may have: they are held to be shown
PER_BYTE = 1500           # instructions a byte read
GROWTH = 4.2              # of the instructions, for four times the bytes
CHUNK = 1 << 20


def pieces(parts, size):
    """The bytes of such a file, about `size` of them, piece by piece."""
    beginning, repeated, end = parts
    yield beginning
    left, number = size - len(beginning) - len(end), 0
    while left > 0:
        if b'%d' in repeated:
            piece = b''.join(repeated.replace(b'%d', b'%d' % n) for n in range(number, number + 10000))
            number += 10000
        else:
            piece = repeated * max(1, CHUNK // len(repeated))
        if left < len(piece):
            piece = piece[:piece.rfind(b'\n', 0, left) + 1 or left] if b'\n' in repeated else piece[:left]
            left = 0
        left -= len(piece)
        yield piece
    yield end


class Measured(tap.Case):
    def write(self, name, parts, size):
        with open(self.path(name), 'wb') as file:
            file.writelines(pieces(parts, size))
        return name

    def run_measured(self, *arguments, **env):
        """(status, stderr, KB)"""
        inner, outer = os.pipe()
        command = 'exec "$@" 3>&%d' % outer
        done = subprocess.run(['/bin/sh', '-c', command, 'sh', PEAK, tap.PROGRAM, *arguments], env=tap.clean_environment(self.home, **env),
                              cwd=self.home, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              pass_fds=[outer], check=False)
        os.close(outer)
        with os.fdopen(inner) as file:
            kilobytes, status = map(int, file.read().split())
        return status, done.stderr.decode('utf-8', 'strict'), kilobytes

    def assertRefused(self, name, *arguments, said='.', status=2, most=MEMORY, **env):
        """With a sentence on the file, and little memory."""
        code, text, kilobytes = self.run_measured(*arguments, **env)
        self.assertEqual(code, status, '%s: %s' % (name, text[:300]))
        self.assertRegex(text, r'[^\n]{6,}[。）]\n\Z')
        self.assertRegex(text, said)
        self.assertLess(len(text), 4000, name)
        self.assertLessEqual(kilobytes, most, name)
        print('# %-34s %5d KB  %s' % (name, kilobytes, text.splitlines()[0][len('yubiao: '):][:100]))
        return text

    def instructions(self, *arguments, **env):
        done = subprocess.run(['valgrind', '--tool=cachegrind', '--cache-sim=no', '--cachegrind-out-file=/dev/null', tap.PROGRAM, *arguments],
                              env=tap.clean_environment(self.home, **env), cwd=self.home, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, check=False)
        return int(re.search(r'I\s+refs:\s+([\d,]+)', done.stderr)[1].replace(',', ''))

    def assertLinear(self, name, measure, size=200_000, per_byte=PER_BYTE):
        """measure(bytes): the instructions for that many."""
        nothing, once, four_times = measure(1000), measure(size), measure(4 * size)
        print('# %-34s %6.1f instructions a byte, %4.2f times for 4 times the bytes'
              % (name, (four_times - nothing) / (4 * size), four_times / once))
        self.assertLessEqual(four_times, GROWTH * once, name)
        self.assertLessEqual(four_times - nothing, per_byte * 4 * size, name)

#!/usr/bin/python3
"""make bench: the figures that the README and the issues speak of. Asserts nothing."""
import shutil
import sys
import tempfile

import measure
import synthetic
import tap

ROWS = [('digit', 24), ('down', 160), ('right', 160), ('commit', 300), ('page down', 2000)]


def show_bytes(title, figures):
    print('%s, bytes to the terminal, 80x24 xterm-256color' % title)
    print('    %-10s %8s %8s %8s %6s %8s' % ('key', 'median', 'p95', 'most', 'n', 'at most'))
    for name, bound in ROWS:
        print('    %-10s %8g %8g %8g %6d %8d' % (name, *measure.spread(figures[name]), bound), flush=True)


def main():
    home = tempfile.mkdtemp(prefix='yubiao-bench-')
    try:
        sample = shutil.copy(tap.SAMPLE, home)
        figures = measure.bytes_by_key(sample, home)
        figures['page down'] = measure.page_bytes(sample, home)
        show_bytes('the sample', figures)
        show_bytes('10,000 coded rows', measure.bytes_by_key(synthetic.write(home + '/large.yaml', 10000), home))
        small, large = measure.instructions(100, home), measure.instructions(100000, home)
        print('instructions a committed figure: %.0f at 100 rows, %.0f at 100,000 rows, ratio %.2f (at most 1.5)'
              % (small, large, large / small), flush=True)
        for title, way in (('with the journal', ()), ('without', ('without',))):
            kinds, instructions, size = measure.cost_of_a_commit(home, way)
            print('a committed figure %s: %.0f instructions, %s, %.0f bytes in the journal'
                  % (title, instructions, ', '.join('%g %s' % (kinds[name], name) for name in sorted(kinds)) or 'no system call', size),
                  flush=True)
        print('resident memory with the sample: VmHWM %(VmHWM)d kB, VmRSS %(VmRSS)d kB (at most 8192)' % measure.memory(home), flush=True)
        own, nano = measure.start_times(home)
        print('time to the first screen, ms:  yubiao median %.2f p95 %.2f   nano median %.2f p95 %.2f   (%d alternating runs)'
              % (*measure.spread(own)[:2], *measure.spread(nano)[:2], len(own)))
    finally:
        shutil.rmtree(home)


if __name__ == '__main__':
    sys.exit(main())

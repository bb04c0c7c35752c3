"""What the program keeps beside a workbook - lock, journal, history, older copy, new file - where somebody else who may write in the
directory has put links in the place of each, before or meanwhile."""
import os
import random
import re
import shutil
import stat
import threading
import time

from place import CLEAR, EscapeCase

LOCK, JOURNAL, HISTORY, OLDER = '.a.yaml.lock', '.a.yaml.journal', 'a.yaml.history', 'a.yaml~'
PENDING = '没有保存的修改'


class Beside(EscapeCase):
    def enter_unsaved(self, figure):
        """A figure is entered, and the line drops."""
        clerk = self.enter()
        self.open_first(clerk)
        self.enter_figure(clerk, figure, saves=False)
        clerk.process.kill()
        clerk.process.wait()

    def plant(self, kind, target, name):
        path = self.place.path('srv/' + name)
        if os.path.lexists(path):
            os.unlink(path)
        if kind == 'hard':
            os.link(self.place.path(target), path)
        else:
            os.symlink('../' + target if kind == 'relative' else self.place.path(target), path)
        self.outside = self.place.snapshot('outside', 'etc')

    def put_aside(self, clerk):
        """Whatever is asked about a journal that cannot be taken."""
        for _ in range(4):
            if '另放一边，不取回' in clerk.text():
                clerk.press(re.search(r'(\d)  另放一边', clerk.text())[1])
            if re.search('Enter (继续|go on)', clerk.text()):
                clerk.press('Enter')

    def test_links_from_the_start(self):
        """Each name a link: to a file, to nothing, to a directory; one by one and all at once."""
        names = (LOCK, JOURNAL, HISTORY, OLDER)
        for kind in ('soft', 'relative', 'hard'):
            for target in ('outside/secret', 'outside/new', 'outside/folder'):
                for chosen in (*((name,) for name in names), names):
                    if kind == 'hard' and target != 'outside/secret':
                        continue
                    with self.door(kind=kind, target=target, names=chosen):
                        self.place.renew()
                        for name in chosen:
                            self.plant(kind, target, name)
                        clerk = self.enter()
                        self.open_first(clerk)
                        self.enter_figure(clerk)
                        said = clerk.text()
                        self.leave(clerk)
                        self.assertEqual(self.place.read('outside/secret'), 'the secret\n')
                        self.assertFalse(os.path.exists(self.place.path('outside/new')))
                        self.assertEqual(os.listdir(self.place.path('outside/folder')), [])
                        self.assertTrue('7.65' in self.place.read('srv/a.yaml') or '没有保存' in said, said)

    def test_a_journal_elsewhere_is_not_taken(self):
        """One that fits is offered where it lies here, and is not read by way of a link."""
        self.enter_unsaved('3.21')
        shutil.move(self.place.path('srv/' + JOURNAL), self.place.path('outside/journal'))
        for kind in ('soft', 'relative', 'hard'):
            with self.door(kind=kind):
                self.plant(kind, 'outside/journal', JOURNAL)
                before = self.place.read('outside/journal')
                clerk = self.enter()
                clerk.press('1')
                self.assertShows(clerk, '读不了这个日志')
                self.assertShowsNot(clerk, '3.21')
                clerk.press('1')
                self.assertShowsNot(clerk, '3.21')
                clerk.press('Esc')
                self.put_aside(clerk)
                self.enter_figure(clerk)
                # Landlock lets nobody give a link another name: then the workbook can be looked at only.
                stands = '只能查看' in clerk.text()
                self.leave(clerk)
                self.assertFalse(stands and kind == 'hard')
                self.assertEqual('7.65' in self.place.read('srv/a.yaml'), not stands)
                self.assertEqual(self.place.read('outside/journal'), before)
                shutil.copy(self.place.path('outside/victim.yaml'), self.place.path('srv/a.yaml'))  # as it was
                for name in os.listdir(self.place.srv):
                    if name != 'a.yaml':
                        os.unlink(self.place.path('srv/' + name))
        shutil.copy(self.place.path('outside/journal'), self.place.path('srv/' + JOURNAL))
        clerk = self.enter()
        clerk.press('1')
        self.assertShows(clerk, PENDING)
        self.assertShows(clerk, '3.21')

    def test_what_is_set_aside_stays_here(self):
        """A journal and a history that do not fit get other names, where links stand already under all of these."""
        for name in (JOURNAL, HISTORY):
            self.place.write('srv/' + name, 'no such thing\n')
        now = time.time()
        for second in range(120):
            moment = time.strftime('%Y%m%d-%H%M%S', time.localtime(now + second))
            os.symlink('../outside/secret', self.place.path('srv/a.yaml.journal-' + moment))
            os.link(self.place.path('outside/secret'), self.place.path('srv/a.yaml.history-' + moment))
        self.outside = self.place.snapshot('outside', 'etc')
        clerk = self.enter()
        clerk.press('1')
        self.put_aside(clerk)
        self.enter_figure(clerk)
        self.leave(clerk)
        self.assertIn('7.65', self.place.read('srv/a.yaml'))
        kept = [name for name in os.listdir(self.place.srv) if re.search('history-|journal-', name)
                and not os.path.islink(self.place.path('srv/' + name)) and os.stat(self.place.path('srv/' + name)).st_nlink == 1]
        self.assertIn('no such thing\n', [self.place.read('srv/' + name) for name in kept])

    def test_all_of_it_is_private(self):
        """However little the workbook's login was asked to keep private."""
        clerk = self.enter(wrapper=('/bin/sh', '-c', 'umask 0; exec "$0" "$@"'))
        clerk.press('n', 'Enter', CLEAR, 'b', 'Enter')
        self.assertShows(clerk, '已保存：b.yaml')
        clerk.press('F10', 'F10')
        seen = {}
        for figure in ('1.11', '2.22'):
            self.enter_figure(clerk, figure, saves=False)
            seen.update(self.modes())
            clerk.press('F2')
            seen.update(self.modes())
            clerk.press('F10')
        clerk.press('F9', CLEAR, 'F9')
        seen.update(self.modes())
        self.assertLessEqual({'b.yaml', '.b.yaml.lock', '.b.yaml.journal', 'b.yaml.history', 'b.yaml~', 'b-csv'}, set(seen), clerk.dump())
        self.assertEqual({name: oct(mode) for name, mode in seen.items() if mode & 0o177 and name != 'b-csv'}, {})
        self.assertEqual(seen['b-csv'], 0o700)

    launchers = ('/bin/sh', '/usr/bin/sh')

    def modes(self):
        """Of all that somebody has made since."""
        found = {}
        for folder, folders, files in os.walk(self.place.srv):
            for name in folders + files:
                about = os.lstat(os.path.join(folder, name))
                if name != 'a.yaml':
                    found[name] = stat.S_IMODE(about.st_mode)
        return found

    def test_links_meanwhile(self):
        """Somebody swaps them all, and whatever else appears, while figures are entered and saved."""
        over, swaps = threading.Event(), [0]
        targets = ('../outside/secret', '../outside/new', self.place.path('outside/folder'))

        def meddle():
            spare = self.place.path('srv/.spare')
            while not over.is_set():
                time.sleep(random.random() ** 8 / 3)
                names = [name for name in os.listdir(self.place.srv) if name.startswith('.yubiao-')]
                path = self.place.path('srv/' + random.choice(names + [LOCK, JOURNAL, HISTORY, OLDER, JOURNAL, HISTORY]))
                try:
                    if os.path.islink(path) or os.path.lexists(path) and os.stat(path).st_nlink > 1:
                        os.unlink(path)
                    else:
                        if random.random() < 0.3:
                            os.link(self.place.path('outside/secret'), spare)
                        else:
                            os.symlink(random.choice(targets), spare)
                        os.rename(spare, path)
                        swaps[0] += 1
                except OSError:
                    pass
                if os.path.lexists(spare):
                    os.unlink(spare)
        thread = threading.Thread(target=meddle)
        thread.start()

        def stop():
            over.set()
            thread.join()
        self.addCleanup(stop)
        turns, saved, end = 0, 0, time.monotonic() + 25
        while time.monotonic() < end:
            clerk = self.enter()
            for turn in range(3):
                clerk.press('1')
                self.put_aside(clerk)
                turns += 1
                self.enter_figure(clerk, '%d.%02d' % (turns, turn))
                saved += '已保存' in clerk.text()
                for _ in range(4):
                    if '没有保存' in clerk.text() or '改' in clerk.lines()[-2]:
                        clerk.press('Esc')
                    clerk.press('F10')
                    if '没有保存' in clerk.text():
                        clerk.press('2')
                    if clerk.process.poll() is not None or '1  a.yaml' in clerk.text():
                        break
                if clerk.process.poll() is not None:
                    break
            self.leave(clerk)
        stop()
        print('# %d names beside a workbook were swapped for links while %d figures were entered, %d of which were saved' % (swaps[0], turns, saved))
        self.assertTrue(swaps[0] >= 100 and turns >= 3 and saved >= 1, (swaps[0], turns, saved))

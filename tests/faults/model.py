"""What a disk may hold after the power went off.

Disk replays the log of the shim. What was written to a file is sure to be on the disk only after fsync or fdatasync of that file; what
was done to names (create, rename, link, unlink) only after fsync of their directory, also for a new file that was itself synced. All else
is pending, and of what is pending any part may have reached the disk, in any order: each change to names wholly or not at all; each write
not at all, wholly, or torn. A torn write is a beginning of it, or any set of its 512-byte sectors, and what is missing before its end
reads as zeros or as rubbish.

images() are the directories that may be found. They need be asked for only just before something becomes sure, and at the end: between
two such moments what is pending only grows, so whatever may be found earlier may be found then as well, when more has been promised.
"""
import itertools
import random

SECTOR = 512
ALL_UP_TO = 12         # pending changes: up to here every set of lost and kept ones, each write torn in all ways if that is not too much
SAMPLES = 10000        # otherwise that many, seeded
PREFIXES = 48          # of one write; sector borders come besides


class Inode:
    def __init__(self, data=b''):
        self.sure = data


class Disk:
    def __init__(self, files):
        self.sure = {name: Inode(data) for name, data in dict(files).items()}
        self.now = dict(self.sure)
        self.open = {}
        self.pending = []  # ('write', inode, offset, data) ('resize', inode, length) ('name', kind, name, inode, old name)

    def play(self, event):
        """True: this is about to make something sure; look at images() before settle()."""
        word, first, second, path, more = event
        if word in ('create', 'open', 'truncate'):
            if word == 'create':
                self.now[path] = Inode()
                self.pending.append(('name', 'set', path, self.now[path], None))
            self.open[first] = self.now.get(path, path)  # a directory by its path
            if word == 'truncate':
                self.pending.append(('resize', self.now[path], 0))
        elif word == 'write':
            self.pending.append(('write', self.open[first], second, more))
        elif word == 'resize':
            self.pending.append(('resize', self.open[first], second))
        elif word in ('rename', 'link'):
            inode = self.now[path]
            self.now[more] = inode
            if word == 'rename':
                del self.now[path]
            self.pending.append(('name', 'set', more, inode, path if word == 'rename' else None))
        elif word == 'mkdir':
            self.now[path] = Inode(None)
            self.pending.append(('name', 'set', path, self.now[path], None))
        elif word == 'unlink':
            self.pending.append(('name', 'unset', path, self.now.pop(path), None))
        elif word == 'close':
            self.open.pop(first, None)
        elif word == 'sync':
            return True
        return False

    def settle(self, event):
        what = self.open[event[1]]
        left = []
        for change in self.pending:
            if not self.is_about(change, what):
                left.append(change)
            elif change[0] == 'name':
                apply_name(self.sure, change)
            else:
                change[1].sure = applied(change[1].sure, change, None)
        self.pending = left

    @staticmethod
    def is_about(change, what):
        if change[0] == 'name':
            return isinstance(what, str) and any(name is not None and name.rpartition('/')[0] == what for name in (change[2], change[4]))
        return change[1] is what

    def images(self, seed):
        """Every directory that may be found now: {name: data}, each once; data None: a directory."""
        choices = [choices_of(change, random.Random('%s %d' % (seed, number))) for number, change in enumerate(self.pending)]
        count = 1
        for ways in choices:
            count *= len(ways)
        if count <= SAMPLES:
            picked = itertools.product(*choices)
        else:
            picked = itertools.chain(self.lost_or_kept(), sampled(choices, random.Random(str(seed))))
        seen = set()
        for choice in picked:
            image = self.image(choice)
            key = frozenset(image.items())
            if key not in seen:
                seen.add(key)
                yield image

    def lost_or_kept(self):
        if len(self.pending) <= ALL_UP_TO:
            yield from itertools.product((None, WHOLE), repeat=len(self.pending))

    def image(self, choice):
        names = dict(self.sure)
        contents = {}
        for change, how in zip(self.pending, choice):
            if how is None:
                continue
            if change[0] == 'name':
                apply_name(names, change)
            else:
                contents[change[1]] = applied(contents.get(change[1], change[1].sure), change, how)
        for name in [name for name in names if self.hangs_in_the_air(name, names)]:
            del names[name]
        return {name: contents.get(inode, inode.sure) for name, inode in names.items()}

    def hangs_in_the_air(self, name, names):
        """A directory above it was made just now, and is not there."""
        above = name.rpartition('/')[0]
        while above:
            inode = self.now.get(above)
            if inode is not None and inode.sure is None and above not in names:
                return True
            above = above.rpartition('/')[0]
        return False


WHOLE = ('whole',)


def sampled(choices, chance):
    for _ in range(SAMPLES):
        yield [chance.choice(ways) if chance.random() < 0.6 else chance.choice((None, WHOLE)) for ways in choices]


def apply_name(names, change):
    _, kind, name, inode, old = change
    if kind == 'unset':
        if names.get(name) is inode:
            del names[name]
        return
    names[name] = inode
    if old is not None and names.get(old) is inode:
        del names[old]


def choices_of(change, chance):
    """How much of a change may be there: None, WHOLE, or what stands in the sectors of a write."""
    if change[0] != 'write':
        return [None, WHOLE]
    data, offset = change[3], change[2]
    borders = list(range(SECTOR - offset % SECTOR, len(data), SECTOR))
    prefixes = set(range(1, len(data)))
    if len(prefixes) > PREFIXES:
        prefixes = set(chance.sample(sorted(prefixes), PREFIXES)) | set(borders) | {1, len(data) - 1}
    ways = [None, WHOLE] + [('prefix', length) for length in sorted(prefixes)]
    count = len(borders) + 1
    sets = itertools.product((False, True), repeat=count) if count <= 4 else (
        [chance.random() < 0.5 for _ in range(count)] for _ in range(24))
    for there in sets:
        for filling in ('zeros', 'rubbish'):
            if not all(there):
                ways.append((filling, tuple(there), chance.randrange(1 << 30)))
    return ways


def applied(content, change, how):
    """The content after a write or a resize; how: one of choices_of()."""
    if change[0] == 'resize':
        return content[:change[2]].ljust(change[2], b'\0')
    _, _, offset, data = change
    if how is not None and how[0] == 'prefix':
        data = data[:how[1]]
    elif how is not None and how[0] != 'whole':
        data = with_holes(content, offset, data, how)
    content = content.ljust(offset, b'\0')
    return content[:offset] + data + content[offset + len(data):]


def with_holes(content, offset, data, how):
    filling, there, seed = how
    chance, parts, at = random.Random(seed), [], 0
    for is_there in there:
        end = min(len(data), at + SECTOR - (offset + at) % SECTOR)
        old = content[offset + at:offset + end]  # where a file is written over, what stood there before
        rest = end - at - len(old)
        parts.append(data[at:end] if is_there else old + (b'\0' * rest if filling == 'zeros' else chance.randbytes(rest)))
        at = end
    return b''.join(parts)

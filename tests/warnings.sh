#!/bin/sh
# The whole tree, unit tests included, without a warning from gcc and from clang. TAP.
echo 1..2
number=0
for compiler in gcc clang; do
	number=$((number + 1))
	if log=$(make --quiet BUILD="$BUILD/$compiler" CC=$compiler WERROR=-Werror all units replays 2>&1); then
		echo "ok $number - $compiler -Werror"
	else
		echo "not ok $number - $compiler -Werror"
		echo "$log" | grep -E 'error|warning|undefined|\*\*\*' | head -60 | sed 's/^/# /'
	fi
done

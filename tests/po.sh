#!/bin/sh
# Every sentence of the source has its English one in locale/en.po, with the same conversions. TAP.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
number=0
result() { # NAME, exit status of what was tried, its output in $work/log
	number=$((number + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		sed 's/^/# /' "$work/log"
	fi
}

find src -name '*.[ch]' | sort >"$work/files"
xgettext --from-code=UTF-8 --keyword=_ --keyword=N_ --sort-by-file --no-wrap -L C -f "$work/files" -o "$work/yubiao.pot" >"$work/log" 2>&1
result "the sentences can be extracted" $?
for po in locale/*.po; do
	msgfmt -c -o /dev/null "$po" >"$work/log" 2>&1
	result "$po is well formed" $?
	msgcmp "$po" "$work/yubiao.pot" >"$work/log" 2>&1
	result "$po translates every sentence" $?
done
echo "1..$number"

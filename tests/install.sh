#!/bin/sh
# What `make install` puts down works on its own: packs, messages and program find one another. TAP.
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT
unset YUBIAO_FORMS
export HOME="$root" XDG_STATE_HOME="$root/state"
number=0
result() { # NAME, then a command that must succeed
	number=$((number + 1))
	name=$1
	shift
	if log=$("$@" 2>&1); then
		echo "ok $number - $name"
	else
		echo "not ok $number - $name"
		echo "$log" | sed 's/^/# /'
	fi
}
english() {
	LANG=en_US.UTF-8 "$root/usr/bin/yubiao" --help | grep -q '^Usage:'
}
pack() {
	cd / && "$root/usr/bin/yubiao" forms | grep -q hebei-2024
}

echo 1..4
result "make install" make --quiet install DESTDIR="$root" prefix=/usr
result "the installed program finds its packs from anywhere" pack
result "it speaks English where English is asked for" english
result "it makes a file" "$root/usr/bin/yubiao" new hebei-2024 "$root/new.yaml" --code 711 --name 总工会 </dev/null

# yubiao 预表. One Makefile for the whole tree; every product is below $(BUILD), so a variant is another BUILD.
#   make            the program: $(BUILD)/yubiao        make run      install what is missing, build, open the sample
#   make san        the same with ASan and UBSan        make test     install what is missing, run every test
#   make check-*    one kind of test (see below)        make bench    the figures; nothing is asserted
BUILD   ?= build
prefix  ?= /usr/local
# Where the restricted mode finds its settings, and what prints: fixed in the program, never named by one who runs it.
sysconfdir ?= /etc
lp         ?= /usr/bin/lp
VERSION := 0.1.0

# What a directory of src/ may include, besides itself and what these may (tests/layers.py compares it with the #include lines).
# $(layers): users before what they use, the order of linking.
layers       := cli tui session output store model form formula yaml base
uses_base    :=
uses_yaml    := base
uses_formula := base
uses_form    := yaml formula
uses_model   := form
uses_store   := model yaml
uses_output  := model
uses_session := store output
uses_tui     := session
uses_cli     := session
libs_yaml    := -lyaml
libs_tui     := -lncursesw
# Shared libraries cost a twentieth of the time to the first screen, so the program takes their archives where all are installed.
# SHARED=1, for packagers: never.
static_libs  := -Wl,-Bstatic -lncursesw -ltinfo -lyaml -Wl,-Bdynamic

run_needs  := gcc libc6-dev libncurses-dev libyaml-dev gettext
fuzz_needs := clang libclang-rt-14-dev python3
test_needs := binutils clang libcmocka-dev locales ncurses-term nano openssh-client openssh-server procps python3 python3-pyte strace tmux valgrind

CPPFLAGS += -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DNCURSES_WIDECHAR=1 -DYUBIAO_VERSION='"$(VERSION)"' -Isrc
CFLAGS   ?= -O2 -g
warnings := -Wall -Wextra -Wconversion -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wvla $(WERROR)
ifdef SANITIZE
harden   := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer $(if $(FUZZ),-fsanitize=fuzzer-no-link)
else
# $(call known,FLAGS): those of them that the compiler has on this machine.
known     = $(foreach flag,$1,$(shell $(CC) -Werror $(flag) -x c -c -o /dev/null /dev/null 2>/dev/null && echo $(flag)))
harden   := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong $(call known,-fstack-clash-protection -fcf-protection=full -mbranch-protection=standard -ftrivial-auto-var-init=zero)
ldharden := -Wl,-z,relro,-z,now,-z,noexecstack
endif
compile = $(CC) -std=c11 $(CPPFLAGS) $(CFLAGS) $(warnings) $(harden) -fPIE -MMD -MP -c -o $@ $<
link    = $(CC) $(CFLAGS) $(harden) -pie $(ldharden) $(LDFLAGS) -Wl,--as-needed -o $@ $^

link_program = $(if $(SHARED),,$(link) $(static_libs) 2>/dev/null ||) $(link) $(call libraries,$(layers))

# $(call below,LAYER): the layers it may use, itself included; $(call archives,LAYERS), $(call libraries,LAYERS) in linking order.
below     = $(sort $1 $(foreach layer,$(uses_$1),$(call below,$(layer))))
archives  = $(foreach layer,$(filter $1,$(layers)),$(BUILD)/lib$(layer).a)
libraries = $(foreach layer,$(filter $1,$(layers)),$(libs_$(layer)))
objects   = $(patsubst %.c,$(BUILD)/%.o,$(wildcard $1))
comma     := ,
layer_of  = $(firstword $(subst _, ,$(notdir $1)))

unit_tests := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*_test.c))
messages   := $(patsubst locale/%.po,$(BUILD)/locale/%/LC_MESSAGES/yubiao.mo,$(wildcard locale/*.po))
sample     := $(BUILD)/beidaihe-2024.yaml
sanitized  := BUILD=$(BUILD)/san SANITIZE=1
fuzzed     := BUILD=$(BUILD)/fuzz SANITIZE=1 FUZZ=1 CC=clang
tap        := /usr/bin/python3 tests/run.py

MAKEFLAGS += --no-builtin-rules --no-print-directory
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all anew variant san units replays run test deps deps-test deps-fuzz fuzz fuzz-merge check-fuzz bench analyze install clean \
	check-unit check-san check-layers check-cli check-screen check-golden check-faults check-escape check-install check-po check-warnings check-hardening check-bench check-hostile

all: $(BUILD)/yubiao $(messages) $(BUILD)/forms
san: ; @$(MAKE) $(sanitized) all
units: $(unit_tests)

$(BUILD)/yubiao: $(BUILD)/src/main.o $(call archives,$(layers))
	$(link_program)

# What was compiled with other flags is compiled again.
$(BUILD)/flags: anew
	@mkdir -p $(@D)
	@echo '$(CC) $(CFLAGS) $(harden)' | cmp -s - $@ || echo '$(CC) $(CFLAGS) $(harden)' >$@
$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(compile)

# The program with other such places, for tests: make VARIANT=DIR sysconfdir=… lp=… variant
VARIANT ?= $(BUILD)/variant
variant: $(VARIANT)/yubiao
$(VARIANT)/yubiao: $(BUILD)/src/main.o $(VARIANT)/fixed.o $(call archives,$(layers))
	$(link_program)
$(VARIANT)/fixed.o: src/base/fixed.c
	@mkdir -p $(@D)
	$(compile)
# A program that was built with other places is built anew, but for a variant, which has its own.
ifeq ($(filter variant,$(MAKECMDGOALS)),)
$(BUILD)/src/base/fixed.o: $(BUILD)/fixed
$(BUILD)/fixed: anew
	@mkdir -p $(@D)
	@echo '$(sysconfdir) $(lp)' | cmp -s - $@ || echo '$(sysconfdir) $(lp)' >$@
endif
$(BUILD)/src/base/fixed.o $(VARIANT)/fixed.o: CPPFLAGS += -DFIXED_PRINTER='"$(lp)"' -DFIXED_SYSCONFDIR='"$(sysconfdir)"'

define archive_rule
$(BUILD)/lib$1.a: $(call objects,src/$1/*.c)
	@mkdir -p $$(@D)
	@$$(RM) $$@
	$$(AR) rcs $$@ $$^
endef
$(foreach layer,$(layers),$(eval $(call archive_rule,$(layer))))

# A unit test sees no more than its layer may.
define unit_rule
$(BUILD)/unit/$1: $(BUILD)/tests/unit/$1.o $(call archives,$(call below,$(call layer_of,$1)))
	@mkdir -p $$(@D)
	$$(link) $(call libraries,$(call below,$(call layer_of,$1))) -lcmocka
endef
$(foreach test,$(notdir $(unit_tests)),$(eval $(call unit_rule,$(test))))

# A fuzz target LAYER_TOPIC is given its files, packs and terminal by the harness, which the linker puts before the real
# ones. With FUZZ it is libFuzzer's; else it replays a corpus.
fuzz_targets := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))
fuzz_replays := $(addprefix $(BUILD)/fuzz/,$(fuzz_targets))
fuzz_faked   := file_read file_exists file_replace file_make_directory file_make_private_directory digest_random_id form_pack_locate form_pack_load form_pack_free printer_send
fuzz_driver  := $(if $(FUZZ),,$(BUILD)/tests/fuzz/harness/replay.o)
$(BUILD)/libharness.a: $(patsubst %,$(BUILD)/tests/fuzz/harness/%.o,files packs plain)
	@mkdir -p $(@D)
	@$(RM) $@
	$(AR) rcs $@ $^
# Drawing and reckoning compare much that no input decides; without a look at each comparison they run at twice the speed.
ifdef FUZZ
$(BUILD)/src/tui/%.o $(BUILD)/src/output/%.o $(BUILD)/src/model/%.o $(BUILD)/src/base/text.o: harden += -fno-sanitize-coverage=trace-cmp
endif
define fuzz_rule
$(BUILD)/fuzz/$1: $(BUILD)/tests/fuzz/$1.o $(BUILD)/libharness.a $(call archives,$(call below,$(call layer_of,$1))) $(fuzz_driver)
	@mkdir -p $$(@D)
	$(CC) $(CFLAGS) $(harden) $(if $(FUZZ),-fsanitize=fuzzer) -pie $(ldharden) $(LDFLAGS) $(addprefix -Wl$(comma)--wrap=,$(fuzz_faked)) \
		-o $$@ -Wl,--start-group $$^ -Wl,--end-group $(call libraries,$(call below,$(call layer_of,$1)))
endef
$(foreach target,$(fuzz_targets),$(eval $(call fuzz_rule,$(target))))
replays: $(fuzz_replays)

$(BUILD)/locale/%/LC_MESSAGES/yubiao.mo: locale/%.po
	@mkdir -p $(@D)
	msgfmt -c -o $@ $<

# The packs stand beside the program, as they do when it is installed.
$(BUILD)/forms:
	@mkdir -p $(@D)
	ln -s $(CURDIR)/forms $@

# The clerk's own copy: the sample itself is what the tests read.
$(sample): sample-data/beidaihe-2024.yaml
	@mkdir -p $(@D)
	cp $< $@

run:
	@$(MAKE) deps
	@$(MAKE) --quiet all $(sample)
	@if [ -t 0 ] && [ -t 1 ]; then $(BUILD)/yubiao $(sample); \
	else $(BUILD)/yubiao check $(sample); \
	echo '这里没有终端，所以只列出了示例数据的审核结果；在终端里运行 make run 即可打开填报界面。'; fi

# $(call install_missing,PACKAGES): quiet where all is there, and where packages are not Debian's.
define install_missing
@command -v dpkg-query >/dev/null || exit 0; \
for package in $1; do \
	[ "$$(dpkg-query -W -f='$${db:Status-Status}' $$package 2>/dev/null)" = installed ] || missing="$$missing $$package"; \
done; \
[ -n "$$missing" ] || exit 0; \
echo "正在安装缺少的软件包：$$missing"; \
[ "$$(id -u)" = 0 ] || sudo=sudo; \
if [ -n "$$sudo" ] && ! command -v sudo >/dev/null; then \
	echo "请以 root 身份运行：apt-get install$$missing" >&2; exit 1; fi; \
get="$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0"; \
ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 || $$get update; \
$$get install --no-install-recommends -y $$missing >/dev/null || \
	{ $$get update && $$get install --no-install-recommends -y $$missing >/dev/null; }
endef
deps: ; $(call install_missing,$(run_needs))
deps-fuzz: ; $(call install_missing,$(run_needs) $(fuzz_needs))
deps-test: ; $(call install_missing,$(run_needs) $(test_needs))

# Every test program prints TAP; tests/run.py runs them and its last line is the sum.
test_unit     := $(unit_tests)
test_san      := $(patsubst $(BUILD)/%,$(BUILD)/san/%,$(unit_tests))
test_cli      := $(wildcard tests/cli/*_test.sh tests/cli/*_test.py tests/import/*_test.py)
test_golden   := $(wildcard tests/golden/*_test.py)
test_packs    := $(wildcard tests/packs/*_test.py)
test_screen   := $(wildcard tests/screen/*_test.py)
test_faults   := $(wildcard tests/faults/*_test.py)
test_escape   := $(wildcard tests/escape/*_test.py)
test_bench    := $(wildcard tests/bench/*_test.py)
test_layers   := tests/layers.py
test_po       := tests/po.sh
test_warnings := tests/warnings.sh
test_hardening := tests/hardening.py
test_hostile  := $(wildcard tests/hostile/*_test.py)
peak          := $(BUILD)/hostile/peak
test_fuzz     := $(patsubst $(BUILD)/%,$(BUILD)/san/%,$(fuzz_replays))
test_install  := tests/install.sh
fault_shim    := $(BUILD)/faults/shim.so
bench_edits   := $(BUILD)/bench/edits
escape_tools  := $(addprefix $(BUILD)/escape/,shim.so names.so lp)
export BUILD

# calls.h: the names of the system calls of this machine.
$(fault_shim): tests/faults/shim.c
	@mkdir -p $(@D)
	echo '#include <sys/syscall.h>' | $(CC) -E -dM - | sed -n 's/^#define SYS_\([a-z0-9_]*\) .*/NAME(\1)/p' > $(@D)/calls.h
	$(CC) -std=c11 -D_GNU_SOURCE -O2 -g $(warnings) -I$(@D) -fPIC -shared -o $@ $<

# A journal without one step, which tests/faults must catch: lines count whatever their sums say.
fault_mutant  := $(BUILD)/faults/unsealed/yubiao
$(fault_mutant): $(BUILD)/src/main.o $(BUILD)/faults/unsealed/record.o $(call archives,$(layers))
	$(link_program)
$(BUILD)/faults/unsealed/record.o: $(BUILD)/faults/unsealed/record.c
	$(compile)
$(BUILD)/faults/unsealed/record.c: src/store/record.c
	@mkdir -p $(@D)
	sed 's/fits = reader->is_known && memcmp(.*/fits = reader->is_known;/' $< >$@
	! cmp -s $< $@

$(peak): tests/hostile/peak.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -O2 $(warnings) -o $@ $<
$(BUILD)/escape/%.so: tests/escape/%.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -O2 -g $(warnings) -fPIC -shared -o $@ $< -ldl
$(BUILD)/escape/lp: tests/escape/lp.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE -O2 -g $(warnings) -o $@ $<

$(bench_edits): $(BUILD)/tests/bench/edits.o $(call archives,$(call below,session))
	@mkdir -p $(@D)
	$(link) $(call libraries,$(call below,session))

test:
	@{ $(MAKE) deps-test && $(MAKE) --quiet WERROR=-Werror all units $(fault_shim) $(fault_mutant) $(escape_tools) $(peak) $(bench_edits) && \
		$(MAKE) --quiet WERROR=-Werror $(sanitized) all units replays; } || { echo '0 passed, 1 failed'; exit 1; }
	@BRIEF=1 $(tap) $(test_layers) $(test_po) $(test_install) $(test_hardening) $(test_escape) $(test_bench) $(test_faults) $(test_hostile) $(test_warnings) $(test_screen) $(test_golden) $(test_packs) $(test_unit) $(test_cli) \
		YUBIAO=$(BUILD)/san/yubiao $(test_san) $(test_fuzz) $(test_cli) $(test_golden) $(test_packs) $(test_screen)

check-unit: units
check-faults: $(fault_shim) $(fault_mutant)
check-bench: $(bench_edits) $(fault_shim)
check-hostile: $(peak)
check-escape: $(escape_tools)
check-unit check-cli check-screen check-golden check-packs check-faults check-escape check-bench check-hostile check-install check-layers check-po check-warnings check-hardening: check-%: all
	@$(tap) $(test_$*)
check-san:
	@$(MAKE) $(sanitized) all units
	@$(tap) YUBIAO=$(BUILD)/san/yubiao $(test_san) $(test_cli) $(test_golden) $(test_packs) $(test_screen)
check-fuzz:
	@$(MAKE) --quiet $(sanitized) replays
	@$(tap) $(test_fuzz)
# New inputs, FUZZ_RUNS of each target (FUZZ_TARGETS: of these only); what is found is kept in $(BUILD)/fuzz.
fuzz:
	@$(MAKE) deps-fuzz
	@$(MAKE) --quiet $(fuzzed) replays
	@/usr/bin/python3 tests/fuzz/fuzz.py $(BUILD)/fuzz $(FUZZ_RUNS) $(or $(FUZZ_TARGETS),$(fuzz_targets))
# The inputs in $(BUILD)/fuzz that reach what the corpora do not are added to these.
fuzz-merge:
	@$(MAKE) --quiet $(fuzzed) replays
	@/usr/bin/python3 tests/fuzz/fuzz.py --merge $(BUILD)/fuzz $(or $(FUZZ_TARGETS),$(fuzz_targets))
# Not part of `make test`: it takes a minute, and what is found depends on the version of the tools.
analyze: all
	$(call install_missing,gcc cppcheck python3)
	@$(tap) tests/analyze.py
bench: all $(bench_edits) $(fault_shim)
	@/usr/bin/python3 tests/bench/bench.py

install: all
	install -D -m 755 $(BUILD)/yubiao $(DESTDIR)$(prefix)/bin/yubiao
	ln -sf yubiao $(DESTDIR)$(prefix)/bin/ryubiao
	cd forms && find . -type f -exec install -D -m 644 {} $(DESTDIR)$(prefix)/share/yubiao/forms/{} \;
	cd $(BUILD) && find locale -type f -exec install -D -m 644 {} $(DESTDIR)$(prefix)/share/{} \;

clean:
	$(RM) -r $(BUILD)

-include $(wildcard $(patsubst %,$(BUILD)/%/*.d,$(addprefix src/,. $(layers)) tests/unit tests/bench tests/fuzz tests/fuzz/harness))

/* Records of journals and histories in words. */
#include <string.h>

#include "base/memory.h"
#include "session/path.h"
#include "session/recover.h"
#include "session/state.h"
#include "store/columns.h"
#include "store/history.h"

void session_cell_name(const struct session *session, int table, const char *key, int leaf,
		       struct buffer *out)
{
	const struct form_table *form = session->pack->tables[table];
	const struct entry_node *entry = workbook_entry_find(session->workbook, session_entry_of_key(key));
	const char *rest = strchr(key, '/');

	buffer_format(out, "%s[", form->name);
	if (entry != NULL) {
		session_entry_words(session, entry, out);
		buffer_add(out, rest != NULL ? rest : "");
	} else if (strcmp(key, "@0") != 0) {
		buffer_add(out, key);
	}
	buffer_add(out, "]");
	if (leaf >= 0)
		buffer_format(out, ".%s", form->leaves[leaf]->name);
}

/* ---- one record ---- */

static const struct kind_words {
	const char *kind, *word;
} kind_words[] = {
	{"figure", N_("填列")},     {"control", N_("控制数")},   {"row-add", N_("加行")},
	{"row-drop", N_("删行")},   {"name", N_("科目名称")},    {"field", N_("封面")},
	{"rounded", N_("舍入")},    {"elsewhere", N_("另行公开")}, {"entry-add", N_("新增")},
	{"entry-drop", N_("删除")}, {"entry-name", N_("改名")},  {"entry-code", N_("编码")},
};

static const char *verb_word(const struct record *record)
{
	switch (record->verb) {
	case RECORD_NEW: return _("新建");
	case RECORD_UNDO: return _("撤销");
	case RECORD_REDO: return _("重做");
	case RECORD_SAVE: return _("保存");
	case RECORD_TAKE: return _("取回");
	default: break;
	}
	for (size_t i = 0; i < sizeof(kind_words) / sizeof(kind_words[0]); i++)
		if (strcmp(record->kind, kind_words[i].kind) == 0)
			return _(kind_words[i].word);
	return record->kind;
}

static void add_field_label(const char *word, struct buffer *out)
{
	for (int i = 0; i < WORKBOOK_FIELDS; i++)
		if (strcmp(word, workbook_field_word((enum workbook_field)i)) == 0)
			word = workbook_field_label((enum workbook_field)i);
	buffer_format(out, "%s %s", _("封面"), word);
}

/* The name of an entry if it is still there; its number otherwise. */
static void add_entry(const struct session *session, const char *key, struct buffer *out)
{
	const struct entry_node *entry =
		session != NULL ? workbook_entry_find(session->workbook, session_entry_of_key(key)) : NULL;

	if (entry != NULL)
		session_entry_words(session, entry, out);
	else
		buffer_add(out, key);
}

static void add_place(const struct session *session, const struct record *record, struct buffer *out)
{
	int table = session != NULL ? form_table_find(session->pack, record->table) : -1, leaf;

	if (strcmp(record->kind, "field") == 0) {
		add_field_label(record->column, out);
	} else if (strncmp(record->kind, "entry-", 6) == 0) {
		buffer_format(out, "%s[", record->table);
		add_entry(session, record->row, out);
		buffer_add(out, "]");
	} else if (table >= 0) {
		leaf = *record->column != '\0' ? column_of_word(session->pack->tables[table], record->column, -1) : -1;
		if (*record->row != '\0')
			session_cell_name(session, table, record->row, leaf, out);
		else
			buffer_add(out, session->pack->tables[table]->name);
	} else if (*record->table != '\0') {
		buffer_format(out, "%s[%s]", record->table, record->row);
		if (*record->column != '\0')
			buffer_format(out, ".%s", record->column);
	}
}

struct telling {
	const struct session *session;
	session_change_visitor visit;
	void *context;
	struct buffer place;
	uint64_t behind; /* only records with greater numbers */
	bool is_over;
};

static bool tell(void *context, const struct record *record, const struct record_mark *end)
{
	struct telling *telling = context;
	bool is_save = record->verb == RECORD_SAVE;
	struct session_change change = {
		.number = record->number,
		.time = record->time,
		.user = record->user,
		.verb = verb_word(record),
		.word = record_verb_word(record->verb),
		.kind = record->kind,
		.group = record->group,
		.label = record->label,
		.table = record->table,
		.row = record->row,
		.column = record->column,
		.before = record->before,
		.after = is_save ? "" : record->after,
	};

	(void)end;
	if (record->number <= telling->behind)
		return true;
	telling->behind = record->number;
	buffer_clear(&telling->place);
	add_place(telling->session, record, &telling->place);
	change.place = buffer_text(&telling->place);
	telling->is_over = !telling->visit(telling->context, &change);
	return !telling->is_over;
}

/* ---- what is pending ---- */

enum status session_visit_pending(const struct session *session, session_change_visitor visit, void *context,
				  struct diag_list *diags)
{
	const struct journal_view *view = &session->pending;
	struct telling telling = {.session = session, .visit = visit, .context = context};
	enum status status;

	if (view->path == NULL || view->fit == JOURNAL_UNREADABLE)
		return STATUS_NOT_FOUND;
	/* What stands behind a damage can still be read. */
	status = journal_visit(view, view->saved.offset, view->bad_line > 0 ? view->size : view->good.offset, tell,
			       &telling, diags);
	buffer_done(&telling.place);
	return status;
}

/* ---- what happened ---- */

/* The history has all that was saved, unless a save was cut off; the rest is in the journal. */
static void tell_journal(const struct session *session, const char *native, struct telling *telling,
			 struct diag_list *diags)
{
	struct journal_view view = {0};

	if (telling->is_over)
		return;
	if (session->journal != NULL) {
		if (journal_view_of(session->journal, &view))
			(void)journal_visit(&view, 0, view.good.offset, tell, telling, diags);
	} else if (session->pending.path != NULL) {
		if (session->pending.fit == JOURNAL_FITS)
			(void)journal_visit(&session->pending, 0, session->pending.saved.offset, tell, telling, diags);
	} else if (native != NULL && journal_look(&view, native, workbook_field(session->workbook, WORKBOOK_ID),
						  session->stamp.digest, NULL) &&
		   view.fit == JOURNAL_FITS) {
		(void)journal_visit(&view, 0, view.saved.offset, tell, telling, diags);
	}
	journal_view_done(&view);
}

enum status session_visit_history(const struct session *session, session_change_visitor visit, void *context,
				  struct diag_list *diags)
{
	char *native = session->path != NULL ? path_native(session->path) : NULL;
	struct telling telling = {.session = session, .visit = visit, .context = context};
	const char *id = workbook_field(session->workbook, WORKBOOK_ID);
	struct history_end end = {0};
	struct record_head head;
	enum status status = STATUS_NOT_FOUND;

	if (native != NULL && history_find_end(native, id, &end, NULL) == STATUS_OK && !end.foreign)
		status = history_visit(native, &head, tell, &telling, diags);
	tell_journal(session, native, &telling, diags);
	if (end.foreign) {
		diag_error(diags, "%s", _("文件旁边的留痕（文件名加 .history）是另一份预算的，没有列出。"));
	} else if (telling.behind == 0 && status == STATUS_NOT_FOUND) {
		diag_error(diags, "%s",
			   session->stamp.history > 0
				   ? _("这个文件没有带着它的留痕（文件名加 .history）：请从原来的地方一起拷来。")
				   : _("这个文件还没有留痕：它没有用会留痕的预表保存过。"));
	} else {
		status = status == STATUS_NOT_FOUND ? STATUS_OK : status;
		if (telling.behind < session->stamp.history && !telling.is_over)
			diag_error(diags, "%s", _("这个文件的留痕不全：最近一段不在里面。"));
	}
	buffer_done(&telling.place);
	memory_free(native);
	return status;
}

enum status session_visit_lone_history(const char *path, session_change_visitor visit, void *context,
				       struct diag_list *diags)
{
	char *native = path_native(path);
	struct telling telling = {.visit = visit, .context = context};
	struct record_head head;
	enum status status = history_visit(native, &head, tell, &telling, diags);

	if (status == STATUS_NOT_FOUND)
		diag_error(diags, "%s", _("这个文件没有留痕，它本身也读不了。"));
	buffer_done(&telling.place);
	memory_free(native);
	return status;
}

/* ---- of one cell ---- */

struct cell_search {
	const char *kind; /* of what is kept for all tables at once; NULL: the cell's own */
	const char *table, *key;
	char *column;
	struct session_cell_event *events;
	size_t count, capacity, most;
};

static void event_done(struct session_cell_event *event)
{
	memory_free(event->time);
	memory_free(event->user);
	memory_free(event->before);
	memory_free(event->after);
}

/* Only the newest ones are wanted; they come last. */
static void forget_oldest(struct cell_search *search)
{
	size_t half = search->count / 2;

	if (search->count < 2 * search->most)
		return;
	for (size_t i = 0; i < half; i++)
		event_done(&search->events[i]);
	memmove(search->events, search->events + half, (search->count - half) * sizeof(*search->events));
	search->count -= half;
}

static bool is_wanted(const struct cell_search *search, const struct session_change *change)
{
	if (search->kind != NULL && strcmp(change->kind, search->kind) != 0)
		return false;
	return strcmp(change->column, search->column) == 0 && strcmp(change->row, search->key) == 0 &&
	       strcmp(change->table, search->table) == 0;
}

static bool find_cell(void *context, const struct session_change *change)
{
	struct cell_search *search = context;

	if (!is_wanted(search, change))
		return true;
	forget_oldest(search);
	array_reserve(&search->events, &search->capacity, search->count, sizeof(*search->events));
	search->events[search->count++] = (struct session_cell_event){.time = memory_copy_string(change->time),
								      .user = memory_copy_string(change->user),
								      .before = memory_copy_string(change->before),
								      .after = memory_copy_string(change->after),
								      .verb = change->verb};
	return true;
}

static void turn_round(struct cell_search *search)
{
	while (search->count > search->most) {
		event_done(&search->events[0]);
		memmove(search->events, search->events + 1, --search->count * sizeof(*search->events));
	}
	for (size_t i = 0; i < search->count / 2; i++) {
		struct session_cell_event other = search->events[i];
		search->events[i] = search->events[search->count - 1 - i];
		search->events[search->count - 1 - i] = other;
	}
}

/* The cell shows the name or the code of an entry, which its list keeps. */
static void search_entry(struct cell_search *search, const struct session *session, const struct form_table *form,
			 const struct row *row, int leaf)
{
	const struct entry_node *entry = row_entry(row);

	search->kind = "entry-name";
	for (int block = 0; block < form->block_count; block++)
		if (leaf == form->blocks[block].code_leaf)
			search->kind = "entry-code";
	search->table = session->pack->lists[entry_list(entry)].name;
	search->column[0] = '\0';
}

enum status session_cell_history(const struct session *session, int table, const char *key, int leaf, size_t most,
				 struct session_cell_event **out, size_t *count, struct diag_list *diags)
{
	const struct form_table *form = session->pack->tables[table];
	const struct row *row = workbook_row_find(session->workbook, table, key);
	struct cell_search search = {
		.table = form->id, .key = key, .column = column_word_of_table(form, leaf), .most = most};
	enum status status;

	if (row != NULL && column_is_of_entry(form, row, leaf))
		search_entry(&search, session, form, row, leaf);
	status = session_visit_history(session, find_cell, &search, diags);
	turn_round(&search);
	memory_free(search.column);
	*out = search.events;
	*count = search.count;
	return status;
}

void session_cell_history_free(struct session_cell_event *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		event_done(&list[i]);
	memory_free(list);
}

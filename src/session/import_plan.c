/* An import from beginning to end: text after text into the trial, then what can only be known when all stands,
 * then the trial is taken back. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "session/importer.h"
#include "session/path.h"

/* ---- a plan ---- */

static struct import_plan *begin_plan(const struct session *session, const struct import_settings *settings)
{
	struct import_plan *plan = memory_new(sizeof(*plan));
	struct import_work *work = memory_new(sizeof(*work));

	plan->work = work;
	work->arena = arena_new();
	work->settings = *settings;
	work->trial.workbook = session->workbook;
	work->trial.pack = session->pack;
	session_begin(&work->trial, "");
	workbook_hold_checks(session->workbook);
	return plan;
}

/* The part that a text becomes. Parts are few; that they move is no matter while none is worked on. */
static void begin_part(struct importer *importer, struct import_plan *plan, const char *name)
{
	struct import_work *work = plan->work;

	array_reserve(&plan->parts, &work->part_capacity, plan->part_count, sizeof(*plan->parts));
	array_reserve(&work->texts, &work->text_capacity, plan->part_count, sizeof(*work->texts));
	*importer = (struct importer){
		.plan = plan,
		.work = work,
		.part = &plan->parts[plan->part_count],
		.text = &work->texts[plan->part_count],
		.trial = &work->trial,
		.workbook = work->trial.workbook,
		.unit = work->settings.unit,
		.first_operation = work->trial.open.count,
	};
	plan->part_count++;
	*importer->part = (struct import_part){
		.name = import_copy(importer, name), .table = -1, .sheet = "", .encoding = "UTF-8"};
	*importer->text = (struct delimited){0};
	importer->touched = map_new();
	session_begin(&work->trial, "");
}

/* ---- the rows that the text lacks ---- */

static bool holds_entries(const struct workbook *workbook, const struct row *row)
{
	const struct form_table *form = workbook_pack(workbook)->tables[row_table(row)];
	struct value control;

	for (int leaf = 0; leaf < form->leaf_count; leaf++)
		if (session_is_filled(workbook, row, leaf) || workbook_control(workbook, row, leaf, &control))
			return true;
	return false;
}

/* No other table shows the entries of the list: without their row here they are nothing. */
static bool is_own_list(const struct form_pack *pack, const struct form_table *form)
{
	for (int i = 0; i < pack->table_count; i++)
		if (form->list < 0 || pack->tables[i]->each == form->list ||
		    (i != form->index && pack->tables[i]->list == form->list))
			return false;
	return true;
}

static void empty_row(struct importer *importer, const struct row *row)
{
	struct diag_list diags = {0};
	bool goes = importer->form->coded != NULL
			    ? row_is_leaf(row)
			    : row_entry(row) != NULL && is_own_list(importer->trial->pack, importer->form);
	enum status status;

	if (goes) {
		status = session_row_drop(importer->trial, importer->form->index, row_key(row), &diags);
	} else {
		status = session_blank_row(importer->trial, row, false, &diags);
		if (status == STATUS_OK)
			status = session_blank_row(importer->trial, row, true, &diags);
	}
	if (status != STATUS_OK)
		import_note_diags(importer, IMPORT_NO_ROW, IMPORT_NO_COLUMN, &diags);
	diag_list_done(&diags);
	importer->line = importer->part->line_count; /* of none */
	(void)import_claim(importer);
}

/* Keys first: rows of codes go while they are emptied. */
static void look_at_rest(struct importer *importer)
{
	const struct workbook *workbook = importer->workbook;
	int table = importer->form->index;
	struct import_tally *tally = &importer->part->tally;
	char **keys = NULL;
	size_t capacity = 0, count = 0;

	for (size_t line = 0; line < workbook_sheet_line_count(workbook, table, importer->sheet); line++)
		for (int block = importer->form->fields_class >= 0; block < importer->form->block_count; block++) {
			struct row *row = workbook_sheet_line_row(workbook, table, importer->sheet, line, block);

			if (row == NULL || map_get(importer->touched, row_key(row)) != NULL ||
			    !holds_entries(workbook, row))
				continue;
			array_reserve(&keys, &capacity, count, sizeof(*keys));
			keys[count++] = memory_copy_string(row_key(row));
		}
	tally->rows_untouched += count;
	for (size_t i = 0; i < count; i++) {
		struct row *row = workbook_row_find(workbook, table, keys[i]);

		if (importer->work->settings.replace && row != NULL && holds_entries(workbook, row)) {
			empty_row(importer, row);
			tally->rows_emptied++;
		}
		memory_free(keys[i]);
	}
	memory_free(keys);
}

/* ---- a text ---- */

static bool has_grid(const struct form_table *form)
{
	return import_first_leaf(form) < form->leaf_count;
}

static void put_grid(struct importer *importer)
{
	size_t begin = importer->body;
	bool read;

	import_find_body(importer);
	if (importer->body >= importer->end) {
		if (importer->part->line_count == 0)
			import_note(importer, IMPORT_IS_NOTE, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
				    _("文件里没有数据行，什么都没有导入。"));
		return;
	}
	if (!has_grid(importer->form)) {
		import_note(importer, IMPORT_IS_PROBLEM, begin, IMPORT_NO_COLUMN, _("《%s》没有这样的行。"),
			    importer->form->name);
		return;
	}
	if (importer->head < importer->head_end)
		read = import_columns_by_head(importer);
	else
		read = import_columns_by_shape(importer);
	if (!read)
		return;
	if (importer->form->coded != NULL)
		import_coded_rows(importer);
	else
		import_rows(importer);
	look_at_rest(importer);
}

/* A head names what a column is, but if it does not name who the rows are, they are those at the cursor. */
static bool tells_rows(const struct importer *importer)
{
	const struct form_table *form = importer->form;

	if (form->coded != NULL)
		return import_has_code_columns(importer);
	for (int block = form->fields_class >= 0; block < form->block_count; block++)
		if (import_column_of(importer, form->blocks[block].caption_leaf) != IMPORT_NO_COLUMN ||
		    import_column_of(importer, form->blocks[block].code_leaf) != IMPORT_NO_COLUMN)
			return true;
	return false;
}

static void put_block(struct importer *importer)
{
	bool headed;

	import_find_body(importer);
	headed = importer->head < importer->head_end;
	if (headed && !import_columns_by_head(importer))
		return;
	if (headed ? tells_rows(importer) && importer->form->coded != NULL : import_columns_by_codes(importer))
		import_coded_rows(importer);
	else if (headed && tells_rows(importer))
		import_rows(importer);
	else
		import_from_cursor(importer);
}

/* The name of a row, for people: 2012901 行政运行, 困难职工帮扶/第3行. Added to `out`. */
static void add_row_words(const struct importer *importer, const struct row *row, struct buffer *out)
{
	const struct entry_node *sheet =
		importer->form->each >= 0
			? workbook_sheet_entry(importer->workbook, importer->form->index, importer->sheet)
			: NULL;

	if (row_entry(row) != NULL) {
		session_entry_words(importer->trial, row_entry(row), out);
		return;
	}
	if (sheet != NULL) {
		session_entry_words(importer->trial, sheet, out);
		buffer_add(out, "/");
	}
	if (*row_code(row) != '\0')
		buffer_format(out, "%s ", row_code(row));
	buffer_add(out, row_caption(row) != NULL ? row_caption(row) : row_key(row));
}

static void name_lines(struct importer *importer)
{
	struct import_part *part = importer->part;

	for (size_t i = 0; i < part->line_count; i++) {
		const struct row *row = *part->lines[i].key != '\0'
						? workbook_row_find(importer->workbook, part->table, part->lines[i].key)
						: NULL;
		struct buffer words = {0};

		if (row == NULL || *part->lines[i].row != '\0')
			continue;
		add_row_words(importer, row, &words);
		part->lines[i].row = import_copy(importer, buffer_text(&words));
		buffer_done(&words);
	}
	if (importer->form->each >= 0 && importer->sheet < workbook_sheet_count(importer->workbook, part->table)) {
		struct buffer words = {0};
		session_entry_words(importer->trial,
				    workbook_sheet_entry(importer->workbook, part->table, importer->sheet), &words);
		part->sheet = import_copy(importer, buffer_text(&words));
		buffer_done(&words);
	}
}

static void put_text(struct importer *importer, struct import_name name)
{
	const struct session *trial = importer->trial;
	int table = importer->work->settings.table >= 0 ? importer->work->settings.table : name.table;

	if (table < 0) {
		import_note(importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("从文件名看不出这是哪张表：请说明范围是哪张表（--table），或让文件名和导出的一样（NN-表.csv）。"));
		return;
	}
	importer->part->table = table;
	importer->form = trial->pack->tables[table];
	if (name.table >= 0 && name.table != table)
		import_note(importer, IMPORT_IS_WARNING, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("从文件名看是《%s》，您说的是《%s》：请核对。"), trial->pack->tables[name.table]->name,
			    importer->form->name);
	import_learn_captions(importer);
	if (import_card(importer, name.table == table ? name.number : 0)) {
		if (importer->place != NULL && !importer->place_is_card)
			put_block(importer);
		else
			put_grid(importer);
	}
	name_lines(importer);
}

static int by_place(const struct import_note *a, const struct import_note *b)
{
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->column < b->column ? -1 : a->column > b->column;
}

/* Notes nearly come in their order, and those of one place stay in theirs. */
static void sort_notes(struct import_part *part)
{
	for (size_t i = 1; i < part->note_count; i++) {
		struct import_note note = part->notes[i];
		size_t k = i;

		for (; k > 0 && by_place(&note, &part->notes[k - 1]) < 0; k--)
			part->notes[k] = part->notes[k - 1];
		part->notes[k] = note;
	}
}

static void end_part(struct importer *importer)
{
	importer->part->unit = importer->unit;
	(void)import_claim(importer);
	import_conclude(importer);
	map_free(importer->touched);
	if (importer->caption_names != NULL)
		map_free(importer->caption_names);
	memory_free(importer->captions);
	memory_free(importer->columns);
}

/* ---- what comes out ---- */

struct comparison {
	struct import_plan *plan;
	struct import_part *part;
	const struct import_line *line;
	struct import_cell *cell;
	const struct form_column *column;
	const struct form_unit *unit;
	struct value stated, computed;
};

/* Of a place in the plan, when no text is worked on any more. */
static void add_note(struct import_plan *plan, struct import_part *part, struct import_note note, const char *text)
{
	size_t capacity = part->note_count;

	plan->problems += note.severity == IMPORT_IS_PROBLEM;
	plan->warnings += note.severity == IMPORT_IS_WARNING;
	if (part->note_count >= IMPORT_NOTES_MOST)
		return;
	array_reserve(&part->notes, &capacity, part->note_count, sizeof(*part->notes));
	note.text = arena_copy(plan->work->arena, text);
	part->notes[part->note_count++] = note;
}

static void say_difference(const struct comparison *comparison, enum import_severity severity)
{
	struct import_note note = {severity, comparison->cell->line, comparison->cell->column, NULL};
	const struct form_unit *unit = &comparison->column->unit;
	struct buffer figure = {0}, sentence = {0};

	if (comparison->unit != NULL && comparison->unit->power != unit->power)
		unit = comparison->unit;
	workbook_exact_text(&comparison->computed, unit, &figure);
	if (severity == IMPORT_IS_PROBLEM)
		buffer_format(&sentence,
			      _("“%s”的“%s”由程序计算，算得“%s”，来的却是“%s”：请核对；要留作核对，请作为控制数。"),
			      comparison->line->row, comparison->column->name, buffer_text(&figure),
			      comparison->cell->text);
	else
		buffer_format(&sentence, _("“%s”的“%s”写着“%s”，算得“%s”：作为控制数留下，审核会指出来。"),
			      comparison->line->row, comparison->column->name, comparison->cell->text,
			      buffer_text(&figure));
	add_note(comparison->plan, comparison->part, note, buffer_text(&sentence));
	buffer_done(&sentence);
	buffer_done(&figure);
}

/* The figure that came is rounded as it is printed, as a control figure is. */
static bool read_stated(struct comparison *comparison, const struct form_table *form)
{
	struct diag_list diags = {0};
	struct operation read;

	if (!session_read_cell(form, comparison->line->key, comparison->cell->leaf, comparison->cell->text,
			       comparison->unit, true, &read, &diags)) {
		struct import_note note = {IMPORT_IS_PROBLEM, comparison->cell->line, comparison->cell->column, NULL};
		add_note(comparison->plan, comparison->part, note, diag_first_error(&diags));
		comparison->cell->effect = IMPORT_PROBLEM;
		diag_list_done(&diags);
		return false;
	}
	comparison->stated = (struct value){.type = comparison->computed.type,
					    .number = read.new_entry.number,
					    .figures = 1,
					    .rounded = 1,
					    .slack = form_unit_step(&comparison->column->unit)};
	operation_done(&read);
	return true;
}

/* True if nothing came out that could be compared. */
static bool compare(struct import_plan *plan, const struct import_pending *pending)
{
	struct import_part *part = &plan->parts[pending->part];
	const struct form_table *form = plan->work->trial.pack->tables[part->table];
	struct comparison comparison = {.plan = plan,
					.part = part,
					.line = &part->lines[pending->line],
					.cell = &part->cells[pending->cell],
					.unit = pending->unit};
	struct row *row = workbook_row_find(plan->work->trial.workbook, part->table, comparison.line->key);
	bool control = plan->work->settings.totals == IMPORT_TOTALS_CONTROL;

	comparison.column = form->leaves[comparison.cell->leaf];
	if (row == NULL)
		return false;
	comparison.computed = workbook_value(plan->work->trial.workbook, row, comparison.cell->leaf);
	if (!read_stated(&comparison, form))
		return false;
	if (control && comparison.computed.blank && comparison.stated.number != 0)
		return true;
	if (value_judge(&comparison.stated, &comparison.computed).state != VERDICT_FAILS)
		return false;
	if (!control)
		comparison.cell->effect = IMPORT_PROBLEM;
	say_difference(&comparison, control ? IMPORT_IS_WARNING : IMPORT_IS_PROBLEM);
	return false;
}

static void compare_all(struct import_plan *plan)
{
	struct import_work *work = plan->work;
	size_t *missing = memory_new_array(plan->part_count + 1, sizeof(*missing));

	for (size_t i = 0; i < work->pending_count; i++)
		missing[work->pending[i].part] += compare(plan, &work->pending[i]);
	for (size_t i = 0; i < plan->part_count; i++) {
		struct import_note note = {IMPORT_IS_NOTE, 0, 0, NULL};
		struct buffer sentence = {0};

		if (missing[i] == 0)
			continue;
		buffer_format(&sentence, _("有 %zu 个合计作为控制数留下，它们所依据的数还没有填。"), missing[i]);
		add_note(plan, &plan->parts[i], note, buffer_text(&sentence));
		buffer_done(&sentence);
	}
	memory_free(missing);
}

static void add_up(struct import_plan *plan)
{
	for (size_t i = 0; i < plan->part_count; i++) {
		struct import_part *part = &plan->parts[i];
		struct import_tally *tally = &part->tally, *all = &plan->tally;

		for (size_t k = 0; k < part->line_count; k++) {
			tally->lines += *part->lines[k].key != '\0' &&
					(k == 0 || part->lines[k].line != part->lines[k - 1].line);
			tally->rows_added += part->lines[k].adds_row;
		}
		for (size_t k = 0; k < part->cell_count; k++)
			tally->cells[part->cells[k].effect]++;
		all->lines += tally->lines;
		all->rows_added += tally->rows_added;
		all->rows_untouched += tally->rows_untouched;
		all->rows_emptied += tally->rows_emptied;
		for (int effect = 0; effect < IMPORT_EFFECTS; effect++)
			all->cells[effect] += tally->cells[effect];
		sort_notes(part);
	}
}

static struct import_plan *end_plan(struct import_plan *plan)
{
	struct session *trial = &plan->work->trial;

	compare_all(plan);
	add_up(plan);
	plan->changes = trial->open.count;
	session_end(trial, true);
	(void)session_undo(trial, NULL, NULL);
	workbook_release_checks(trial->workbook);
	return plan;
}

/* ---- from outside ---- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static void plan_file(struct import_plan *plan, const char *native)
{
	bool standard_input = strcmp(native, "-") == 0, cut;
	char *shown = standard_input ? memory_copy_string(_("标准输入")) : path_shown(native);
	struct diag_list diags = {0};
	struct buffer bytes = {0};
	struct importer importer;

	begin_part(&importer, plan, base_name(shown));
	if (file_read_part(&bytes, standard_input ? NULL : native, IMPORT_BYTES_MOST, &cut, &diags) != STATUS_OK) {
		import_note_diags(&importer, IMPORT_NO_ROW, IMPORT_NO_COLUMN, &diags);
	} else if (import_read_bytes(&importer, &bytes, cut, '\0')) {
		put_text(&importer, import_name_in(importer.trial->pack, shown));
	}
	buffer_done(&bytes);
	diag_list_done(&diags);
	end_part(&importer);
	memory_free(shown);
}

/* A file of a folder that by its name is of another table than the one that is wanted. */
static bool is_of_another(const struct import_plan *plan, const char *native)
{
	const struct import_work *work = plan->work;
	char *shown = path_shown(native);
	int table = import_name_in(work->trial.pack, shown).table;

	memory_free(shown);
	return work->settings.table >= 0 && table >= 0 && table != work->settings.table;
}

static void note_folder(struct import_plan *plan, const char *path, size_t others)
{
	int table = plan->work->settings.table;
	struct importer importer;

	begin_part(&importer, plan, path);
	if (others == 0)
		import_note(&importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("这个文件夹里没有 .csv 或 .tsv 文件。"));
	else
		import_note(&importer, IMPORT_IS_PROBLEM, IMPORT_NO_ROW, IMPORT_NO_COLUMN,
			    _("这个文件夹里的 %zu 个文件都是别的表的，没有《%s》的。"), others,
			    plan->work->trial.pack->tables[table]->name);
	end_part(&importer);
}

/* A file, or those of a folder; with a table, of a folder only those that are not of another. */
static void plan_path(struct import_plan *plan, const char *path)
{
	char **files;
	size_t count = import_list_files(path, &files), others = 0;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(files[i], path) != 0 && is_of_another(plan, files[i]))
			others++;
		else
			plan_file(plan, files[i]);
		memory_free(files[i]);
	}
	if (others == count)
		note_folder(plan, path, others);
	memory_free(files);
}

struct import_plan *session_import_plan(const struct session *session, const struct import_settings *settings,
					const char *const *paths, size_t count)
{
	struct import_plan *plan = begin_plan(session, settings);

	for (size_t i = 0; i < count; i++)
		plan_path(plan, paths[i]);
	return end_plan(plan);
}

/* Text that is there already, as if it had been read. */
static bool read_text(struct importer *importer, const char *bytes, size_t length, char separator)
{
	struct buffer copy = {0};
	bool cut = length > IMPORT_BYTES_MOST, read;

	buffer_add_bytes(&copy, bytes, cut ? IMPORT_BYTES_MOST : length);
	read = import_read_bytes(importer, &copy, cut, separator);
	buffer_done(&copy);
	return read;
}

struct import_plan *session_import_plan_text(const struct session *session, const struct import_settings *settings,
					     const char *name, const char *bytes, size_t length)
{
	struct import_plan *plan = begin_plan(session, settings);
	struct importer importer;

	begin_part(&importer, plan, name);
	if (read_text(&importer, bytes, length, '\0'))
		put_text(&importer, import_name_in(session->pack, name));
	end_part(&importer);
	return end_plan(plan);
}

bool session_paste_is_card(const struct session *session, int table, const char *text)
{
	struct import_settings settings = {.table = table};
	struct import_plan *plan = begin_plan(session, &settings);
	struct importer importer;
	bool is_card;

	begin_part(&importer, plan, "");
	importer.form = session->pack->tables[table];
	is_card = read_text(&importer, text, strlen(text), '\t') && import_holds_fields(&importer);
	end_part(&importer);
	import_plan_free(end_plan(plan));
	return is_card;
}

struct import_plan *session_paste_plan(const struct session *session, const struct import_settings *settings,
				       const struct import_place *place, const char *text)
{
	struct import_plan *plan = begin_plan(session, settings);
	struct importer importer;

	begin_part(&importer, plan, "");
	importer.place = place;
	if (read_text(&importer, text, strlen(text), '\t'))
		put_text(&importer, (struct import_name){.table = settings->table});
	end_part(&importer);
	return end_plan(plan);
}

const struct form_pack *import_plan_pack(const struct import_plan *plan)
{
	return plan->work->trial.pack;
}

void import_plan_free(struct import_plan *plan)
{
	struct import_work *work;

	if (plan == NULL)
		return;
	work = plan->work;
	for (size_t i = 0; i < plan->part_count; i++) {
		memory_free(plan->parts[i].lines);
		memory_free(plan->parts[i].cells);
		memory_free(plan->parts[i].notes);
		delimited_done(&work->texts[i]);
	}
	memory_free(plan->parts);
	memory_free(work->texts);
	memory_free(work->origins);
	memory_free(work->pending);
	import_forget_operations(work);
	arena_free(work->arena);
	memory_free(work);
	memory_free(plan);
}

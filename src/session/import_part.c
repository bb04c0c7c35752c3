/* What is noted while one text is planned: its lines, its cells, what is to be said of them. */
#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/importer.h"

char *import_copy(struct importer *importer, const char *text)
{
	return arena_copy(importer->work->arena, text);
}

static char *clean_sentence(struct importer *importer, const char *format, va_list list)
{
	struct buffer raw = {0}, clean = {0};
	char *sentence;

	buffer_format_list(&raw, format, list);
	text_sanitize(&clean, buffer_text(&raw), raw.length, false);
	sentence = import_copy(importer, buffer_text(&clean));
	buffer_done(&raw);
	buffer_done(&clean);
	return sentence;
}

static void add_note(struct importer *importer, struct import_note note)
{
	struct import_part *part = importer->part;

	importer->plan->problems += note.severity == IMPORT_IS_PROBLEM;
	importer->plan->warnings += note.severity == IMPORT_IS_WARNING;
	if (part->note_count >= IMPORT_NOTES_MOST)
		return;
	array_reserve(&part->notes, &importer->note_capacity, part->note_count, sizeof(*part->notes));
	part->notes[part->note_count++] = note;
}

void import_note_at(struct importer *importer, enum import_severity severity, unsigned line, unsigned column,
		    const char *format, ...)
{
	va_list list;

	va_start(list, format);
	add_note(importer, (struct import_note){severity, line, column, clean_sentence(importer, format, list)});
	va_end(list);
}

/* Where a cell, or a row, of the text stands. */
static struct import_note place_of(const struct importer *importer, size_t row, size_t column)
{
	struct import_note place = {0};

	if (row == IMPORT_NO_ROW)
		return place;
	if (column == IMPORT_NO_COLUMN) {
		place.line = importer->text->rows[row].line;
	} else {
		place.line = delimited_line(importer->text, row, column);
		place.column = (unsigned)column + 1;
	}
	return place;
}

void import_note(struct importer *importer, enum import_severity severity, size_t row, size_t column,
		 const char *format, ...)
{
	struct import_note note = place_of(importer, row, column);
	va_list list;

	va_start(list, format);
	note.severity = severity;
	note.text = clean_sentence(importer, format, list);
	va_end(list);
	add_note(importer, note);
}

void import_note_diags(struct importer *importer, size_t row, size_t column, struct diag_list *diags)
{
	for (size_t i = 0; i < diags->count; i++)
		if (diags->items[i].severity == DIAG_ERROR)
			import_note(importer, IMPORT_IS_PROBLEM, row, column, "%s", diags->items[i].text);
	diag_list_clear(diags);
}

bool import_is_hopeless(const struct importer *importer)
{
	return importer->part->note_count >= IMPORT_NOTES_MOST;
}

void import_begin_line(struct importer *importer, size_t row, const char *key, bool adds_row)
{
	struct import_part *part = importer->part;

	array_reserve(&part->lines, &importer->line_capacity, part->line_count, sizeof(*part->lines));
	importer->line = part->line_count;
	part->lines[part->line_count++] = (struct import_line){
		.line = importer->text->rows[row].line,
		.row = "",
		.key = import_copy(importer, key),
		.adds_row = adds_row,
		.first = part->cell_count,
	};
	if (*key != '\0' && map_get(importer->touched, key) == NULL)
		map_set(importer->touched, key, (void *)(uintptr_t)importer->text->rows[row].line);
}

void import_resume_line(struct importer *importer, size_t line)
{
	importer->line = line;
	importer->part->lines[line].first = importer->part->cell_count;
}

struct import_cell *import_add_cell(struct importer *importer, size_t row, size_t column, int leaf,
				    enum import_effect effect)
{
	struct import_part *part = importer->part;
	struct import_line *line = &part->lines[importer->line];
	struct import_cell *cell;

	array_reserve(&part->cells, &importer->cell_capacity, part->cell_count, sizeof(*part->cells));
	cell = &part->cells[part->cell_count++];
	*cell = (struct import_cell){
		.line = delimited_line(importer->text, row, column),
		.column = (unsigned)column + 1,
		.leaf = leaf,
		.effect = effect,
		.text = import_raw(importer, row, column),
		.change = IMPORT_NO_CHANGE,
	};
	line->count++;
	return cell;
}

void import_refuse_cell(struct importer *importer, size_t row, size_t column, int leaf, const char *format, ...)
{
	struct import_note note = place_of(importer, row, column);
	va_list list;

	va_start(list, format);
	note.severity = IMPORT_IS_PROBLEM;
	note.text = clean_sentence(importer, format, list);
	va_end(list);
	add_note(importer, note);
	if (importer->part->line_count > 0)
		(void)import_add_cell(importer, row, column, leaf, IMPORT_PROBLEM);
}

size_t import_claim(struct importer *importer)
{
	struct import_work *work = importer->work;
	size_t before = work->origin_count;

	while (work->origin_count < work->trial.open.count) {
		array_reserve(&work->origins, &work->origin_capacity, work->origin_count, sizeof(*work->origins));
		work->origins[work->origin_count++] = (struct import_origin){
			.part = (unsigned)(importer->part - importer->plan->parts),
			.line = (unsigned)importer->line,
		};
	}
	return work->origin_count - before;
}

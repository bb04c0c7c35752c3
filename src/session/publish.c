/* Export and print. */
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/memory.h"
#include "output/export.h"
#include "output/sheet.h"
#include "session/path.h"
#include "session/restrict.h"
#include "session/session.h"
#include "session/state.h"

enum status session_export(const struct session *session, int table, const char *directory, int encoding,
			   size_t *files, struct diag_list *diags)
{
	enum status status = session_file_allowed(directory, SESSION_FOLDER, diags);
	char *native = path_native(directory);

	if (status == STATUS_OK)
		status = export_write(session->workbook, table, native, (enum export_encoding)encoding, files,
				      diags);
	memory_free(native);
	return status;
}

enum status session_template(const struct session *session, int table, const char *directory, int encoding,
			     size_t *files, struct diag_list *diags)
{
	enum status status = session_file_allowed(directory, SESSION_FOLDER, diags);
	char *native = path_native(directory);

	if (status == STATUS_OK)
		status = export_template(session->workbook, table, native, (enum export_encoding)encoding, files,
					 diags);
	memory_free(native);
	return status;
}

static const char *file_name(const char *path)
{
	const char *slash = path != NULL ? strrchr(path, '/') : NULL;

	return slash != NULL ? slash + 1 : path;
}

void session_sheet(const struct session *session, int table, int width, struct buffer *out)
{
	struct sheet_settings settings = {.width = width, .file = file_name(session->path)};
	time_t now = time(NULL);
	char date[16] = "";
	struct tm broken;

	/* What is not on disk as it is printed has no fingerprint. */
	if (!session_is_changed(session))
		settings.fingerprint = session_fingerprint(session);
	if (localtime_r(&now, &broken) != NULL)
		(void)strftime(date, sizeof(date), "%Y-%m-%d", &broken);
	settings.date = date;
	sheet_format(session->workbook, table, &settings, out);
}

enum status session_print(const struct session *session, int table, int width, const char *path,
			  const char *printer, struct diag_list *diags)
{
	enum status status = path != NULL ? session_file_allowed(path, SESSION_SHEET, diags)
					  : session_printer_allowed(printer, diags);
	char *native = path != NULL ? path_native(path) : NULL;
	struct buffer text = {0};

	if (status != STATUS_OK) {
		memory_free(native);
		return status;
	}
	session_sheet(session, table, width, &text);
	if (native != NULL)
		status = file_replace(native, buffer_text(&text), text.length, FILE_PRIVATE, diags);
	else
		status = printer_send(buffer_text(&text), text.length, printer,
				      session->path != NULL ? file_name(session->path) : session->pack->title,
				      diags);
	buffer_done(&text);
	memory_free(native);
	return status;
}

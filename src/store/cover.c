#include "store/cover.h"

const enum workbook_field cover_department[] = {WORKBOOK_CODE, WORKBOOK_NAME, WORKBOOK_SUBJECT,
						WORKBOOK_FIELDS};
const enum workbook_field cover_signatures[] = {WORKBOOK_PREPARER, WORKBOOK_REVIEWER, WORKBOOK_LEADER,
						WORKBOOK_DATE, WORKBOOK_FIELDS};

/* Which fields of the cover stand in which map of a workbook file, in order. Each ends with
 * WORKBOOK_FIELDS. */
#ifndef YUBIAO_STORE_COVER_H
#define YUBIAO_STORE_COVER_H

#include "model/workbook.h"

extern const enum workbook_field cover_department[];
extern const enum workbook_field cover_signatures[];

#endif

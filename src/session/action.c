#include "session/action.h"

#include "base/diag.h"

#define CTRL(letter) (KEYPRESS_CTRL + (letter))

enum {
	EVERYWHERE = PLACE_TABLES | PLACE_TABLE | PLACE_COVER | PLACE_FINDINGS | PLACE_LOOKUP | PLACE_START |
		     PLACE_CARDS,
	IN_WORKBOOK = PLACE_TABLES | PLACE_TABLE | PLACE_COVER | PLACE_FINDINGS | PLACE_CARDS,
};

static const struct action_record actions[ACTION_COUNT] = {
	[ACTION_NONE] = {ACTION_NONE, "", "", {0}, "", 0},
	[ACTION_HELP] = {ACTION_HELP, N_("帮助"), N_("说明本屏的用法和按键。"),
			 {KEYPRESS_F1}, "F1", EVERYWHERE},
	[ACTION_SAVE] = {ACTION_SAVE, N_("保存"), N_("保存预算文件。"),
			 {KEYPRESS_F2, CTRL('s')}, "F2 Ctrl-S", IN_WORKBOOK},
	[ACTION_ROW_ADD] = {ACTION_ROW_ADD, N_("加行"), N_("加一行：按编码的表从科目目录里选一个科目；卡片列表里是新建一张。"),
			    {KEYPRESS_F3}, "F3", PLACE_TABLE | PLACE_CARDS},
	[ACTION_CONTROL] = {ACTION_CONTROL, N_("控制数"), N_("给计算格填写、修改或取消控制数。"),
			    {KEYPRESS_F4}, "F4", PLACE_TABLE},
	[ACTION_FINDINGS] = {ACTION_FINDINGS, N_("问题"), N_("列出所有问题；按回车键跳到有问题的格。"),
			     {KEYPRESS_F5}, "F5", PLACE_TABLES | PLACE_TABLE | PLACE_COVER | PLACE_CARDS},
	[ACTION_PULL] = {ACTION_PULL, N_("提取"), N_("从上一张相关的表提取科目和同名栏的数。"),
			 {KEYPRESS_F6}, "F6", PLACE_TABLE},
	[ACTION_UNIT] = {ACTION_UNIT, N_("元/万元"), N_("屏幕上的金额在元和万元之间切换。"),
			 {KEYPRESS_F7}, "F7", PLACE_TABLES | PLACE_TABLE | PLACE_FINDINGS | PLACE_CARDS},
	[ACTION_ROW_DROP] = {ACTION_ROW_DROP, N_("删行"), N_("删除本行和行里的数（可以撤销）。"),
			     {KEYPRESS_F8}, "F8", PLACE_TABLE | PLACE_CARDS},
	[ACTION_OUTPUT] = {ACTION_OUTPUT, N_("导出入"), N_("导出 CSV，打印核对表，或从 CSV 导入。"),
			   {KEYPRESS_F9}, "F9", PLACE_TABLES | PLACE_TABLE | PLACE_CARDS},
	[ACTION_BACK] = {ACTION_BACK, N_("返回"), N_("回到上一屏；在最外一屏是退出。"),
			 {KEYPRESS_F10}, "F10", EVERYWHERE},
	[ACTION_UNDO] = {ACTION_UNDO, N_("撤销"), N_("撤销上一步修改。"),
			 {CTRL('z')}, "Ctrl-Z", PLACE_TABLES | PLACE_TABLE | PLACE_COVER | PLACE_CARDS},
	[ACTION_REDO] = {ACTION_REDO, N_("重做"), N_("重做刚撤销的修改。"),
			 {CTRL('y')}, "Ctrl-Y", PLACE_TABLES | PLACE_TABLE | PLACE_COVER | PLACE_CARDS},
	[ACTION_FIND] = {ACTION_FIND, N_("查找"), N_("在本表里查找编码或名称。"), {'/'}, "/", PLACE_TABLE},
	[ACTION_COVER] = {ACTION_COVER, N_("封面"), N_("填写部门、编码、年度和签字人。"),
			  {CTRL('e')}, "Ctrl-E", PLACE_TABLES | PLACE_TABLE | PLACE_CARDS},
	[ACTION_NEXT_TABLE] = {ACTION_NEXT_TABLE, N_("下表"), N_("转到下一张表；在卡片里是下一张卡片。"),
			       {CTRL('n')}, "Ctrl-N", PLACE_TABLE | PLACE_CARDS},
	[ACTION_PREVIOUS_TABLE] = {ACTION_PREVIOUS_TABLE, N_("上表"), N_("转到上一张表；在卡片里是上一张卡片。"),
				   {CTRL('p')}, "Ctrl-P", PLACE_TABLE | PLACE_CARDS},
	[ACTION_SAVE_AS] = {ACTION_SAVE_AS, N_("另存"), N_("用另一个文件名保存，以后就用这个名字。"),
			    {CTRL('o')}, "Ctrl-O", PLACE_TABLES | PLACE_TABLE | PLACE_COVER | PLACE_CARDS},
	[ACTION_MOVE_UP] = {ACTION_MOVE_UP, N_("上移"), N_("把自己加的行，或卡片，移到上一行之前。"),
			    {CTRL('u')}, "Ctrl-U", PLACE_TABLE | PLACE_CARDS},
	[ACTION_MOVE_DOWN] = {ACTION_MOVE_DOWN, N_("下移"), N_("把自己加的行，或卡片，移到下一行之后。"),
			      {CTRL('d')}, "Ctrl-D", PLACE_TABLE | PLACE_CARDS},
	[ACTION_TEXT] = {ACTION_TEXT, N_("整屏写"), N_("整屏写这一格的长文字，可以分段。"),
			 {CTRL('t')}, "Ctrl-T", PLACE_TABLE},
	[ACTION_CELL_HISTORY] = {ACTION_CELL_HISTORY, N_("留痕"),
				 N_("这一格的留痕：谁在什么时候把它从多少改成了多少。"),
				 {CTRL('r')}, "Ctrl-R", PLACE_TABLE},
	[ACTION_ELSEWHERE] = {ACTION_ELSEWHERE, N_("另行公开"),
			      N_("标明这张表另行公开（再按取消）：不导出，不编号，也不审核读它的关系。"),
			      {KEYPRESS_F6}, "F6", PLACE_TABLES},
};

const struct action_record *action_record(enum action action)
{
	return &actions[action];
}

enum action action_of_key(int key, enum action_place place)
{
	for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
		const struct action_record *record = &actions[i];

		if ((record->places & (int)place) == 0)
			continue;
		for (int k = 0; k < 3 && record->keys[k] != 0; k++)
			if (record->keys[k] == key)
				return record->action;
	}
	return ACTION_NONE;
}

"""The first input format is the one forms write: a browser's date field takes 2026-11-23 and stays empty for others."""

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"]

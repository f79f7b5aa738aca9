"""Which content a name with an extension may have."""

from __future__ import annotations

_OPENXML = "application/vnd.openxmlformats"
_OLE = ("application/x-ole", "application/vnd.ms-", "application/msword")
_OFFICE = (_OPENXML, *_OLE, "application/zip")
_ODF = ("application/vnd.oasis.", "application/zip")
_IMAGE = ("image/",)
_SOUND = ("audio/", "video/", "application/ogg", "application/vnd.rn")
_TEXT = (
    *("text/", "message/", "application/json", "application/xml", "application/yaml"),
    *("application/pgp-", "application/postscript", "application/x-url"),
)
_SHEET_OR_TEXT = (*_TEXT, "application/csv", "application/vnd.ms-excel")
# Reports of many programs are pages or lists with the ending of an old Office document.
_OLD_OFFICE = (*_OFFICE, "application/rtf", "text/")
_ZIPS = ("application/zip", "application/java", "application/vnd", "application/epub")
_EXPECTED: dict[str, tuple[str, ...]] = {
    "pdf": ("application/pdf", "application/illustrator"),
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "bmp", "webp", "tif", "tiff", "heic"), _IMAGE),
    **dict.fromkeys(("docx", "xlsx", "pptx", "docm", "xlsm", "pptm"), _OFFICE),
    **dict.fromkeys(("doc", "xls", "ppt"), _OLD_OFFICE),
    **dict.fromkeys(("odt", "ods", "odp"), _ODF),
    **dict.fromkeys(("mp3", "mp4", "mov", "wav", "m4a", "avi", "mkv", "ogg"), _SOUND),
    **dict.fromkeys(("txt", "log", "md", "ics", "vcf", "eml"), _TEXT),
    **dict.fromkeys(("csv", "tsv"), _SHEET_OR_TEXT),
    "rtf": ("application/rtf", "text/", "application/msword"),
    "zip": _ZIPS,
    "msg": ("application/vnd.ms-outlook", "message/", "text/"),
}
_UNKNOWN = ("application/octet-stream", "application/x-unknown", "")


def contradicts(extension: str, content_type: str) -> bool:
    """Whether what the bytes are known to be is nothing that files with this ending are."""
    expected = _EXPECTED.get(extension)
    if expected is None or content_type in _UNKNOWN:
        return False
    if content_type == "image/svg+xml" and expected == _IMAGE:
        return True
    return not content_type.startswith(expected)

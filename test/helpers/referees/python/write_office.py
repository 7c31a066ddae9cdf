"""Writes Office files by python-docx, openpyxl and python-pptx: new ones, in the formats that their names end with.

The first and the last start from files that Word and PowerPoint wrote, and keep the parts of these.
"""

import sys

import docx
import openpyxl
import pptx

TEXT = "Cộng hòa xã hội chủ nghĩa Việt Nam"


def write_document(file):
    document = docx.Document()
    document.add_heading(TEXT)
    document.add_table(2, 2)
    document.sections[0].header.paragraphs[0].text = TEXT
    document.save(file)


def write_workbook(file):
    book = openpyxl.Workbook()
    book.active["A1"] = TEXT
    book.create_sheet("Bảng 2")["A1"].hyperlink = "https://example.test/"
    book.save(file)


def write_presentation(file):
    show = pptx.Presentation()
    show.slides.add_slide(show.slide_layouts[0]).shapes.title.text = TEXT
    show.save(file)


for name in sys.argv[1:]:
    {"docx": write_document, "xlsx": write_workbook, "pptx": write_presentation}[name.rsplit(".", 1)[1]](name)

"""Addresses of books and readings."""

from __future__ import annotations

from django.urls import path

from mainstay.gas.readings.views import books, readings, worklist

app_name = "readings"
KEY = "<int:account_id>/<int:installation_id>/<int:period>/<int:seq>/"
urlpatterns = [
    path("", books.BookList.as_view(), name="book_list"),
    path("books/new/", books.BookCreate.as_view(), name="book_create"),
    path("books/<int:pk>/", books.BookDetail.as_view(), name="book_detail"),
    path("books/<int:pk>/sheet/", books.BookSheet.as_view(), name="book_sheet"),
    path("books/<int:pk>/change/", books.BookChange.as_view(), name="book_change"),
    path("books/<int:pk>/entry/", books.BookEntry.as_view(), name="book_entry"),
    path("books/<int:pk>/entry/<int:installation>/", books.EntryRecord.as_view(), name="entry_record"),
    path("books/<int:pk>/estimate/", books.BookEstimate.as_view(), name="book_estimate"),
    path("questioned/", worklist.Worklist.as_view(), name="worklist"),
    path("questioned/accept/", worklist.AcceptMany.as_view(), name="worklist_accept"),
    path("questioned/again/", worklist.AgainMany.as_view(), name="worklist_again"),
    path("questioned/correct/", worklist.CorrectMany.as_view(), name="worklist_correct"),
    path(f"one/{KEY}", readings.ReadingDetail.as_view(), name="reading_detail"),
    path(f"one/{KEY}accept/", readings.ReadingAccept.as_view(), name="reading_accept"),
    path(f"one/{KEY}correct/", readings.ReadingCorrect.as_view(), name="reading_correct"),
    path(f"one/{KEY}again/", readings.ReadingAgain.as_view(), name="reading_again"),
    path("account/<int:pk>/", readings.AccountReadings.as_view(), name="account_readings"),
    path("account/<int:pk>/book/", readings.AccountPlace.as_view(), name="account_place"),
    path("meter/<int:pk>/estimate/", readings.MeterEstimate.as_view(), name="meter_estimate"),
]

"""Addresses of books and readings."""

from __future__ import annotations

from django.urls import path

from mainstay.gas.readings.views import board, books, phone, readings, worklist

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
    path("board/", board.Board.as_view(), name="board"),
    path("board/plan/", board.Plan.as_view(), name="plan"),
    path("board/sheet/", board.Handheld.as_view(), name="handheld"),
    path("board/phone-file/", board.PhoneFile.as_view(), name="phone_file"),
    path("books/<int:pk>/map/", board.BookMap.as_view(), name="book_map"),
    path("books/<int:pk>/assign/", board.Assign.as_view(), name="book_assign"),
    path("phone/", phone.app, name="phone"),
    path("phone/sw.js", phone.service_worker, name="phone_worker"),
    path("phone/app.webmanifest", phone.web_manifest, name="phone_manifest"),
    path("phone/session/", phone.Session.as_view(), name="phone_session"),
    path("phone/recovery/", phone.Recovery.as_view(), name="phone_recovery"),
    path("phone/packet/", phone.Packet.as_view(), name="phone_packet"),
    path("phone/send/", phone.Send.as_view(), name="phone_send"),
    path("phone/photos/", phone.Photos.as_view(), name="phone_photos"),
    path("questioned/", worklist.Worklist.as_view(), name="worklist"),
    path("questioned/accept/", worklist.AcceptMany.as_view(), name="worklist_accept"),
    path("questioned/again/", worklist.AgainMany.as_view(), name="worklist_again"),
    path("questioned/correct/", worklist.CorrectMany.as_view(), name="worklist_correct"),
    path(f"one/{KEY}", readings.ReadingDetail.as_view(), name="reading_detail"),
    path(f"one/{KEY}photos/<int:photo>/", readings.ReadingPhoto.as_view(), name="reading_photo"),
    path(f"one/{KEY}accept/", readings.ReadingAccept.as_view(), name="reading_accept"),
    path(f"one/{KEY}correct/", readings.ReadingCorrect.as_view(), name="reading_correct"),
    path(f"one/{KEY}again/", readings.ReadingAgain.as_view(), name="reading_again"),
    path("account/<int:pk>/", readings.AccountReadings.as_view(), name="account_readings"),
    path("account/<int:pk>/book/", readings.AccountPlace.as_view(), name="account_place"),
    path("meter/<int:pk>/estimate/", readings.MeterEstimate.as_view(), name="meter_estimate"),
]
